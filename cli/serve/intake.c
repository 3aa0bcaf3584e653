/*
 * intake.c: pushes to jobs.
 */
#include "serve/intake.h"

#include "serve/hook.h"
#include "serve/log.h"
#include "serve/metrics.h"
#include "serve/settings.h"
#include "serve/store.h"

#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

enum { RESOLVE_MS = 2000, IMAGE_SIZE = 1024 };

static void refuse(struct silt_intake_receipt *receipt, enum silt_intake_answer answer, const char *why)
{
    receipt->answer = answer;
    snprintf(receipt->why, sizeof receipt->why, "%.255s", why);
}

/* Writes HOST/REPOSITORY[:TAG][@DIGEST] of a registry. False if that is no image of exactly this registry. */
static bool print_image(char out[IMAGE_SIZE], const struct silt_settings_registry *registry,
                        const struct silt_intake_want *want)
{
    char target[IMAGE_SIZE + 16], host[300] = "";
    bool has_tag = want->tag[0] != '\0', has_digest = want->digest[0] != '\0';
    int size = snprintf(out, IMAGE_SIZE, "%s/%s%s%s%s%s", registry->host, want->repository,
                        has_tag ? ":" : "", want->tag, has_digest ? "@" : "", want->digest);
    snprintf(target, sizeof target, "docker://%s", out);
    return size > 0 && size < IMAGE_SIZE && (has_tag || has_digest) &&
           silt_target_host(target, false, host, sizeof host, NULL) == SILT_OK &&
           strcmp(host, registry->host) == 0;
}

/* Asks for the tag's digest. False if there is nothing to scan. */
static bool resolve(const struct silt_context *context, const struct silt_settings_registry *registry,
                    const char *image, struct silt_intake_receipt *receipt)
{
    struct silt_error error = {0};
    enum silt_status status = silt_registry_resolve(silt_reach_options(context->intake->reach, registry),
                                                    image, RESOLVE_MS, receipt->digest, &error);
    if (status == SILT_ERR_NOT_FOUND)
        refuse(receipt, SILT_INTAKE_ABSENT, error.message);
    else if (status == SILT_ERR_USAGE)
        refuse(receipt, SILT_INTAKE_BAD, error.message);
    else if (status != SILT_OK)
        silt_log_print("%s: its digest is not known yet: %s", image, error.message);
    return status != SILT_ERR_NOT_FOUND && status != SILT_ERR_USAGE;
}

static bool has_disk(const struct silt_settings *settings)
{
    struct statvfs disk;
    return statvfs(settings->state_dir, &disk) != 0 ||
           (uint64_t)disk.f_bavail * disk.f_frsize >= settings->min_free_disk;
}

bool silt_intake_has_room(const struct silt_context *context)
{
    struct silt_queue_counts counts;
    struct silt_queue *queue = context->queue;
    return has_disk(context->settings) && queue->kind->count(queue, &counts, NULL) == SILT_OK &&
           counts.jobs[SILT_JOB_WAITING] < context->settings->max_queue;
}

static bool is_known(const struct silt_context *context, const struct silt_settings_registry *registry,
                     const struct silt_intake_want *want, const char *digest)
{
    struct silt_store_news news;
    const struct silt_store_scan scan = {
        .registry = registry->host,
        .repository = want->repository,
        .digest = digest,
        .tag = want->tag,
        .origin = want->origin,
        .pushed_ms = want->pushed_ms,
        .signatures = silt_signatures_digest(context->signatures),
    };
    return !want->is_forced && digest[0] != '\0' &&
           silt_store_know_scan(context->store, &scan, &news, NULL) == SILT_OK;
}

