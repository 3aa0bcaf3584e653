/*
 * walk.c: the stack of containers and what is handed out of it. See walk.h; frame.h is one container.
 *
 * Every byte of a frame's stream goes one of three ways: content of an entry, content of a frame pushed for
 * an entry, or RAW. A frame's steps follow each other: LOOK (compressed?), BODY (archive?), READ, TAIL, REST.
 */
#include "archive/walk.h"

#include "archive/cap.h"
#include "archive/frame.h"
#include "base/array.h"
#include "base/error.h"
#include "base/path.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

/* Compressed streams that are looked for behind the end of the first one, and how far. */
enum { REST_TRIES = 16, REST_LOOK = 1024 * 1024, DETAIL_SIZE = 256 };

struct silt_walk {
    struct silt_walk_limits limits;
    struct silt_report report;
    struct silt_walk_hook hook;
    struct silt_walk_counts counts;
    locale_t locale;
    struct silt_stream *root;
    struct silt_array frames;  /* struct silt_frame *, outermost first */
    struct silt_array chain;   /* struct silt_span, one for each frame that stands in chains */
    struct silt_cap cap;       /* the FILE handed out last */
    struct silt_frame *capped; /* the frame it came from */
    struct silt_frame *raw;    /* the frame whose RAW was handed out last */
    unsigned depth;            /* containers around the root */
    bool is_flat;              /* entries are handed out without looking into them */
};

static struct silt_frame *top(const struct silt_walk *walk)
{
    if (walk->frames.count == 0)
        return NULL;
    return *(struct silt_frame **)silt_array_at(&walk->frames, walk->frames.count - 1);
}

static void report(const struct silt_frame *frame, enum silt_skip_reason reason, bool of_entry,
                   uint64_t bytes, const char *detail)
{
    const struct silt_walk *walk = frame->walk;
    struct silt_skip skip = {.reason = reason, .bytes = bytes, .detail = detail};
    skip.place.layer = -1;
    skip.place.chain = walk->chain.items;
    skip.place.chain_count = of_entry ? frame->chain_count : frame->container_count;
    skip.place.path = silt_buffer_span(of_entry ? &frame->entry_path : &frame->name);
    if (walk->report.skip != NULL)
        walk->report.skip(walk->report.context, &skip);
}

static void on_complaint(void *context, enum silt_skip_reason reason, bool of_entry, uint64_t bytes,
                         const char *detail)
{
    report(context, reason, of_entry, bytes, detail);
}

/* Content that could not be decoded to its end. */
static void report_failure(const struct silt_frame *frame, enum silt_status status,
                           const struct silt_error *error)
{
    enum silt_skip_reason reason = SILT_SKIP_DAMAGED;
    struct silt_span ignored;
    if (status == SILT_ERR_UNSUPPORTED)
        reason = SILT_SKIP_UNSUPPORTED;
    if (status == SILT_ERR_LIMIT) {
        bool is_decoders =
            frame->decoder == NULL || silt_stream_peek(frame->decoder, 1, &ignored, NULL) == SILT_ERR_LIMIT;
        reason = is_decoders ? SILT_SKIP_MEMORY : SILT_SKIP_RATIO;
    }
    report(frame, reason, false, 0, error->message);
}

static bool is_final(enum silt_status status)
{
    return status == SILT_ERR_MEMORY || status == SILT_ERR_CANCELLED;
}

static enum silt_status set_path(struct silt_frame *frame, struct silt_span raw, struct silt_error *error)
{
    frame->entry_path.size = 0;
    return silt_path_clean(raw, &frame->entry_path, error);
}

/* ---- the stack ---- */

static enum silt_status push_chain(struct silt_walk *walk, struct silt_frame *frame, struct silt_error *error)
{
    struct silt_span *link = silt_array_put(&walk->chain);
    if (link == NULL)
        return silt_error_memory(error);
    *link = silt_buffer_span(&frame->name);
    frame->chain_count = walk->chain.count;
    return SILT_OK;
}

