/*
 * tour.c: progress of one target.
 */
#include "scan/tour.h"

static void report_progress(void *context)
{
    struct silt_tour *tour = context;
    if (tour->sink->progress == NULL)
        return;
    const struct silt_progress progress = {
        .bytes = atomic_load(&tour->scan->stored),
        .total = tour->total,
        .scanned = atomic_load(&tour->scan->scanned),
        .findings = atomic_load(&tour->scan->findings),
        .layer = atomic_load(&tour->scan->layer),
        .layer_count = tour->layer_count,
    };
    if (!tour->sink->progress(tour->sink->context, &progress))
        atomic_store(tour->scan->is_cancelled, true);
}

struct silt_pool silt_tour_pool(struct silt_tour *tour)
{
    return (struct silt_pool){.scan = tour->scan, .tick = report_progress, .tick_context = tour};
}
