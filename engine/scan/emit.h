/*
 * emit.h: results of blobs, put together to one target and handed to the sink.
 *
 * One finding is one secret of one signature at one place. The same place in several layers, hard links, and
 * copies of the secret elsewhere are listed in also_at. Findings come when the whole target is known, since
 * only then is it known what a later layer did to a file.
 */
#ifndef SILT_SCAN_EMIT_H
#define SILT_SCAN_EMIT_H

#include "image/catalog.h"
#include "scan/result.h"
#include "scan/scan.h"

#include <silt/sink.h>

/* A result's role in a target. */
struct silt_part {
    const struct silt_result *result;
    int layer;               /* index, -1 for files and documents */
    struct silt_span prefix; /* container that its entries' chains lack; empty if none */
};

struct silt_emission {
    const struct silt_scan *scan;
    const struct silt_sink *sink;
    const char *target;
    enum silt_target_kind kind;
    const struct silt_manifest *manifest; /* NULL unless an image */
    const struct silt_part *parts;        /* an image's layers in order, then its documents */
    size_t part_count;
    const struct silt_problem *problems; /* beside those of the results */
    size_t problem_count;
    uint64_t started_ms;
    bool is_cut_short; /* the scan was cancelled: incomplete */
};

/* What is told of a scan that ended early: why. Borrows the error. */
struct silt_problem silt_emit_cut(const struct silt_error *cut);

/* What a scan answers once its target was emitted: OK also where a limit on the target's size was reached,
 * for that is in the report; otherwise how it ended, with the reason copied. */
enum silt_status silt_emit_outcome(enum silt_status scanned, const struct silt_error *cut,
                                   struct silt_error *error);

/* Makes the callbacks target_begin to target_end. CANCELLED when the sink answers false. */
SILT_MUST_USE enum silt_status silt_emit_target(const struct silt_emission *emission,
                                                struct silt_error *error);

#endif
