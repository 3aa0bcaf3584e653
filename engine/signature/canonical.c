/*
 * canonical.c: signatures in one unambiguous form, hashed. Every string is preceded by its length, every list
 * by its count, so that no two different sets give the same bytes.
 */
#include "signature/canonical.h"

#include "base/buffer.h"
#include "base/digest.h"
#include "base/error.h"

#include <string.h>

static enum silt_status put_number(struct silt_buffer *out, uint64_t value, struct silt_error *error)
{
    return silt_buffer_append(out, silt_span_of(&value, sizeof value), error);
}

static enum silt_status put_text(struct silt_buffer *out, const char *text, struct silt_error *error)
{
    enum silt_status status = put_number(out, strlen(text), error);
    return status == SILT_OK ? silt_buffer_append(out, silt_span_text(text), error) : status;
}

static enum silt_status put_list(struct silt_buffer *out, const char *const *list, struct silt_error *error)
{
    size_t count = 0;
    while (list[count] != NULL)
        count++;
    enum silt_status status = put_number(out, count, error);
    for (size_t i = 0; i < count && status == SILT_OK; i++)
        status = put_text(out, list[i], error);
    return status;
}

static enum silt_status put_signature(struct silt_buffer *out, const struct silt_signature *signature,
                                      struct silt_error *error)
{
    const char *const texts[] = {signature->id, signature->pattern, signature->prefilter, signature->path,
                                 signature->companion};
    const char *const *const lists[] = {signature->keywords, signature->validators, signature->allow};
    uint64_t score;
    memcpy(&score, &signature->min_score, sizeof score);
    const uint64_t numbers[] = {signature->severity, signature->confidence, signature->within,
                                signature->companion_within, score};
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && status == SILT_OK; i++)
        status = put_text(out, texts[i], error);
    for (size_t i = 0; i < sizeof lists / sizeof lists[0] && status == SILT_OK; i++)
        status = put_list(out, lists[i], error);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0] && status == SILT_OK; i++)
        status = put_number(out, numbers[i], error);
    return status;
}

enum silt_status silt_canonical_digest(struct silt_signatures *set, struct silt_error *error)
{
    struct silt_buffer bytes = {0};
    enum silt_status status = put_text(&bytes, "silt.signatures/1", error);
    for (size_t i = 0; i < set->items.count && status == SILT_OK; i++)
        status = put_signature(&bytes, silt_array_at(&set->items, i), error);
    if (status == SILT_OK) {
        struct silt_digest digest;
        silt_digest_of(silt_buffer_span(&bytes), &digest);
        silt_digest_print(&digest, set->digest);
    }
    silt_buffer_clear(&bytes);
    return status;
}
