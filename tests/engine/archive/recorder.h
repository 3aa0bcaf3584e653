/*
 * recorder.h: walks bytes and writes down everything that was handed out or skipped.
 */
#ifndef TESTS_ARCHIVE_RECORDER_H
#define TESTS_ARCHIVE_RECORDER_H

#include "archive/walk.h"
#include "base/buffer.h"
#include "base/error.h"
#include "stream/memory.h"
#include "tar_maker.h"

#include <criterion/criterion.h>
#include <stdlib.h>

enum { RECORD_MAX = 4096, SKIP_MAX = 256 };

struct record {
    enum silt_entry_kind kind;
    char *path; /* "a.zip!/b" */
    struct silt_buffer content;
    size_t link_size;
};

struct recorded_skip {
    enum silt_skip_reason reason;
    char *path;
    uint64_t bytes;
    char detail[256];
};

struct recording {
    struct record records[RECORD_MAX];
    size_t count;
    struct recorded_skip skips[SKIP_MAX];
    size_t skip_count;
    struct silt_buffer all; /* every byte of content, files and raw, kept apart by a line end */
    struct silt_walk_counts counts;
    enum silt_status status;
};

struct record_options {
    enum silt_walk_root root;
    const char *name; /* "in" */
    bool is_target, is_flat;
    struct silt_walk_limits limits; /* 0: generous ones */
    unsigned seed;                  /* not 0: the stream comes in random pieces */
    enum silt_status failure;       /* what the stream ends with, if not END */
};

/* A stream in pieces of random sizes, which keeps the contract as closely as it may. */
struct pieces {
    struct silt_stream stream;
    struct silt_span rest;
    unsigned seed;
    enum silt_status end;
    uint8_t *copy; /* the last piece, freed at the next call so that stale pointers show */
};

static inline enum silt_status pieces_peek(struct silt_stream *stream, size_t want, struct silt_span *out,
                                           struct silt_error *error)
{
    struct pieces *pieces = (struct pieces *)stream;
    free(pieces->copy);
    pieces->copy = NULL;
    if (pieces->rest.size == 0)
        return pieces->end == SILT_END ? SILT_END : silt_error_set(error, pieces->end, "the disk broke");
    size_t size = want + (size_t)rand_r(&pieces->seed) % (pieces->seed % 3 == 0 ? 7 : 3000);
    if (size > pieces->rest.size)
        size = pieces->rest.size;
    pieces->copy = malloc(size);
    memcpy(pieces->copy, pieces->rest.data, size);
    *out = silt_span_of(pieces->copy, size);
    return SILT_OK;
}

static inline void pieces_consume(struct silt_stream *stream, size_t size)
{
    struct pieces *pieces = (struct pieces *)stream;
    free(pieces->copy);
    pieces->copy = NULL;
    pieces->rest = silt_span_slice(pieces->rest, size, pieces->rest.size);
}

static inline void pieces_free(struct silt_stream *stream)
{
    struct pieces *pieces = (struct pieces *)stream;
    free(pieces->copy);
    free(pieces);
}

static const struct silt_stream_ops pieces_ops = {pieces_peek, pieces_consume, pieces_free};

static inline struct silt_stream *pieces_open(struct silt_span bytes, unsigned seed, enum silt_status end)
{
    struct pieces *pieces = calloc(1, sizeof *pieces);
    pieces->stream.ops = &pieces_ops;
    pieces->rest = bytes;
    pieces->seed = seed;
    pieces->end = end != SILT_OK ? end : SILT_END;
    return &pieces->stream;
}

static inline char *join_path(const struct silt_span *chain, size_t chain_count, struct silt_span path)
{
    struct silt_buffer text = {0};
    for (size_t i = 0; i < chain_count; i++) {
        cr_assert_eq(silt_buffer_append(&text, chain[i], NULL), SILT_OK);
        cr_assert_eq(silt_buffer_append(&text, silt_span_text("!/"), NULL), SILT_OK);
    }
    cr_assert_eq(silt_buffer_append(&text, path, NULL), SILT_OK);
    cr_assert_eq(silt_buffer_append(&text, silt_span_of("", 1), NULL), SILT_OK);
    return (char *)text.data;
}

static inline void record_skip(void *context, const struct silt_skip *skip)
{
    struct recording *recording = context;
    if (recording->skip_count == SKIP_MAX)
        return;
    struct recorded_skip *out = &recording->skips[recording->skip_count++];
    out->reason = skip->reason;
    out->bytes = skip->bytes;
    out->path = join_path(skip->place.chain, skip->place.chain_count, skip->place.path);
    snprintf(out->detail, sizeof out->detail, "%s", skip->detail);
}

/* Raw bytes are compared with the container by their offsets. */
static inline void check_raw(const struct silt_walk *walk, const struct silt_entry *entry,
                             struct silt_span container, uint64_t offset, struct silt_span bytes)
{
    if (entry->kind != SILT_ENTRY_RAW || entry->chain_count > 0)
        return;
    for (size_t i = 0; i < bytes.size; i++) {
        uint64_t at = silt_walk_raw_offset(walk, offset + i);
        bool is_same = at < container.size && container.data[at] == bytes.data[i];
        cr_assert(is_same || bytes.data[i] == '\n', "raw byte %zu is not what stands at %ju",
                  (size_t)offset + i, (uintmax_t)at);
    }
}

