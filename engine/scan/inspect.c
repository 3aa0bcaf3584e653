/*
 * inspect.c: the inner loop: window, candidates, confirm.
 *
 * Each rule's match starts are judged once: `examined` remembers, by absolute offset in the content, up to
 * where they are, so that neither several candidates of one match nor the margins of neighbouring windows
 * give a hit twice.
 */
#include "scan/inspect.h"

#include "base/error.h"
#include "scan/allow.h"
#include "scan/guess.h"
#include "scan/meter.h"
#include "scan/overlap.h"
#include "scan/pair.h"
#include "scan/secret.h"
#include "scan/watch.h"

/* One window of the subject being looked at. */
struct view {
    struct silt_worker *worker;
    const struct silt_subject *subject;
    const struct silt_window *window;
};

static uint64_t examined_until(const struct silt_worker *worker, uint32_t rule)
{
    return worker->generation[rule] == worker->content_number ? worker->examined[rule] : 0;
}

static void set_examined(struct silt_worker *worker, uint32_t rule, uint64_t offset)
{
    worker->generation[rule] = worker->content_number;
    worker->examined[rule] = offset;
}

static void locate(const struct view *view, size_t position, struct silt_hit *hit)
{
    const struct silt_window *window = view->window;
    uint64_t line = window->line, line_start = window->line_start;
    const uint8_t *end = window->bytes + position;
    for (const uint8_t *p = window->bytes; p < end; p++) {
        p = memchr(p, '\n', (size_t)(end - p));
        if (p == NULL)
            break;
        line++;
        line_start = window->offset + (uint64_t)(p + 1 - window->bytes);
    }
    hit->line = line;
    hit->column = window->offset + position - line_start + 1;
    hit->offset = position;
    if (view->subject->origin == SILT_ORIGIN_PATH)
        return;
    hit->offset = silt_windower_raw_offset(view->worker->windower, window, position);
    if (view->subject->walk != NULL)
        hit->offset = silt_walk_raw_offset(view->subject->walk, hit->offset);
}

static const char *encoding_name(enum silt_encoding encoding)
{
    if (encoding == SILT_ENCODING_BYTES)
        return NULL;
    return encoding == SILT_ENCODING_UTF16LE ? "utf-16le" : "utf-16be";
}

/* The checksums of the file around the hit: who owns it is asked when all is scanned. */
static const struct silt_checksums *want_checksums(const struct view *view)
{
    struct silt_span taken;
    bool has_taken = view->subject->origin == SILT_ORIGIN_FILE && view->subject->entry->chain_count == 0 &&
                     silt_windower_taken(view->worker->windower, &taken);
    const struct silt_checksums *own = silt_tap_want(view->worker->tap, has_taken ? &taken : NULL);
    const struct silt_checksums *outer = silt_tap_want(view->worker->outer, NULL);
    if (outer != NULL)
        view->worker->result->checksums = outer;
    return own;
}

/* The spot of the current entry, copied when its first hit comes. */
static enum silt_status current_spot(const struct view *view, const struct silt_spot **out,
                                     struct silt_error *error)
{
    struct silt_result *result = view->worker->result;
    if (result->spot == NULL) {
        enum silt_status status = silt_result_put_spot(result, view->subject->entry, &result->spot, error);
        if (status != SILT_OK)
            return status;
        result->spot->checksums = want_checksums(view);
    }
    *out = result->spot;
    return SILT_OK;
}

static void report_flood(const struct view *view)
{
    const struct silt_entry *entry = view->subject->entry;
    const struct silt_skip skip = {
        .reason = SILT_SKIP_TOTAL,
        .place = {.chain = entry->chain, .chain_count = entry->chain_count, .path = entry->path, .layer = -1},
        .detail = "more findings than are kept of one layer or file",
    };
    if (view->worker->result->hits.count == SILT_RESULT_HITS_MAX)
        silt_result_put_skip(view->worker->result, &skip);
}

