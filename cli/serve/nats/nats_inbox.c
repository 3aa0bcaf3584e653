/*
 * nats_inbox.c: the receiving end. A parcel is acknowledged when the store has it on its disk.
 */
#include "serve/nats/nats_inbox.h"

#include "serve/nats/nats_outlet.h"
#include "serve/parcel.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_PARTS = 4096, ASK_MS = 500 };

struct silt_nats_inbox {
    struct silt_wire *wire;
    struct silt_wire_tap *tap;
    struct silt_nats_inbox_settings settings;
};

void silt_nats_inbox_close(struct silt_nats_inbox *inbox)
{
    if (inbox == NULL)
        return;
    silt_wire_close_tap(inbox->tap);
    silt_wire_close(inbox->wire);
    free(inbox);
}

enum silt_status silt_nats_inbox_open(const struct silt_nats_inbox_settings *settings,
                                      struct silt_nats_inbox **out, struct silt_error *error)
{
    struct silt_nats_inbox *inbox = calloc(1, sizeof *inbox);
    if (inbox == NULL)
        return SILT_ERR_MEMORY;
    inbox->settings = *settings;
    enum silt_status status = silt_wire_open(settings->url, &inbox->wire, error);
    if (status == SILT_OK)
        status = silt_nats_outlet_make_streams(inbox->wire, error);
    if (status == SILT_OK)
        status = silt_wire_open_tap(inbox->wire, &silt_nats_outlet_consumer, &inbox->tap, error);
    if (status == SILT_OK)
        *out = inbox;
    else
        silt_nats_inbox_close(inbox);
    return status;
}

/* Appends a part to a stream in memory. */
static enum silt_status read_part(struct silt_nats_inbox *inbox, const char *name, unsigned part, FILE *to,
                                  struct silt_error *error)
{
    char subject[SILT_NATS_OUTLET_SUBJECT_SIZE];
    struct silt_wire_mail mail = {0};
    silt_nats_outlet_part(subject, name, part);
    enum silt_status status = silt_wire_look_last(inbox->wire, SILT_NATS_OUTLET_PARTS, subject, &mail, error);
    if (status == SILT_OK && fwrite(mail.data, 1, mail.size, to) != mail.size)
        status = SILT_ERR_MEMORY;
    silt_wire_mail_clear(&mail);
    return status;
}

static enum silt_status read_parts(struct silt_nats_inbox *inbox, const json_t *note, json_t **out,
                                   struct silt_error *error)
{
    char *text = NULL;
    size_t size = 0;
    int64_t count = silt_parcel_number(note, "parts");
    enum silt_status status = count > 0 && count <= MOST_PARTS ? SILT_OK : SILT_ERR_CORRUPT;
    FILE *to = open_memstream(&text, &size);
    if (to == NULL)
        return SILT_ERR_MEMORY;
    for (unsigned i = 0; i < (unsigned)count && status == SILT_OK; i++)
        status = read_part(inbox, silt_parcel_word(note, "parcel"), i, to, error);
    if (fclose(to) != 0)
        status = SILT_ERR_MEMORY;
    if (status == SILT_OK) {
        *out = json_loadb(text, size, 0, NULL);
        status = *out != NULL ? SILT_OK : SILT_ERR_CORRUPT;
    }
    free(text);
    return status == SILT_ERR_NOT_FOUND ? SILT_ERR_CORRUPT : status;
}

static void remove_parts(struct silt_nats_inbox *inbox, const json_t *note)
{
    for (unsigned i = 0; i < (unsigned)silt_parcel_number(note, "parts"); i++) {
        char subject[SILT_NATS_OUTLET_SUBJECT_SIZE];
        struct silt_wire_mail mail = {0};
        silt_nats_outlet_part(subject, silt_parcel_word(note, "parcel"), i);
        /* One that stays goes by its age. */
        if (silt_wire_look_last(inbox->wire, SILT_NATS_OUTLET_PARTS, subject, &mail, NULL) == SILT_OK &&
            silt_wire_remove(inbox->wire, SILT_NATS_OUTLET_PARTS, mail.sequence, NULL) != SILT_OK)
            i = MOST_PARTS;
        silt_wire_mail_clear(&mail);
    }
}

static bool is_complete(const json_t *parcel)
{
    const json_t *targets = json_object_get(parcel, "targets"), *target;
    size_t i;
    json_array_foreach(targets, i, target)
    {
        if (!json_is_true(json_object_get(target, "complete")))
            return false;
    }
    return json_array_size(targets) > 0;
}

