/*
 * Anchors: for every match of a pattern by PCRE2 one of its anchors ends in [start + least, start + most],
 * with what must follow it. Checked on patterns picked for their traps and on random ones.
 */
#include "match/anchor.h"

#include "match/values.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <criterion/criterion.h>
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

static bool stands_at(const struct silt_anchor *anchor, const char *text, size_t size)
{
    if (size < anchor->size)
        return false;
    return (anchor->is_caseless ? strncasecmp : strncmp)(text, (const char *)anchor->bytes, anchor->size) ==
           0;
}

static bool has_next(const struct silt_anchors *anchors, const char *text, size_t end, size_t size)
{
    if (end < size && !silt_charset_has(&anchors->next, (uint8_t)text[end]))
        return false;
    for (size_t i = 0; i < anchors->follow; i++)
        if (end + i >= size || !silt_values_has((uint8_t)text[end + i]))
            return false;
    return true;
}

static bool has_at(const char *text, size_t end, size_t size)
{
    for (; end < size && !silt_shape_ends_authority((uint8_t)text[end]); end++)
        if (text[end] == '@')
            return true;
    return false;
}

/* Whether an anchor ends where it must for a match that starts at `start`. */
static bool has_anchor(const struct silt_anchors *anchors, const char *text, size_t start, size_t size)
{
    for (size_t end = start + anchors->least; end <= size && end <= start + anchors->most; end++)
        for (size_t i = 0; i < anchors->items.count; i++) {
            const struct silt_anchor *anchor = silt_array_at(&anchors->items, i);
            if (end >= anchor->size && stands_at(anchor, text + end - anchor->size, anchor->size) &&
                has_next(anchors, text, end, size) && (!anchor->needs_at || has_at(text, end, size)))
                return true;
        }
    return false;
}

/* Checks a match at every start, and answers how many there are. */
static int check_matches(const char *pattern, const struct silt_anchors *anchors, const char *text,
                         size_t size)
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
        cr_assert(end - start <= anchors->width, "%s: wider than %u", pattern, anchors->width);
        cr_assert(anchors->items.count == 0 || has_anchor(anchors, text, start, size),
                  "pattern %s\nno anchor for %zu to %zu of %s", pattern, start, end, text);
    }
    pcre2_match_data_free(data);
    pcre2_code_free(code);
    return count;
}

static int check(const char *pattern, const char *text, size_t size)
{
    struct silt_anchors anchors;
    struct silt_error error = {0};
    cr_assert_eq(silt_anchor_derive(pattern, "", &anchors, &error), SILT_OK, "%s: %s", pattern,
                 error.message);
    int count = check_matches(pattern, &anchors, text, size);
    silt_anchor_clear(&anchors);
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

Test(anchor, covers_tricky_patterns)
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
    struct silt_anchors anchors;
    enum silt_status status = silt_anchor_derive(maker.pattern, "", &anchors, NULL);
    silt_anchor_clear(&anchors);
    cr_expect(status == SILT_OK || status == SILT_ERR_USAGE, "%s", maker.pattern);
    return status == SILT_OK ? check(maker.pattern, maker.text, maker.text_size) : 0;
}

Test(anchor, covers_random_patterns, .timeout = 120)
{
    int matches = 0;
    for (unsigned long long seed = 1; seed <= 300; seed++)
        matches += check_random(seed);
    cr_expect_gt(matches, 100, "only %d matches", matches);
}

static void expect_anchors(const char *pattern, const char *texts, uint32_t least, uint32_t most)
{
    struct silt_anchors anchors;
    char found[512] = "";
    cr_assert_eq(silt_anchor_derive(pattern, "", &anchors, NULL), SILT_OK);
    for (size_t i = 0; i < anchors.items.count; i++) {
        const struct silt_anchor *anchor = silt_array_at(&anchors.items, i);
        size_t size = strlen(found);
        snprintf(found + size, sizeof found - size, "%s%s%.*s", i > 0 ? " " : "",
                 anchor->is_caseless ? "~" : "", anchor->size, (const char *)anchor->bytes);
    }
    cr_expect_str_eq(found, texts, "%s: %s", pattern, found);
    cr_expect(anchors.least == least && anchors.most == most, "%s: %u to %u", pattern, anchors.least,
              anchors.most);
    silt_anchor_clear(&anchors);
}

Test(anchor, takes_what_is_rarest)
{
    expect_anchors("\\b(ghp_[0-9A-Za-z]{36})\\b", "ghp_", 4, 4);
    expect_anchors("[a-z0-9]{14}\\.atlasv1\\.[a-z]{60}", ".atlasv1.", 23, 23);
    expect_anchors("sk-[a-z]{20,74}T3BlbkFJ[a-z]{20,74}", "T3BlbkFJ", 31, 85);
    expect_anchors("(?i:vendor|acme)[\\w.-]{0,20}key=", "key=", 8, 30);
    expect_anchors("(?:pass|p)[_-]?word:", "password: pass-word: pass_word: pword: p-word: p_word:", 6, 10);
    expect_anchors("db[ ]{0,2}=[ ]{0,2}x", "db=x db= x db=  x db =x db = x db =  x db  =x db  = x db  =  x",
                   4, 8);
    expect_anchors("(?i:redis|amqp)(?:\\+\\w{2,8})?://[^\\s:/@\"'<>]{0,9}:([^\\s/@'\"<>]{4,20})@", "://", 7,
                   17);
    expect_anchors("[0-9a-z]{32}", "", UINT32_MAX, 0);
}

Test(anchor, tells_widths)
{
    struct silt_anchors anchors;
    cr_assert_eq(silt_anchor_derive("ghp_[a-z]{36,}", "", &anchors, NULL), SILT_OK);
    cr_expect_eq(anchors.width, UINT32_MAX);
    silt_anchor_clear(&anchors);
    cr_assert_eq(silt_anchor_derive("(?:ab?){3}(c|de)(\\2)x", "", &anchors, NULL), SILT_OK);
    silt_anchor_clear(&anchors);
    cr_assert_eq(silt_anchor_derive("(?:ab?){3}(c|de)\\1x", "", &anchors, NULL), SILT_OK);
    cr_expect_eq(anchors.width, 6 + 2 + 2 + 1);
    silt_anchor_clear(&anchors);
}

Test(anchor, refuses_patterns_that_match_nothing)
{
    static const char *const patterns[] = {"(abc)?", "a{0}", "\\b", "x|", "", "(?=abc)"};
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        struct silt_anchors anchors;
        cr_expect_eq(silt_anchor_derive(patterns[i], "", &anchors, NULL), SILT_ERR_USAGE, "%s", patterns[i]);
        silt_anchor_clear(&anchors);
    }
}

Test(anchor, leaves_what_it_cannot_read_to_hyperscan)
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
        struct silt_anchors anchors;
        enum silt_status status = silt_anchor_derive(patterns[i], "", &anchors, NULL);
        cr_expect(status == SILT_ERR_USAGE || anchors.items.count == 0, "%s", patterns[i]);
        silt_anchor_clear(&anchors);
    }
}

Test(anchor, survives_deep_nesting)
{
    char pattern[40001];
    memset(pattern, '(', 20000);
    memset(pattern + 20000, ')', 20000);
    pattern[40000] = '\0';
    struct silt_anchors anchors;
    cr_assert_eq(silt_anchor_derive(pattern, "", &anchors, NULL), SILT_OK);
    cr_expect(anchors.items.count == 0);
    silt_anchor_clear(&anchors);
}
