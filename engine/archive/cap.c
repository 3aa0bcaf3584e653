/*
 * cap.c: see cap.h.
 */
#include "archive/cap.h"

static bool is_final(enum silt_status status)
{
    return status == SILT_ERR_MEMORY || status == SILT_ERR_CANCELLED;
}

static enum silt_status cap_peek(struct silt_stream *stream, size_t want, struct silt_span *out,
                                 struct silt_error *error)
{
    struct silt_cap *cap = (struct silt_cap *)stream;
    if (cap->inner == NULL || cap->left == 0)
        return SILT_END;
    enum silt_status status = silt_stream_peek(cap->inner, want, out, error);
    if (status != SILT_OK)
        return is_final(status) ? status : SILT_END;
    if (out->size > cap->left)
        out->size = (size_t)cap->left;
    return SILT_OK;
}

static void cap_consume(struct silt_stream *stream, size_t size)
{
    struct silt_cap *cap = (struct silt_cap *)stream;
    silt_stream_consume(cap->inner, size);
    cap->left -= size;
}

static void cap_free(struct silt_stream *stream)
{
    (void)stream;
}

static const struct silt_stream_ops cap_ops = {cap_peek, cap_consume, cap_free};

void silt_cap_begin(struct silt_cap *cap, struct silt_stream *inner, uint64_t max_size)
{
    *cap = (struct silt_cap){.stream = {.ops = &cap_ops}, .inner = inner};
    cap->left = max_size > 0 ? max_size : UINT64_MAX;
}

enum silt_status silt_cap_end(struct silt_cap *cap, uint64_t *kept_back, struct silt_error *error)
{
    *kept_back = 0;
    if (cap->inner == NULL)
        return SILT_OK;
    enum silt_status status = silt_stream_drain(&cap->stream, error);
    uint64_t before = cap->inner->offset;
    if (status == SILT_OK)
        status = silt_stream_drain(cap->inner, error);
    *kept_back = cap->inner->offset - before;
    cap->inner = NULL;
    return is_final(status) ? status : SILT_OK;
}
