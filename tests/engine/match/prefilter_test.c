/*
 * Prefilters: for every match of a pattern by PCRE2 there is a match of its prefilter by Hyperscan that ends
 * in (start, start + reach]. Checked on patterns picked for their traps and on random ones.
 */
#include "match/prefilter.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <criterion/criterion.h>
#include <hs/hs.h>
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

/* ends[i]: the prefilter has a match that ends at i. */
static int mark(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
    (void)id, (void)from, (void)flags;
    ((bool *)context)[to] = true;
    return 0;
}

/* False if Hyperscan finds the expression too large, as it does a few random ones. */
static bool find_ends(const struct silt_prefilter *prefilter, const char *text, size_t size, bool *ends)
{
    char expression[65536];
    snprintf(expression, sizeof expression, "%.*s", (int)prefilter->expression.size,
             (const char *)prefilter->expression.data);
    hs_database_t *database = NULL;
    hs_scratch_t *scratch = NULL;
    hs_compile_error_t *problem = NULL;
    unsigned flags = prefilter->is_approximate ? HS_FLAG_PREFILTER : 0;
    hs_error_t result = hs_compile(expression, flags, HS_MODE_BLOCK, NULL, &database, &problem);
    if (problem != NULL && strcmp(problem->message, "Pattern is too large.") == 0) {
        hs_free_compile_error(problem);
        return false;
    }
    cr_assert_eq(result, HS_SUCCESS, "%s: %s", problem != NULL ? problem->message : "", expression);
    cr_assert_eq(hs_alloc_scratch(database, &scratch), HS_SUCCESS);
    cr_assert_eq(hs_scan(database, text, (unsigned)size, 0, scratch, mark, ends), HS_SUCCESS);
    hs_free_scratch(scratch);
    hs_free_database(database);
    return true;
}

static bool has_end(const bool *ends, size_t start, size_t reach, size_t size)
{
    for (size_t end = start + 1; end <= size && end <= start + reach; end++)
        if (ends[end])
            return true;
    return false;
}

/* Checks a match at every start, and answers how many there are. */
static int check_matches(const char *pattern, const struct silt_prefilter *prefilter, const char *text,
                         size_t size, const bool *ends)
{
    int number, count = 0;
    size_t offset;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, 0, &number, &offset, NULL);
    if (code == NULL && number == 120) /* too large: a few random ones are */
        return 0;
    cr_assert_not_null(code, "%s: PCRE2 refuses it (%d)", pattern, number);
    pcre2_match_data *data = pcre2_match_data_create_from_pattern(code, NULL);
    for (size_t start = 0; start <= size; start++) {
        int rc = pcre2_match(code, (PCRE2_SPTR)text, size, start, PCRE2_ANCHORED, data, NULL);
        if (rc <= 0)
            continue;
        count++;
        size_t end = pcre2_get_ovector_pointer(data)[1];
        cr_assert(end - start <= prefilter->width, "%s: wider than %u", pattern, prefilter->width);
        cr_assert(has_end(ends, start, prefilter->reach, size),
                  "pattern %s\nprefilter %.*s\nreach %u\nno candidate for %zu to %zu of %s", pattern,
                  (int)prefilter->expression.size, (const char *)prefilter->expression.data, prefilter->reach,
                  start, end, text);
    }
    pcre2_match_data_free(data);
    pcre2_code_free(code);
    return count;
}

static int check(const char *pattern, const char *text, size_t size)
{
    struct silt_prefilter prefilter;
    struct silt_error error = {0};
    cr_assert_eq(silt_prefilter_derive(pattern, &prefilter, &error), SILT_OK, "%s: %s", pattern,
                 error.message);
    bool *ends = calloc(size + 1, sizeof *ends);
    int count = 0;
    if (find_ends(&prefilter, text, size, ends))
        count = check_matches(pattern, &prefilter, text, size, ends);
    free(ends);
    silt_prefilter_clear(&prefilter);
    return count;
}