static enum silt_status push(struct silt_walk *walk, struct silt_stream *stream, struct silt_span name,
                             bool is_in_chain, struct silt_error *error)
{
    struct silt_frame **slot = silt_array_put(&walk->frames);
    if (slot == NULL)
        return silt_error_memory(error);
    enum silt_status status = silt_frame_open(stream, name, slot, error);
    if (status != SILT_OK) {
        walk->frames.count--;
        return status;
    }
    struct silt_frame *frame = *slot;
    frame->walk = walk;
    frame->chain_count = walk->chain.count;
    frame->container_count = walk->chain.count;
    if (is_in_chain)
        return push_chain(walk, frame, error);
    if (walk->frames.count > 1)
        frame->container_count = (*(slot - 1))->container_count;
    return SILT_OK;
}

static void pop(struct silt_walk *walk)
{
    struct silt_frame *frame = top(walk);
    walk->frames.count--;
    walk->chain.count = walk->frames.count > 0 ? top(walk)->chain_count : 0;
    if (walk->raw == frame)
        walk->raw = NULL;
    silt_frame_free(frame);
}

/* Whether another container may be opened in a frame. Containers without a name of their own (the payload of
 * an rpm, a compressed part behind an archive) count half. */
static bool is_too_deep(const struct silt_frame *frame)
{
    const struct silt_walk *walk = frame->walk;
    return walk->depth + frame->chain_count >= walk->limits.max_depth ||
           walk->frames.count >= 2 * (size_t)walk->limits.max_depth + 2;
}

/* ---- handing out ---- */

static void fill(const struct silt_frame *frame, size_t chain_count, struct silt_entry *out)
{
    out->chain = frame->walk->chain.items;
    out->chain_count = chain_count;
}

static void hand_out_file(struct silt_frame *frame, struct silt_stream *content, struct silt_entry *out)
{
    struct silt_walk *walk = frame->walk;
    silt_cap_begin(&walk->cap, content, walk->is_flat ? 0 : walk->limits.max_entry_size);
    walk->capped = frame;
    out->kind = SILT_ENTRY_FILE;
    out->content = &walk->cap.stream;
}

static void hand_out_raw(struct silt_frame *frame, struct silt_entry *out)
{
    *out = (struct silt_entry){.kind = SILT_ENTRY_RAW, .content = &frame->raw.stream};
    fill(frame, frame->chain_count, out);
    frame->walk->raw = frame;
}

static bool hand_out_gap(struct silt_frame *frame, bool is_whole, struct silt_entry *out)
{
    if (frame->gap.bytes.size == 0)
        return false;
    silt_raw_begin(&frame->raw, &frame->gap, is_whole);
    hand_out_raw(frame, out);
    return true;
}

static enum silt_status hand_out_live(struct silt_frame *frame, struct silt_stream *live, uint64_t size,
                                      struct silt_entry *out, struct silt_error *error)
{
    enum silt_status status = silt_raw_begin_live(&frame->raw, &frame->gap, live, size, error);
    if (status == SILT_OK && frame->reader != NULL && live == frame->body)
        frame->raw.check = silt_reader_check(frame->reader, &frame->raw.check_base);
    hand_out_raw(frame, out);
    return status;
}

/* Ends what was handed out last. */
static enum silt_status take_back(struct silt_walk *walk, struct silt_error *error)
{
    uint64_t kept_back;
    enum silt_status status = silt_cap_end(&walk->cap, &kept_back, error);
    if (kept_back > 0)
        report(walk->capped, SILT_SKIP_ENTRY_SIZE, true, kept_back, "the entry is larger than allowed");
    walk->capped = NULL;
    struct silt_frame *frame = top(walk);
    if (status == SILT_OK && frame != NULL)
        status = silt_raw_end(&frame->raw, error);
    return is_final(status) ? status : SILT_OK;
}