/* Keeps the reason of a comment that allows the secret. */
static bool note_allowance(const struct view *view, const struct silt_match *match, struct silt_hit *hit)
{
    struct silt_span reason, text = silt_span_of(view->window->bytes, view->window->size);
    if (hit->origin != SILT_ORIGIN_FILE ||
        !silt_allow_find(text, match->secret_start, match->secret_end, &reason))
        return true;
    hit->allowed = silt_arena_copy(&view->worker->result->arena, reason);
    return hit->allowed != NULL;
}

static enum silt_status put_hit(const struct view *view, const struct silt_match *match,
                                struct silt_error *error)
{
    struct silt_result *result = view->worker->result;
    if (result->hits.count >= SILT_RESULT_HITS_MAX) {
        report_flood(view);
        return SILT_OK;
    }
    const struct silt_spot *spot;
    enum silt_status status = current_spot(view, &spot, error);
    if (status != SILT_OK)
        return status;
    size_t size = match->secret_end - match->secret_start;
    char *secret =
        silt_arena_copy(&result->arena, silt_span_of(view->window->bytes + match->secret_start, size));
    if (secret == NULL)
        return silt_error_memory(error);
    struct silt_span redacted = silt_secret_redact(silt_span_of(secret, size), &result->arena);
    struct silt_hit *hit = redacted.data != NULL ? silt_array_put(&result->hits) : NULL;
    if (hit == NULL)
        return silt_error_memory(error);
    *hit = (struct silt_hit){
        .spot = spot,
        .match = *match,
        .secret = silt_span_of(secret, size),
        .redacted = redacted,
        .secret_size = size,
        .origin = view->subject->origin,
        .decoded_from = encoding_name(view->window->encoding),
        .history = view->subject->history,
    };
    silt_secret_key(hit->secret, hit->key);
    locate(view, match->secret_start, hit);
    return note_allowance(view, match, hit) ? SILT_OK : silt_error_memory(error);
}

/* Judges all matches of a rule that start at `start` or behind it and before `end`. */
static enum silt_status judge(const struct view *view, uint32_t rule, size_t start, size_t end,
                              struct silt_error *error)
{
    struct silt_worker *worker = view->worker;
    const struct silt_window *window = view->window;
    uint64_t until = examined_until(worker, rule);
    if (until > window->offset + start)
        start = until - window->offset;
    struct silt_question question = {
        .signature = rule,
        .bytes = silt_span_of(window->bytes, window->size),
        .end = end,
        .path = view->subject->entry->path,
        .is_first = window->offset == 0,
        .is_last = window->last == window->size,
    };
    while (start < end) {
        struct silt_match match;
        question.start = start;
        enum silt_status status = silt_confirm(worker->confirmer, &question, &match, error);
        if (status == SILT_END)
            break;
        if (status != SILT_OK && status != SILT_ERR_LIMIT)
            return status;
        status = put_hit(view, &match, error);
        if (status != SILT_OK)
            return status;
        start = match.match_end > match.match_start ? match.match_end : match.match_start + 1;
    }
    if (start < end)
        start = end;
    set_examined(worker, rule, window->offset + start);
    return SILT_OK;
}

/* The same, noted in the scan's meter if it has one. */
static enum silt_status judge_metered(const struct view *view, uint32_t rule, size_t start, size_t end,
                                      struct silt_error *error)
{
    struct silt_meter *meter = view->worker->scan->meter;
    if (meter == NULL)
        return judge(view, rule, start, end, error);
    size_t before = view->worker->result->hits.count;
    uint64_t start_ns = silt_meter_now_ns();
    enum silt_status status = judge(view, rule, start, end, error);
    silt_meter_put_candidate(meter, rule, start_ns, view->worker->result->hits.count - before);
    return status;
}

