/*
 * nats_layers.c: the layer cache of a fleet. A worker that does not find a result says that it makes it (a
 * claim), and one that finds a claim waits for the result: so a layer that comes with many images at once is
 * scanned once. Who claims is at work on that layer and waits for nobody, so nothing waits in a circle; one
 * that dies leaves a claim that is soon too old to count.
 */
#include "serve/nats/nats_layers.h"

#include "serve/nats/wire.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#define LAYERS "KV_SILT_LAYERS"
#define CLAIMS "KV_SILT_CLAIMS"

/* A claim is renewed by nobody: a layer that takes longer is scanned twice. */
enum { CLAIM_MS = 20 * 1000, WAIT_MS = 100 };

struct layers {
    struct silt_cache cache;
    struct silt_wire *wire;
    pthread_mutex_t mutex; /* guards the complaint */
    struct silt_error complaint;
};

enum { SUBJECT_SIZE = 128, PART_SIZE = 160 };

/* What a value begins with. */
enum { WHOLE = 'W', PARTS = 'P' };

static void name_subject(char out[SUBJECT_SIZE], const char *bucket, const struct silt_cache_key *key)
{
    int used = snprintf(out, SUBJECT_SIZE, "$KV.%s.", bucket);
    for (size_t i = 0; i < SILT_CACHE_KEY_SIZE; i++)
        used += snprintf(out + used, SUBJECT_SIZE - (size_t)used, "%02x", key->bytes[i]);
}

static void complain(struct layers *layers, const struct silt_error *why)
{
    pthread_mutex_lock(&layers->mutex);
    if (*layers->complaint.message == '\0')
        layers->complaint = *why;
    pthread_mutex_unlock(&layers->mutex);
}

/* Where a part of a value is: parts of one put have a name in common, so that two puts do not mix. */
static void name_part(char out[PART_SIZE], const struct silt_cache_key *key, uint64_t name, unsigned part)
{
    char subject[SUBJECT_SIZE];
    name_subject(subject, "SILT_LAYERS", key);
    snprintf(out, PART_SIZE, "%s.%016" PRIx64 ".%u", subject, name, part);
}

/* Puts a part where it belongs; NOT_FOUND if it has gone, or is not as long as it must be. */
static enum silt_status read_part(struct layers *layers, const char *subject, uint8_t *to, size_t size)
{
    struct silt_wire_mail mail = {0};
    enum silt_status status = silt_wire_look_last(layers->wire, LAYERS, subject, &mail, NULL);
    if (status == SILT_OK && mail.size == size)
        memcpy(to, mail.data, size);
    else if (status == SILT_OK)
        status = SILT_ERR_NOT_FOUND;
    silt_wire_mail_clear(&mail);
    return status;
}

static size_t part_size(size_t size, unsigned part)
{
    size_t left = size - (size_t)part * SILT_WIRE_MESSAGE_MAX;
    return left < SILT_WIRE_MESSAGE_MAX ? left : SILT_WIRE_MESSAGE_MAX;
}

static enum silt_status read_parts(struct layers *layers, const struct silt_cache_key *key, const char *head,
                                   uint8_t **out, size_t *size)
{
    uint64_t name, total;
    char subject[PART_SIZE];
    enum silt_status status = SILT_OK;
    if (sscanf(head, "%" SCNx64 " %" SCNu64, &name, &total) != 2 || total > SILT_CACHE_VALUE_MAX)
        return SILT_ERR_NOT_FOUND;
    uint8_t *value = malloc(total + 1);
    if (value == NULL)
        return SILT_ERR_NOT_FOUND;
    unsigned part = 0;
    for (size_t at = 0; at < total && status == SILT_OK; at += SILT_WIRE_MESSAGE_MAX, part++) {
        name_part(subject, key, name, part);
        status = read_part(layers, subject, value + at, part_size(total, part));
    }
    if (status != SILT_OK) {
        free(value);
        return status;
    }
    *out = value;
    *size = total;
    return SILT_OK;
}

