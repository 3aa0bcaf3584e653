/*
 * tape.c: an outer walk that does not descend, and a scan of its own for everything on it that may be a
 * layer.
 *
 * JSON documents at the top are kept (within a budget) until the end: if they make an image, its catalog is
 * read from them and takes the layers' results by name; what no image claims is reported as plain files.
 */
#include "scan/tape.h"

#include "base/buffer.h"
#include "base/error.h"
#include "base/path.h"
#include "scan/blob.h"
#include "scan/emit.h"
#include "scan/images.h"
#include "scan/watch.h"
#include "stream/codec.h"
#include "stream/memory.h"

#include <stdlib.h>

enum {
    HEAD_SIZE = 512,
    DOCUMENT_MAX = 4 * 1024 * 1024,
    DOCUMENTS_MAX = 16 * 1024 * 1024,
    JSON_BUDGET = 32 * 1024 * 1024,
    AHEAD_MIN = 4 * 1024 * 1024,
    SONGS_MAX = 200000,
};

/* Something on the tape with a name: a document, a layer, or a link to one of them. */
struct song {
    const char *name;
    const char *target;         /* a link; NULL otherwise */
    struct silt_buffer text;    /* a document; empty otherwise */
    struct silt_result *result; /* what may be a layer; NULL otherwise */
    bool is_used;               /* by an image */
};

struct tape {
    struct silt_source source; /* finds the documents: what the catalog is read from; first member */
    struct silt_tour *tour;
    struct silt_span name;
    struct silt_stream *stream, *watch;
    struct silt_walk *walk; /* the outer one */
    struct silt_worker *worker;
    struct silt_result *loose; /* everything that is no layer */
    struct silt_array songs;   /* struct song, sorted by name after the walk */
    struct silt_arena arena;
    size_t text_size;
};

static struct song *song_at(const struct tape *tape, size_t index)
{
    return silt_array_at(&tape->songs, index);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct song *)a)->name, ((const struct song *)b)->name);
}

/* Finds by name once the songs are sorted, following a few links. */
static struct song *find_song(const struct tape *tape, const char *name)
{
    for (int hops = 0; name != NULL && tape->songs.count > 0 && hops < 8; hops++) {
        const struct song key = {.name = name};
        struct song *found = bsearch(&key, tape->songs.items, tape->songs.count, sizeof key, by_name);
        if (found == NULL || found->target == NULL)
            return found;
        name = found->target;
    }
    return NULL;
}

static struct song *put_song(struct tape *tape, struct silt_span name)
{
    if (tape->songs.count >= SONGS_MAX)
        return NULL;
    const char *copy = silt_arena_copy(&tape->arena, name);
    struct song *song = copy != NULL ? silt_array_put(&tape->songs) : NULL;
    if (song != NULL)
        song->name = copy;
    return song;
}

/* A symbolic link's target stands relative to the link. */
static enum silt_status put_link(struct tape *tape, const struct silt_entry *entry, struct silt_error *error)
{
    struct silt_buffer path = {0};
    struct silt_span parent = silt_path_parent(entry->path);
    enum silt_status status = SILT_OK;
    if (entry->kind == SILT_ENTRY_SYMLINK && !silt_span_has_prefix(entry->link_target, "/")) {
        status = silt_buffer_append(&path, parent, error);
        if (status == SILT_OK)
            status = silt_buffer_append(&path, silt_span_text("/"), error);
    }
    if (status == SILT_OK)
        status = silt_buffer_append(&path, entry->link_target, error);
    struct silt_buffer clean = {0};
    if (status == SILT_OK)
        status = silt_path_clean(silt_buffer_span(&path), &clean, error);
    struct song *song = status == SILT_OK ? put_song(tape, entry->path) : NULL;
    if (song != NULL)
        song->target = silt_arena_copy(&tape->arena, silt_buffer_span(&clean));
    silt_buffer_clear(&path);
    silt_buffer_clear(&clean);
    return status;
}

