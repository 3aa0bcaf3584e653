/*
 * blob.c: the stack of streams over one blob, and the loop over its entries.
 *
 *   stored bytes → watch → tee (digest) → [decoder] → [tee (diff_id)] → [ahead] → walk → inspect
 *
 * What stands behind the last compressed member, and what follows damage, is inspected as raw bytes.
 */
#include "scan/blob.h"

#include "base/error.h"
#include "image/timeline.h"
#include "scan/ahead.h"
#include "scan/inspect.h"
#include "scan/watch.h"
#include "stream/codec.h"
#include "stream/tee.h"

#include <stdio.h>

enum { HEAD_SIZE = 512 };

/* The streams over one blob, lowest first; those not needed are NULL. */
struct stack {
    struct silt_stream *watch, *stored, *decoder, *ahead, *plain;
    struct silt_stream *top;
    const struct silt_codec *codec;
};

static void clear_stack(struct stack *stack)
{
    silt_stream_free(stack->ahead);
    silt_stream_free(stack->plain);
    silt_stream_free(stack->decoder);
    silt_stream_free(stack->stored);
    silt_stream_free(stack->watch);
}

static bool ends_target(enum silt_status status)
{
    return status == SILT_ERR_MEMORY || status == SILT_ERR_CANCELLED;
}

/* The run's own limit ends everything; a stream's (the expansion ratio) ends only that blob. */
static bool ends_run(const struct silt_worker *worker, enum silt_status status)
{
    uint64_t limit = worker->scan->options->max_total_size;
    return ends_target(status) ||
           (status == SILT_ERR_LIMIT && limit > 0 && atomic_load(&worker->scan->scanned) > limit);
}

static bool is_tar(struct silt_span head)
{
    return head.size >= HEAD_SIZE && memcmp(head.data + 257, "ustar", 5) == 0;
}

static enum silt_status open_stored(struct silt_worker *worker, const struct silt_blob_task *task,
                                    struct stack *stack, struct silt_error *error)
{
    enum silt_status status = silt_watch_open(task->stream, worker->scan, &stack->watch, error);
    if (status == SILT_OK)
        status = silt_tee_open(stack->watch, &stack->stored, error);
    if (status == SILT_OK)
        stack->top = stack->stored;
    silt_worker_begin(worker, stack->watch);
    return status;
}

/* Puts a decoder on top, if the stored bytes are compressed. */
static enum silt_status open_decoder(struct silt_worker *worker, struct stack *stack,
                                     struct silt_error *error)
{
    struct silt_span head;
    enum silt_status status = silt_stream_peek(stack->stored, 32, &head, error);
    if (status != SILT_OK)
        return status == SILT_END ? SILT_OK : status;
    stack->codec = silt_codec_find(head);
    if (stack->codec == NULL)
        return SILT_OK;
    status = stack->codec->open(stack->stored, worker->scan->options->max_memory / 2, &stack->decoder, error);
    if (status == SILT_OK)
        stack->top = stack->decoder;
    return status;
}

static enum silt_status open_ahead(struct stack *stack, struct silt_error *error)
{
    struct silt_span head;
    enum silt_status status = silt_stream_peek(stack->stored, 1, &head, NULL);
    if (status != SILT_OK)
        return SILT_OK; /* the failure comes again when the stream is read */
    status = silt_ahead_open(stack->top, &stack->ahead, error);
    if (status == SILT_OK)
        stack->top = stack->ahead;
    return status;
}

/* Bytes that are stored plain have one digest, which is the diff_id too. */
static enum silt_status open_plain(struct stack *stack, struct silt_error *error)
{
    if (stack->decoder == NULL)
        return SILT_OK;
    enum silt_status status = silt_tee_open(stack->top, &stack->plain, error);
    if (status == SILT_OK)
        stack->top = stack->plain;
    return status;
}

static void put_bomb(struct silt_worker *worker, const struct silt_entry *entry,
                     const struct silt_error *error)
{
    const struct silt_skip skip = {
        .reason = SILT_SKIP_RATIO,
        .place = {.chain = entry->chain, .chain_count = entry->chain_count, .path = entry->path, .layer = -1},
        .detail = error != NULL ? error->message : "",
    };
    silt_result_put_skip(worker->result, &skip);
}

/* The tap is on the file that the entry is, or is in; what is no file has none. */
static enum silt_status set_tap(struct silt_worker *worker, const struct silt_entry *entry,
                                struct silt_error *error)
{
    if (entry->chain_count > 0)
        return SILT_OK;
    if (entry->kind != SILT_ENTRY_FILE)
        return silt_tap_close(worker->tap, error);
    silt_tap_expect_plain(worker->tap);
    return SILT_OK;
}