/* Patterns and a text in which each must match. */
static const char *const tricky[][2] = {
    {"\\b(ghp_[0-9A-Za-z]{6})\\b", "x=ghp_abc123;ghp_000000"},
    {"(?i)adaFruit", "ADAFRUIT adafruit AdaFruit"},
    {"ada(?i)fruit(?-i)x", "adaFRUITx adafruitx"},
    {"(a|b(?i)c|d)eeee", "aeeee bCeeee Deeee"},
    {"(?i:key)-[0-9a-f]{4}", "KEY-12ab key-ffff"},
    {"(?x) dop _ v1 [ab]{2} # comment ) (\n_x", "dop_v1ab_x"},
    {"a.c(?s).d", "abcxd abc\nd"},
    {"(?s:a.c)x.y", "a\ncxzy"},
    {"\\Qa.b*\\E{3}[^\\W_]x", "a.b***1x"},
    {"\\Q(?x)[\\E+]", "(?x)[]"},
    {"[]a-c\\]-][[:alpha:]][[:^digit:]]\\x41\\x{42}\\103", "]x-ABC -zzABC"},
    {"[^]a]{2}[\\Q^-]\\E]z", "xx^z yy-z"},
    {"[\\w.-]{3}[a\\-z]!", "a-.-! zzzz!"},
    {"\\cA\\e\\t\\071\\o{71}", "\x01\x1b\t99"},
    {"\\d\\D\\w\\W\\s\\S\\h\\H\\v\\V\\N\\R", "1xa- a\tb\nab\r\n"},
    {"x{2,4}y{,2}z{3}", "xxxy{,2}zzz"},
    {"(?:a{2}){2}b{1,9}?c{0,9}+d??", "aaaab aaaabbccd"},
    {"(?:[a-z]{0,20}foo_x|bar_y{2,5})\\d", "zzfoo_x1 bar_yyyy2"},
    {"(?>foo|foob)ar(?:x|)(y)?", "fooar fooarxy"},
    {"(['\"])secret_[a-z]{4}\\1", "'secret_abcd' \"secret_efgh\""},
    {"(?<q>['\"])tok(?P=q)\\k<q>\\g{q}\\g1\\g{-1}", "'tok''''' \"tok\"\"\"\"\""},
    {"(a)?(?(1)bbbb|cccc)", "abbbb cccc"},
    {"(?(?=x)xy|z)eeee", "xyeeee zeeee"},
    {"(?|q(r)|s(t))uuu", "qruuu stuuu"},
    {"(?:(?<![0-9A-Za-z_])|(?<=\\\\[nrt])|(?<=%[0-9A-F]{2}))(xox[bp]-[0-9]{3,5})",
     "\\nxoxb-123 %20xoxp-12345"},
    {"(?=.*z)(?!abx)ab[a-z]{2}", "abcz"},
    {"[a-z0-9]{14}\\.atlasv1\\.[a-z]{6,7}", "abcdefgh012345.atlasv1.abcdefg"},
    {"[\\w.-]{0,50}?(?:adafruit)(?:[ \\t\\w.-]{0,20})=([a-z]{4})", "my.adafruit_key=abcd"},
    {"[0-9]{8,10}:AA[A-Za-z0-9_-]{5}", "1234567890:AAabcde"},
    {"[0-9a-f]{8}-us[0-9]{1,2}", "0123abcd-us12"},
    {"[A-Za-z0-9]{3,20}Q~[a-z]{4}", "abcdefQ~abcd"},
    {"sk-[A-Za-z0-9_-]{20,74}T3BlbkFJ[a-z]{4,9}", "sk-aaaaaaaaaabbbbbbbbbbT3BlbkFJabcd"},
    {"https?://[^\\s:/@]{1,64}:([^\\s:/@]{3,80})@example\\.(?:com|io)", "https://me:pass@example.io"},
    {"-----BEGIN (?:(?:RSA|EC) )?PRIVATE KEY-----[\\s\\S]{4,99}?-----END",
     "-----BEGIN RSA PRIVATE KEY-----\nabcd\n-----END -----BEGIN PRIVATE KEY-----\nabcd\n-----END"},
    {"eyJ[A-Za-z0-9_-]{10,200}\\.eyJ[a-z]{3,40}", "eyJaaaaaaaaaabbbbb.eyJccc"},
    {"(?:abc|d){2,3}efgh", "abcdefgh ddefgh"},
    {"\\p{Lu}\\pL[^\\p{Nd}]abcd", "XyZabcd"},
    {"(?#comment)a(?#another)+bcde(?:)", "aabcde"},
    {"(?n)(a|b)ccc(?<n>d)\\k<n>", "acccdd bcccdd"},
    {"x*abcd|e", "xxabcd e"},
    {"(?i)k\\x4bstra\\xdfe", "KkSTRA\xdf"
                             "e"},
};

Test(prefilter, covers_tricky_patterns)
{
    for (size_t i = 0; i < sizeof tricky / sizeof tricky[0]; i++)
        cr_expect_gt(check(tricky[i][0], tricky[i][1], strlen(tricky[i][1])), 0, "%s", tricky[i][0]);
}

