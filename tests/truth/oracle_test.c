/*
 * The second truth: prefilters, windows and Hyperscan change nothing. The oracle runs each signature's full
 * pattern over each whole content, from the first byte to the last, and judges what it finds; the engine must
 * find the same.
 *
 * Contents: every signature's examples pasted into the contexts below, and a sample of this machine's Perl
 * and Python files. Signatures for certain files get their examples in a file of such a name.
 *
 * The signatures of tail.json are one pattern with many names: one in TAIL_EVERY stands for all.
 *
 * Two differences are known and exempt by rule; they are counted and must stay rare:
 * - wordy: the engine does not look at a vendor's name with a long value behind it where that value looks
 * like words (engine/match), see is_wordy;
 * - inner: where the verdict goes against a match, the search goes on behind it, both here and there; but the
 *   engine begins anew for the next candidate, which may stand inside that match. So it may find a match
 * there that the plain order of search passes over. It is a match of the full pattern all the same, see
 * is_inner.
 */
#include "base/array.h"
#include "scan/blob.h"
#include "stream/memory.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <ctype.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    CONTENT_SIZE = 48 * 1024,
    SAMPLE_SIZE = 4 * 1024 * 1024,
    SAMPLE_FILE_MAX = 128 * 1024,
    SAMPLE_EVERY = 3,
    TAIL_EVERY = 8
};

static struct silt_signatures *signatures;
static struct silt_ruleset *ruleset;
static struct silt_scan_options options;
static atomic_bool is_cancelled;
static struct silt_scan shared;
static struct silt_confirmer *confirmer;

/* What both sides say of one secret. */
struct verdict {
    size_t signature, start, end;
    enum silt_confidence confidence;
    enum silt_severity severity;
};

struct verdicts {
    struct verdict *items;
    size_t count, capacity;
};

/* Over all contents. */
static size_t found, wordy, inner;

static void load(void)
{
    const struct silt_ruleset_paths paths = {SILT_BUILD_DIR "/share/silt/databases", NULL};
    struct silt_error error = {0};
    cr_assert_eq(silt_signatures_new(&signatures, NULL), SILT_OK);
    cr_assert_eq(silt_signatures_add(signatures, SILT_SOURCE_DIR "/signatures", &error), SILT_OK, "%s",
                 error.message);
    cr_assert_eq(silt_ruleset_open(signatures, &paths, &ruleset, &error), SILT_OK, "%s", error.message);
    silt_scan_options_init(&options);
    options.all_matches = true; /* the oracle does not choose among signatures */
    shared = (struct silt_scan){.ruleset = ruleset, .options = &options, .is_cancelled = &is_cancelled};
    cr_assert_eq(silt_judge_new(signatures, &shared.judge, NULL), SILT_OK);
    cr_assert_eq(silt_confirmer_new(shared.judge, &confirmer, NULL), SILT_OK);
    silt_scan_init(&shared);
}

static void unload(void)
{
    silt_confirmer_free(confirmer);
    silt_judge_free(shared.judge);
    silt_ruleset_free(ruleset);
    silt_signatures_free(signatures);
}

TestSuite(oracle, .init = load, .fini = unload, .timeout = 280);

static bool is_left_out(size_t signature)
{
    const char *file = silt_signatures_at(signatures, signature)->file, *tail = "/tail.json";
    size_t size = strlen(file);
    return size > strlen(tail) && strcmp(file + size - strlen(tail), tail) == 0 &&
           signature % TAIL_EVERY != 0;
}

static void put_verdict(struct verdicts *verdicts, const struct silt_match *match, size_t start, size_t end)
{
    if (verdicts->count == verdicts->capacity) {
        verdicts->capacity = 2 * verdicts->capacity + 64;
        verdicts->items = realloc(verdicts->items, verdicts->capacity * sizeof *verdicts->items);
        cr_assert_not_null(verdicts->items);
    }
    verdicts->items[verdicts->count++] =
        (struct verdict){match->signature, start, end, match->confidence, match->severity};
}

static int compare_verdicts(const void *a, const void *b)
{
    const struct verdict *x = a, *y = b;
    if (x->signature != y->signature)
        return x->signature < y->signature ? -1 : 1;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return x->end < y->end ? -1 : x->end > y->end;
}

