/*
 * values.h: runs of bytes that a credential could be.
 *
 * Most signatures are a few fixed bytes, or a vendor's name, beside twenty or more letters and digits in a
 * row. Such runs are rare: they and their neighbourhood are a tenth to a fifth of ordinary content, so that
 * what is looked for only there costs little (README.md).
 *
 * Names that are common words are looked for only at runs that do not look like words themselves: with a
 * digit, or a quarter of them capitals. A random lower-case value of 20 bytes has no digit in 15 of 10,000
 * cases, one of 32 in 3 of 100,000, a hexadecimal one never.
 */
#ifndef SILT_MATCH_VALUES_H
#define SILT_MATCH_VALUES_H

#include "base/span.h"

enum { SILT_VALUES_RUN_MIN = 20 };

/* A run: all of it, that is, no value byte stands before or behind it. */
struct silt_values_run {
    size_t start, end;
};

/* A letter, a digit, or one of + - / _ */
bool silt_values_has(uint8_t byte);

/* On the way through some bytes. */
struct silt_values {
    struct silt_span bytes;
    size_t base;   /* of the block of 64 bytes that is looked at */
    uint64_t mask; /* its value bytes that were not handed out */
    bool is_open;  /* a run that began at `start` reaches up to `base` */
    size_t start;
};

/* Begins with the first byte. The bytes are borrowed. */
void silt_values_begin(struct silt_values *values, struct silt_span bytes);

/* The next run of at least SILT_VALUES_RUN_MIN bytes; false when there are no more. */
bool silt_values_next(struct silt_values *values, struct silt_values_run *out);

/* Whether a run looks like words. */
bool silt_values_is_words(struct silt_span run);

#endif
