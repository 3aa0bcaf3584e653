/*
 * meter.h: what a scan notes about its own work when someone asks what signatures cost: how often each rule's
 * candidates were judged and how long that took, and a sample of the windows that were matched.
 *
 * A meter belongs to one thread: a metered scan has one job.
 */
#ifndef SILT_SCAN_METER_H
#define SILT_SCAN_METER_H

#include "base/array.h"
#include "base/buffer.h"

#include <silt/scanner.h>

/* The sample: windows spread evenly over all that was matched, at most so many bytes. */
enum { SILT_METER_SAMPLE_MAX = 16 << 20 };

struct silt_meter_count {
    uint64_t candidates;
    uint64_t confirmed;
    uint64_t confirm_ns;
};

struct silt_meter {
    struct silt_meter_count *counts; /* one a rule */
    struct silt_array windows;       /* the sample, of struct silt_buffer */
    uint64_t sample_bytes;
    uint64_t bytes;       /* all that was matched */
    uint64_t seen, every; /* every so manieth window is kept */
    uint64_t clock_ns;    /* what asking for the time takes */
};

/* Makes a meter for so many rules; clear it in any case. */
SILT_MUST_USE enum silt_status silt_meter_init(struct silt_meter *meter, size_t rule_count,
                                               struct silt_error *error);

/* Lets a scanner's scans be metered. Compiles all patterns; one that does not compile is SILT_ERR_USAGE. */
SILT_MUST_USE enum silt_status silt_scanner_set_meter(struct silt_scanner *scanner, struct silt_meter *meter,
                                                      struct silt_error *error);

/* Notes a window, of which `bytes` are counted (it may have margins). MEMORY. */
SILT_MUST_USE enum silt_status silt_meter_put_window(struct silt_meter *meter, struct silt_span window,
                                                     size_t bytes, struct silt_error *error);

/* Notes a candidate that was judged from a time of silt_meter_now_ns until now. */
void silt_meter_put_candidate(struct silt_meter *meter, size_t rule, uint64_t since_ns, size_t confirmed);

/* Processor time of this thread. */
uint64_t silt_meter_now_ns(void);

/* Wipes the sample, which may hold secrets, and frees everything. */
void silt_meter_clear(struct silt_meter *meter);

#endif