static enum silt_status read_all(struct silt_stream *stream, struct silt_buffer *out,
                                 struct silt_error *error)
{
    for (;;) {
        struct silt_span bytes;
        enum silt_status status = silt_stream_peek(stream, 1, &bytes, error);
        if (status != SILT_OK)
            return status == SILT_END ? SILT_OK : status;
        if (out->size + bytes.size > DOCUMENT_MAX)
            return silt_error_set(error, SILT_ERR_LIMIT, "longer than its header says");
        status = silt_buffer_append(out, bytes, error);
        if (status != SILT_OK)
            return status;
        silt_stream_consume(stream, bytes.size);
    }
}

static enum silt_status scan_text(struct tape *tape, struct silt_span name, struct silt_span text,
                                  struct silt_error *error)
{
    struct silt_stream *stream;
    enum silt_status status = silt_memory_open(text, &stream, error);
    if (status != SILT_OK)
        return status;
    status = silt_blob_scan_file(tape->worker, stream, name, error);
    silt_stream_free(stream);
    return status;
}

static enum silt_status put_document(struct tape *tape, const struct silt_entry *entry,
                                     struct silt_error *error)
{
    struct silt_buffer text = {0};
    enum silt_status status = read_all(entry->content, &text, error);
    struct song *song = status == SILT_OK ? put_song(tape, entry->path) : NULL;
    if (song != NULL) {
        tape->text_size += text.size;
        song->text = text;
        return SILT_OK;
    }
    enum silt_status scanned = scan_text(tape, entry->path, silt_buffer_span(&text), error);
    silt_buffer_wipe(&text);
    return status == SILT_OK || status == SILT_ERR_LIMIT ? scanned : status;
}

/* The digest that an OCI layout's file name promises; false for other names. */
static bool promised_digest(struct silt_span path, char out[SILT_DIGEST_TEXT_SIZE])
{
    enum { HEX_SIZE = 64 };
    if (!silt_span_has_prefix(path, "blobs/sha256/") || path.size != strlen("blobs/sha256/") + HEX_SIZE)
        return false;
    memcpy(out, "sha256:", 7);
    memcpy(out + 7, path.data + path.size - HEX_SIZE, HEX_SIZE);
    out[7 + HEX_SIZE] = '\0';
    return true;
}

static enum silt_status put_layer(struct tape *tape, const struct silt_entry *entry, struct silt_error *error)
{
    struct song *song = put_song(tape, entry->path);
    if (song == NULL)
        return silt_blob_scan_file(tape->worker, entry->content, entry->path, error);
    struct silt_result *result;
    enum silt_status status = silt_result_new(&result, error);
    if (status != SILT_OK)
        return status;
    song->result = result;
    struct silt_stream *content = entry->content;
    status = silt_tap_open(tape->worker->tap, entry->path, result, &content, error);
    if (status != SILT_OK)
        return status;
    char digest[SILT_DIGEST_TEXT_SIZE];
    const struct silt_blob_task task = {
        .stream = content,
        .name = entry->path,
        .finds_layers = true,
        .reads_ahead = entry->size >= AHEAD_MIN && silt_pool_size(tape->tour->scan->options) > 1,
        .digest = promised_digest(entry->path, digest) ? digest : NULL,
    };
    tape->worker->result = result;
    status = silt_blob_scan(tape->worker, &task, error);
    tape->worker->result = tape->loose;
    silt_worker_begin(tape->worker, tape->watch);
    return status;
}

static bool may_be_layer(struct silt_span head)
{
    return silt_codec_find(head) != NULL ||
           (head.size >= HEAD_SIZE && memcmp(head.data + 257, "ustar", 5) == 0);
}

static bool may_be_document(const struct tape *tape, const struct silt_entry *entry, struct silt_span head)
{
    return head.size > 0 && (head.data[0] == '{' || head.data[0] == '[') && entry->size <= DOCUMENT_MAX &&
           tape->text_size + entry->size <= DOCUMENTS_MAX;
}

static enum silt_status put_file(struct tape *tape, const struct silt_entry *entry, struct silt_error *error)
{
    struct silt_span head = {0};
    if (silt_stream_peek(entry->content, HEAD_SIZE, &head, NULL) != SILT_OK)
        head.size = 0;
    if (may_be_layer(head) && tape->tour->scan->options->max_depth > 0)
        return put_layer(tape, entry, error);
    if (may_be_document(tape, entry, head))
        return put_document(tape, entry, error);
    return silt_blob_scan_file(tape->worker, entry->content, entry->path, error);
}

