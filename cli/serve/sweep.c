/*
 * sweep.c: repositories, their tags, and each tag's digest through the intake, which knows what was scanned.
 * It waits while the queue is full, and is never in a hurry.
 */
#include "serve/sweep.h"

#include "serve/beat.h"
#include "serve/intake.h"
#include "serve/log.h"
#include "serve/metrics.h"
#include "serve/settings.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { TICK_MS = 1000, LIST_MS = 10 * 60 * 1000, FULL_MS = 5000, AGAIN_MS = 5 * 60 * 1000 };

struct silt_sweep {
    const struct silt_context *context;
    const struct silt_reach *reach;
    struct silt_beat *thread;
    uint64_t *due; /* one a registry of the settings: microseconds of silt_metrics_now */
};

/* A sweep of one registry. */
struct round {
    struct silt_sweep *sweep;
    struct silt_beat *beat;
    const struct silt_settings_registry *registry;
    struct silt_words repositories, tags;
    uint64_t seen, queued;
};

static bool take_name(void *context, const char *name)
{
    return silt_words_put(context, name, strlen(name));
}

/* Lists repositories, or tags of one. */
static bool list(struct round *round, const char *repository, struct silt_words *out)
{
    struct silt_error error = {0};
    const struct silt_registry_options *options = silt_reach_options(round->sweep->reach, round->registry);
    silt_words_clear(out);
    enum silt_status status =
        silt_registry_list(options, round->registry->host, repository, LIST_MS, take_name, out, &error);
    if (status != SILT_OK && status != SILT_ERR_NOT_FOUND) /* a repository without tags is not found */
        silt_log_print("sweep of %s: %s", round->registry->host, error.message);
    return status == SILT_OK;
}

static void take_tag(struct round *round, const char *repository, const char *tag)
{
    struct silt_sweep *sweep = round->sweep;
    struct silt_intake_receipt receipt;
    const struct silt_intake_want want = {
        .host = round->registry->host,
        .repository = repository,
        .digest = "",
        .tag = tag,
        .origin = "sweep",
        .delivery = "",
    };
    round->seen++;
    do {
        silt_intake_take(sweep->context, &want, &receipt);
        if (receipt.answer == SILT_INTAKE_BUSY)
            silt_beat_wait(round->beat, FULL_MS);
    } while (receipt.answer == SILT_INTAKE_BUSY && !silt_beat_is_ending(round->beat));
    if (receipt.answer == SILT_INTAKE_QUEUED) {
        round->queued++;
        silt_metrics_add(sweep->context->metrics, SILT_METRICS_SWEPT, 1);
    }
}

/* Answers whether the catalogue could be had. */
static bool sweep_registry(struct silt_sweep *sweep, struct silt_beat *beat,
                           const struct silt_settings_registry *registry)
{
    struct round round = {.sweep = sweep, .beat = beat, .registry = registry};
    silt_metrics_add(sweep->context->metrics, SILT_METRICS_SWEEPS, 1);
    bool is_listed = list(&round, NULL, &round.repositories);
    for (size_t i = 0; i < round.repositories.count && !silt_beat_is_ending(beat); i++) {
        (void)list(&round, round.repositories.items[i], &round.tags);
        for (size_t j = 0; j < round.tags.count && !silt_beat_is_ending(beat); j++)
            take_tag(&round, round.repositories.items[i], round.tags.items[j]);
    }
    if (round.queued > 0)
        silt_log_print("sweep of %s: %" PRIu64 " tags, %" PRIu64 " images that no notification told of",
                       registry->host, round.seen, round.queued);
    silt_words_clear(&round.repositories);
    silt_words_clear(&round.tags);
    return is_listed;
}

static void sweep_due(void *context, struct silt_beat *beat)
{
    struct silt_sweep *sweep = context;
    const struct silt_settings *settings = sweep->context->settings;
    for (size_t i = 0; i < settings->registry_count && !silt_beat_is_ending(beat); i++) {
        const struct silt_settings_registry *registry = &settings->registries[i];
        if (registry->sweep_ms == 0 || silt_metrics_now() < sweep->due[i])
            continue;
        bool is_listed = sweep_registry(sweep, beat, registry);
        uint64_t pause_ms = is_listed || registry->sweep_ms < AGAIN_MS ? registry->sweep_ms : AGAIN_MS;
        sweep->due[i] = silt_metrics_now() + pause_ms * 1000;
    }
}

enum silt_status silt_sweep_start(const struct silt_context *context, const struct silt_reach *reach,
                                  struct silt_sweep **out, struct silt_error *error)
{
    struct silt_sweep *sweep = calloc(1, sizeof *sweep);
    uint64_t *due = calloc(context->settings->registry_count + 1, sizeof *due);
    if (sweep == NULL || due == NULL) {
        free(sweep);
        free(due);
        return SILT_ERR_MEMORY;
    }
    *sweep = (struct silt_sweep){.context = context, .reach = reach, .due = due};
    enum silt_status status = silt_beat_start(sweep_due, sweep, TICK_MS, &sweep->thread, error);
    if (status != SILT_OK) {
        free(sweep);
        free(due);
        return status;
    }
    *out = sweep;
    return SILT_OK;
}

void silt_sweep_stop(struct silt_sweep *sweep)
{
    if (sweep == NULL)
        return;
    silt_beat_stop(sweep->thread);
    free(sweep->due);
    free(sweep);
}
