/*
 * nats_take.c: taking a job, holding it, and what becomes of it.
 *
 * A lease is the subject on which JetStream wants to hear of the message. How long it is held is counted here
 * as well, from before the server counts: an acknowledgement that comes too late would end another's work.
 */
#include "serve/nats/letter.h"
#include "serve/nats/nats_inside.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FIRST_PAUSE_MS = 10, MOST_PAUSE_MS = 200, MOST_NAP_MS = 60 * 1000 };

static int64_t steady_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The place in the list that points to the held job of a lease, or to its end. Under the mutex. */
static struct silt_nats_held **find_held(struct silt_nats *nats, const char *lease)
{
    struct silt_nats_held **at = &nats->held;
    while (*at != NULL && strcmp((*at)->reply, lease) != 0)
        at = &(*at)->next;
    return at;
}

/* Whether the lease is still this process's; `ends` takes it off the list. */
static bool is_held(struct silt_nats *nats, const char *lease, bool ends)
{
    pthread_mutex_lock(&nats->mutex);
    struct silt_nats_held **at = find_held(nats, lease), *held = *at;
    bool is_ours = held != NULL && held->until_ms > steady_ms();
    if (held != NULL && (ends || !is_ours)) {
        *at = held->next;
        free(held);
    }
    pthread_mutex_unlock(&nats->mutex);
    return is_ours;
}

static bool hold(struct silt_nats *nats, const struct silt_wire_mail *mail, int64_t until_ms)
{
    struct silt_nats_held *held = calloc(1, sizeof *held + strlen(mail->reply) + 1);
    if (held == NULL)
        return false;
    strcpy(held->reply, mail->reply);
    held->until_ms = until_ms;
    pthread_mutex_lock(&nats->mutex);
    held->next = nats->held;
    nats->held = held;
    pthread_mutex_unlock(&nats->mutex);
    return true;
}

static enum silt_status say_lost(const struct silt_job *job, struct silt_error *error)
{
    if (error != NULL)
        snprintf(error->message, sizeof error->message, "job %s is no longer held: its lease ran out",
                 job->id);
    return SILT_ERR_NOT_FOUND;
}

/* Sends a job to another stream, then ends the message it was: two for a moment, never none. */
static enum silt_status move(struct silt_nats *nats, const char *kind, const struct silt_job *job,
                             const char *reply, struct silt_error *error)
{
    enum silt_wire_answer answer;
    uint64_t sequence;
    enum silt_status status = silt_nats_send(nats, kind, job, &answer, &sequence, error);
    return status == SILT_OK ? silt_wire_tell(nats->wire, reply, "+ACK", error) : status;
}

static bool complete(struct silt_job *job, const struct silt_wire_mail *mail)
{
    char id[24];
    snprintf(id, sizeof id, "%" PRIu64, mail->sequence);
    job->state = SILT_JOB_RUNNING;
    return silt_stash_copy_text(&job->stash, id, &job->id) &&
           silt_stash_copy_text(&job->stash, mail->reply, &job->lease);
}

/* A message becomes a job, unless it was handed out too often: END then, and it is dead. */
static enum silt_status accept_job(struct silt_nats *nats, const struct silt_wire_mail *mail,
                                   int64_t until_ms, struct silt_job *out, struct silt_error *error)
{
    enum silt_status status = silt_letter_read(mail->data, out, error);
    if (status == SILT_ERR_CORRUPT) {
        status = silt_wire_tell(nats->wire, mail->reply, "+TERM", error);
        return status == SILT_OK ? SILT_END : status;
    }
    if (status != SILT_OK)
        return status;
    out->attempts += mail->deliveries;
    out->changed_ms = nats->now_ms();
    if (out->attempts > nats->max_attempts) {
        out->attempts = nats->max_attempts;
        out->reason = "the worker that held it ended without a word";
        status = move(nats, "dead", out, mail->reply, error);
        silt_job_clear(out);
        return status == SILT_OK ? SILT_END : status;
    }
    if (complete(out, mail) && hold(nats, mail, until_ms))
        return SILT_OK;
    silt_job_clear(out);
    return SILT_ERR_MEMORY;
}

/* Asks each registry once, another one first each time. */
static enum silt_status ask_registries(struct silt_nats *nats, struct silt_job *out, struct silt_error *error)
{
    pthread_mutex_lock(&nats->mutex);
    size_t turn = nats->turn++;
    pthread_mutex_unlock(&nats->mutex);
    enum silt_status status = SILT_END;
    for (size_t i = 0; i < nats->registry_count && status == SILT_END; i++) {
        struct silt_wire_mail mail = {0};
        int64_t until = steady_ms() + (int64_t)nats->lease_ms;
        status = silt_wire_next(nats->wire, SILT_WIRE_JOBS,
                                nats->registries[(turn + i) % nats->registry_count], &mail, error);
        if (status == SILT_OK)
            status = accept_job(nats, &mail, until, out, error);
        silt_wire_mail_clear(&mail);
    }
    return status;
}

