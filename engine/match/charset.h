/*
 * charset.h: sets of bytes, as regular expressions name them. All without locale: PCRE's built-in "C" tables.
 */
#ifndef SILT_MATCH_CHARSET_H
#define SILT_MATCH_CHARSET_H

#include "base/buffer.h"

/* One bit for each byte. Zero-initialise for the empty set. */
struct silt_charset {
    uint64_t bits[4];
};

/* Adds a byte, or all from `first` to `last`. */
void silt_charset_put(struct silt_charset *set, uint8_t byte);
void silt_charset_put_range(struct silt_charset *set, uint8_t first, uint8_t last);

/* Adds all of another set. */
void silt_charset_put_all(struct silt_charset *set, const struct silt_charset *other);

/* Whether a byte is in it. */
bool silt_charset_has(const struct silt_charset *set, uint8_t byte);

/* Whether all of its bytes are in another set. */
bool silt_charset_is_within(const struct silt_charset *set, const struct silt_charset *other);

/* Whether it holds some letter in both cases. */
bool silt_charset_is_caseless(const struct silt_charset *set);

/* How many bytes it holds. */
unsigned silt_charset_count(const struct silt_charset *set);

/* Turns it into everything that it does not hold. */
void silt_charset_negate(struct silt_charset *set);

/* Adds the other case of each ASCII letter. */
void silt_charset_fold(struct silt_charset *set);

/* Adds what an escape stands for: d D w W s S h H v V N, as in pcre2pattern(3); false for any other letter.
 */
bool silt_charset_put_escape(struct silt_charset *set, char letter);

/* Adds a POSIX class such as "alpha"; false if there is none of that name. */
bool silt_charset_put_posix(struct silt_charset *set, struct silt_span name);

/* Appends it as a character or class that Hyperscan reads, in plain ASCII. */
SILT_MUST_USE enum silt_status silt_charset_print(const struct silt_charset *set, struct silt_buffer *out,
                                                  struct silt_error *error);

#endif
