/*
 * encoding.h: tells UTF-16 text from everything else, and brings it to UTF-8 for matching.
 */
#ifndef SILT_CONTENT_ENCODING_H
#define SILT_CONTENT_ENCODING_H

#include "content/window.h"

/* The encoding of a content that begins with `head` (4 KiB tell enough): a byte order mark decides (FF FE, FE FF);
 * without one, text is UTF-16 when at least 32 bytes are there, at least 90 % of one half of the byte pairs are
 * zero, at least 90 % of the other half are printable ASCII or white space, and none of these is zero. ELF files,
 * images and tables of integers do not pass: their non-zero halves are not printable. */
enum silt_encoding silt_encoding_guess(struct silt_span head);

/* Decodes whole UTF-16 units from `in` to UTF-8 in `out`, as much as fits, and tells how many bytes of each were
 * used. An unpaired surrogate becomes U+FFFD. A high surrogate at the very end is left, unless is_end. */
void silt_encoding_decode(enum silt_encoding encoding, struct silt_span in, bool is_end, struct silt_span out,
                          size_t *in_used, size_t *out_used);

/* How many bytes of UTF-16 stand behind some decoded UTF-8. */
uint64_t silt_encoding_raw_size(struct silt_span decoded);

#endif