static enum silt_status put_entry(struct tape *tape, const struct silt_entry *entry, struct silt_error *error)
{
    switch (entry->kind) {
    case SILT_ENTRY_FILE:
        return put_file(tape, entry, error);
    case SILT_ENTRY_SYMLINK:
    case SILT_ENTRY_HARDLINK:
        return put_link(tape, entry, error);
    case SILT_ENTRY_RAW:
        return silt_blob_scan_entry(tape->worker, tape->walk, entry, error);
    case SILT_ENTRY_DIRECTORY:
    case SILT_ENTRY_SPECIAL:
        break;
    }
    return SILT_OK;
}

static enum silt_status play(struct tape *tape, struct silt_error *error)
{
    struct silt_entry entry;
    enum silt_status status;
    while ((status = silt_walk_next(tape->walk, &entry, error)) == SILT_OK) {
        status = put_entry(tape, &entry, error);
        if (status != SILT_OK)
            return status;
    }
    return status == SILT_END ? SILT_OK : status;
}

static void take_skip(void *context, const struct silt_skip *skip)
{
    struct tape *tape = context;
    silt_result_put_skip(tape->loose, skip);
}

static enum silt_status open_walk(struct tape *tape, struct silt_stream *stream, struct silt_error *error)
{
    const struct silt_scan_options *options = tape->tour->scan->options;
    const struct silt_walk_limits limits = {options->max_depth, options->max_entry_size, options->max_ratio,
                                            options->max_memory / 2};
    const struct silt_report report = {tape, take_skip};
    enum silt_status status = silt_walk_new(&limits, &report, &tape->walk, error);
    if (status != SILT_OK)
        return status;
    const struct silt_walk_source source = {
        .stream = stream, .root = SILT_WALK_FILE, .name = tape->name, .is_target = true, .is_flat = true};
    return silt_walk_open(tape->walk, &source, error);
}

static void put_failure(struct tape *tape, enum silt_status status, const struct silt_error *error)
{
    silt_result_put_problem(tape->loose, status, tape->name, error->message);
    const struct silt_skip skip = {
        .reason = SILT_SKIP_DAMAGED, .place = {.path = tape->name, .layer = -1}, .detail = error->message};
    silt_result_put_skip(tape->loose, &skip);
}

static bool ends_target(enum silt_status status)
{
    return status == SILT_ERR_MEMORY || status == SILT_ERR_CANCELLED || status == SILT_ERR_LIMIT;
}

static enum silt_status run_tape(void *context, struct silt_worker *worker, struct silt_error *error)
{
    struct tape *tape = context;
    struct silt_stream *watch;
    struct silt_error local = {0};
    enum silt_status status = silt_watch_open(tape->stream, tape->tour->scan, &watch, error);
    if (status != SILT_OK)
        return status;
    tape->worker = worker;
    tape->watch = watch;
    worker->result = tape->loose;
    silt_worker_begin(worker, watch);
    status = open_walk(tape, watch, &local);
    if (status == SILT_OK)
        status = play(tape, &local);
    struct silt_walk_counts counts = {0};
    if (tape->walk != NULL)
        silt_walk_count(tape->walk, &counts);
    tape->loose->coverage.archives += counts.archives;
    silt_walk_free(tape->walk);
    tape->walk = NULL;
    silt_worker_begin(worker, NULL);
    silt_stream_free(watch);
    worker->result = NULL;
    if (status == SILT_OK)
        return SILT_OK;
    if (!ends_target(status)) {
        put_failure(tape, status, &local);
        return SILT_OK;
    }
    if (error != NULL)
        *error = local;
    return status;
}

/* The documents on the tape as a source for the catalog. */
static enum silt_status find_document(struct silt_source *source, const char *name, struct silt_stream **out,
                                      uint64_t *size, struct silt_error *error)
{
    struct song *song = find_song((struct tape *)source, name);
    if (song == NULL || song->text.size == 0)
        return silt_error_set(error, SILT_ERR_NOT_FOUND, "%s is not in the archive", name);
    song->is_used = true;
    *size = song->text.size;
    return silt_memory_open(silt_buffer_span(&song->text), out, error);
}