static void sort_verdicts(struct verdicts *verdicts)
{
    if (verdicts->count > 0)
        qsort(verdicts->items, verdicts->count, sizeof *verdicts->items, compare_verdicts);
}

/* The slow, obviously right way: one signature over all of the content. */
static void ask_oracle(size_t signature, struct silt_span content, struct silt_span path,
                       struct verdicts *out)
{
    struct silt_question question = {.signature = signature,
                                     .bytes = content,
                                     .end = content.size,
                                     .path = path,
                                     .is_first = true,
                                     .is_last = true};
    struct silt_match match;
    struct silt_error error = {0};
    enum silt_status status;
    while ((status = silt_confirm(confirmer, &question, &match, &error)) == SILT_OK) {
        put_verdict(out, &match, match.secret_start, match.secret_end);
        question.start = match.match_end > match.match_start ? match.match_end : match.match_start + 1;
    }
    cr_assert_eq(status, SILT_END, "%s: %s", silt_signatures_at(signatures, signature)->id, error.message);
}

static void ask_oracle_of_file(struct silt_span content, struct silt_span path, struct verdicts *out)
{
    struct silt_match match;
    size_t index = 0;
    while (silt_confirm_file(confirmer, &index, path, content, &match, NULL) == SILT_OK)
        put_verdict(out, &match, match.secret_start, match.secret_end);
}

static void ask_engine(struct silt_span content, struct silt_span path, struct verdicts *out)
{
    struct silt_worker *worker;
    struct silt_result *result;
    struct silt_stream *stream;
    struct silt_error error = {0};
    cr_assert_eq(silt_worker_new(&shared, &worker, NULL), SILT_OK);
    cr_assert_eq(silt_result_new(&result, NULL), SILT_OK);
    cr_assert_eq(silt_memory_open(content, &stream, NULL), SILT_OK);
    worker->result = result;
    cr_assert_eq(silt_blob_scan_file(worker, stream, path, &error), SILT_OK, "%s", error.message);
    cr_assert_eq(result->coverage.bytes_scanned, content.size, "%.*s was not matched as it stands",
                 (int)path.size, path.data);
    for (size_t i = 0; i < result->hits.count; i++) {
        const struct silt_hit *hit = silt_result_hit(result, i);
        if (hit->origin == SILT_ORIGIN_FILE && !is_left_out(hit->match.signature))
            put_verdict(out, &hit->match, hit->offset, hit->offset + hit->secret.size);
    }
    silt_result_free(result);
    silt_stream_free(stream);
    silt_worker_free(worker);
}

static bool is_value_byte(uint8_t byte)
{
    return isalnum(byte) || (byte != '\0' && strchr("+-/_", byte) != NULL);
}

/* The longest run of value bytes. */
static struct silt_span longest_run(struct silt_span text)
{
    size_t best = 0, best_start = 0;
    for (size_t i = 0, start = 0; i <= text.size; i++) {
        if (i < text.size && is_value_byte(text.data[i]))
            continue;
        if (i - start > best) {
            best = i - start;
            best_start = start;
        }
        start = i + 1;
    }
    return silt_span_slice(text, best_start, best);
}

/* The known gap: the secret's longest run of value bytes has no digit, and less than a quarter of it are
 * capitals. */
static bool is_wordy(struct silt_span secret)
{
    struct silt_span run = longest_run(secret);
    size_t capitals = 0;
    for (size_t i = 0; i < run.size; i++) {
        if (isdigit(run.data[i]))
            return false;
        capitals += isupper(run.data[i]) != 0;
    }
    return capitals * 4 < run.size;
}

static void show(const char *what, const struct verdict *verdict, struct silt_span content,
                 struct silt_span path)
{
    size_t from = verdict->start > 60 ? verdict->start - 60 : 0, to = verdict->end + 20;
    cr_expect_fail("%s: %s in %.*s at %zu to %zu, confidence %d: …%.*s…", what,
                   silt_signatures_at(signatures, verdict->signature)->id, (int)path.size, path.data,
                   verdict->start, verdict->end, verdict->confidence,
                   (int)((to < content.size ? to : content.size) - from), content.data + from);
}

