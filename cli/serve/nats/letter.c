/*
 * letter.c: jobs to JSON and back.
 */
#include "serve/nats/letter.h"

#include "serve/nats/wire.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

bool silt_letter_subject(char out[SILT_LETTER_SUBJECT_SIZE], const char *kind, const struct silt_job *job)
{
    const char *tokens[] = {job->registry, job->repository, job->digest, job->tag};
    int length = snprintf(out, SILT_LETTER_SUBJECT_SIZE, "silt.%s", kind);
    bool ok = length > 0;
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens && ok; i++)
        ok = silt_wire_put_token(out, SILT_LETTER_SUBJECT_SIZE, tokens[i]);
    return ok;
}

bool silt_letter_id(char out[SILT_LETTER_SUBJECT_SIZE], const struct silt_job *job)
{
    return silt_letter_subject(out, "delivery", job) &&
           silt_wire_put_token(out, SILT_LETTER_SUBJECT_SIZE, job->origin) &&
           silt_wire_put_token(out, SILT_LETTER_SUBJECT_SIZE, job->delivery);
}

char *silt_letter_new(const struct silt_job *job)
{
    json_t *letter =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:i, s:s}", "registry", job->registry,
                  "repository", job->repository, "digest", job->digest, "tag", job->tag, "origin",
                  job->origin, "delivery", job->delivery, "pushed_ms", (json_int_t)job->pushed_ms,
                  "created_ms", (json_int_t)job->created_ms, "not_before_ms", (json_int_t)job->not_before_ms,
                  "attempts", (int)job->attempts, "reason", job->reason != NULL ? job->reason : "");
    char *data = letter != NULL ? json_dumps(letter, JSON_COMPACT) : NULL;
    json_decref(letter);
    return data;
}

static const char *text(const json_t *letter, const char *key)
{
    const char *value = json_string_value(json_object_get(letter, key));
    return value != NULL ? value : "";
}

static int64_t number(const json_t *letter, const char *key)
{
    return (int64_t)json_integer_value(json_object_get(letter, key));
}

static bool copy_texts(const json_t *letter, struct silt_job *out)
{
    char time[24] = "";
    if (*text(letter, "tag") != '\0')
        snprintf(time, sizeof time, "%lld", (long long)out->pushed_ms);
    return silt_stash_copy_text(&out->stash, text(letter, "registry"), &out->registry) &&
           silt_stash_copy_text(&out->stash, text(letter, "repository"), &out->repository) &&
           silt_stash_copy_text(&out->stash, text(letter, "digest"), &out->digest) &&
           silt_stash_copy_text(&out->stash, text(letter, "tag"), &out->tag) &&
           silt_stash_copy_text(&out->stash, text(letter, "origin"), &out->origin) &&
           silt_stash_copy_text(&out->stash, text(letter, "delivery"), &out->delivery) &&
           silt_stash_copy_text(&out->stash, text(letter, "reason"), &out->reason) &&
           silt_stash_copy_text(&out->stash, time, &out->tag_times);
}

enum silt_status silt_letter_read(const char *data, struct silt_job *out, struct silt_error *error)
{
    json_t *letter = json_loads(data, 0, NULL);
    enum silt_status status = SILT_OK;
    *out = (struct silt_job){.pushed_ms = number(letter, "pushed_ms"),
                             .created_ms = number(letter, "created_ms"),
                             .not_before_ms = number(letter, "not_before_ms"),
                             .attempts = (unsigned)number(letter, "attempts"),
                             .id = "",
                             .lease = ""};
    if (!json_is_object(letter) || *text(letter, "registry") == '\0' || *text(letter, "repository") == '\0')
        status = SILT_ERR_CORRUPT;
    else if (!copy_texts(letter, out))
        status = SILT_ERR_MEMORY;
    json_decref(letter);
    if (status == SILT_OK)
        return SILT_OK;
    silt_job_clear(out);
    if (error != NULL)
        snprintf(error->message, sizeof error->message, "a message of the queue is no job");
    return status;
}
