/*
 * workers.h: threads that take jobs, scan, and keep what they find.
 */
#ifndef SILT_CLI_SERVE_WORKERS_H
#define SILT_CLI_SERVE_WORKERS_H

#include "serve/context.h"
#include "serve/reach.h"

#include <silt/scanner.h>

struct silt_workers;

/* What they scan with, shared by all; borrowed. */
struct silt_workers_tools {
    const struct silt_ruleset *ruleset;
    const struct silt_reach *reach;
    struct silt_cache *cache;
};

/* How long a job is held without a word of its worker; workers extend it four times in that time. */
enum { SILT_WORKERS_LEASE_MS = 20 * 1000 };

/* Starts as many as the settings say. */
SILT_MUST_USE enum silt_status silt_workers_start(const struct silt_context *context,
                                                  const struct silt_workers_tools *tools,
                                                  struct silt_workers **out, struct silt_error *error);

/* Ends them: no more jobs are taken, those at work have `grace_ms` to finish, then they are given back. Frees
 * the workers; NULL is allowed. */
void silt_workers_stop(struct silt_workers *workers, uint64_t grace_ms);

#endif
