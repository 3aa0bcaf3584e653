/*
 * nats_look.c: counting, listing, finding and reviving jobs on NATS.
 */
#include "serve/nats/letter.h"
#include "serve/nats/nats_inside.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The streams in the order of a list, and the letter that an id of each begins with. */
static const struct place {
    const char *stream, *prefix;
} places[] = {{SILT_WIRE_JOBS, ""}, {SILT_WIRE_LATER, "l"}, {SILT_WIRE_DEAD, "d"}};

enum { PLACES = sizeof places / sizeof *places, MOST_GAPS = 5000 };

/* How many jobs are held, and up to which number jobs were handed out, of all registries. */
static enum silt_status find_running(struct silt_nats *nats, uint64_t *held, uint64_t *delivered,
                                     struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    *held = *delivered = 0;
    for (size_t i = 0; i < nats->registry_count && status == SILT_OK; i++) {
        uint64_t some = 0, last = 0;
        status = silt_wire_pending(nats->wire, SILT_WIRE_JOBS, nats->registries[i], &some, &last, error);
        *held += some;
        *delivered = last > *delivered ? last : *delivered;
    }
    return status;
}

enum silt_status silt_nats_look_count(struct silt_queue *base, struct silt_queue_counts *out,
                                      struct silt_error *error)
{
    struct silt_nats *nats = (struct silt_nats *)base;
    struct silt_wire_figures figures[PLACES] = {0};
    uint64_t held = 0, delivered;
    *out = (struct silt_queue_counts){0};
    enum silt_status status = find_running(nats, &held, &delivered, error);
    for (size_t i = 0; i < PLACES && status == SILT_OK; i++)
        status = silt_wire_measure(nats->wire, places[i].stream, &figures[i], error);
    if (status != SILT_OK)
        return status;
    out->due = figures[0].messages > held ? figures[0].messages - held : 0;
    out->jobs[SILT_JOB_WAITING] = out->due + figures[1].messages;
    out->jobs[SILT_JOB_RUNNING] = held;
    out->jobs[SILT_JOB_DEAD] = figures[2].messages;
    if (out->due > 0)
        out->oldest_age_ms = nats->now_ms() - figures[0].first_ms;
    pthread_mutex_lock(&nats->mutex);
    out->put = nats->put;
    out->joined = nats->joined;
    pthread_mutex_unlock(&nats->mutex);
    return SILT_OK;
}

static const struct place *find_place(const char *id, uint64_t *sequence)
{
    size_t place = *id == 'l' ? 1 : *id == 'd' ? 2 : 0;
    *sequence = strtoull(id + (place > 0), NULL, 10);
    return &places[place];
}

/* A message as a job to look at. Up to `delivered` those in the queue were handed out. */
static enum silt_status read_mail(const struct place *place, const struct silt_wire_mail *mail,
                                  uint64_t delivered, struct silt_job *out, struct silt_error *error)
{
    char id[24];
    enum silt_status status = silt_letter_read(mail->data, out, error);
    if (status != SILT_OK)
        return status;
    snprintf(id, sizeof id, "%s%" PRIu64, place->prefix, mail->sequence);
    out->state = SILT_JOB_WAITING;
    if (place == &places[2])
        out->state = SILT_JOB_DEAD;
    else if (place == &places[0] && mail->sequence <= delivered)
        out->state = SILT_JOB_RUNNING;
    out->changed_ms = out->created_ms;
    if (silt_stash_copy_text(&out->stash, id, &out->id))
        return SILT_OK;
    silt_job_clear(out);
    return SILT_ERR_MEMORY;
}

static enum silt_status look(struct silt_nats *nats, const struct place *place, uint64_t sequence,
                             uint64_t delivered, struct silt_job *out, struct silt_error *error)
{
    struct silt_wire_mail mail = {0};
    enum silt_status status = silt_wire_look(nats->wire, place->stream, sequence, &mail, error);
    if (status == SILT_OK)
        status = read_mail(place, &mail, delivered, out, error);
    silt_wire_mail_clear(&mail);
    return status;
}