/* Judges all match starts that one candidate speaks for. */
static enum silt_status judge_candidate(const struct view *view, const struct silt_candidate *candidate,
                                        struct silt_error *error)
{
    const struct silt_rule *rule = silt_ruleset_at(view->worker->scan->ruleset, candidate->rule);
    if (candidate->end < rule->least)
        return SILT_OK;
    size_t start = candidate->end > rule->reach ? candidate->end - rule->reach : 0;
    return judge_metered(view, candidate->rule, start, candidate->end - rule->least + 1, error);
}

static enum silt_status inspect_window(const struct view *view, struct silt_error *error)
{
    const struct silt_window *window = view->window;
    struct silt_candidates candidates;
    enum silt_status status = silt_matcher_find(
        view->worker->matcher, silt_span_of(window->bytes, window->size), &candidates, error);
    for (size_t i = 0; status == SILT_OK && i < candidates.count; i++) {
        const struct silt_candidate *candidate = &candidates.items[i];
        if (candidate->end > window->first && candidate->end <= window->last)
            status = judge_candidate(view, candidate, error);
    }
    if (status == SILT_OK && view->worker->scan->meter != NULL)
        status = silt_meter_put_window(view->worker->scan->meter, silt_span_of(window->bytes, window->size),
                                       window->last - window->first, error);
    return status;
}

/* Notes the rules that are about files of this name. */
static enum silt_status find_file_rules(struct silt_worker *worker, struct silt_span path,
                                        struct silt_error *error)
{
    struct silt_candidates candidates;
    enum silt_status status = silt_matcher_find_path(worker->matcher, path, &candidates, error);
    worker->file_rule_count = 0;
    for (size_t i = 0; i < candidates.count && worker->file_rule_count < SILT_WORKER_FILE_RULES; i++)
        worker->file_rules[worker->file_rule_count++] = candidates.items[i].rule;
    return status;
}

/* A signature that is about the file itself: its name, and what its content begins with. */
static enum silt_status judge_file(const struct view *view, uint32_t rule, struct silt_error *error)
{
    size_t index = rule;
    struct silt_match match;
    struct silt_span head = silt_span_of(view->window->bytes, view->window->size);
    enum silt_status status =
        silt_confirm_file(view->worker->confirmer, &index, view->subject->entry->path, head, &match, error);
    if (status == SILT_OK && match.signature == rule)
        return put_hit(view, &match, error);
    return status == SILT_END ? SILT_OK : status;
}

/* The rules for files of this name look at all of the content, without candidates. */
static enum silt_status inspect_by_name(const struct view *view, struct silt_error *error)
{
    struct silt_worker *worker = view->worker;
    const struct silt_window *window = view->window;
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < worker->file_rule_count && status == SILT_OK; i++) {
        uint32_t rule = worker->file_rules[i];
        bool is_about_file = silt_ruleset_at(worker->scan->ruleset, rule)->signature->pattern[0] == '\0';
        if (is_about_file && window->offset == 0 && window->first == 0)
            status = judge_file(view, rule, error);
        else if (!is_about_file)
            status = judge_metered(view, rule, 0, window->last, error);
    }
    return status;
}

/* Archives in archives can expand without end: what comes out is held against what was read. A blob's own
 * files and those nested in them are counted apart, so that a bomb in the layer does not cost the files
 * behind it. */
static enum silt_status check_expansion(struct silt_worker *worker, bool is_nested, uint64_t bytes,
                                        struct silt_error *error)
{
    const uint64_t always_allowed = 1ULL << 30;
    uint64_t *count = is_nested ? &worker->nested : &worker->plain;
    uint64_t ratio = worker->scan->options->max_ratio;
    *count += bytes;
    if (ratio == 0 || *count <= always_allowed || worker->watch == NULL)
        return SILT_OK;
    uint64_t stored = silt_watch_count(worker->watch);
    if ((*count - always_allowed) / ratio <= stored)
        return SILT_OK;
    worker->result->is_fleeting = true; /* what was read depends on how far a thread reads ahead */
    return silt_error_set(error, SILT_ERR_LIMIT,
                          "%llu stored bytes expand to more than %llu times their size",
                          (unsigned long long)stored, (unsigned long long)ratio);
}