enum silt_status silt_blob_scan_entry(struct silt_worker *worker, const struct silt_walk *walk,
                                      const struct silt_entry *entry, struct silt_error *error)
{
    struct silt_result *result = worker->result;
    enum silt_status status = set_tap(worker, entry, error);
    if (status == SILT_OK && result->footprint != NULL)
        status = silt_footprint_put(result->footprint, entry, error);
    if (status == SILT_OK && entry->kind == SILT_ENTRY_HARDLINK)
        status = silt_result_put_alias(result, entry, error);
    if (status == SILT_OK && entry->kind != SILT_ENTRY_RAW)
        status = silt_inspect_path(worker, entry, error);
    if (status != SILT_OK || entry->content == NULL)
        return status;
    bool is_raw = entry->kind == SILT_ENTRY_RAW;
    const struct silt_subject subject = {entry, is_raw ? walk : NULL, SILT_ORIGIN_FILE, -1};
    status = silt_inspect(worker, &subject, error);
    if (status == SILT_ERR_LIMIT && entry->chain_count > 0 && !ends_run(worker, status)) {
        put_bomb(worker, entry, error);
        silt_walk_leave(worker->walk);
    }
    /* Damage in one entry's content is reported by the walk and ends only that entry. */
    bool is_bomb = status == SILT_ERR_LIMIT && entry->chain_count == 0;
    return ends_run(worker, status) || is_bomb ? status : SILT_OK;
}

static enum silt_status scan_entries(struct silt_worker *worker, struct silt_error *error)
{
    enum silt_status status;
    struct silt_entry entry;
    while ((status = silt_walk_next(worker->walk, &entry, error)) == SILT_OK) {
        status = silt_blob_scan_entry(worker, worker->walk, &entry, error);
        if (status != SILT_OK)
            break;
    }
    struct silt_walk_counts counts;
    silt_walk_count(worker->walk, &counts);
    struct silt_coverage *coverage = &worker->result->coverage;
    coverage->entries += counts.entries;
    coverage->archives += counts.archives;
    if (counts.max_depth > coverage->max_depth)
        coverage->max_depth = counts.max_depth;
    return status == SILT_END ? SILT_OK : status;
}

/* Inspects what is left on a stream as nobody's bytes. */
static enum silt_status scan_rest(struct silt_worker *worker, struct silt_stream *stream,
                                  struct silt_error *error)
{
    struct silt_span bytes;
    uint64_t offset = stream->offset;
    if (silt_stream_peek(stream, 1, &bytes, NULL) != SILT_OK)
        return SILT_OK;
    const struct silt_entry entry = {.kind = SILT_ENTRY_FILE, .content = stream};
    const struct silt_subject subject = {&entry, NULL, SILT_ORIGIN_FILE, -1};
    enum silt_status status = silt_inspect(worker, &subject, error);
    char detail[128];
    snprintf(detail, sizeof detail, "%llu bytes that the decoder did not take, matched as they are",
             (unsigned long long)(stream->offset - offset));
    const struct silt_skip skip = {.reason = SILT_SKIP_HIDDEN,
                                   .place = {.layer = -1},
                                   .bytes = stream->offset - offset,
                                   .detail = detail};
    silt_result_put_skip(worker->result, &skip);
    return ends_run(worker, status) ? status : SILT_OK;
}

static void put_failure(struct silt_worker *worker, struct silt_span name, enum silt_status status,
                        const struct silt_error *error)
{
    silt_result_put_problem(worker->result, status, name, error->message);
    const struct silt_skip skip = {
        .reason = status == SILT_ERR_LIMIT ? SILT_SKIP_RATIO : SILT_SKIP_DAMAGED,
        .place = {.path = name, .layer = -1},
        .detail = error->message,
    };
    silt_result_put_skip(worker->result, &skip);
}

static void check_digest(struct silt_worker *worker, const struct silt_blob_task *task, const char *expected,
                         const struct silt_digest *found, const char *what)
{
    char text[SILT_DIGEST_TEXT_SIZE], message[SILT_ERROR_SIZE];
    silt_digest_print(found, text);
    if (expected == NULL || strcmp(expected, text) == 0)
        return;
    snprintf(message, sizeof message, "the %s is %s, but %s was promised", what, text, expected);
    silt_result_put_problem(worker->result, SILT_ERR_DIGEST, task->name, message);
}

static bool is_layer_like(const struct silt_blob_task *task)
{
    return task->is_layer || task->finds_layers;
}

static void put_diff_id(struct silt_worker *worker, const struct silt_blob_task *task,
                        const struct silt_digest *diff_id)
{
    worker->result->diff_id = *diff_id;
    worker->result->has_diff_id = true;
    check_digest(worker, task, task->diff_id, diff_id, "diff_id");
}