/* ---- the steps of a frame: each hands out an entry (true), or leaves the next step to do ---- */

/* A stream in a frame that is a container itself: it gets its own frame, or is reported. */
static enum silt_status descend(struct silt_frame *frame, struct silt_stream *content, struct silt_span name,
                                bool is_in_chain, bool *is_pushed, struct silt_error *error)
{
    *is_pushed = !is_too_deep(frame);
    if (*is_pushed)
        return push(frame->walk, content, name, is_in_chain, error);
    report(frame, SILT_SKIP_DEPTH, true, 0, "nested too deep");
    return SILT_OK;
}

static bool is_readable(const struct silt_frame_guess *guess)
{
    return guess->codec != NULL || (guess->format != NULL && guess->format->use != SILT_FORMAT_UNREADABLE);
}

static void report_unreadable(const struct silt_frame *frame, const struct silt_frame_guess *guess,
                              bool of_entry)
{
    char detail[DETAIL_SIZE];
    snprintf(detail, sizeof detail, "%s archives are not read; matched as raw bytes", guess->format->name);
    report(frame, SILT_SKIP_UNSUPPORTED, of_entry, 0, detail);
}

/* A file of the frame: handed out, unless it is a container that can be opened. */
static enum silt_status offer(struct silt_frame *frame, struct silt_stream *content, struct silt_entry *out,
                              bool *is_out, struct silt_error *error)
{
    struct silt_frame_guess guess = {0};
    bool is_pushed = false;
    enum silt_status status = SILT_OK;
    if (!frame->walk->is_flat)
        status = silt_frame_guess(content, &guess, error);
    if (status != SILT_OK)
        return status;
    if (is_readable(&guess))
        status = descend(frame, content, silt_buffer_span(&frame->entry_path), true, &is_pushed, error);
    else if (guess.format != NULL)
        report_unreadable(frame, &guess, true);
    if (status != SILT_OK || is_pushed)
        return status;
    hand_out_file(frame, content, out);
    *is_out = true;
    return SILT_OK;
}

static enum silt_status look(struct silt_frame *frame, struct silt_error *error)
{
    struct silt_frame_guess guess = {0};
    enum silt_status status = SILT_OK;
    frame->step = SILT_FRAME_BODY;
    frame->body = frame->stored;
    if (!frame->is_tar)
        status = silt_frame_guess(frame->stored, &guess, error);
    if (status != SILT_OK || guess.codec == NULL)
        return status;
    if (frame->rest_count == 0)
        frame->walk->counts.archives++;
    struct silt_error why = {0};
    status = silt_frame_decode(frame, guess.codec, &frame->walk->limits, &why);
    if (status == SILT_OK)
        return SILT_OK;
    if (is_final(status))
        return silt_error_set(error, status, "%s", why.message);
    report_failure(frame, status, &why);
    silt_frame_close_decoder(frame);
    frame->body = frame->stored;
    frame->step = SILT_FRAME_TAIL;
    return SILT_OK;
}

/* Holds a container that must be sought in; LIMIT, which was reported, if that takes too much. */
static enum silt_status hold(struct silt_frame *frame, const struct silt_format *format,
                             struct silt_error *error)
{
    uint64_t max_memory = frame->walk->limits.max_memory;
    uint64_t need = 0;
    enum silt_status status = silt_frame_hold(frame, max_memory / 4, error);
    if (status == SILT_ERR_LIMIT)
        report(frame, SILT_SKIP_MEMORY, false, 0, "too large to be held in memory; matched as raw bytes");
    if (status == SILT_OK)
        status = format->need(silt_buffer_span(&frame->held), max_memory, &need, error);
    if (status != SILT_OK || need <= max_memory / 2)
        return status;
    report(frame, SILT_SKIP_MEMORY, false, 0, "needs too much memory to be unpacked; matched as raw bytes");
    return SILT_ERR_LIMIT;
}