static bool is_wanted(const struct silt_queue_filter *filter, const struct silt_job *job)
{
    return (!filter->has_state || filter->state == job->state) &&
           (filter->registry == NULL || strcmp(filter->registry, job->registry) == 0) &&
           (filter->repository == NULL || strcmp(filter->repository, job->repository) == 0);
}

/* A list on its way through one stream after the other. */
struct listing {
    struct silt_nats *nats;
    const struct silt_queue_filter *filter;
    bool (*each)(void *context, const struct silt_job *job);
    void *context;
    uint64_t delivered;
    unsigned left;
};

/* Numbers of messages that are gone are passed over, but not for ever. */
static enum silt_status list_place(struct listing *listing, const struct place *place, uint64_t below,
                                   struct silt_error *error)
{
    struct silt_wire_figures figures;
    unsigned gaps = 0;
    enum silt_status status = silt_wire_measure(listing->nats->wire, place->stream, &figures, error);
    if (status != SILT_OK || figures.messages == 0)
        return status;
    uint64_t sequence = figures.last < below - 1 ? figures.last : below - 1;
    for (; sequence >= figures.first && listing->left > 0 && gaps < MOST_GAPS; sequence--) {
        struct silt_job job = {0};
        status = look(listing->nats, place, sequence, listing->delivered, &job, error);
        gaps += status == SILT_ERR_NOT_FOUND;
        if (status == SILT_OK && is_wanted(listing->filter, &job)) {
            listing->left--;
            if (!listing->each(listing->context, &job))
                listing->left = 0;
        }
        silt_job_clear(&job);
        if (status != SILT_OK && status != SILT_ERR_NOT_FOUND)
            return status;
    }
    return SILT_OK;
}

enum silt_status silt_nats_look_list(struct silt_queue *base, const struct silt_queue_filter *filter,
                                     bool (*each)(void *context, const struct silt_job *job), void *context,
                                     struct silt_error *error)
{
    struct silt_nats *nats = (struct silt_nats *)base;
    struct listing listing = {nats, filter, each, context, 0, filter->limit};
    uint64_t held, below = UINT64_MAX;
    const struct place *first = filter->before != NULL ? find_place(filter->before, &below) : places;
    enum silt_status status = find_running(nats, &held, &listing.delivered, error);
    for (const struct place *place = first; place < places + PLACES && status == SILT_OK && listing.left > 0;
         place++)
        status = list_place(&listing, place, place == first ? below : UINT64_MAX, error);
    return status;
}

enum silt_status silt_nats_look_find(struct silt_queue *base, const char *id, struct silt_job *out,
                                     struct silt_error *error)
{
    struct silt_nats *nats = (struct silt_nats *)base;
    uint64_t sequence, held, delivered;
    const struct place *place = find_place(id, &sequence);
    *out = (struct silt_job){0};
    enum silt_status status = find_running(nats, &held, &delivered, error);
    return status == SILT_OK ? look(nats, place, sequence, delivered, out, error) : status;
}

static enum silt_status revive(struct silt_nats *nats, struct silt_job *job, uint64_t sequence,
                               struct silt_error *error)
{
    enum silt_wire_answer answer;
    uint64_t number;
    job->attempts = 0;
    job->not_before_ms = 0;
    enum silt_status status = silt_nats_send(nats, "jobs", job, &answer, &number, error);
    return status == SILT_OK ? silt_wire_remove(nats->wire, SILT_WIRE_DEAD, sequence, error) : status;
}

enum silt_status silt_nats_look_revive(struct silt_queue *base, const char *id, struct silt_error *error)
{
    struct silt_nats *nats = (struct silt_nats *)base;
    uint64_t sequence;
    struct silt_job job = {0};
    const struct place *place = find_place(id, &sequence);
    if (place != &places[2]) {
        if (error != NULL)
            snprintf(error->message, sizeof error->message, "job %.20s is not dead", id);
        return SILT_ERR_NOT_FOUND;
    }
    enum silt_status status = look(nats, place, sequence, 0, &job, error);
    if (status == SILT_OK)
        status = revive(nats, &job, sequence, error);
    silt_job_clear(&job);
    return status;
}
