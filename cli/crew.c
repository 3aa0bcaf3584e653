/*
 * crew.c: a scanner for each target that is scanned at the same time.
 */
#include "crew.h"

#include <sched.h>
#include <stdlib.h>

static size_t count_processors(void)
{
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return count > 0 ? (size_t)count : 1;
}

enum silt_status silt_crew_gather(struct silt_crew *crew, const struct silt_ruleset *ruleset,
                                  const struct silt_scan_options *options, size_t target_count,
                                  struct silt_error *error)
{
    struct silt_scan_options share = *options;
    size_t jobs = options->jobs > 0 ? options->jobs : count_processors();
    size_t count = target_count < jobs ? target_count : jobs;
    count = count > 0 ? count : 1;
    share.jobs = (unsigned)(jobs / count);
    crew->scanners = calloc(count + 1, sizeof *crew->scanners);
    enum silt_status status = crew->scanners != NULL ? SILT_OK : SILT_ERR_MEMORY;
    while (status == SILT_OK && crew->count < count) {
        status = silt_scanner_new(ruleset, &share, &crew->scanners[crew->count], error);
        crew->count += status == SILT_OK;
    }
    return status;
}

void silt_crew_clear(struct silt_crew *crew)
{
    for (size_t i = 0; i < crew->count; i++)
        silt_scanner_free(crew->scanners[i]);
    free(crew->scanners);
    *crew = (struct silt_crew){0};
}