static enum silt_status open_reader(struct silt_frame *frame, const struct silt_format *format,
                                    struct silt_error *error)
{
    struct silt_walk *walk = frame->walk;
    frame->step = SILT_FRAME_TAIL;
    walk->counts.archives += !frame->is_begun && frame->codec == NULL;
    if (format->use == SILT_FORMAT_HELD) {
        enum silt_status status = hold(frame, format, error);
        if (status != SILT_OK)
            return status == SILT_ERR_LIMIT ? SILT_OK : status;
    }
    struct silt_reader_setup setup = {
        .format = format,
        .complaint = {frame, on_complaint},
        .max_ratio = walk->limits.max_ratio,
        .locale = walk->locale,
    };
    frame->step = SILT_FRAME_READ;
    frame->is_begun = true;
    return silt_frame_read(frame, &setup, error);
}

/* An rpm's headers, a script: RAW, then the payload is the body. */
static enum silt_status hand_out_prefix(struct silt_frame *frame, const struct silt_format *format,
                                        struct silt_entry *out, bool *is_out, struct silt_error *error)
{
    struct silt_span head;
    uint64_t size;
    frame->walk->counts.archives += !frame->is_begun && frame->codec == NULL;
    frame->is_begun = true;
    enum silt_status status = silt_stream_peek(frame->body, SILT_STREAM_PEEK_MAX, &head, error);
    if (status != SILT_OK || !format->prefix_size(head, &size)) {
        report(frame, SILT_SKIP_DAMAGED, false, 0, "the headers in front of the payload are damaged");
        frame->step = SILT_FRAME_TAIL;
        return is_final(status) ? status : SILT_OK;
    }
    *is_out = true;
    return hand_out_live(frame, frame->body, size, out, error);
}

/* A body that is no archive: a file of its own, or the rest of what was recognised. */
static enum silt_status hand_out_body(struct silt_frame *frame, const struct silt_frame_guess *guess,
                                      struct silt_entry *out, bool *is_out, struct silt_error *error)
{
    bool is_decoded = frame->codec != NULL;
    bool is_pushed = false;
    frame->step = SILT_FRAME_TAIL;
    enum silt_status status =
        set_path(frame, silt_buffer_span(is_decoded ? &frame->inner : &frame->name), error);
    if (status == SILT_OK && guess->codec != NULL)
        status = descend(frame, frame->body, silt_buffer_span(&frame->entry_path),
                         is_decoded && !frame->is_begun, &is_pushed, error);
    if (status != SILT_OK || is_pushed || frame->is_begun)
        return status;
    if (guess->format != NULL)
        report_unreadable(frame, guess, is_decoded);
    *out = (struct silt_entry){0};
    fill(frame, is_decoded ? frame->chain_count : frame->container_count, out);
    out->path = out->path_bytes = silt_buffer_span(&frame->entry_path);
    hand_out_file(frame, frame->body, out);
    *is_out = true;
    return SILT_OK;
}

static enum silt_status look_at_body(struct silt_frame *frame, struct silt_entry *out, bool *is_out,
                                     struct silt_error *error)
{
    struct silt_frame_guess guess = {.format = silt_format_tar()};
    struct silt_span head;
    enum silt_status status = SILT_OK;
    if (!frame->is_tar || frame->is_begun)
        status = silt_frame_guess(frame->body, &guess, error);
    else if (silt_stream_peek(frame->body, 1, &head, NULL) != SILT_OK)
        guess.format = NULL; /* an empty layer */
    if (status != SILT_OK)
        return status;
    if (guess.format == NULL && frame->is_tar && !frame->is_begun)
        frame->step = SILT_FRAME_TAIL;
    else if (!is_readable(&guess) || guess.codec != NULL)
        return hand_out_body(frame, &guess, out, is_out, error);
    else if (guess.format->use == SILT_FORMAT_PREFIX)
        return hand_out_prefix(frame, guess.format, out, is_out, error);
    else
        return open_reader(frame, guess.format, error);
    return SILT_OK;
}

