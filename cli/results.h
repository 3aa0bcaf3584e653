/*
 * results.h: everything that a scan told its sink, kept for the reports that are written at the end. The sink
 * only lends; here are copies, in the public structs, so that a report reads borrowed and kept findings
 * alike.
 */
#ifndef SILT_CLI_RESULTS_H
#define SILT_CLI_RESULTS_H

#include "stash.h"

#include <silt/sink.h>
#include <time.h>

enum {
    SILT_RESULTS_REASONS = SILT_SKIP_UNREFERENCED + 1,
    SILT_RESULTS_SEVERITIES = SILT_CRITICAL + 1,
    /* Rows kept of a target's skips: a hostile archive can cause millions. All are counted. */
    SILT_RESULTS_MOST_SKIPS = 50000,
};

struct silt_results_target {
    struct silt_target_info info;
    const char *base; /* the base image (--base) whose layers the image begins with; NULL: none known */
    size_t base_layer_count;       /* how many layers are the base's */
    struct silt_finding *findings; /* in the order of layer, path and offset once the target has ended */
    size_t finding_count;
    size_t
        left_out[SILT_CONFIDENCE_HIGH + 1]; /* findings not kept because of --min-confidence, by confidence */
    struct silt_skip *skips;                /* in the order of layer and path once the target has ended */
    size_t skip_count;
    uint64_t skips_by_reason[SILT_RESULTS_REASONS]; /* all of them, those without a row too */
    struct silt_problem *problems;
    size_t problem_count;
    struct silt_coverage coverage;
    bool has_ended;
    bool is_complete; /* meaningful once it has ended */
};

/* When and of what the scan was made, for formats that say so. */
struct silt_results_occasion {
    const char *commit; /* what the artifacts were built from, as the user says; NULL: not told */
    time_t began, ended;
};

/* Zero-initialise, then set keeps_secrets, signatures and occasion. The last target is the one that is being
 * scanned.
 */
struct silt_results {
    struct silt_stash stash;
    struct silt_results_target *targets;
    size_t count;
    bool keeps_secrets;                       /* --show-secrets */
    const struct silt_signatures *signatures; /* borrowed */
    struct silt_results_occasion occasion;
};

/* Begins a target, adds to it, ends it. All answer false when memory is out; what was put before stays. */
bool silt_results_begin(struct silt_results *results, const struct silt_target_info *info);
bool silt_results_put_finding(struct silt_results *results, const struct silt_finding *finding);
void silt_results_leave_out(struct silt_results *results, const struct silt_finding *finding);
bool silt_results_put_skip(struct silt_results *results, const struct silt_skip *skip);
bool silt_results_put_problem(struct silt_results *results, const struct silt_problem *problem);
bool silt_results_end(struct silt_results *results, const struct silt_coverage *coverage);

/* Moves the targets of `from`, which is empty then, behind those of `to`. False when memory is out; `from`
 * keeps them. */
bool silt_results_adopt(struct silt_results *to, struct silt_results *from);

/* The target that is being scanned, or NULL between targets. */
struct silt_results_target *silt_results_current(const struct silt_results *results);

/* Ends the current target, or one made for `name` if none was begun, as incomplete for the reason given. */
bool silt_results_fail(struct silt_results *results, const char *name, enum silt_status status,
                       const char *message);

/* The layer of an index, or NULL. One with a blob goes before an empty one of the same index. */
const struct silt_image_layer *silt_results_layer(const struct silt_target_info *info, int index);

/* Whether something allows the finding: it is shown as that, and does not count. */
bool silt_results_is_allowed(const struct silt_finding *finding);

/* Whether the finding stands in a layer of the target's base image. */
bool silt_results_is_base(const struct silt_results_target *target, const struct silt_finding *finding);

/* How many findings there are, in one target or in all. */
struct silt_results_counts {
    size_t by_severity[SILT_RESULTS_SEVERITIES]; /* those that nothing allows */
    size_t findings;                             /* the same, all together */
    size_t base;                                 /* of these, in layers of base images */
    size_t allowed;                              /* the others */
};
void silt_results_count_target(const struct silt_results_target *target, struct silt_results_counts *counts);
void silt_results_count(const struct silt_results *results, struct silt_results_counts *counts);

/* Whether every target has ended and is complete. */
bool silt_results_is_complete(const struct silt_results *results);

/* Wipes and frees everything. */
void silt_results_clear(struct silt_results *results);

#endif