static inline void record_content(struct recording *recording, struct record *record,
                                  const struct silt_walk *walk, const struct silt_entry *entry,
                                  struct silt_span container, unsigned *seed)
{
    for (;;) {
        struct silt_span bytes = {0};
        size_t want = 1 + (size_t)rand_r(seed) % 5000;
        enum silt_status status = silt_stream_peek(entry->content, want, &bytes, NULL);
        if (status != SILT_OK)
            break;
        cr_assert(bytes.size > 0);
        check_raw(walk, entry, container, entry->content->offset, bytes);
        size_t used = *seed % 2 == 0 ? bytes.size : 1 + (size_t)rand_r(seed) % bytes.size;
        bool is_last = bytes.size < want; /* the contract: fewer bytes mean the end */
        put_bytes(&record->content, bytes.data, is_last ? bytes.size : used);
        silt_stream_consume(entry->content, used);
        if (is_last) {
            silt_stream_consume(entry->content, bytes.size - used);
            cr_assert_neq(silt_stream_peek(entry->content, 1, &bytes, NULL), SILT_OK);
        }
    }
    put_bytes(&recording->all, record->content.data, record->content.size);
    put_bytes(&recording->all, "\n", 1);
}

static inline void record_entry(struct recording *recording, const struct silt_walk *walk,
                                const struct silt_entry *entry, struct silt_span container, unsigned *seed)
{
    cr_assert_lt(recording->count, RECORD_MAX);
    struct record *record = &recording->records[recording->count++];
    record->kind = entry->kind;
    record->path = join_path(entry->chain, entry->chain_count, entry->path);
    record->link_size = entry->link_target.size;
    cr_assert_eq(entry->content != NULL, entry->kind == SILT_ENTRY_FILE || entry->kind == SILT_ENTRY_RAW);
    if (entry->content != NULL)
        record_content(recording, record, walk, entry, container, seed);
}

static inline struct silt_stream *open_stream(struct silt_span bytes, const struct record_options *options)
{
    struct silt_stream *stream = NULL;
    if (options->seed != 0 || options->failure != SILT_OK)
        return pieces_open(bytes, options->seed, options->failure);
    cr_assert_eq(silt_memory_open(bytes, &stream, NULL), SILT_OK);
    return stream;
}

static inline struct recording *record_walk(struct silt_span bytes, const struct record_options *options)
{
    struct recording *recording = calloc(1, sizeof *recording);
    struct silt_walk_limits limits = {8, 0, 1000, UINT64_C(256) << 20};
    if (options->limits.max_depth > 0)
        limits = options->limits;
    const char *name = options->name != NULL ? options->name : "in";
    struct silt_report report = {recording, record_skip};
    struct silt_stream *stream = open_stream(bytes, options);
    struct silt_walk *walk;
    struct silt_error error = {0};
    unsigned seed = options->seed;
    cr_assert_eq(silt_walk_new(&limits, &report, &walk, &error), SILT_OK);
    struct silt_walk_source source = {.stream = stream,
                                      .root = options->root,
                                      .name = silt_span_text(name),
                                      .is_target = options->is_target,
                                      .is_flat = options->is_flat};
    cr_assert_eq(silt_walk_open(walk, &source, &error), SILT_OK);
    struct silt_entry entry;
    while ((recording->status = silt_walk_next(walk, &entry, &error)) == SILT_OK)
        record_entry(recording, walk, &entry, bytes, &seed);
    silt_walk_count(walk, &recording->counts);
    silt_walk_free(walk);
    silt_stream_free(stream);
    return recording;
}

static inline struct recording *record_tar(const struct silt_buffer *tar)
{
    return record_walk(silt_buffer_span(tar), &(struct record_options){.root = SILT_WALK_TAR});
}

static inline struct recording *record_file(struct silt_span bytes, const char *name)
{
    return record_walk(bytes, &(struct record_options){.root = SILT_WALK_FILE, .name = name});
}

static inline void recording_free(struct recording *recording)
{
    for (size_t i = 0; i < recording->count; i++) {
        free(recording->records[i].path);
        silt_buffer_clear(&recording->records[i].content);
    }
    for (size_t i = 0; i < recording->skip_count; i++)
        free(recording->skips[i].path);
    silt_buffer_clear(&recording->all);
    free(recording);
}

static inline bool has_marker(const struct recording *recording, const char *marker)
{
    return recording->all.size > 0 &&
           memmem(recording->all.data, recording->all.size, marker, strlen(marker)) != NULL;
}

static inline const struct record *find_record(const struct recording *recording, const char *path)
{
    for (size_t i = 0; i < recording->count; i++) {
        if (recording->records[i].kind != SILT_ENTRY_RAW && strcmp(recording->records[i].path, path) == 0)
            return &recording->records[i];
    }
    return NULL;
}

static inline const struct recorded_skip *find_skip(const struct recording *recording,
                                                    enum silt_skip_reason reason)
{
    for (size_t i = 0; i < recording->skip_count; i++) {
        if (recording->skips[i].reason == reason)
            return &recording->skips[i];
    }
    return NULL;
}

static inline bool record_is(const struct record *record, const char *text)
{
    return record != NULL && silt_span_is_text(silt_buffer_span(&record->content), text);
}

/* Everything that was recorded, for a look when a test fails. */
static inline void print_recording(const struct recording *recording)
{
    for (size_t i = 0; i < recording->count; i++)
        fprintf(stderr, "entry %d %s (%zu bytes)\n", recording->records[i].kind, recording->records[i].path,
                recording->records[i].content.size);
    for (size_t i = 0; i < recording->skip_count; i++)
        fprintf(stderr, "skip %s %s %ju: %s\n", silt_skip_reason_name(recording->skips[i].reason),
                recording->skips[i].path, (uintmax_t)recording->skips[i].bytes, recording->skips[i].detail);
}

#endif