static enum silt_status clean_names(struct silt_frame *frame, struct silt_entry *out,
                                    struct silt_error *error)
{
    enum silt_status status = set_path(frame, out->path_bytes, error);
    frame->entry_link.size = 0;
    if (status == SILT_OK && out->kind == SILT_ENTRY_HARDLINK) {
        status = silt_path_clean(out->link_target, &frame->entry_link, error);
        out->link_target = silt_buffer_span(&frame->entry_link);
    }
    out->path = silt_buffer_span(&frame->entry_path);
    return status;
}

static enum silt_status offer_file(struct silt_frame *frame, struct silt_entry *out, bool *is_out,
                                   struct silt_error *error)
{
    const struct silt_walk_hook *hook = &frame->walk->hook;
    enum silt_status status = SILT_OK;
    if (hook->file != NULL && frame->chain_count == 0)
        status = hook->file(hook->context, out, error);
    return status == SILT_OK ? offer(frame, out->content, out, is_out, error) : status;
}

static enum silt_status read(struct silt_frame *frame, struct silt_entry *out, bool *is_out,
                             struct silt_error *error)
{
    enum silt_status status = silt_reader_next(frame->reader, out, error);
    if (status == SILT_END)
        frame->step = SILT_FRAME_TAIL;
    if (status != SILT_OK)
        return status == SILT_END ? SILT_OK : status;
    if (out->kind == SILT_ENTRY_RAW) {
        *is_out = hand_out_gap(frame, false, out);
        return SILT_OK;
    }
    status = clean_names(frame, out, error);
    if (status != SILT_OK)
        return status;
    fill(frame, frame->chain_count, out);
    if (out->kind == SILT_ENTRY_FILE)
        return offer_file(frame, out, is_out, error);
    *is_out = true;
    return SILT_OK;
}

/* Moves bytes from the front of a stream into the gap. */
static enum silt_status put_gap(struct silt_frame *frame, struct silt_stream *stream, struct silt_span bytes,
                                struct silt_error *error)
{
    uint64_t base;
    struct silt_check *check = NULL;
    if (frame->reader != NULL && stream == frame->body)
        check = silt_reader_check(frame->reader, &base);
    if (check != NULL && check->ops != NULL)
        check->ops->gap(check, stream->offset - base, bytes);
    enum silt_status status = silt_gap_put(&frame->gap, stream->offset, bytes, error);
    silt_stream_consume(stream, bytes.size);
    return status;
}

static size_t count_zeros(struct silt_span bytes)
{
    size_t count = 0;
    while (count < bytes.size && bytes.data[count] == 0)
        count++;
    return count;
}

static enum silt_status skip_zeros(struct silt_frame *frame, struct silt_stream *stream,
                                   struct silt_error *error)
{
    for (;;) {
        struct silt_span bytes;
        enum silt_status status = silt_stream_peek(stream, 1, &bytes, error);
        if (status != SILT_OK)
            return is_final(status) ? status : SILT_OK;
        size_t zeros = count_zeros(bytes);
        status = put_gap(frame, stream, silt_span_slice(bytes, 0, zeros), error);
        if (status != SILT_OK || zeros < bytes.size || zeros == 0)
            return status;
    }
}

/* Behind an error in a tar: on to the next block that is a header, but not the one that the reader began
 * with. */