/* Whether a search that begins a little before the secret ends with it too. */
static bool is_inner(const struct verdict *verdict, struct silt_span content, struct silt_span path)
{
    enum { BEFORE = 256 };
    size_t first = verdict->start > BEFORE ? verdict->start - BEFORE : 0;
    for (size_t start = first; start <= verdict->start; start++) {
        struct silt_question question = {.signature = verdict->signature,
                                         .bytes = content,
                                         .start = start,
                                         .end = verdict->start + 1,
                                         .path = path,
                                         .is_first = true,
                                         .is_last = true};
        struct silt_match match;
        if (silt_confirm(confirmer, &question, &match, NULL) == SILT_OK &&
            match.secret_start == verdict->start && match.secret_end == verdict->end)
            return true;
    }
    return false;
}

static bool is_same(const struct verdict *a, const struct verdict *b)
{
    return compare_verdicts(a, b) == 0 && a->confidence == b->confidence && a->severity == b->severity;
}

static void compare(const struct verdicts *truth, const struct verdicts *engine, struct silt_span content,
                    struct silt_span path)
{
    size_t i = 0, j = 0;
    while (i < truth->count || j < engine->count) {
        const struct verdict *a = i < truth->count ? &truth->items[i] : NULL;
        const struct verdict *b = j < engine->count ? &engine->items[j] : NULL;
        int order = a == NULL ? 1 : b == NULL ? -1 : compare_verdicts(a, b);
        if (order < 0 && is_wordy(silt_span_slice(content, a->start, a->end - a->start)))
            wordy++;
        else if (order < 0)
            show("the engine misses", a, content, path);
        else if (order > 0 && is_inner(b, content, path))
            inner++;
        else if (order > 0)
            show("the engine alone finds", b, content, path);
        else if (!is_same(a, b))
            show("judged in another way", b, content, path);
        i += order <= 0;
        j += order >= 0;
    }
}

static void check(const uint8_t *bytes, size_t size, const char *name)
{
    struct silt_span content = silt_span_of(bytes, size), path = silt_span_text(name);
    struct verdicts truth = {0}, engine = {0};
    for (size_t i = 0; i < silt_signatures_count(signatures); i++)
        if (!is_left_out(i))
            ask_oracle(i, content, path, &truth);
    ask_oracle_of_file(content, path, &truth);
    ask_engine(content, path, &engine);
    sort_verdicts(&truth);
    sort_verdicts(&engine);
    compare(&truth, &engine, content, path);
    found += truth.count;
    free(truth.items);
    free(engine.items);
}

/* Contexts: each puts an example into a content and answers how many bytes that took. `out` has room for
 * eight times the example and 512 bytes more. */

static unsigned state; /* of rand_r */

static size_t put_text(uint8_t *out, const char *text)
{
    size_t size = strlen(text);
    memcpy(out, text, size);
    return size;
}

static size_t put_noise(uint8_t *out, size_t size)
{
    for (size_t i = 0; i < size; i++)
        out[i] = (uint8_t)(rand_r(&state) >> 4);
    return size;
}

static size_t put_escaped(uint8_t *out, const char *example)
{
    size_t used = 0;
    for (; *example != '\0'; example++) {
        if (*example == '"' || *example == '\\' || *example == '\n')
            out[used++] = '\\';
        out[used++] = (uint8_t)(*example == '\n' ? 'n' : *example);
    }
    return used;
}

static size_t put_between(uint8_t *out, const char *before, const char *example, const char *after)
{
    size_t used = put_text(out, before);
    used += put_text(out + used, example);
    return used + put_text(out + used, after);
}

/* Far from any other example: what surrounds a value can lead the engine to it. */
static size_t in_prose(uint8_t *out, const char *example)
{
    static const char prose[] =
        "the river carries silt down to the sea and leaves it there, layer upon layer\n";
    size_t used = put_between(out, "\n", example, "\n");
    for (size_t i = 0; i < 4; i++)
        used += put_text(out + used, prose);
    return used;
}

