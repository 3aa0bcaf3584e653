/*
 * since.h: points in time as people write them.
 */
#ifndef SILT_CLI_SINCE_H
#define SILT_CLI_SINCE_H

#include <stdbool.h>
#include <stdint.h>

/* Reads a date (2025-01-31, with T12:00:00Z behind it or not; UTC), or how long ago it was: 36h, 7d, 2w.
 * `now` and the answer are seconds since 1970. False for anything else. */
bool silt_since_parse(const char *text, int64_t now, int64_t *out);

#endif