/* A random pattern and a text that it matches, made side by side. */
struct maker {
    unsigned long long state;
    char pattern[8192], text[8192];
    size_t pattern_size, text_size;
    int depth;
};

static unsigned draw(struct maker *maker, unsigned below)
{
    maker->state = maker->state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(maker->state >> 33) % below;
}

static void put_pattern(struct maker *maker, const char *text)
{
    size_t size = strlen(text);
    if (maker->pattern_size + size < sizeof maker->pattern) {
        memcpy(maker->pattern + maker->pattern_size, text, size + 1);
        maker->pattern_size += size;
    }
}

static void put_text(struct maker *maker, const char *text)
{
    size_t size = strlen(text);
    if (maker->text_size + size < sizeof maker->text) {
        memcpy(maker->text + maker->text_size, text, size + 1);
        maker->text_size += size;
    }
}

static void make_sequence(struct maker *maker, bool is_text);

/* Atoms, and for each some texts that it matches. */
static const char *const atoms[][3] = {
    {"a", "a", "a"},
    {"b", "b", "b"},
    {"key", "key", "key"},
    {"-", "-", "-"},
    {"[ab]", "a", "b"},
    {"[0-9a-f]", "0", "f"},
    {"\\w", "z", "_"},
    {".", "q", "-"},
    {"(?i:tok)", "TOK", "tOk"},
    {"\\x41", "A", "A"},
    {"[^a]", "b", "\n"},
    {"\\b", "", ""},
    {"(?<!x)", "", ""},
    {"http", "http", "http"},
    {"://", "://", "://"},
    {"\\Qa+\\E", "a+", "a+"},
    {"[A-Za-z0-9_-]", "Q", "-"},
    {"\\.", ".", "."},
    {"(?s:.)", "\n", "x"},
    {"_live_", "_live_", "_live_"},
};

static void make_atom(struct maker *maker, bool is_text)
{
    if (maker->depth < 3 && draw(maker, 4) == 0) {
        static const char *const openers[] = {"(", "(?:", "(?>"};
        char opener[16];
        unsigned kind = draw(maker, 3);
        snprintf(opener, sizeof opener, "%s", openers[kind]);
        put_pattern(maker, opener);
        maker->depth++;
        unsigned branches = 1 + draw(maker, 3), chosen = draw(maker, branches);
        for (unsigned i = 0; i < branches; i++) {
            if (i > 0)
                put_pattern(maker, "|");
            make_sequence(maker, is_text && i == chosen);
        }
        maker->depth--;
        put_pattern(maker, ")");
        return;
    }
    unsigned i = draw(maker, sizeof atoms / sizeof atoms[0]);
    put_pattern(maker, atoms[i][0]);
    if (is_text)
        put_text(maker, atoms[i][1 + draw(maker, 2)]);
}

static void make_sequence(struct maker *maker, bool is_text)
{
    static const char *const quantifiers[] = {"?", "{0,12}", "{1}", "{1,3}", "{1,30}?", "{0,3}+", "??"};
    unsigned parts = 1 + draw(maker, 5);
    for (unsigned i = 0; i < parts; i++) {
        make_atom(maker, is_text);
        if (draw(maker, 3) != 0 || maker->pattern_size == 0)
            continue;
        char last = maker->pattern[maker->pattern_size - 1];
        if (last == 'b' && maker->pattern_size > 1 && maker->pattern[maker->pattern_size - 2] == '\\')
            continue;
        put_pattern(maker, quantifiers[draw(maker, 7)]);
    }
}

static int check_random(unsigned long long seed)
{
    struct maker maker = {.state = seed * 977 + 1};
    put_text(&maker, "ab key ");
    make_sequence(&maker, true);
    put_text(&maker, " aab-key");
    if (maker.pattern_size > 200)
        return 0;
    struct silt_prefilter prefilter;
    enum silt_status status = silt_prefilter_derive(maker.pattern, &prefilter, NULL);
    bool is_usable = status == SILT_OK && !prefilter.is_approximate;
    silt_prefilter_clear(&prefilter);
    cr_expect(is_usable || status == SILT_ERR_USAGE, "%s", maker.pattern);
    return is_usable ? check(maker.pattern, maker.text, maker.text_size) : 0;
}

Test(prefilter, covers_random_patterns, .timeout = 120)
{
    int matches = 0;
    for (unsigned long long seed = 1; seed <= 300; seed++)
        matches += check_random(seed);
    cr_expect_gt(matches, 100, "only %d matches", matches);
}