/* The value of a head: a letter, then the value itself, or where its parts are. */
static enum silt_status open_head(struct layers *layers, const struct silt_cache_key *key,
                                  struct silt_wire_mail *mail, uint8_t **out, size_t *size)
{
    if (mail->size > 0 && *mail->data == PARTS)
        return read_parts(layers, key, mail->data + 1, out, size);
    if (mail->size == 0 || *mail->data != WHOLE)
        return SILT_ERR_NOT_FOUND;
    memmove(mail->data, mail->data + 1, mail->size);
    *out = (uint8_t *)mail->data;
    *size = mail->size - 1;
    mail->data = NULL;
    return SILT_OK;
}

static enum silt_status look(struct layers *layers, const struct silt_cache_key *key, uint8_t **out,
                             size_t *size)
{
    char subject[SUBJECT_SIZE];
    struct silt_wire_mail mail = {0};
    struct silt_error error = {0};
    name_subject(subject, "SILT_LAYERS", key);
    enum silt_status status = silt_wire_look_last(layers->wire, LAYERS, subject, &mail, &error);
    if (status == SILT_OK)
        status = open_head(layers, key, &mail, out, size);
    else if (status != SILT_ERR_NOT_FOUND)
        complain(layers, &error);
    silt_wire_mail_clear(&mail);
    return status;
}

/* Whether the layer is now this worker's to scan. Where claims cannot be made, it is. */
static bool claim(struct layers *layers, const struct silt_cache_key *key)
{
    char subject[SUBJECT_SIZE];
    enum silt_wire_answer answer = SILT_WIRE_FAILED;
    uint64_t sequence;
    name_subject(subject, "SILT_CLAIMS", key);
    enum silt_status status = silt_wire_publish(
        layers->wire, &(struct silt_wire_message){subject, NULL, "", 0}, &answer, &sequence, NULL);
    return status != SILT_OK || answer != SILT_WIRE_OCCUPIED;
}

static void end_claim(struct layers *layers, const struct silt_cache_key *key)
{
    char subject[SUBJECT_SIZE];
    struct silt_wire_mail mail = {0};
    name_subject(subject, "SILT_CLAIMS", key);
    /* One that stays goes by its age. */
    if (silt_wire_look_last(layers->wire, CLAIMS, subject, &mail, NULL) == SILT_OK)
        (void)!silt_wire_remove(layers->wire, CLAIMS, mail.sequence, NULL);
    silt_wire_mail_clear(&mail);
}

static enum silt_status layers_find(struct silt_cache *cache, const struct silt_cache_key *key, uint8_t **out,
                                    size_t *size, struct silt_error *error)
{
    struct layers *layers = (struct layers *)cache;
    const struct timespec pause = {.tv_nsec = WAIT_MS * 1000000L};
    enum silt_status status = look(layers, key, out, size);
    for (int waited = 0; status == SILT_ERR_NOT_FOUND && waited < CLAIM_MS && !claim(layers, key);
         waited += WAIT_MS) {
        nanosleep(&pause, NULL);
        status = look(layers, key, out, size);
    }
    /* Who had the claim may have kept the result between the look and the claim. */
    if (status == SILT_ERR_NOT_FOUND && look(layers, key, out, size) == SILT_OK) {
        end_claim(layers, key);
        status = SILT_OK;
    }
    if (status != SILT_OK && error != NULL)
        snprintf(error->message, sizeof error->message, "not kept");
    return status == SILT_OK ? SILT_OK : SILT_ERR_NOT_FOUND;
}

static enum silt_status publish(struct layers *layers, const char *subject, const void *data, size_t size,
                                struct silt_error *error)
{
    enum silt_wire_answer answer;
    uint64_t sequence;
    return silt_wire_publish(layers->wire, &(struct silt_wire_message){subject, NULL, data, size}, &answer,
                             &sequence, error);
}

