/*
 * nats_queue.c: the queue on NATS: opening and putting.
 */
#include "serve/nats/letter.h"
#include "serve/nats/nats_inside.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_HELD_LATER = 100000 };

extern const struct silt_queue_kind silt_nats_queue;

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static enum silt_status make_streams(struct silt_nats *nats, const struct silt_queue_settings *settings,
                                     struct silt_error *error)
{
    const struct silt_wire_stream streams[] = {
        {SILT_WIRE_JOBS, "silt.jobs.>", true, true, settings->max_waiting, 0},
        {SILT_WIRE_LATER, "silt.later.>", true, false, 0, 0},
        {SILT_WIRE_DEAD, "silt.dead.>", false, false, 0, settings->keep_ms},
    };
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < sizeof streams / sizeof *streams && status == SILT_OK; i++)
        status = silt_wire_make_stream(nats->wire, &streams[i], error);
    const struct silt_wire_consumer later = {SILT_WIRE_LATER, "later", "silt.later.>", settings->lease_ms,
                                             MOST_HELD_LATER};
    return status == SILT_OK ? silt_wire_make_consumer(nats->wire, &later, error) : status;
}

static enum silt_status make_consumer(struct silt_nats *nats, const struct silt_queue_settings *settings,
                                      size_t index, struct silt_error *error)
{
    char filter[400] = "silt.jobs";
    char *name = nats->registries[index];
    bool fits = silt_wire_put_token(name, sizeof nats->registries[0], settings->share[index].registry) &&
                silt_wire_put_token(filter, sizeof filter - 2, settings->share[index].registry);
    if (!fits) {
        if (error != NULL)
            snprintf(error->message, sizeof error->message, "%.100s…: too long a name for a registry",
                     settings->share[index].registry);
        return SILT_ERR_USAGE;
    }
    strcat(filter, ".>");
    return silt_wire_make_consumer(nats->wire,
                                   &(struct silt_wire_consumer){SILT_WIRE_JOBS, name, filter,
                                                                settings->lease_ms,
                                                                settings->share[index].most},
                                   error);
}

static enum silt_status open_all(struct silt_nats *nats, const struct silt_queue_settings *settings,
                                 struct silt_error *error)
{
    nats->registries = silt_stash_take(&nats->stash, settings->share_count + 1, sizeof *nats->registries);
    if (nats->registries == NULL)
        return SILT_ERR_MEMORY;
    enum silt_status status = silt_wire_open(settings->url, &nats->wire, error);
    if (status == SILT_OK)
        status = make_streams(nats, settings, error);
    for (; nats->registry_count < settings->share_count && status == SILT_OK; nats->registry_count++)
        status = make_consumer(nats, settings, nats->registry_count, error);
    return status;
}

static void nats_free(struct silt_queue *base)
{
    struct silt_nats *nats = (struct silt_nats *)base;
    silt_wire_close(nats->wire);
    while (nats->held != NULL) {
        struct silt_nats_held *held = nats->held;
        nats->held = held->next;
        free(held);
    }
    silt_stash_clear(&nats->stash);
    pthread_cond_destroy(&nats->stopped);
    pthread_mutex_destroy(&nats->mutex);
    free(nats);
}

static enum silt_status nats_open(const struct silt_queue_settings *settings, struct silt_queue **out,
                                  struct silt_error *error)
{
    struct silt_nats *nats = calloc(1, sizeof *nats);
    if (nats == NULL)
        return SILT_ERR_MEMORY;
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&nats->stopped, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&nats->mutex, NULL);
    nats->base.kind = &silt_nats_queue;
    nats->lease_ms = settings->lease_ms;
    nats->max_waiting = settings->max_waiting;
    nats->max_attempts = settings->max_attempts;
    nats->now_ms = settings->now_ms != NULL ? settings->now_ms : clock_ms;
    enum silt_status status = open_all(nats, settings, error);
    if (status == SILT_OK)
        *out = &nats->base;
    else
        nats_free(&nats->base);
    return status;
}

enum silt_status silt_nats_send(struct silt_nats *nats, const char *kind, const struct silt_job *job,
                                enum silt_wire_answer *answer, uint64_t *sequence, struct silt_error *error)
{
    char subject[SILT_LETTER_SUBJECT_SIZE];
    char *data = silt_letter_new(job);
    enum silt_status status = SILT_ERR_MEMORY;
    if (data != NULL && silt_letter_subject(subject, kind, job))
        status = silt_wire_publish(nats->wire, &(struct silt_wire_message){subject, NULL, data}, answer,
                                   sequence, error);
    free(data);
    return status;
}

/* A registry without a consumer would keep its jobs for ever. */
static bool has_consumer(const struct silt_nats *nats, const struct silt_job *job)
{
    char name[300] = "";
    if (!silt_wire_put_token(name, sizeof name, job->registry))
        return false;
    for (size_t i = 0; i < nats->registry_count; i++)
        if (strcmp(nats->registries[i], name) == 0)
            return true;
    return false;
}