/* What was to wait and has, becomes a job; what has not is asked for again when it is time. */
static enum silt_status wake(struct silt_nats *nats, const struct silt_wire_mail *mail,
                             struct silt_error *error)
{
    struct silt_job job = {0};
    char words[64];
    enum silt_status status = silt_letter_read(mail->data, &job, error);
    if (status == SILT_ERR_CORRUPT)
        return silt_wire_tell(nats->wire, mail->reply, "+TERM", error);
    if (status != SILT_OK)
        return status;
    int64_t wait = job.not_before_ms - nats->now_ms();
    if (wait > MOST_NAP_MS)
        wait = MOST_NAP_MS;
    if (wait <= 0) {
        status = move(nats, "jobs", &job, mail->reply, error);
    } else {
        snprintf(words, sizeof words, "-NAK {\"delay\": %" PRId64 "}", wait * 1000000);
        status = silt_wire_tell(nats->wire, mail->reply, words, error);
    }
    silt_job_clear(&job);
    return status;
}

static enum silt_status wake_all(struct silt_nats *nats, struct silt_error *error)
{
    enum { MOST = 100 };
    enum silt_status status = SILT_OK;
    for (int i = 0; i < MOST && status == SILT_OK; i++) {
        struct silt_wire_mail mail = {0};
        status = silt_wire_next(nats->wire, SILT_WIRE_LATER, "later", &mail, error);
        if (status == SILT_OK)
            status = wake(nats, &mail, error);
        silt_wire_mail_clear(&mail);
    }
    return status == SILT_END || status == SILT_ERR_LIMIT ? SILT_OK : status;
}

static enum silt_status try_take(struct silt_nats *nats, struct silt_job *out, struct silt_error *error)
{
    enum silt_status status = wake_all(nats, error);
    return status == SILT_OK ? ask_registries(nats, out, error) : status;
}

/* Waits a little; false when the queue is stopped. */
static bool pause_for(struct silt_nats *nats, int64_t ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t nanoseconds = until.tv_nsec + ms % 1000 * 1000000;
    until.tv_sec += ms / 1000 + nanoseconds / 1000000000;
    until.tv_nsec = nanoseconds % 1000000000;
    pthread_mutex_lock(&nats->mutex);
    int code = 0;
    while (!nats->is_stopped && code == 0)
        code = pthread_cond_timedwait(&nats->stopped, &nats->mutex, &until);
    bool goes_on = !nats->is_stopped;
    pthread_mutex_unlock(&nats->mutex);
    return goes_on;
}

enum silt_status silt_nats_take(struct silt_queue *base, uint64_t wait_ms, struct silt_job *out,
                                struct silt_error *error)
{
    struct silt_nats *nats = (struct silt_nats *)base;
    int64_t end = steady_ms() + (int64_t)wait_ms, pause = FIRST_PAUSE_MS;
    *out = (struct silt_job){0};
    if (!pause_for(nats, 0))
        return SILT_END;
    enum silt_status status = try_take(nats, out, error);
    while (status == SILT_END && steady_ms() < end && pause_for(nats, pause)) {
        pause = pause * 2 < MOST_PAUSE_MS ? pause * 2 : MOST_PAUSE_MS;
        status = try_take(nats, out, error);
    }
    return status;
}

enum silt_status silt_nats_take_extend(struct silt_queue *base, const struct silt_job *job,
                                       struct silt_error *error)
{
    struct silt_nats *nats = (struct silt_nats *)base;
    int64_t until = steady_ms() + (int64_t)nats->lease_ms;
    if (!is_held(nats, job->lease, false))
        return say_lost(job, error);
    enum silt_status status = silt_wire_tell(nats->wire, job->lease, "+WPI", error);
    if (status != SILT_OK)
        return status;
    pthread_mutex_lock(&nats->mutex);
    struct silt_nats_held *held = *find_held(nats, job->lease);
    if (held != NULL)
        held->until_ms = until;
    pthread_mutex_unlock(&nats->mutex);
    return SILT_OK;
}

enum silt_status silt_nats_take_done(struct silt_queue *base, const struct silt_job *job,
                                     struct silt_error *error)
{
    struct silt_nats *nats = (struct silt_nats *)base;
    if (!is_held(nats, job->lease, true))
        return say_lost(job, error);
    return silt_wire_tell(nats->wire, job->lease, "+ACK", error);
}

enum silt_status silt_nats_take_fail(struct silt_queue *base, const struct silt_job *job,
                                     const struct silt_queue_failure *failure, struct silt_error *error)
{
    struct silt_nats *nats = (struct silt_nats *)base;
    struct silt_job letter = *job;
    if (!is_held(nats, job->lease, true))
        return say_lost(job, error);
    bool is_dead = failure->is_final || job->attempts >= nats->max_attempts;
    uint64_t pause = silt_queue_backoff_ms(job->attempts);
    if (failure->retry_after_ms > 0)
        pause = failure->retry_after_ms;
    letter.reason = failure->reason;
    letter.not_before_ms = is_dead ? 0 : nats->now_ms() + (int64_t)pause;
    return move(nats, is_dead ? "dead" : "later", &letter, job->lease, error);
}

enum silt_status silt_nats_take_release(struct silt_queue *base, const struct silt_job *job,
                                        struct silt_error *error)
{
    struct silt_nats *nats = (struct silt_nats *)base;
    struct silt_job letter = *job;
    if (!is_held(nats, job->lease, true))
        return say_lost(job, error);
    letter.attempts -= letter.attempts > 0;
    letter.not_before_ms = 0;
    return move(nats, "later", &letter, job->lease, error);
}