static void put(const struct silt_context *context, const struct silt_settings_registry *registry,
                const struct silt_intake_want *want, struct silt_intake_receipt *receipt)
{
    struct silt_queue_receipt queued = {.answer = SILT_QUEUE_FAILED};
    struct silt_error error = {0};
    const struct silt_job job = {
        .registry = registry->host,
        .repository = want->repository,
        .digest = receipt->digest,
        .tag = want->tag,
        .origin = want->origin,
        .delivery = want->delivery,
        .pushed_ms = want->pushed_ms,
    };
    static const enum silt_intake_answer answers[] = {
        [SILT_QUEUE_QUEUED] = SILT_INTAKE_QUEUED, [SILT_QUEUE_JOINED] = SILT_INTAKE_JOINED,
        [SILT_QUEUE_FULL] = SILT_INTAKE_BUSY,     [SILT_QUEUE_NO_SPACE] = SILT_INTAKE_BUSY,
        [SILT_QUEUE_FAILED] = SILT_INTAKE_FAILED,
    };
    (void)!context->queue->kind->put(context->queue, &job, &queued, &error);
    refuse(receipt, answers[queued.answer], error.message);
    snprintf(receipt->id, sizeof receipt->id, "%s", queued.id);
    if (queued.answer == SILT_QUEUE_FAILED)
        silt_log_print("the queue cannot take %s/%s: %s", registry->host, want->repository, error.message);
}

void silt_intake_take(const struct silt_context *context, const struct silt_intake_want *want,
                      struct silt_intake_receipt *receipt)
{
    char image[IMAGE_SIZE];
    const struct silt_settings_registry *registry =
        silt_settings_find_registry(context->settings, want->host);
    *receipt = (struct silt_intake_receipt){0};
    if (registry == NULL)
        return refuse(receipt, SILT_INTAKE_FOREIGN, "this registry is not one that silt was told to scan");
    if (!print_image(image, registry, want))
        return refuse(receipt, SILT_INTAKE_BAD, "this is no name of an image");
    snprintf(receipt->digest, sizeof receipt->digest, "%s", want->digest);
    if (!has_disk(context->settings))
        return refuse(receipt, SILT_INTAKE_BUSY, "the disk is full");
    if (want->digest[0] == '\0' && !want->is_late && !resolve(context, registry, image, receipt))
        return;
    if (is_known(context, registry, want, receipt->digest))
        return refuse(receipt, SILT_INTAKE_KNOWN, "it was scanned before, with the same signatures");
    put(context, registry, want, receipt);
}

/* Hooks */

/* What one request with notifications came to. */
struct tally {
    json_t *jobs;
    uint64_t began;
    bool is_busy, has_failed;
    char why[256]; /* of the last push that needs nothing */
};

/* The configured hook whose secret the request knows, or NULL. All are tried, so that time tells nothing. */
static const struct silt_settings_hook *find_hook(const struct silt_settings *settings,
                                                  const struct silt_hook *dialect,
                                                  const struct silt_request *request)
{
    const struct silt_settings_hook *found = NULL;
    for (size_t i = 0; i < settings->hook_count; i++) {
        const struct silt_settings_hook *hook = &settings->hooks[i];
        bool is_for = strcmp(hook->dialect, "*") == 0 || strcmp(hook->dialect, dialect->name) == 0;
        if (is_for && silt_hook_is_proven(dialect, request, hook->secret) && found == NULL)
            found = hook;
    }
    return found;
}

static void take_receipt(const struct silt_intake_receipt *receipt, struct tally *tally)
{
    switch (receipt->answer) {
    case SILT_INTAKE_QUEUED:
    case SILT_INTAKE_JOINED:
        tally->has_failed |= json_array_append_new(tally->jobs, json_string(receipt->id)) != 0;
        break;
    case SILT_INTAKE_BUSY:
        tally->is_busy = true;
        break;
    case SILT_INTAKE_FAILED:
        tally->has_failed = true;
        break;
    case SILT_INTAKE_KNOWN:
    case SILT_INTAKE_FOREIGN:
    case SILT_INTAKE_ABSENT:
    case SILT_INTAKE_BAD:
        snprintf(tally->why, sizeof tally->why, "%s", receipt->why);
        break;
    }
}