static size_t in_json(uint8_t *out, const char *example)
{
    size_t used = put_text(out, "{\"id\": 17, \"value\": \"");
    used += put_escaped(out + used, example);
    return used + put_text(out + used, "\", \"note\": \"\"}\n");
}

static size_t in_yaml(uint8_t *out, const char *example)
{
    return put_between(out, "- name: delta\n  value: ", example, "\n");
}

static size_t in_shell(uint8_t *out, const char *example)
{
    return put_between(out, "export RIVER='", example, "'\n");
}

static size_t in_script(uint8_t *out, const char *example)
{
    size_t used = put_text(out, "!function(e,t){var n=\"");
    used += put_escaped(out + used, example);
    return used + put_text(out + used, "\";return e(n,3)}(a,b);");
}

static size_t in_binary(uint8_t *out, const char *example)
{
    size_t used = put_noise(out, 40);
    out[used++] = '\0';
    used += put_text(out + used, example);
    out[used++] = '\0';
    return used + put_noise(out + used, 40);
}

static size_t in_url(uint8_t *out, const char *example)
{
    return put_between(out, "https://example.net/delta?q=", example, "&n=2\n");
}

static size_t in_line(uint8_t *out, const char *example)
{
    return put_between(out, "layer upon layer of silt and of sand ", example, " ");
}

static size_t in_crlf(uint8_t *out, const char *example)
{
    size_t used = put_text(out, "[delta]\r\nname = ");
    for (; *example != '\0'; example++) {
        if (*example == '\n')
            out[used++] = '\r';
        out[used++] = (uint8_t)*example;
    }
    return used + put_text(out + used, "\r\n");
}

static uint8_t random_of(const char *alphabet)
{
    return (uint8_t)alphabet[(size_t)rand_r(&state) % strlen(alphabet)];
}