static enum silt_status account(struct silt_worker *worker, const struct silt_window *window, bool is_nested,
                                struct silt_error *error)
{
    uint64_t bytes = window->last - window->first;
    enum silt_status status = check_expansion(worker, is_nested, bytes, error);
    if (status != SILT_OK)
        return status;
    worker->result->coverage.bytes_scanned += bytes;
    uint64_t scanned = atomic_fetch_add_explicit(&worker->scan->scanned, bytes, memory_order_relaxed) + bytes;
    uint64_t limit = worker->scan->options->max_total_size;
    if (limit > 0 && scanned > limit)
        return silt_error_set(error, SILT_ERR_LIMIT, "more than %llu bytes in all (--max-total-size)",
                              (unsigned long long)limit);
    return silt_scan_check(worker->scan, error);
}

static enum silt_status inspect_windows(struct silt_worker *worker, const struct silt_subject *subject,
                                        struct silt_error *error)
{
    struct silt_window window;
    const struct view view = {worker, subject, &window};
    worker->file_rule_count = 0;
    if (subject->origin == SILT_ORIGIN_FILE && subject->entry->kind == SILT_ENTRY_FILE) {
        enum silt_status status = find_file_rules(worker, subject->entry->path, error);
        if (status != SILT_OK)
            return status;
    }
    for (;;) {
        enum silt_status status = silt_windower_next(worker->windower, &window, error);
        if (status == SILT_OK && worker->file_rule_count > 0)
            status = inspect_by_name(&view, error);
        if (status == SILT_OK)
            status = inspect_window(&view, error);
        if (status == SILT_OK)
            status = account(worker, &window, subject->entry->chain_count > 0, error);
        if (status != SILT_OK)
            return status == SILT_END ? SILT_OK : status;
    }
}

/* What was found, made one finding a secret, and halves joined; those of documents when all are known. */
static void settle(struct silt_worker *worker, const struct silt_subject *subject, size_t first)
{
    const struct silt_signatures *signatures = silt_ruleset_signatures(worker->scan->ruleset);
    silt_overlap_resolve(&worker->result->hits, first, signatures);
    silt_guess_passwords(worker->result, first, signatures);
    if (subject->origin == SILT_ORIGIN_FILE)
        silt_pair_join(&worker->result->hits, first, signatures);
}

enum silt_status silt_inspect(struct silt_worker *worker, const struct silt_subject *subject,
                              struct silt_error *error)
{
    struct silt_result *result = worker->result;
    size_t before = result->hits.count;
    worker->content_number++;
    result->spot = NULL;
    silt_windower_open(worker->windower, subject->entry->content);
    enum silt_status status = inspect_windows(worker, subject, error);
    result->coverage.bytes += silt_windower_consumed(worker->windower);
    if (!worker->scan->options->all_matches)
        settle(worker, subject, before);
    atomic_fetch_add_explicit(&worker->scan->findings, result->hits.count - before, memory_order_relaxed);
    return status;
}

enum silt_status silt_inspect_path(struct silt_worker *worker, const struct silt_entry *entry,
                                   struct silt_error *error)
{
    enum { PATH_MIN = 16 }; /* no signature is shorter than that */
    if (entry->path.size < PATH_MIN)
        return SILT_OK;
    const struct silt_subject subject = {entry, NULL, SILT_ORIGIN_PATH, -1};
    const struct silt_window window = {
        .bytes = entry->path.data, .size = entry->path.size, .last = entry->path.size, .line = 1};
    const struct view view = {worker, &subject, &window};
    worker->content_number++;
    worker->result->spot = NULL;
    return inspect_window(&view, error);
}