static void take_push(const struct silt_context *context, const struct silt_push *push, const char *origin,
                      const struct silt_settings_hook *hook, struct tally *tally)
{
    struct silt_intake_receipt receipt;
    const struct silt_intake_want want = {
        .host = push->host[0] != '\0' || hook->registry == NULL ? push->host : hook->registry,
        .repository = push->repository,
        .digest = push->digest,
        .tag = push->tag,
        .origin = origin,
        .delivery = push->delivery,
        .pushed_ms = push->pushed_ms,
        .is_late = silt_metrics_now() - tally->began > RESOLVE_MS * UINT64_C(1000),
    };
    silt_intake_take(context, &want, &receipt);
    if (receipt.answer == SILT_INTAKE_FOREIGN || receipt.answer == SILT_INTAKE_BAD ||
        receipt.answer == SILT_INTAKE_ABSENT)
        silt_log_print("%s told of %s/%s%s%s%s%s: %s", want.origin, want.host, want.repository,
                       want.tag[0] != '\0' ? ":" : "", want.tag, want.digest[0] != '\0' ? "@" : "",
                       want.digest, receipt.why);
    take_receipt(&receipt, tally);
}

static enum silt_metrics_counter defer(struct silt_response *response, unsigned status, const char *why)
{
    char seconds[16];
    silt_response_plain(response, status, "%s", why);
    snprintf(seconds, sizeof seconds, "%d", SILT_INTAKE_RETRY_S);
    silt_response_set(response, "Retry-After", seconds);
    return SILT_METRICS_HOOKS_DEFERRED;
}

static enum silt_metrics_counter answer_pushes(const struct silt_pushes *pushes, const struct tally *tally,
                                               struct silt_response *response)
{
    if (tally->is_busy)
        return defer(response, 429, "the queue or the disk is full; the same again later will be taken");
    if (tally->has_failed)
        return defer(response, 503, "the queue cannot be written; the same again later may be taken");
    if (json_array_size(tally->jobs) > 0) {
        silt_response_json(response, 202, json_pack("{s:O}", "jobs", tally->jobs));
        return SILT_METRICS_HOOKS_ACCEPTED;
    }
    silt_response_plain(response, 200, "%s", tally->why[0] != '\0' ? tally->why : "nothing to scan in this");
    if (pushes->reply != NULL) {
        response->size = 0;
        response->type = "application/json";
        silt_response_text(response, pushes->reply);
    }
    return SILT_METRICS_HOOKS_IGNORED;
}

static enum silt_metrics_counter refuse_body(enum silt_status status, const struct silt_error *error,
                                             struct silt_response *response)
{
    unsigned code = status == SILT_ERR_UNSUPPORTED ? 415
                    : status == SILT_ERR_LIMIT     ? 413
                    : status == SILT_ERR_MEMORY    ? 503
                                                   : 400;
    silt_response_plain(response, code, "%s", error->message);
    return SILT_METRICS_HOOKS_REFUSED;
}

static enum silt_metrics_counter take_request(const struct silt_context *context,
                                              const struct silt_request *request,
                                              struct silt_response *response)
{
    const struct silt_hook *dialect = silt_hook_find(silt_request_parameter(request, "dialect"));
    struct tally tally = {.began = silt_metrics_now()};
    struct silt_pushes pushes = {0};
    struct silt_error error = {0};
    if (dialect == NULL) {
        silt_response_plain(response, 404, "there is no such dialect; silt serve --help lists them");
        return SILT_METRICS_HOOKS_REFUSED;
    }
    const struct silt_settings_hook *hook = find_hook(context->settings, dialect, request);
    if (hook == NULL) {
        silt_response_plain(response, 401, "the secret is missing or wrong");
        return SILT_METRICS_HOOKS_REFUSED;
    }
    enum silt_status status = silt_hook_read(dialect, request, &pushes, &error);
    enum silt_metrics_counter result;
    if (status != SILT_OK) {
        result = refuse_body(status, &error, response);
    } else {
        tally.jobs = json_array();
        for (size_t i = 0; i < pushes.count && !tally.is_busy; i++)
            take_push(context, &pushes.items[i], dialect->name, hook, &tally);
        result = answer_pushes(&pushes, &tally, response);
        json_decref(tally.jobs);
    }
    silt_hook_clear(&pushes);
    return result;
}

void silt_intake_hook(const struct silt_context *context, const struct silt_request *request,
                      struct silt_response *response)
{
    uint64_t began = silt_metrics_now();
    silt_metrics_add(context->metrics, take_request(context, request, response), 1);
    silt_metrics_time(context->metrics, SILT_METRICS_HOOK_TIME, silt_metrics_now() - began);
}
