/*
 * scan.h: what all threads of one scan share: options, the ruleset, the judge, and a few atomic counters.
 */
#ifndef SILT_SCAN_SCAN_H
#define SILT_SCAN_SCAN_H

#include "confirm/confirm.h"
#include "match/ruleset.h"

#include <stdatomic.h>

struct silt_meter;

struct silt_scan {
    const struct silt_ruleset *ruleset;      /* immutable */
    struct silt_judge *judge;                /* thread-safe */
    const struct silt_scan_options *options; /* immutable while a scan runs */
    struct silt_meter *meter;                /* NULL but where costs are measured (meter.h) */
    atomic_bool *is_cancelled;               /* the scanner's; set from anywhere */
    uint64_t deadline_ms;         /* on the monotonic clock, 0: none; written before threads start */
    atomic_uint_fast64_t stored;  /* bytes read from the source */
    atomic_uint_fast64_t scanned; /* decompressed bytes matched */
    atomic_uint_fast64_t findings;
    atomic_int layer; /* last begun, 1-based */
};

/* Milliseconds on the monotonic clock. */
uint64_t silt_scan_clock_ms(void);

/* Starts a run's clock and zeroes its counters. */
void silt_scan_init(struct silt_scan *scan);

/* OK, or CANCELLED when the caller asked to stop or time is up. Cheap: called for every window. */
SILT_MUST_USE enum silt_status silt_scan_check(const struct silt_scan *scan, struct silt_error *error);

#endif
