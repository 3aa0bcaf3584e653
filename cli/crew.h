/*
 * crew.h: a scanner for each target that is scanned at the same time. A scanner belongs to one thread; what
 * they share (signatures, cache, options) is made for that.
 */
#ifndef SILT_CLI_CREW_H
#define SILT_CLI_CREW_H

#include <silt/scanner.h>

/* Zero-initialise. */
struct silt_crew {
    struct silt_scanner **scanners; /* NULL-terminated */
    size_t count;
};

/* Makes scanners for `target_count` targets, as many as there are worker threads (options->jobs; 0: one a
 * processor) and no more than targets; each gets its share of the threads. All other options are each
 * scanner's own, limits of memory too: the same target gives the same findings alone and among others. */
SILT_MUST_USE enum silt_status silt_crew_gather(struct silt_crew *crew, const struct silt_ruleset *ruleset,
                                                const struct silt_scan_options *options, size_t target_count,
                                                struct silt_error *error);

/* Frees the scanners. */
void silt_crew_clear(struct silt_crew *crew);

#endif