static const struct silt_source_ops tape_ops = {
    .transport = "stream", .kind = SILT_TARGET_STREAM, .find = find_document};

static const struct silt_result *find_layer(void *context, const char *blob_name)
{
    struct song *song = find_song(context, blob_name);
    if (song == NULL)
        return NULL;
    song->is_used = true;
    return song->result;
}

static enum silt_layout layout_of(const struct tape *tape)
{
    if (find_song(tape, "manifest.json") != NULL)
        return SILT_LAYOUT_DOCKER;
    return find_song(tape, "index.json") != NULL ? SILT_LAYOUT_OCI : SILT_LAYOUT_NONE;
}

/* Documents that lead nowhere, such as the legacy `ID/json` beside each layer of docker save, repeat what the
 * config says: they are told with the first image, as if the archive had been read by name. */
static enum silt_status claim_documents(struct tape *tape, struct silt_catalog *catalog,
                                        struct silt_error *error)
{
    const struct silt_target *target = tape->tour->target;
    if (target != NULL && target->reference != NULL)
        return SILT_OK; /* they may be another image's */
    for (size_t i = 0; i < tape->songs.count; i++) {
        struct song *song = song_at(tape, i);
        if (song->text.size == 0 || song->is_used)
            continue;
        struct silt_document *document = silt_array_put(&catalog->raw);
        if (document == NULL)
            return silt_error_memory(error);
        *document =
            (struct silt_document){SILT_ORIGIN_ANNOTATION, song->name, silt_buffer_span(&song->text), -1};
        song->is_used = true;
    }
    return SILT_OK;
}

/* Emits the images that the documents make; *is_image tells whether there are any. */
static enum silt_status emit_images(struct tape *tape, const struct silt_error *cut, bool *is_image,
                                    struct silt_error *error)
{
    tape->source.ops = &tape_ops;
    tape->source.layout = layout_of(tape);
    if (tape->source.layout == SILT_LAYOUT_NONE)
        return SILT_OK;
    const struct silt_scan_options *options = tape->tour->scan->options;
    const struct silt_target *target = tape->tour->target;
    const struct silt_selection selection = {target != NULL ? target->reference : NULL, options->platform,
                                             options->all_platforms, JSON_BUDGET};
    struct silt_catalog catalog = {.manifests.item_size = sizeof(struct silt_manifest),
                                   .problems.item_size = sizeof(struct silt_catalog_problem),
                                   .raw.item_size = sizeof(struct silt_document)};
    struct silt_error local = {0};
    enum silt_status status = silt_catalog_read(&tape->source, &selection, &catalog, &local);
    if (status == SILT_OK && catalog.manifests.count > 0) {
        *is_image = true;
        const struct silt_gathering gathering = {find_layer, tape, NULL, cut};
        status = claim_documents(tape, &catalog, error);
        if (status == SILT_OK)
            status = silt_images_emit(tape->tour, &catalog, &gathering, error);
    } else if (status != SILT_ERR_MEMORY && status != SILT_ERR_NOT_FOUND) {
        status = SILT_OK; /* no image after all: everything is scanned as plain files */
    } else if (error != NULL) {
        *error = local;
    }
    silt_catalog_clear(&catalog);
    return status;
}

static enum silt_status run_leftovers(void *context, struct silt_worker *worker, struct silt_error *error)
{
    struct tape *tape = context;
    enum silt_status status = SILT_OK;
    tape->worker = worker;
    worker->result = tape->loose;
    for (size_t i = 0; i < tape->songs.count && status == SILT_OK; i++) {
        const struct song *song = song_at(tape, i);
        if (song->text.size > 0 && !song->is_used)
            status = scan_text(tape, silt_span_text(song->name), silt_buffer_span(&song->text), error);
    }
    worker->result = NULL;
    return status;
}

static bool is_telling(const struct silt_result *result)
{
    return result->hits.count + result->skips.count + result->problems.count > 0;
}

