/*
 * utf8.h: read UTF-8 that may be broken (Unicode 15, table 3-7 and "U+FFFD Substitution of Maximal
 * Subparts").
 */
#ifndef SILT_CLI_UTF8_H
#define SILT_CLI_UTF8_H

#include <silt/finding.h>

/* What silt_utf8_next answers for bytes that are no character: not a code point of Unicode. */
#define SILT_UTF8_INVALID UINT32_MAX

/* Reads the first character of a span that is not empty. Answers how many bytes it takes; where they are
 * broken, *code is SILT_UTF8_INVALID and the answer is the length of the maximal subpart, at least 1. */
size_t silt_utf8_next(struct silt_span text, uint32_t *code);

/* Whether every byte belongs to a character. */
bool silt_utf8_is_valid(struct silt_span text);

/* A NUL-terminated copy with U+FFFD for what is broken; *size is its length without the NUL. The caller frees
 * it; NULL when memory is out. */
char *silt_utf8_repair_new(struct silt_span text, size_t *size);

#endif
