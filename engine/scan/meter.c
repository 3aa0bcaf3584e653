/*
 * meter.c: counts, and a sample that is thinned out when it grows too large.
 */
#include "scan/meter.h"

#include "base/error.h"

#include <stdlib.h>
#include <time.h>

uint64_t silt_meter_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* The clock is asked twice a candidate, which takes longer than judging some. */
static uint64_t measure_clock(void)
{
    enum { CALLS = 1000 };
    uint64_t start = silt_meter_now_ns();
    for (int i = 0; i < CALLS; i++)
        silt_meter_now_ns();
    return (silt_meter_now_ns() - start) / CALLS;
}

enum silt_status silt_meter_init(struct silt_meter *meter, size_t rule_count, struct silt_error *error)
{
    *meter = (struct silt_meter){.windows = {.item_size = sizeof(struct silt_buffer)}, .every = 1};
    meter->counts = calloc(rule_count + 1, sizeof *meter->counts);
    meter->clock_ns = measure_clock();
    return meter->counts != NULL ? SILT_OK : silt_error_memory(error);
}

/* Lets every second window go. */
static void thin_out(struct silt_meter *meter)
{
    struct silt_buffer *windows = meter->windows.items;
    size_t kept = 0;
    for (size_t i = 0; i < meter->windows.count; i++) {
        if (i % 2 == 0) {
            windows[kept++] = windows[i];
            continue;
        }
        meter->sample_bytes -= windows[i].size;
        silt_buffer_wipe(&windows[i]);
    }
    meter->windows.count = kept;
    meter->every *= 2;
}

enum silt_status silt_meter_put_window(struct silt_meter *meter, struct silt_span window, size_t bytes,
                                       struct silt_error *error)
{
    meter->bytes += bytes;
    if (meter->seen++ % meter->every != 0 || window.size == 0)
        return SILT_OK;
    struct silt_buffer *copy = silt_array_put(&meter->windows);
    if (copy == NULL)
        return silt_error_memory(error);
    meter->sample_bytes += window.size;
    enum silt_status status = silt_buffer_append(copy, window, error);
    if (meter->sample_bytes > SILT_METER_SAMPLE_MAX)
        thin_out(meter);
    return status;
}

void silt_meter_put_candidate(struct silt_meter *meter, size_t rule, uint64_t since_ns, size_t confirmed)
{
    struct silt_meter_count *count = &meter->counts[rule];
    uint64_t took_ns = silt_meter_now_ns() - since_ns;
    count->candidates++;
    count->confirmed += confirmed;
    count->confirm_ns += took_ns > meter->clock_ns ? took_ns - meter->clock_ns : 0;
}

void silt_meter_clear(struct silt_meter *meter)
{
    for (size_t i = 0; i < meter->windows.count; i++)
        silt_buffer_wipe(silt_array_at(&meter->windows, i));
    silt_array_clear(&meter->windows);
    free(meter->counts);
    *meter = (struct silt_meter){0};
}
