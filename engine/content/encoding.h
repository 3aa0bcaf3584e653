/*
 * encoding.h: text in UTF-16 (RFC 2781) as UTF-8, because signatures are written in bytes.
 *
 * With a byte order mark, content is UTF-16 unless its first 4 KiB say otherwise: ASCII bytes (no zero among
 * them, 19 of 20 text), a zero unit, or half a surrogate pair. Without a mark it is UTF-16 if in the first 4
 * KiB (at least four units) at least half of the units are ASCII text, and none is zero, a control character
 * or half a surrogate pair. Machine code, tables of numbers and UTF-32 have zero units soon, and UTF-8 text
 * has no unit of ASCII text at all, so they stay bytes.
 */
#ifndef SILT_CONTENT_ENCODING_H
#define SILT_CONTENT_ENCODING_H

#include "base/span.h"

enum silt_encoding { SILT_ENCODING_BYTES, SILT_ENCODING_UTF16LE, SILT_ENCODING_UTF16BE };

/* No character takes more bytes in UTF-8. */
enum { SILT_ENCODING_CHARACTER_MAX = 4 };

/* What content that begins with `head` is. *mark_size is the size of its byte order mark, 0 if it has none.
 */
enum silt_encoding silt_encoding_detect(struct silt_span head, size_t *mark_size);

/* Decodes whole characters from UTF-16 into at most `room` bytes, answers how many bytes it wrote and sets
 * *used. A pair or unit cut off by the end of `in` is left, unless is_last: then it is a wrong one. What is
 * wrong (half a pair, an odd byte at the end) becomes U+FFFD. */
size_t silt_encoding_decode(enum silt_encoding encoding, struct silt_span in, bool is_last, uint8_t *out,
                            size_t room, size_t *used);

/* How many bytes of UTF-16 the characters that begin in a stretch of decoded text were: two each, four for
 * those of four bytes. (An odd byte at the end counts as two.) */
uint64_t silt_encoding_raw_size(struct silt_span decoded);

#endif
