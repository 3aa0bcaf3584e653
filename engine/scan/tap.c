/*
 * tap.c: a stream that passes bytes on and looks at them when they are consumed.
 */
#include "scan/tap.h"

#include "base/error.h"
#include "image/package_reader.h"

#include <stdlib.h>

enum { KEPT_MAX = 4 * 1024 * 1024 };

struct silt_tap {
    struct silt_stream stream;  /* first member */
    struct silt_stream *inner;  /* NULL: no file is open */
    struct silt_span seen;      /* what the last peek answered and is not consumed yet */
    struct silt_result *result; /* the file's */
    struct silt_summer *summer;
    struct silt_checksums *wanted; /* NULL while there is no hit */
    struct silt_buffer kept;       /* the file's beginning, until there is one */
    bool keeps;                    /* bytes are kept while there is no hit */
    bool is_summing;               /* what was kept is in the summer */
    bool is_lost;                  /* bytes have gone by that are in neither */
    bool has_ended;                /* the end of the file was seen */
    bool is_record;
    struct silt_package_reading reading;
};

static void put_sum(struct silt_tap *tap, struct silt_span bytes)
{
    if (!tap->is_summing)
        silt_summer_put(tap->summer, silt_buffer_span(&tap->kept));
    tap->is_summing = true;
    silt_summer_put(tap->summer, bytes);
}

static void keep(struct silt_tap *tap, struct silt_span bytes)
{
    bool has_room = tap->keeps && bytes.size <= KEPT_MAX - tap->kept.size;
    if (!has_room || silt_buffer_append(&tap->kept, bytes, NULL) != SILT_OK)
        tap->is_lost = true;
}

static void take(struct silt_tap *tap, struct silt_span bytes)
{
    if (tap->is_record)
        silt_package_reader_put(&tap->reading, bytes);
    if (tap->is_lost)
        return;
    if (tap->wanted != NULL)
        put_sum(tap, bytes);
    else
        keep(tap, bytes);
}

static enum silt_status tap_peek(struct silt_stream *stream, size_t want, struct silt_span *out,
                                 struct silt_error *error)
{
    struct silt_tap *tap = (struct silt_tap *)stream;
    tap->seen = (struct silt_span){NULL, 0};
    enum silt_status status = silt_stream_peek(tap->inner, want, out, error);
    if (status == SILT_OK)
        tap->seen = *out;
    tap->has_ended = status == SILT_END;
    return status;
}

static void tap_consume(struct silt_stream *stream, size_t size)
{
    struct silt_tap *tap = (struct silt_tap *)stream;
    if (size == 0)
        return;
    take(tap, silt_span_slice(tap->seen, 0, size));
    tap->seen = silt_span_slice(tap->seen, size, tap->seen.size);
    silt_stream_consume(tap->inner, size);
}

/* The stream is a part of the tap. */
static void tap_free(struct silt_stream *stream)
{
    (void)stream;
}

static const struct silt_stream_ops tap_ops = {tap_peek, tap_consume, tap_free};

enum silt_status silt_tap_new(struct silt_tap **out, struct silt_error *error)
{
    struct silt_tap *tap = calloc(1, sizeof *tap);
    if (tap == NULL)
        return silt_error_memory(error);
    enum silt_status status = silt_summer_new(&tap->summer, error);
    if (status != SILT_OK) {
        free(tap);
        return status;
    }
    *out = tap;
    return SILT_OK;
}

void silt_tap_free(struct silt_tap *tap)
{
    if (tap == NULL)
        return;
    silt_summer_free(tap->summer);
    silt_buffer_wipe(&tap->kept);
    silt_package_reader_clear(&tap->reading);
    free(tap);
}

static enum silt_status open_record(struct silt_tap *tap, struct silt_span path, struct silt_error *error)
{
    const struct silt_package_format *format = silt_package_reader_find(path);
    if (format == NULL)
        return SILT_OK;
    struct silt_packages **packages = &tap->result->packages;
    enum silt_status status = *packages == NULL ? silt_packages_new(packages, error) : SILT_OK;
    if (status == SILT_OK)
        status = silt_package_reader_begin(&tap->reading, format, path, *packages, error);
    tap->is_record = status == SILT_OK;
    return status;
}

enum silt_status silt_tap_open(struct silt_tap *tap, struct silt_span path, struct silt_result *result,
                               struct silt_stream **stream, struct silt_error *error)
{
    enum silt_status status = silt_tap_close(tap, error);
    if (status != SILT_OK)
        return status;
    tap->stream = (struct silt_stream){.ops = &tap_ops};
    tap->inner = *stream;
    tap->seen = (struct silt_span){NULL, 0};
    tap->result = result;
    tap->kept.size = 0;
    tap->keeps = true;
    tap->is_summing = tap->is_lost = tap->has_ended = tap->is_record = false;
    *stream = &tap->stream;
    return open_record(tap, path, error);
}

/* Starts the summer anew, and answers what it came to where that is a file's. */
static void finish_sums(struct silt_tap *tap)
{
    struct silt_checksums sums;
    if (tap->wanted == NULL)
        return;
    put_sum(tap, (struct silt_span){NULL, 0});
    silt_summer_take(tap->summer, &sums);
    if (tap->has_ended && !tap->is_lost)
        *tap->wanted = sums;
    tap->wanted = NULL;
}

enum silt_status silt_tap_close(struct silt_tap *tap, struct silt_error *error)
{
    if (tap->inner == NULL)
        return SILT_OK;
    finish_sums(tap);
    tap->inner = NULL;
    tap->result = NULL;
    if (!tap->is_record)
        return SILT_OK;
    tap->is_record = false;
    return silt_package_reader_end(&tap->reading, tap->has_ended, error);
}

void silt_tap_expect_plain(struct silt_tap *tap)
{
    tap->keeps = tap->stream.offset > 0;
}

const struct silt_checksums *silt_tap_want(struct silt_tap *tap, const struct silt_span *taken)
{
    if (tap->inner == NULL || tap->wanted != NULL)
        return tap->wanted;
    struct silt_checksums *wanted = silt_arena_take(&tap->result->arena, sizeof *wanted);
    if (wanted == NULL)
        return NULL;
    if (tap->is_lost && taken != NULL && taken->size == tap->stream.offset) {
        tap->is_lost = false;
        silt_summer_put(tap->summer, *taken);
        tap->is_summing = true;
    }
    tap->wanted = wanted;
    return wanted;
}