/* Reads both tees to their ends and compares. Nothing is compared where reading ended early. */
static enum silt_status check_digests(struct silt_worker *worker, const struct silt_blob_task *task,
                                      struct stack *stack, struct silt_error *error)
{
    struct silt_result *result = worker->result;
    struct silt_error drain_error = {0};
    enum silt_status status = SILT_OK;
    bool is_decoded = stack->decoder != NULL;
    if (is_decoded)
        status = silt_stream_drain(stack->top, &drain_error);
    silt_stream_free(stack->ahead); /* its thread has the tee */
    if (is_decoded && status == SILT_OK) {
        struct silt_digest diff_id;
        silt_tee_take(stack->plain, &diff_id);
        put_diff_id(worker, task, &diff_id);
    }
    silt_stream_free(stack->plain);
    stack->plain = stack->ahead = NULL;
    if (stack->decoder != NULL && !ends_target(status))
        status = scan_rest(worker, stack->stored, error);
    if (ends_target(status))
        return status;
    status = silt_stream_drain(stack->stored, &drain_error);
    result->size = stack->stored->offset;
    if (status == SILT_OK) {
        silt_tee_take(stack->stored, &result->digest);
        result->has_digest = true;
        check_digest(worker, task, task->digest, &result->digest, "digest");
        if (is_layer_like(task) && !is_decoded)
            put_diff_id(worker, task, &result->digest);
    }
    return ends_target(status) ? status : SILT_OK;
}

static struct silt_span without_suffix(struct silt_span name, const struct silt_codec *codec)
{
    if (codec != NULL && silt_span_has_suffix(name, codec->suffix))
        name.size -= strlen(codec->suffix);
    return name;
}

static enum silt_status open_walk(struct silt_worker *worker, const struct silt_blob_task *task,
                                  struct stack *stack, struct silt_error *error)
{
    struct silt_result *result = worker->result;
    struct silt_span head = {0};
    enum silt_status status = SILT_OK;
    if (task->finds_layers)
        status = silt_stream_peek(stack->top, HEAD_SIZE, &head, NULL);
    if (ends_target(status))
        return silt_error_set(error, status, "%s", silt_status_name(status));
    bool is_layer = task->is_layer || is_tar(head);
    result->is_bare = is_layer || stack->codec != NULL;
    struct silt_walk_source source = {
        .stream = stack->top,
        .root = is_layer ? SILT_WALK_TAR : SILT_WALK_FILE,
        .name = without_suffix(task->name, stack->codec),
        .is_target = task->is_target,
        .depth = task->finds_layers && result->is_bare,
    };
    if (is_layer && result->footprint == NULL)
        status = silt_footprint_new(&result->footprint, error);
    else
        status = SILT_OK;
    return status == SILT_OK ? silt_walk_open(worker->walk, &source, error) : status;
}

static enum silt_status open_stack(struct silt_worker *worker, const struct silt_blob_task *task,
                                   struct stack *stack, struct silt_error *error)
{
    enum silt_status status = open_stored(worker, task, stack, error);
    if (status == SILT_OK && is_layer_like(task))
        status = open_decoder(worker, stack, error);
    if (status == SILT_OK && is_layer_like(task))
        status = open_plain(stack, error);
    if (status == SILT_OK && task->reads_ahead)
        status = open_ahead(stack, error);
    return status;
}

/* What can be done only when all was read. */
static enum silt_status finish_result(struct silt_worker *worker, struct silt_error *error)
{
    if (worker->result->footprint != NULL)
        silt_footprint_finish(worker->result->footprint);
    enum silt_status status = silt_tap_close(worker->tap, error);
    return status == SILT_OK ? silt_packages_finish(worker->result->packages, error) : status;
}

enum silt_status silt_blob_scan(struct silt_worker *worker, const struct silt_blob_task *task,
                                struct silt_error *error)
{
    struct stack stack = {0};
    struct silt_error local = {0};
    enum silt_status status = open_stack(worker, task, &stack, &local);
    if (status == SILT_OK)
        status = open_walk(worker, task, &stack, &local);
    if (status == SILT_OK)
        status = scan_entries(worker, &local);
    bool goes_on = !ends_run(worker, status) && stack.stored != NULL;
    if (status != SILT_OK && goes_on) {
        put_failure(worker, task->name, status, &local);
        status = SILT_OK;
    }
    if (goes_on)
        status = check_digests(worker, task, &stack, &local);
    enum silt_status finished = finish_result(worker, &local);
    if (status == SILT_OK)
        status = finished;
    clear_stack(&stack);
    if (status != SILT_OK && error != NULL)
        *error = local;
    return status;
}

enum silt_status silt_blob_scan_file(struct silt_worker *worker, struct silt_stream *stream,
                                     struct silt_span name, struct silt_error *error)
{
    struct silt_error local = {0};
    enum silt_status status = silt_tap_open(worker->tap, name, worker->result, &stream, &local);
    const struct silt_walk_source source = {.stream = stream, .root = SILT_WALK_FILE, .name = name};
    if (status == SILT_OK)
        status = silt_walk_open(worker->walk, &source, &local);
    if (status == SILT_OK)
        status = scan_entries(worker, &local);
    enum silt_status closed = silt_tap_close(worker->tap, &local);
    if (status == SILT_OK)
        status = closed;
    if (status == SILT_OK)
        return SILT_OK;
    if (!ends_run(worker, status)) {
        put_failure(worker, name, status, &local);
        return SILT_OK;
    }
    if (error != NULL)
        *error = local;
    return status;
}