/* The number of the message that has the subject. */
static uint64_t find_live(struct silt_nats *nats, const char *subject)
{
    struct silt_wire_mail mail = {0};
    uint64_t sequence = 0;
    if (silt_wire_look_last(nats->wire, SILT_WIRE_JOBS, subject, &mail, NULL) == SILT_OK)
        sequence = mail.sequence;
    silt_wire_mail_clear(&mail);
    return sequence;
}

/* What is put: a subject, an id, the letter. A tag without a digest has two subjects: the job of one may
 * already have looked at what the tag meant then. */
struct putting {
    char subject[SILT_LETTER_SUBJECT_SIZE + 8], id[SILT_LETTER_SUBJECT_SIZE];
    char *data;
    enum silt_wire_answer answer;
    uint64_t sequence;
};

static enum silt_status publish(struct silt_nats *nats, const struct silt_job *job, struct putting *putting,
                                struct silt_error *error)
{
    struct silt_wire_message message = {putting->subject, *job->delivery != '\0' ? putting->id : NULL,
                                        putting->data};
    enum silt_status status =
        silt_wire_publish(nats->wire, &message, &putting->answer, &putting->sequence, error);
    if (status != SILT_OK || putting->answer != SILT_WIRE_OCCUPIED)
        return status;
    if (*job->digest == '\0') {
        strcat(putting->subject, ".again");
        status = silt_wire_publish(nats->wire, &message, &putting->answer, &putting->sequence, error);
    }
    if (status == SILT_OK && putting->answer == SILT_WIRE_OCCUPIED)
        putting->sequence = find_live(nats, putting->subject);
    return status;
}

static enum silt_status put_letter(struct silt_nats *nats, const struct silt_job *job,
                                   struct putting *putting, struct silt_error *error)
{
    struct silt_job letter = *job;
    letter.created_ms = nats->now_ms();
    letter.attempts = 0;
    letter.reason = "";
    if (letter.pushed_ms <= 0)
        letter.pushed_ms = letter.created_ms;
    bool is_later = job->not_before_ms > letter.created_ms;
    putting->answer = SILT_WIRE_FAILED;
    if (!silt_letter_subject(putting->subject, is_later ? "later" : "jobs", job) ||
        !silt_letter_id(putting->id, job)) {
        if (error != NULL)
            snprintf(error->message, sizeof error->message, "the image's name is too long for NATS");
        return SILT_ERR_USAGE;
    }
    putting->data = silt_letter_new(&letter);
    enum silt_status status = putting->data != NULL ? publish(nats, job, putting, error) : SILT_ERR_MEMORY;
    free(putting->data);
    return status;
}

static enum silt_queue_answer answer_of(enum silt_wire_answer answer)
{
    switch (answer) {
    case SILT_WIRE_KEPT:
        return SILT_QUEUE_QUEUED;
    case SILT_WIRE_KNOWN:
    case SILT_WIRE_OCCUPIED:
        return SILT_QUEUE_JOINED;
    case SILT_WIRE_FULL:
        return SILT_QUEUE_FULL;
    case SILT_WIRE_NO_SPACE:
        return SILT_QUEUE_NO_SPACE;
    case SILT_WIRE_FAILED:
        break;
    }
    return SILT_QUEUE_FAILED;
}

static enum silt_status nats_put(struct silt_queue *base, const struct silt_job *job,
                                 struct silt_queue_receipt *receipt, struct silt_error *error)
{
    struct silt_nats *nats = (struct silt_nats *)base;
    struct putting putting = {0};
    *receipt = (struct silt_queue_receipt){.answer = SILT_QUEUE_FAILED};
    if (!has_consumer(nats, job)) {
        if (error != NULL)
            snprintf(error->message, sizeof error->message, "%.200s is no registry of the configuration",
                     job->registry);
        return SILT_ERR_USAGE;
    }
    enum silt_status status = put_letter(nats, job, &putting, error);
    receipt->answer = answer_of(putting.answer);
    if (status != SILT_OK)
        return status;
    snprintf(receipt->id, sizeof receipt->id, "%s%" PRIu64,
             strncmp(putting.subject, "silt.later.", 11) == 0 ? "l" : "", putting.sequence);
    pthread_mutex_lock(&nats->mutex);
    nats->put += receipt->answer == SILT_QUEUE_QUEUED;
    nats->joined += receipt->answer == SILT_QUEUE_JOINED;
    pthread_mutex_unlock(&nats->mutex);
    return SILT_OK;
}

static void nats_stop(struct silt_queue *base)
{
    struct silt_nats *nats = (struct silt_nats *)base;
    pthread_mutex_lock(&nats->mutex);
    nats->is_stopped = true;
    pthread_cond_broadcast(&nats->stopped);
    pthread_mutex_unlock(&nats->mutex);
}

const struct silt_queue_kind silt_nats_queue = {.name = "nats",
                                                .open = nats_open,
                                                .put = nats_put,
                                                .take = silt_nats_take,
                                                .extend = silt_nats_take_extend,
                                                .done = silt_nats_take_done,
                                                .fail = silt_nats_take_fail,
                                                .release = silt_nats_take_release,
                                                .stop = nats_stop,
                                                .count = silt_nats_look_count,
                                                .list = silt_nats_look_list,
                                                .find = silt_nats_look_find,
                                                .revive = silt_nats_look_revive,
                                                .free = nats_free};