/* Another value: the second half of the longest run, each character drawn anew from its kind. */
static size_t in_prose_with_other_value(uint8_t *out, const char *example)
{
    size_t size = in_prose(out, example);
    struct silt_span run = longest_run(silt_span_of(out, size));
    for (uint8_t *p = out + (run.data - out) + run.size / 2; p < run.data + run.size; p++) {
        if (isdigit(*p))
            *p = random_of("0123456789");
        else if (isupper(*p))
            *p = random_of(isxdigit(*p) ? "ABCDEF" : "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        else if (islower(*p))
            *p = random_of(isxdigit(*p) ? "abcdef" : "abcdefghijklmnopqrstuvwxyz");
    }
    return size;
}

/* The same with small letters only, as few values are: here the wordy ones are. */
static size_t in_prose_with_letters(uint8_t *out, const char *example)
{
    size_t size = in_prose(out, example);
    struct silt_span run = longest_run(silt_span_of(out, size));
    for (uint8_t *p = out + (run.data - out) + run.size / 2; p < run.data + run.size; p++)
        *p = isalnum(*p) ? random_of("abcdefghijklmnopqrstuvwxyz") : *p;
    return size;
}

struct context {
    const char *name; /* of the file */
    size_t (*put)(uint8_t *out, const char *example);
};

static const struct context contexts[] = {
    {"plain.txt", in_prose},
    {"data.json", in_json},
    {"conf.yaml", in_yaml},
    {"env.sh", in_shell},
    {"app.min.js", in_script},
    {"blob.bin", in_binary},
    {"links.txt", in_url},
    {"line.txt", in_line},
    {"dos.ini", in_crlf},
    {"other.txt", in_prose_with_other_value},
    {"letters.txt", in_prose_with_letters},
};

ParameterizedTestParameters(oracle, agrees_on_every_example_in_every_context)
{
    static size_t numbers[sizeof contexts / sizeof *contexts]; /* addresses differ from process to process */
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        numbers[i] = i;
    return cr_make_param_array(size_t, numbers, sizeof numbers / sizeof *numbers);
}

/* A content that is checked whenever it is full. */
struct page {
    const struct context *context;
    uint8_t *bytes;
    size_t used;
};

static void close_page(struct page *page)
{
    if (page->used > 0)
        check(page->bytes, page->used, page->context->name);
    page->used = 0;
}

static void put_examples(struct page *page, const char *const *examples)
{
    for (; *examples != NULL; examples++) {
        if (page->used + 8 * strlen(*examples) + 512 > CONTENT_SIZE)
            close_page(page);
        page->used += page->context->put(page->bytes + page->used, *examples);
    }
}

ParameterizedTest(const size_t *number, oracle, agrees_on_every_example_in_every_context)
{
    const struct context *context = &contexts[*number];
    struct page page = {context, malloc(CONTENT_SIZE), 0};
    state = 11;
    for (size_t i = 0; i < silt_signatures_count(signatures); i++) {
        if (is_left_out(i))
            continue;
        put_examples(&page, silt_signatures_at(signatures, i)->examples_match);
        put_examples(&page, silt_signatures_at(signatures, i)->examples_no_match);
    }
    close_page(&page);
    free(page.bytes);
    fprintf(stderr, "%s: %zu findings; exempt: %zu wordy, %zu inner\n", context->name, found, wordy, inner);
    cr_expect(found > 1000, "only %zu findings in %s: this proves little", found, context->name);
    cr_expect((wordy + inner) * 100 <= found, "%zu wordy and %zu inner ones of %zu are no longer rare", wordy,
              inner, found);
}

/* A name that a glob fits: the first of alternatives, a letter for what may be anything. */
static void name_of(const char *glob, char *out, size_t size)
{
    size_t used = 0;
    bool is_skipping = false;
    for (; *glob != '\0' && used + 2 < size; glob++) {
        if (*glob == '}')
            is_skipping = false;
        else if (*glob == ',')
            is_skipping = true;
        else if (is_skipping || *glob == '{' || (*glob == '*' && glob[1] == '*'))
            continue;
        else
            out[used++] = *glob == '*' || *glob == '?' ? 'x' : *glob;
    }
    out[used] = '\0';
}

Test(oracle, agrees_on_signatures_for_certain_files)
{
    for (size_t i = 0; i < silt_signatures_count(signatures); i++) {
        const struct silt_signature *signature = silt_signatures_at(signatures, i);
        char name[256];
        name_of(signature->path, name, sizeof name);
        for (const char *const *example = signature->examples_match;
             signature->path[0] != '\0' && signature->pattern[0] != '\0' && *example != NULL; example++)
            check((const uint8_t *)*example, strlen(*example), name);
    }
    cr_expect(found > 10, "only %zu findings", found);
}

static int compare_names(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* Appends a file of text to the sample; answers the bytes that it took. */
static size_t take_file(const char *path, uint8_t *out, size_t room)
{
    FILE *file = fopen(path, "rb");
    size_t size = file != NULL ? fread(out, 1, room < SAMPLE_FILE_MAX ? room : SAMPLE_FILE_MAX, file) : 0;
    if (file != NULL)
        fclose(file);
    return size;
}

static size_t take_sample(uint8_t *out, size_t room)
{
    char *roots[] = {"/usr/lib/python3", "/usr/lib/python3.11", "/usr/lib/python3.13",
                     "/usr/share/perl",  "/usr/share/perl5",    NULL};
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, compare_names);
    size_t used = 0, number = 0;
    const FTSENT *entry;
    while (used < room && (entry = fts_read(walk)) != NULL) {
        const char *dot = strrchr(entry->fts_name, '.');
        bool is_text =
            dot != NULL && (strcmp(dot, ".py") == 0 || strcmp(dot, ".pm") == 0 || strcmp(dot, ".pl") == 0);
        if (entry->fts_info == FTS_F && is_text && number++ % SAMPLE_EVERY == 0)
            used += take_file(entry->fts_path, out + used, room - used);
    }
    fts_close(walk);
    return used;
}

/* Larger than a window, so that cuts are in it. */
Test(oracle, agrees_on_text_of_this_machine)
{
    uint8_t *sample = malloc(SAMPLE_SIZE);
    size_t size = take_sample(sample, SAMPLE_SIZE);
    cr_assert(size > SAMPLE_SIZE / 2, "only %zu bytes of Perl and Python are here", size);
    check(sample, size, "sample.txt");
    free(sample);
    fprintf(stderr, "sample: %zu bytes, %zu findings; exempt: %zu wordy, %zu inner\n", size, found, wordy,
            inner);
}