/* Tells workers that the store has, or has not, the results of an image with some signatures. */
static enum silt_status note_known(struct silt_nats_inbox *inbox, const json_t *parcel,
                                   const char *signatures, struct silt_error *error)
{
    char subject[SILT_NATS_OUTLET_SUBJECT_SIZE];
    enum silt_wire_answer answer;
    uint64_t sequence;
    if (!silt_nats_outlet_known(subject, silt_parcel_word(parcel, "registry"),
                                silt_parcel_word(parcel, "repository"), silt_parcel_word(parcel, "digest")))
        return SILT_OK;
    return silt_wire_publish(inbox->wire,
                             &(struct silt_wire_message){subject, NULL, signatures, strlen(signatures)},
                             &answer, &sequence, error);
}

/* A worker took for known what this store does not have: it is to be scanned. */
static enum silt_status ask_again(struct silt_nats_inbox *inbox, const json_t *parcel,
                                  struct silt_error *error)
{
    struct silt_queue_receipt receipt;
    struct silt_queue *queue = inbox->settings.queue;
    enum silt_status status = note_known(inbox, parcel, "", error);
    const struct silt_job job = {.registry = silt_parcel_word(parcel, "registry"),
                                 .repository = silt_parcel_word(parcel, "repository"),
                                 .digest = silt_parcel_word(parcel, "digest"),
                                 .tag = silt_parcel_word(parcel, "tag"),
                                 .origin = silt_parcel_word(parcel, "origin"),
                                 .delivery = "",
                                 .pushed_ms = silt_parcel_number(parcel, "pushed_ms")};
    return status == SILT_OK ? queue->kind->put(queue, &job, &receipt, error) : status;
}

static enum silt_status keep(struct silt_nats_inbox *inbox, const json_t *parcel,
                             struct silt_nats_inbox_news *out, struct silt_error *error)
{
    out->was_known = json_object_get(parcel, "targets") == NULL;
    snprintf(out->image, sizeof out->image, "%.200s/%.255s@%.130s", silt_parcel_word(parcel, "registry"),
             silt_parcel_word(parcel, "repository"), silt_parcel_word(parcel, "digest"));
    enum silt_status status = silt_store_put_parcel(inbox->settings.store, parcel, &out->news, error);
    if (status == SILT_ERR_NOT_FOUND)
        return ask_again(inbox, parcel, error);
    if (status == SILT_OK && is_complete(parcel))
        status = note_known(inbox, parcel, silt_parcel_word(parcel, "signatures"), error);
    return status;
}

/* The parcel of a message; CORRUPT: it is none, or its parts are gone. */
static enum silt_status open_parcel(struct silt_nats_inbox *inbox, const json_t *note, json_t **out,
                                    struct silt_error *error)
{
    if (strcmp(silt_parcel_word(note, "schema"), "silt.parts/1") == 0)
        return read_parts(inbox, note, out, error);
    *out = json_incref((json_t *)note);
    return json_is_object(note) ? SILT_OK : SILT_ERR_CORRUPT;
}

static enum silt_status answer(struct silt_nats_inbox *inbox, const struct silt_wire_mail *mail,
                               enum silt_status status, struct silt_error *error)
{
    if (status == SILT_OK)
        return silt_wire_tell(inbox->wire, mail->reply, "+ACK", error);
    bool is_hopeless = status == SILT_ERR_CORRUPT || status == SILT_ERR_UNSUPPORTED;
    if (is_hopeless && error != NULL && *error->message == '\0')
        snprintf(error->message, sizeof error->message, "a result that came cannot be read; it is dropped");
    enum silt_status told = silt_wire_tell(inbox->wire, mail->reply,
                                           is_hopeless ? "+TERM" : "-NAK {\"delay\": 5000000000}", NULL);
    return is_hopeless && told != SILT_OK ? told : status;
}

enum silt_status silt_nats_inbox_take(struct silt_nats_inbox *inbox, struct silt_nats_inbox_news *out,
                                      struct silt_error *error)
{
    struct silt_wire_mail mail = {0};
    json_t *parcel = NULL;
    *out = (struct silt_nats_inbox_news){0};
    enum silt_status status = silt_wire_next(inbox->tap, ASK_MS, &mail, error);
    if (status != SILT_OK)
        return status;
    json_t *note = json_loadb(mail.data, mail.size, 0, NULL);
    status = open_parcel(inbox, note, &parcel, error);
    if (status == SILT_OK)
        status = keep(inbox, parcel, out, error);
    status = answer(inbox, &mail, status, error);
    if (status == SILT_OK && parcel != note)
        remove_parts(inbox, note);
    json_decref(parcel);
    json_decref(note);
    silt_wire_mail_clear(&mail);
    return status;
}
