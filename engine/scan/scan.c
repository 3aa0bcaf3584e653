/*
 * scan.c: clock and cancellation of one scan.
 */
#include "scan/scan.h"

#include "base/error.h"

#include <time.h>

uint64_t silt_scan_clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void silt_scan_init(struct silt_scan *scan)
{
    uint64_t timeout = scan->options->timeout_ms;
    scan->deadline_ms = timeout > 0 ? silt_scan_clock_ms() + timeout : 0;
    atomic_store(&scan->stored, 0);
    atomic_store(&scan->scanned, 0);
    atomic_store(&scan->findings, 0);
    atomic_store(&scan->layer, 0);
}

enum silt_status silt_scan_check(const struct silt_scan *scan, struct silt_error *error)
{
    if (atomic_load_explicit(scan->is_cancelled, memory_order_relaxed))
        return silt_error_set(error, SILT_ERR_CANCELLED, "stopped by the user");
    if (scan->deadline_ms != 0 && silt_scan_clock_ms() >= scan->deadline_ms)
        return silt_error_set(error, SILT_ERR_CANCELLED, "time ran out (--timeout)");
    return SILT_OK;
}

void silt_scan_options_init(struct silt_scan_options *options)
{
    *options = (struct silt_scan_options){
        .max_depth = 8,
        .max_ratio = 1000,
        .max_memory = 256ULL * 1024 * 1024,
    };
}
