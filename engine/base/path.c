/*
 * path.c: canonical entry names.
 */
#include "base/path.h"

static size_t last_slash(struct silt_span path)
{
    size_t i = path.size;
    while (i > 0 && path.data[i - 1] != '/')
        i--;
    return i;
}

struct silt_span silt_path_name(struct silt_span path)
{
    return silt_span_slice(path, last_slash(path), path.size);
}

struct silt_span silt_path_parent(struct silt_span path)
{
    size_t cut = last_slash(path);
    return silt_span_slice(path, 0, cut > 0 ? cut - 1 : 0);
}

static void drop_part(struct silt_buffer *out, size_t start)
{
    while (out->size > start && out->data[out->size - 1] != '/')
        out->size--;
    if (out->size > start)
        out->size--;
}

static enum silt_status put_part(struct silt_buffer *out, size_t start, struct silt_span part,
                                 struct silt_error *error)
{
    if (part.size == 0 || silt_span_is_text(part, "."))
        return SILT_OK;
    if (silt_span_is_text(part, "..")) {
        drop_part(out, start);
        return SILT_OK;
    }
    enum silt_status status = SILT_OK;
    if (out->size > start)
        status = silt_buffer_append(out, silt_span_text("/"), error);
    return status != SILT_OK ? status : silt_buffer_append(out, part, error);
}

enum silt_status silt_path_clean(struct silt_span raw, struct silt_buffer *out, struct silt_error *error)
{
    size_t start = out->size;
    for (size_t i = 0; i <= raw.size;) {
        size_t end = i;
        while (end < raw.size && raw.data[end] != '/')
            end++;
        enum silt_status status = put_part(out, start, silt_span_slice(raw, i, end - i), error);
        if (status != SILT_OK)
            return status;
        i = end + 1;
    }
    return SILT_OK;
}