static enum silt_status resync_tar(struct silt_frame *frame, uint64_t base, struct silt_error *error)
{
    while (!silt_gap_is_full(&frame->gap)) {
        struct silt_span head;
        enum silt_status status = silt_stream_peek(frame->body, SILT_FORMAT_HEAD_SIZE, &head, error);
        if (status != SILT_OK)
            return is_final(status) ? status : SILT_OK;
        size_t step = SILT_FORMAT_HEAD_SIZE - (size_t)((frame->body->offset - base) % SILT_FORMAT_HEAD_SIZE);
        bool is_new = step == SILT_FORMAT_HEAD_SIZE && frame->body->offset > base;
        if (is_new && silt_format_tar()->is_format(head))
            return SILT_OK;
        status = put_gap(frame, frame->body, silt_span_slice(head, 0, step), error);
        if (status != SILT_OK)
            return status;
    }
    return SILT_OK;
}

/* Whether something that can be opened follows directly: archives one behind the other, as in an initrd. */
static enum silt_status find_next_part(struct silt_frame *frame, bool *is_found, struct silt_error *error)
{
    struct silt_frame_guess guess;
    *is_found = false;
    if (frame->reader == NULL || frame->held_stream != NULL)
        return SILT_OK;
    uint64_t base;
    (void)silt_reader_check(frame->reader, &base);
    enum silt_status status = skip_zeros(frame, frame->body, error);
    if (status == SILT_OK && frame->format == silt_format_tar())
        status = resync_tar(frame, base, error);
    if (status == SILT_OK)
        status = silt_frame_guess(frame->body, &guess, error);
    if (status == SILT_OK)
        *is_found = is_readable(&guess) && frame->body->offset > base;
    return status;
}

static void finish_reader(struct silt_frame *frame)
{
    if (frame->reader != NULL)
        silt_reader_finish(frame->reader, &frame->losses);
    silt_frame_close_reader(frame);
}

/* Once for each container, however often its reader had to begin anew. */
static void report_losses(struct silt_frame *frame)
{
    struct silt_losses *losses = &frame->losses;
    if (losses->damage[0] != '\0')
        report(frame, SILT_SKIP_DAMAGED, false, 0, losses->damage);
    if (losses->hidden_bytes > 0) {
        char detail[DETAIL_SIZE];
        snprintf(detail, sizeof detail,
                 "%ju bytes from offset %ju on belong to no entry; matched as raw bytes",
                 (uintmax_t)losses->hidden_bytes, (uintmax_t)losses->hidden_offset);
        report(frame, SILT_SKIP_HIDDEN, false, losses->hidden_bytes, detail);
    }
    *losses = (struct silt_losses){0};
}

static enum silt_status hand_out_rest(struct silt_frame *frame, struct silt_stream *rest,
                                      struct silt_entry *out, bool *is_out, struct silt_error *error)
{
    struct silt_span head;
    enum silt_status status = silt_stream_peek(rest, 1, &head, error);
    if (is_final(status))
        return status;
    if (status != SILT_OK && frame->gap.bytes.size == 0)
        return SILT_OK;
    *is_out = true;
    return hand_out_live(frame, rest, UINT64_MAX, out, error);
}

static void end_decoder(struct silt_frame *frame)
{
    struct silt_span head;
    struct silt_error why = {0};
    enum silt_status status = silt_stream_peek(frame->body, 1, &head, &why);
    frame->is_failed = status != SILT_OK && status != SILT_END;
    if (frame->is_failed)
        report_failure(frame, status, &why);
    silt_frame_close_decoder(frame);
    frame->step = SILT_FRAME_REST;
}

static enum silt_status tail(struct silt_frame *frame, struct silt_entry *out, bool *is_out,
                             struct silt_error *error)
{
    bool is_found = false;
    enum silt_status status = find_next_part(frame, &is_found, error);
    if (status != SILT_OK)
        return status;
    if (is_found || silt_gap_is_full(&frame->gap)) {
        *is_out = hand_out_gap(frame, is_found, out);
        if (*is_out || !is_found)
            return SILT_OK;
        finish_reader(frame);
        frame->step = SILT_FRAME_BODY;
        return SILT_OK;
    }
    if (frame->held_stream != NULL)
        status = hand_out_rest(frame, frame->held_stream, out, is_out, error);
    else
        status = hand_out_rest(frame, frame->body, out, is_out, error);
    if (status != SILT_OK || *is_out)
        return status;
    finish_reader(frame);
    report_losses(frame);
    frame->step = SILT_FRAME_DONE;
    if (frame->codec != NULL)
        end_decoder(frame);
    return SILT_OK;
}

