/*
 * service.c: everything that runs, made in the order in which it is needed and ended in the other one.
 *
 * Signals are waited for by the first thread; all others have them blocked. At the first one no job is taken
 * any more, scans have a while to finish, and notifications are still taken, as they only go to the disk;
 * then the server ends. A second signal ends the process at once, which loses nothing either.
 */
#include "serve/service.h"

#include "rules.h"
#include "serve/announcer.h"
#include "serve/beat.h"
#include "serve/http/server.h"
#include "serve/intake.h"
#include "serve/log.h"
#include "serve/metrics.h"
#include "serve/store.h"
#include "serve/sweep.h"
#include "serve/workers.h"

#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

enum { GRACE_MS = 15 * 1000, TIDY_MS = 5 * 60 * 1000, JOBS_KEPT_MS = 7 * 24 * 60 * 60 * 1000 };

struct service {
    const struct silt_settings *settings;
    struct silt_context context;
    struct silt_intake intake;
    struct silt_rules rules;
    struct silt_cache *cache;
    struct silt_reach *reach;
    struct silt_announcer *announcer;
    struct silt_beat *tidier;
    struct silt_sweep *sweep;
    struct silt_workers *workers;
    struct silt_server *server;
};

static int64_t now(void)
{
    return (int64_t)time(NULL);
}

static bool explain(const struct silt_error *error)
{
    silt_log_print("%s", error->message[0] != '\0' ? error->message : "out of memory");
    return false;
}

static bool open_rules(struct service *service)
{
    const struct silt_settings *settings = service->settings;
    char cache_dir[PATH_MAX];
    struct silt_error error = {0};
    snprintf(cache_dir, sizeof cache_dir, "%s/cache", settings->state_dir);
    const struct silt_rules_choice choice = {&settings->signatures, &settings->only, &settings->disable,
                                             cache_dir, false};
    if (!silt_rules_load(&service->rules, &choice, false) || !silt_rules_compile(&service->rules, &choice))
        return false;
    service->context.signatures = service->rules.set;
    return settings->cache_size == 0 ||
           silt_store_open(cache_dir, settings->cache_size, &service->cache, &error) == SILT_OK ||
           explain(&error);
}

static bool open_queue(struct service *service)
{
    const struct silt_settings *settings = service->settings;
    char path[PATH_MAX];
    struct silt_error error = {0};
    struct silt_queue_share *shares = calloc(settings->registry_count + 1, sizeof *shares);
    snprintf(path, sizeof path, "%s/silt.db", settings->state_dir);
    for (size_t i = 0; shares != NULL && i < settings->registry_count; i++)
        shares[i] =
            (struct silt_queue_share){settings->registries[i].host, settings->registries[i].concurrency};
    const struct silt_queue_settings queue = {
        .path = path,
        .url = settings->nats,
        .share = shares,
        .share_count = settings->registry_count,
        .max_waiting = settings->max_queue,
        .max_attempts = settings->max_attempts,
        .lease_ms = SILT_WORKERS_LEASE_MS,
        .keep_ms = JOBS_KEPT_MS,
    };
    bool is_open = shares != NULL && silt_queue_open(&queue, &service->context.queue, &error) == SILT_OK;
    free(shares);
    return is_open || explain(&error);
}

/* A channel for each announcement; its name tells it from the others for good. */
static bool open_store(struct service *service)
{
    const struct silt_settings *settings = service->settings;
    char path[PATH_MAX];
    struct silt_error error = {0};
    struct silt_store_channel *channels = silt_announcer_channels_new(settings);
    snprintf(path, sizeof path, "%s/silt.db", settings->state_dir);
    const struct silt_store_settings store = {
        .path = path, .channels = channels, .channel_count = settings->announcement_count};
    bool is_open = channels != NULL && silt_store_new(&store, &service->context.store, &error) == SILT_OK;
    silt_announcer_channels_free(channels);
    return is_open || explain(&error);
}

static void tidy(void *context, struct silt_beat *beat)
{
    const struct service *service = context;
    struct silt_error error = {0};
    (void)beat;
    if (silt_store_tidy(service->context.store, service->settings->retention_ms, &error) != SILT_OK)
        silt_log_print("old results stay: %s", error.message);
}

static void serve_request(void *context, const struct silt_request *request, struct silt_response *response)
{
    const struct silt_context *it = context;
    silt_route_serve(it, request, response);
}

static bool start(struct service *service)
{
    struct silt_context *context = &service->context;
    struct silt_error error = {0};
    context->now = now;
    context->settings = service->settings;
    context->metrics = silt_metrics_new();
    if (context->metrics == NULL || silt_reach_new(service->settings, &service->reach, &error) != SILT_OK)
        return explain(&error);
    service->intake.reach = service->reach;
    context->intake = &service->intake;
    if (!open_rules(service) || !open_store(service) || !open_queue(service))
        return false;
    const struct silt_workers_tools tools = {service->rules.ruleset, service->reach, service->cache};
    return (silt_server_start(service->settings, serve_request, context, &service->server, &error) ==
                SILT_OK &&
            silt_announcer_start(context, &service->announcer, &error) == SILT_OK &&
            silt_beat_start(tidy, service, TIDY_MS, &service->tidier, &error) == SILT_OK &&
            silt_sweep_start(context, service->reach, &service->sweep, &error) == SILT_OK &&
            silt_workers_start(context, &tools, &service->workers, &error) == SILT_OK) ||
           explain(&error);
}

static void end(struct service *service)
{
    struct silt_context *context = &service->context;
    silt_sweep_stop(service->sweep);
    silt_workers_stop(service->workers, GRACE_MS);
    silt_server_stop(service->server);
    silt_announcer_stop(service->announcer);
    silt_beat_stop(service->tidier);
    silt_queue_free(context->queue);
    silt_store_free(context->store);
    silt_reach_free(service->reach);
    silt_cache_free(service->cache);
    silt_rules_clear(&service->rules);
    silt_metrics_free(context->metrics);
}

static void say_where(const struct service *service)
{
    const struct silt_settings *settings = service->settings;
    silt_log_print("listening at %s://%s/", settings->tls_cert != NULL ? "https" : "http",
                   silt_server_address(service->server));
    for (size_t i = 0; i < settings->registry_count; i++)
        silt_log_print("scanning images of %s%s", settings->registries[i].host,
                       settings->registries[i].plain_http ? ", without TLS" : "");
}

/* One process works on a state directory: two would work well together, but take each other's port, and count
 * what they share twice. The lock ends with the process. */
static int lock_state(const struct silt_settings *settings)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/lock", settings->state_dir);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    silt_log_print("%s is in use by another silt serve", settings->state_dir);
    if (fd >= 0)
        close(fd);
    return -1;
}

bool silt_service_run(const struct silt_settings *settings)
{
    struct service service = {.settings = settings};
    sigset_t signals;
    int number = 0, lock = lock_state(settings);
    if (lock < 0)
        return false;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    bool is_running = start(&service);
    if (is_running) {
        say_where(&service);
        sigwait(&signals, &number);
        silt_log_print("ending: scans have %d s to finish", GRACE_MS / 1000);
    }
    pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
    end(&service);
    close(lock);
    return is_running;
}
