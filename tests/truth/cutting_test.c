/*
 * The first truth: however content is cut into windows, the findings are those of one whole scan.
 *
 * Texts are made of planted tokens and noise, so that tokens stand at every distance from a cut.
 */
#include "base/array.h"
#include "scan/blob.h"
#include "stream/memory.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct silt_signatures *signatures;
static struct silt_ruleset *ruleset;

static void load(void)
{
    const struct silt_ruleset_paths paths = {SILT_BUILD_DIR "/share/silt/databases", NULL};
    struct silt_error error = {0};
    cr_assert_eq(silt_signatures_new(&signatures, NULL), SILT_OK);
    cr_assert_eq(silt_signatures_add(signatures, SILT_SOURCE_DIR "/signatures", &error), SILT_OK, "%s",
                 error.message);
    cr_assert_eq(silt_ruleset_open(signatures, &paths, &ruleset, &error), SILT_OK, "%s", error.message);
}

static void unload(void)
{
    silt_ruleset_free(ruleset);
    silt_signatures_free(signatures);
}

TestSuite(cutting, .init = load, .fini = unload);

static const char *const noise[] = {
    " ",           "\n",  "token = ", "password: ", "x", "the quick brown fox ", "\0",       "AKIA",
    "-----BEGIN ", "=",   "\"",       "ghp",        "_", "export KEY=",          "://user:", "@host",
    "\\n",         "eyJ", ".",        "sk-",
};

static size_t random_text(char *out, size_t size, unsigned *seed)
{
    size_t used = 0;
    while (used + 4096 < size) {
        unsigned kind = (unsigned)rand_r(seed) % 8;
        const char *piece;
        if (kind == 0) {
            size_t index = (size_t)rand_r(seed) % silt_signatures_count(signatures);
            const char *const *examples = silt_signatures_at(signatures, index)->examples_match;
            piece = examples[0] != NULL ? examples[0] : " ";
        } else {
            piece = noise[(size_t)rand_r(seed) % (sizeof noise / sizeof *noise)];
        }
        size_t length = strlen(piece);
        if (length > 4000)
            continue;
        memcpy(out + used, piece, length);
        used += length;
    }
    return used;
}

static struct silt_result *scan(struct silt_scan *shared, const char *text, size_t size, size_t window)
{
    struct silt_worker *worker;
    struct silt_result *result;
    struct silt_stream *stream;
    cr_assert_eq(silt_worker_new(shared, &worker, NULL), SILT_OK);
    cr_assert_eq(silt_result_new(&result, NULL), SILT_OK);
    cr_assert_eq(silt_memory_open(silt_span_of(text, size), &stream, NULL), SILT_OK);
    if (window > 0)
        silt_windower_set_size(worker->windower, window);
    worker->result = result;
    cr_assert_eq(silt_blob_scan_file(worker, stream, silt_span_text("a.txt"), NULL), SILT_OK);
    silt_stream_free(stream);
    silt_worker_free(worker);
    return result;
}

static void compare(const struct silt_result *whole, const struct silt_result *cut, size_t window)
{
    cr_assert_eq(whole->hits.count, cut->hits.count, "window %zu: %zu findings instead of %zu", window,
                 cut->hits.count, whole->hits.count);
    for (size_t i = 0; i < whole->hits.count; i++) {
        const struct silt_hit *a = silt_result_hit(whole, i), *b = silt_result_hit(cut, i);
        cr_assert_eq(a->match.signature, b->match.signature);
        cr_assert_eq(a->offset, b->offset);
        cr_assert_eq(a->line, b->line);
        cr_assert_eq(a->column, b->column);
        cr_assert(silt_span_equal(a->secret, b->secret));
        cr_assert_eq(a->match.confidence, b->match.confidence);
    }
}

Test(cutting, gives_the_findings_of_one_whole_scan, .timeout = 240)
{
    enum { SIZE = 200000, ROUNDS = 12 };
    struct silt_scan_options options;
    silt_scan_options_init(&options);
    atomic_bool is_cancelled = false;
    struct silt_scan shared = {.ruleset = ruleset, .options = &options, .is_cancelled = &is_cancelled};
    cr_assert_eq(silt_judge_new(signatures, &shared.judge, NULL), SILT_OK);
    silt_scan_init(&shared);
    char *text = malloc(SIZE);
    size_t found = 0;
    for (unsigned seed = 1; seed <= ROUNDS; seed++) {
        unsigned state = seed;
        size_t size = random_text(text, SIZE, &state);
        struct silt_result *whole = scan(&shared, text, size, 0);
        found += whole->hits.count;
        for (int i = 0; i < 4; i++) {
            size_t window = 1 + (size_t)rand_r(&state) % (i < 2 ? 5000 : 60000);
            struct silt_result *cut = scan(&shared, text, size, window);
            compare(whole, cut, window);
            silt_result_free(cut);
        }
        silt_result_free(whole);
    }
    cr_expect(found > 100, "only %zu findings: the texts prove little", found);
    free(text);
    silt_judge_free(shared.judge);
}