/* How far it is to what looks like a compressed stream; all of the bytes if nothing does. */
static size_t find_codec(struct silt_span bytes)
{
    for (size_t i = 0; i < bytes.size; i++) {
        uint8_t c = bytes.data[i];
        bool is_first = c == 0x1f || c == 0x28 || c == 0xfd || c == 'B'; /* gzip, zstd, xz, bzip2 */
        if (is_first && silt_codec_find(silt_span_slice(bytes, i, bytes.size)) != NULL)
            return i;
    }
    return bytes.size;
}

/* Behind the end of a compressed stream: gathers bytes until another one begins. */
static enum silt_status find_next_stream(struct silt_frame *frame, bool *is_found, struct silt_error *error)
{
    *is_found = false;
    while (!frame->is_failed && frame->rest_count < REST_TRIES && frame->rest_bytes < REST_LOOK &&
           !silt_gap_is_full(&frame->gap)) {
        struct silt_span bytes;
        enum silt_status status = silt_stream_peek(frame->stored, SILT_FORMAT_HEAD_SIZE, &bytes, error);
        if (status != SILT_OK)
            return is_final(status) ? status : SILT_OK;
        bool is_last = bytes.size < SILT_FORMAT_HEAD_SIZE;
        size_t step = find_codec(bytes);
        *is_found = step < bytes.size && (step == 0 || is_last || bytes.size - step >= 32);
        if (!*is_found && !is_last)
            step = bytes.size - 32; /* a magic may stand across the edge */
        frame->rest_bytes += step;
        status = put_gap(frame, frame->stored, silt_span_slice(bytes, 0, step), error);
        if (status != SILT_OK || *is_found)
            return status;
    }
    return SILT_OK;
}

static void end_rest(struct silt_frame *frame)
{
    frame->step = SILT_FRAME_DONE;
    if (frame->rest_bytes == 0 || frame->is_failed)
        return;
    char detail[DETAIL_SIZE];
    uint64_t bytes = frame->stored->offset - frame->rest_offset;
    snprintf(detail, sizeof detail, "%ju bytes from offset %ju on stand behind the compressed stream",
             (uintmax_t)bytes, (uintmax_t)frame->rest_offset);
    report(frame, SILT_SKIP_HIDDEN, false, bytes, detail);
}

static enum silt_status rest(struct silt_frame *frame, struct silt_entry *out, bool *is_out,
                             struct silt_error *error)
{
    bool is_found = false;
    enum silt_status status = skip_zeros(frame, frame->stored, error);
    if (frame->rest_bytes == 0)
        frame->rest_offset = frame->stored->offset;
    if (status == SILT_OK)
        status = find_next_stream(frame, &is_found, error);
    if (status != SILT_OK)
        return status;
    if (is_found || silt_gap_is_full(&frame->gap)) {
        *is_out = hand_out_gap(frame, is_found, out);
        if (*is_out || !is_found)
            return SILT_OK;
        frame->rest_count++;
        frame->rest_bytes++; /* what follows is hidden, even directly behind */
        frame->step = SILT_FRAME_LOOK;
        return SILT_OK;
    }
    status = hand_out_rest(frame, frame->stored, out, is_out, error);
    if (*is_out)
        frame->rest_bytes++;
    if (status == SILT_OK && !*is_out)
        end_rest(frame);
    return status;
}