/* What no image claimed: the loose files, and archives that were no layers after all. */
static enum silt_status emit_leftovers(struct tape *tape, const struct silt_error *cut, bool is_image,
                                       struct silt_error *error)
{
    struct silt_part *parts = calloc(tape->songs.count + 1, sizeof *parts);
    if (parts == NULL)
        return silt_error_memory(error);
    size_t count = 0;
    bool is_worth_it = !is_image || is_telling(tape->loose);
    parts[count++] = (struct silt_part){tape->loose, -1, {0}};
    for (size_t i = 0; i < tape->songs.count; i++) {
        const struct song *song = song_at(tape, i);
        if (song->result == NULL || song->is_used)
            continue;
        is_worth_it = is_worth_it || is_telling(song->result);
        struct silt_span prefix = silt_span_text(song->result->is_bare ? song->name : "");
        parts[count++] = (struct silt_part){song->result, -1, prefix};
    }
    const struct silt_problem problem = silt_emit_cut(cut);
    const struct silt_emission emission = {
        .scan = tape->tour->scan,
        .sink = tape->tour->sink,
        .target = tape->tour->name,
        .kind = tape->tour->target != NULL ? tape->tour->target->ops->kind : SILT_TARGET_FILE,
        .parts = parts,
        .part_count = count,
        .problems = &problem,
        .problem_count = cut->status != SILT_OK,
        .started_ms = tape->tour->started_ms,
        .is_cut_short = cut->status != SILT_OK,
    };
    enum silt_status status = is_worth_it ? silt_emit_target(&emission, error) : SILT_OK;
    free(parts);
    return status;
}

/* Emits what there is; `cut` says why the tape was not read to its end, if it was not. */
static enum silt_status emit_tape(struct tape *tape, struct silt_error *cut, struct silt_error *error)
{
    bool is_image = false;
    if (tape->songs.count > 0)
        qsort(tape->songs.items, tape->songs.count, sizeof(struct song), by_name);
    enum silt_status status = emit_images(tape, cut->status != SILT_OK ? cut : NULL, &is_image, error);
    const struct silt_pool pool = {.scan = tape->tour->scan};
    const struct silt_job job = {run_leftovers, tape};
    if (status != SILT_OK)
        return status;
    if (cut->status == SILT_OK && silt_pool_run(&pool, &job, 1, cut) == SILT_OK)
        cut->status = SILT_OK;
    status = silt_packages_finish(tape->loose->packages, error);
    if (status == SILT_OK)
        status = emit_leftovers(tape, cut, is_image, error);
    return status != SILT_OK ? status : silt_emit_outcome(cut->status, cut, error);
}

static void clear_tape(struct tape *tape)
{
    for (size_t i = 0; i < tape->songs.count; i++) {
        silt_result_free(song_at(tape, i)->result);
        silt_buffer_wipe(&song_at(tape, i)->text);
    }
    silt_array_clear(&tape->songs);
    silt_arena_wipe(&tape->arena);
    silt_result_free(tape->loose);
}

enum silt_status silt_tape_scan_stream(struct silt_tour *tour, struct silt_span name,
                                       struct silt_stream *stream, struct silt_error *error)
{
    struct tape tape = {.tour = tour, .name = name, .stream = stream, .songs.item_size = sizeof(struct song)};
    enum silt_status status = silt_result_new(&tape.loose, error);
    if (status != SILT_OK)
        return status;
    const struct silt_pool pool = silt_tour_pool(tour);
    const struct silt_job job = {run_tape, &tape};
    struct silt_error cut = {0};
    if (silt_pool_run(&pool, &job, 1, &cut) == SILT_OK)
        cut.status = SILT_OK;
    status = emit_tape(&tape, &cut, error);
    clear_tape(&tape);
    return status;
}

enum silt_status silt_tape_scan(struct silt_tour *tour, struct silt_error *error)
{
    struct silt_blob blob = {0};
    enum silt_status status = tour->source->ops->next(tour->source, &blob, error);
    if (status != SILT_OK)
        return status == SILT_END ? silt_error_set(error, SILT_ERR_CORRUPT, "%s is empty", tour->name)
                                  : status;
    if (blob.content == NULL)
        return silt_error_set(error, SILT_ERR_IO, "%s cannot be read", tour->name);
    tour->total = blob.size;
    return silt_tape_scan_stream(tour, blob.name, blob.content, error);
}
