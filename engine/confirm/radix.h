/*
 * radix.h: numbers and bytes in the alphabets that tokens are written in.
 */
#ifndef SILT_CONFIRM_RADIX_H
#define SILT_CONFIRM_RADIX_H

#include "base/span.h"

/* Digits in order of value. */
#define SILT_RADIX_62_UPPER_FIRST "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define SILT_RADIX_62_LOWER_FIRST "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define SILT_RADIX_36 "0123456789abcdefghijklmnopqrstuvwxyz"
#define SILT_RADIX_16 "0123456789abcdef"
#define SILT_RADIX_16_UPPER "0123456789ABCDEF"

/* Writes exactly `width` digits, the most significant first, padded with the zero digit; no NUL. */
void silt_radix_print(uint64_t number, const char *digits, size_t width, char *out);

/* Whether all characters are in a set given as text. False for an empty span. */
bool silt_radix_is_all(struct silt_span text, const char *set);
bool silt_radix_is_alnum(struct silt_span text);
bool silt_radix_is_digits(struct silt_span text);
bool silt_radix_is_hex(struct silt_span text);

/* Decodes base64 in the usual or the URL alphabet (RFC 4648, sections 4 and 5), padded or not. Answers the
 * number of bytes, or SILT_RADIX_BAD where the text is no base64 or longer than out can take. */
#define SILT_RADIX_BAD ((size_t)-1)
size_t silt_radix_decode64(struct silt_span text, uint8_t *out, size_t size);

/* Copies text without white space and without backslash escapes of it (\\n, \\r, \\t), as long as out has
 * room. Answers how much was written. */
size_t silt_radix_squeeze(struct silt_span text, uint8_t *out, size_t size);

/* Decodes base32 (RFC 4648, section 6, upper case, no padding); bits that fill no byte are dropped. */
size_t silt_radix_decode32(struct silt_span text, uint8_t *out, size_t size);

#endif