static enum silt_status step(struct silt_frame *frame, struct silt_entry *out, bool *is_out,
                             struct silt_error *error)
{
    switch (frame->step) {
    case SILT_FRAME_LOOK:
        return look(frame, error);
    case SILT_FRAME_BODY:
        return look_at_body(frame, out, is_out, error);
    case SILT_FRAME_READ:
        return read(frame, out, is_out, error);
    case SILT_FRAME_TAIL:
        return tail(frame, out, is_out, error);
    case SILT_FRAME_REST:
        return rest(frame, out, is_out, error);
    default:
        pop(frame->walk);
        return SILT_OK;
    }
}

static void count_entry(struct silt_walk *walk, const struct silt_entry *entry)
{
    if (entry->kind != SILT_ENTRY_RAW)
        walk->counts.entries++;
    if (entry->chain_count > walk->counts.max_depth)
        walk->counts.max_depth = entry->chain_count;
}

/* ---- the walk ---- */

enum silt_status silt_walk_next(struct silt_walk *walk, struct silt_entry *out, struct silt_error *error)
{
    enum silt_status status = take_back(walk, error);
    bool is_out = false;
    while (status == SILT_OK && !is_out && walk->frames.count > 0)
        status = step(top(walk), out, &is_out, error);
    if (status != SILT_OK)
        return status;
    if (is_out) {
        count_entry(walk, out);
        return SILT_OK;
    }
    struct silt_span bytes;
    return walk->root != NULL ? silt_stream_peek(walk->root, 1, &bytes, error) : SILT_END;
}

void silt_walk_set_hook(struct silt_walk *walk, const struct silt_walk_hook *hook)
{
    walk->hook = *hook;
}

uint64_t silt_walk_raw_offset(const struct silt_walk *walk, uint64_t content_offset)
{
    return walk->raw != NULL ? silt_gap_offset(&walk->raw->gap, content_offset) : content_offset;
}

void silt_walk_leave(struct silt_walk *walk)
{
    walk->cap.inner = NULL;
    walk->capped = NULL;
    while (walk->frames.count > 1)
        pop(walk);
}

void silt_walk_count(const struct silt_walk *walk, struct silt_walk_counts *out)
{
    *out = walk->counts;
}

static void close_all(struct silt_walk *walk)
{
    walk->cap.inner = NULL;
    while (walk->frames.count > 0)
        pop(walk);
    walk->root = NULL;
}

enum silt_status silt_walk_open(struct silt_walk *walk, const struct silt_walk_source *source,
                                struct silt_error *error)
{
    close_all(walk);
    walk->counts = (struct silt_walk_counts){0};
    walk->root = source->stream;
    walk->is_flat = source->is_flat;
    walk->depth = source->depth;
    bool is_tar = source->root == SILT_WALK_TAR;
    enum silt_status status = push(walk, source->stream, source->name, !is_tar && !source->is_target, error);
    if (status == SILT_OK)
        top(walk)->is_tar = is_tar;
    return status;
}

enum silt_status silt_walk_new(const struct silt_walk_limits *limits, const struct silt_report *report_to,
                               struct silt_walk **out, struct silt_error *error)
{
    struct silt_walk *walk = calloc(1, sizeof *walk);
    if (walk == NULL)
        return silt_error_memory(error);
    walk->limits = *limits;
    walk->report = *report_to;
    walk->frames.item_size = sizeof(struct silt_frame *);
    walk->chain.item_size = sizeof(struct silt_span);
    walk->locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (walk->locale == (locale_t)0)
        walk->locale = newlocale(LC_CTYPE_MASK, "C", (locale_t)0);
    if (walk->locale == (locale_t)0) {
        free(walk);
        return silt_error_memory(error);
    }
    *out = walk;
    return SILT_OK;
}

void silt_walk_free(struct silt_walk *walk)
{
    if (walk == NULL)
        return;
    close_all(walk);
    silt_array_clear(&walk->frames);
    silt_array_clear(&walk->chain);
    freelocale(walk->locale);
    free(walk);
}