static void expect_derived(const char *pattern, const char *expression, unsigned reach)
{
    struct silt_prefilter prefilter;
    cr_assert_eq(silt_prefilter_derive(pattern, &prefilter, NULL), SILT_OK);
    cr_expect(silt_span_is_text(silt_buffer_span(&prefilter.expression), expression), "%s became %.*s",
              pattern, (int)prefilter.expression.size, (const char *)prefilter.expression.data);
    cr_expect_eq(prefilter.reach, reach, "%s: reach %u", pattern, prefilter.reach);
    silt_prefilter_clear(&prefilter);
}

Test(prefilter, keeps_what_is_selective)
{
    expect_derived("\\b(ghp_[0-9A-Za-z]{36})\\b", "(?:ghp_[0-9A-Za-z]{8})", 12);
    expect_derived("[a-z0-9]{14}\\.atlasv1\\.[a-z]{60}", "(?:\\x2eatlasv1\\x2e[a-z]{4})", 27);
    expect_derived("sk-[a-z]{20,74}T3BlbkFJ[a-z]{20,74}", "(?:T3BlbkFJ[a-z]{4})", 89);
    expect_derived("[0-9a-f]{32}-us[0-9]{1,2}", "(?:[0-9a-f]{32}\\x2dus[0-9])", 36);
    expect_derived("SG\\.[0-9a-z]{22}\\.[0-9a-z]{43}", "(?:SG\\x2e[0-9a-z]{22}\\x2e[0-9a-z]{8})", 34);
}

Test(prefilter, tells_widths)
{
    struct silt_prefilter prefilter;
    cr_assert_eq(silt_prefilter_derive("ghp_[a-z]{36,}", &prefilter, NULL), SILT_OK);
    cr_expect_eq(prefilter.width, UINT32_MAX);
    silt_prefilter_clear(&prefilter);
    cr_assert_eq(silt_prefilter_derive("(?:ab?){3}(c|de)(\\2)x", &prefilter, NULL), SILT_OK);
    silt_prefilter_clear(&prefilter);
    cr_assert_eq(silt_prefilter_derive("(?:ab?){3}(c|de)\\1x", &prefilter, NULL), SILT_OK);
    cr_expect_eq(prefilter.width, 6 + 2 + 2 + 1);
    silt_prefilter_clear(&prefilter);
}

Test(prefilter, refuses_patterns_that_match_nothing)
{
    static const char *const patterns[] = {"(abc)?", "a{0}", "\\b", "x|", "", "(?=abc)"};
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        struct silt_prefilter prefilter;
        cr_expect_eq(silt_prefilter_derive(patterns[i], &prefilter, NULL), SILT_ERR_USAGE, "%s", patterns[i]);
        silt_prefilter_clear(&prefilter);
    }
}

Test(prefilter, leaves_what_it_cannot_read_to_hyperscan)
{
    static const char *const patterns[] = {
        "(?R)",
        "a\\Kb",
        "(*UTF)a",
        "\\x{100}",
        "(a",
        "a)",
        "[a",
        "a\\",
        "(a\\1)",
        "\\1",
        "\\g<1>(a)",
        "x\\12",
        "[b-a]",
        "[[:foo:]]",
        "*a",
        "a{3,2}",
        "(?xx)[ ]",
        "(?P>n)a",
        "\\N{U+41}b",
        "[",
        "(?",
        "(?<",
        "\\x{",
        "\\Q",
        "\\p",
        "[[.a.]]",
        "(?(",
        "\\k",
        "\\c",
        "(?#",
        "a{2}{2}{2}{2}{2}{2}",
    };
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        struct silt_prefilter prefilter;
        enum silt_status status = silt_prefilter_derive(patterns[i], &prefilter, NULL);
        cr_expect(status == SILT_ERR_USAGE || prefilter.is_approximate, "%s", patterns[i]);
        silt_prefilter_clear(&prefilter);
    }
}

Test(prefilter, survives_deep_nesting)
{
    char pattern[40001];
    memset(pattern, '(', 20000);
    memset(pattern + 20000, ')', 20000);
    pattern[40000] = '\0';
    struct silt_prefilter prefilter;
    cr_assert_eq(silt_prefilter_derive(pattern, &prefilter, NULL), SILT_OK);
    cr_expect(prefilter.is_approximate);
    silt_prefilter_clear(&prefilter);
}
