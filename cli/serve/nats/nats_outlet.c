/*
 * nats_outlet.c: the sending end. A parcel is on the stream before the job is done: a worker that dies
 * between the two sends it twice, and the store keeps it once.
 */
#include "serve/nats/nats_outlet.h"

#include "serve/parcel.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { PARTS_KEPT_MS = 24 * 60 * 60 * 1000, STORE_HOLD_MS = 60 * 1000, MOST_HELD = 1000 };

const struct silt_wire_consumer silt_nats_outlet_consumer = {SILT_NATS_OUTLET_RESULTS, "store",
                                                             "silt.results.>", STORE_HOLD_MS, MOST_HELD};

struct sender {
    struct silt_outlet outlet;
    struct silt_wire *wire;
};

enum silt_status silt_nats_outlet_make_streams(struct silt_wire *wire, struct silt_error *error)
{
    const struct silt_wire_stream streams[] = {
        {.name = SILT_NATS_OUTLET_RESULTS, .subjects = "silt.results.>", .is_work_queue = true},
        {.name = SILT_NATS_OUTLET_PARTS, .subjects = "silt.parts.>", .max_age_ms = PARTS_KEPT_MS},
        {.name = SILT_NATS_OUTLET_KNOWN, .subjects = "$KV.SILT_KNOWN.>"},
    };
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < sizeof streams / sizeof *streams && status == SILT_OK; i++)
        status = silt_wire_make_stream(wire, &streams[i], error);
    return status == SILT_OK ? silt_wire_make_consumer(wire, &silt_nats_outlet_consumer, error) : status;
}

bool silt_nats_outlet_known(char out[SILT_NATS_OUTLET_SUBJECT_SIZE], const char *registry,
                            const char *repository, const char *digest)
{
    strcpy(out, "$KV.SILT_KNOWN");
    return silt_wire_put_token(out, SILT_NATS_OUTLET_SUBJECT_SIZE, registry) &&
           silt_wire_put_token(out, SILT_NATS_OUTLET_SUBJECT_SIZE, repository) &&
           silt_wire_put_token(out, SILT_NATS_OUTLET_SUBJECT_SIZE, digest);
}

void silt_nats_outlet_part(char out[SILT_NATS_OUTLET_SUBJECT_SIZE], const char *parcel, unsigned part)
{
    snprintf(out, SILT_NATS_OUTLET_SUBJECT_SIZE, "silt.parts.%.64s.%u", parcel, part);
}

static enum silt_status publish(struct sender *sender, const char *subject, const char *data, size_t size,
                                struct silt_error *error)
{
    enum silt_wire_answer answer;
    uint64_t sequence;
    return silt_wire_publish(sender->wire, &(struct silt_wire_message){subject, NULL, data, size}, &answer,
                             &sequence, error);
}

static enum silt_status send_parts(struct sender *sender, const char *name, const char *subject,
                                   const char *data, size_t size, struct silt_error *error)
{
    char part[SILT_NATS_OUTLET_SUBJECT_SIZE], note[160];
    enum silt_status status = SILT_OK;
    unsigned count = 0;
    for (size_t at = 0; at < size && status == SILT_OK; at += SILT_WIRE_MESSAGE_MAX, count++) {
        size_t left = size - at;
        silt_nats_outlet_part(part, name, count);
        status = publish(sender, part, data + at, left < SILT_WIRE_MESSAGE_MAX ? left : SILT_WIRE_MESSAGE_MAX,
                         error);
    }
    if (status != SILT_OK)
        return status;
    int length = snprintf(note, sizeof note,
                          "{\"schema\": \"silt.parts/1\", \"parcel\": \"%s\", \"parts\": %u}", name, count);
    return publish(sender, subject, note, (size_t)length, error);
}

/* Each parcel has a name of its own. */
static bool make_name(char out[33])
{
    uint64_t numbers[2];
    if (getrandom(numbers, sizeof numbers, 0) != (ssize_t)sizeof numbers)
        return false;
    snprintf(out, 33, "%016" PRIx64 "%016" PRIx64, numbers[0], numbers[1]);
    return true;
}

static enum silt_status post(struct sender *sender, const struct silt_store_scan *scan, bool with_results,
                             struct silt_error *error)
{
    char name[33], subject[64];
    json_t *parcel = silt_parcel_new(scan, with_results);
    char *data = parcel != NULL ? json_dumps(parcel, JSON_COMPACT) : NULL;
    json_decref(parcel);
    enum silt_status status = SILT_ERR_MEMORY;
    if (data != NULL && make_name(name)) {
        size_t size = strlen(data);
        snprintf(subject, sizeof subject, "silt.results.%s", name);
        status = size <= SILT_WIRE_MESSAGE_MAX ? publish(sender, subject, data, size, error)
                                               : send_parts(sender, name, subject, data, size, error);
    }
    free(data);
    return status;
}

static enum silt_status sender_put(struct silt_outlet *outlet, const struct silt_store_scan *scan,
                                   struct silt_store_news *news, struct silt_error *error)
{
    *news = (struct silt_store_news){0};
    return post((struct sender *)outlet, scan, true, error);
}

static enum silt_status sender_know(struct silt_outlet *outlet, const struct silt_store_scan *scan,
                                    struct silt_store_news *news, struct silt_error *error)
{
    struct sender *sender = (struct sender *)outlet;
    char subject[SILT_NATS_OUTLET_SUBJECT_SIZE];
    struct silt_wire_mail mail = {0};
    *news = (struct silt_store_news){0};
    if (!silt_nats_outlet_known(subject, scan->registry, scan->repository, scan->digest))
        return SILT_ERR_NOT_FOUND;
    enum silt_status status =
        silt_wire_look_last(sender->wire, SILT_NATS_OUTLET_KNOWN, subject, &mail, error);
    if (status == SILT_OK && strcmp(mail.data, scan->signatures) != 0)
        status = SILT_ERR_NOT_FOUND;
    silt_wire_mail_clear(&mail);
    return status == SILT_OK ? post(sender, scan, false, error) : status;
}

static void sender_free(struct silt_outlet *outlet)
{
    silt_wire_close(((struct sender *)outlet)->wire);
    free(outlet);
}

enum silt_status silt_nats_outlet_open(const char *url, struct silt_outlet **out, struct silt_error *error)
{
    struct sender *sender = calloc(1, sizeof *sender);
    if (sender == NULL)
        return SILT_ERR_MEMORY;
    sender->outlet = (struct silt_outlet){sender_put, sender_know, sender_free};
    enum silt_status status = silt_wire_open(url, &sender->wire, error);
    if (status == SILT_OK)
        status = silt_nats_outlet_make_streams(sender->wire, error);
    if (status == SILT_OK)
        *out = &sender->outlet;
    else
        sender_free(&sender->outlet);
    return status;
}
