/*
 * units.h: sizes and durations as people write and read them.
 */
#ifndef SILT_CLI_UNITS_H
#define SILT_CLI_UNITS_H

#include <stdbool.h>
#include <stdint.h>

enum { SILT_UNITS_TEXT_SIZE = 32 };

/* Reads "none" (0), bytes, or a number with K, M, G or T, each of which "B" or "iB" may follow; they are
 * powers of 1024. False for anything else and for what does not fit. */
bool silt_units_parse_size(const char *text, uint64_t *bytes);

/* Reads "none" (0), seconds, or numbers with ms, s, m or h, as in "1h30m". */
bool silt_units_parse_duration(const char *text, uint64_t *ms);

/* Writes "812 B", "1.4 GiB"; "940 ms", "2.5 s", "4 m 07 s"; "12,345". Each answers out. */
const char *silt_units_print_size(uint64_t bytes, char out[SILT_UNITS_TEXT_SIZE]);
const char *silt_units_print_duration(uint64_t ms, char out[SILT_UNITS_TEXT_SIZE]);
const char *silt_units_print_count(uint64_t count, char out[SILT_UNITS_TEXT_SIZE]);

#endif