static enum silt_status put_whole(struct layers *layers, const char *subject, struct silt_span value,
                                  struct silt_error *error)
{
    uint8_t *head = malloc(value.size + 1);
    if (head == NULL)
        return SILT_ERR_MEMORY;
    *head = WHOLE;
    if (value.size > 0)
        memcpy(head + 1, value.data, value.size);
    enum silt_status status = publish(layers, subject, head, value.size + 1, error);
    free(head);
    return status;
}

/* The head goes last: who finds it finds the parts. */
static enum silt_status put_parts(struct layers *layers, const struct silt_cache_key *key,
                                  const char *subject, struct silt_span value, struct silt_error *error)
{
    uint64_t name = 0;
    char part[PART_SIZE], head[64];
    unsigned count = 0;
    enum silt_status status = getrandom(&name, sizeof name, 0) == sizeof name ? SILT_OK : SILT_ERR_IO;
    for (size_t at = 0; at < value.size && status == SILT_OK; at += SILT_WIRE_MESSAGE_MAX, count++) {
        name_part(part, key, name, count);
        status = publish(layers, part, value.data + at, part_size(value.size, count), error);
    }
    if (status != SILT_OK)
        return status;
    int size = snprintf(head, sizeof head, "%c%016" PRIx64 " %zu", PARTS, name, value.size);
    return publish(layers, subject, head, (size_t)size, error);
}

static enum silt_status layers_put(struct silt_cache *cache, const struct silt_cache_key *key,
                                   struct silt_span value, struct silt_error *error)
{
    struct layers *layers = (struct layers *)cache;
    char subject[SUBJECT_SIZE];
    struct silt_error why = {0};
    enum silt_status status = SILT_ERR_LIMIT;
    name_subject(subject, "SILT_LAYERS", key);
    if (value.size < SILT_WIRE_MESSAGE_MAX)
        status = put_whole(layers, subject, value, &why);
    else if (value.size <= SILT_CACHE_VALUE_MAX)
        status = put_parts(layers, key, subject, value, &why);
    if (status != SILT_OK && status != SILT_ERR_LIMIT)
        complain(layers, &why);
    end_claim(layers, key);
    if (status != SILT_OK && error != NULL)
        snprintf(error->message, sizeof error->message, "the result of the layer is not kept");
    return status;
}

static const char *layers_complaint(const struct silt_cache *cache)
{
    const struct layers *layers = (const struct layers *)cache;
    return *layers->complaint.message != '\0' ? layers->complaint.message : NULL;
}

static void layers_free(struct silt_cache *cache)
{
    struct layers *layers = (struct layers *)cache;
    silt_wire_close(layers->wire);
    pthread_mutex_destroy(&layers->mutex);
    free(layers);
}

static const struct silt_cache_ops layers_ops = {.name = "nats",
                                                 .find = layers_find,
                                                 .put = layers_put,
                                                 .complaint = layers_complaint,
                                                 .free = layers_free};

static enum silt_status make_streams(struct layers *layers, uint64_t max_bytes, struct silt_error *error)
{
    const struct silt_wire_stream streams[] = {
        {.name = LAYERS, .subjects = "$KV.SILT_LAYERS.>", .max_bytes = max_bytes},
        {.name = CLAIMS, .subjects = "$KV.SILT_CLAIMS.>", .keeps_old = true, .max_age_ms = CLAIM_MS},
    };
    enum silt_status status = silt_wire_make_stream(layers->wire, &streams[0], error);
    return status == SILT_OK ? silt_wire_make_stream(layers->wire, &streams[1], error) : status;
}

enum silt_status silt_nats_layers_open(const char *url, uint64_t max_bytes, struct silt_cache **out,
                                       struct silt_error *error)
{
    struct layers *layers = calloc(1, sizeof *layers);
    if (layers == NULL)
        return SILT_ERR_MEMORY;
    layers->cache = (struct silt_cache){&layers_ops, false};
    pthread_mutex_init(&layers->mutex, NULL);
    enum silt_status status = silt_wire_open(url, &layers->wire, error);
    if (status == SILT_OK)
        status = make_streams(layers, max_bytes, error);
    if (status == SILT_OK)
        *out = &layers->cache;
    else
        layers_free(&layers->cache);
    return status;
}
