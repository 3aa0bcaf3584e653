/*
 * The matcher: all candidates, in order of their ends, and a bound on floods.
 */
#include "match/matcher.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

static struct silt_signatures *set;
static struct silt_ruleset *ruleset;
static struct silt_matcher *matcher;

static void set_up(void)
{
    char path[] = "/tmp/silt-matcher-XXXXXX.json";
    int fd = mkstemps(path, 5);
    FILE *file = fdopen(fd, "w");
    fprintf(file, "{\"schema\":\"silt.signatures/1\",\"signatures\":[");
    static const char *const patterns[] = {"[a-z]", "zz_top", "(?:key|k)[0-9]{2}", "(?s).\\\\x00\\\\xff"};
    for (int i = 0; i < 4; i++)
        fprintf(file,
                "%s{\"id\":\"a.p%d\",\"name\":\"N\",\"provider\":\"P\",\"severity\":\"low\",\"confidence\":"
                "\"low\","
                "\"description\":\"D\",\"remediation\":\"R\",\"pattern\":\"%s\"}",
                i > 0 ? "," : "", i, patterns[i]);
    fprintf(file, "]}");
    fclose(file);
    struct silt_error error = {0};
    cr_assert_eq(silt_signatures_new(&set, NULL), SILT_OK);
    cr_assert_eq(silt_signatures_add(set, path, &error), SILT_OK, "%s", error.message);
    unlink(path);
    cr_assert_eq(silt_ruleset_open(set, NULL, &ruleset, &error), SILT_OK, "%s", error.message);
    cr_assert_eq(silt_matcher_new(ruleset, &matcher, NULL), SILT_OK);
}

static void tear_down(void)
{
    silt_matcher_free(matcher);
    silt_ruleset_free(ruleset);
    silt_signatures_free(set);
}

TestSuite(matcher, .init = set_up, .fini = tear_down);

Test(matcher, finds_all_in_order)
{
    struct silt_candidates found;
    cr_assert_eq(silt_matcher_find(matcher, silt_span_of("zz_top\0\xff", 8), &found, NULL), SILT_OK);
    cr_assert_eq(found.count, 7);
    for (size_t i = 1; i < found.count; i++)
        cr_expect_leq(found.items[i - 1].end, found.items[i].end);
    cr_expect(found.items[6].rule == 3 && found.items[6].end == 8);
    cr_assert_eq(silt_matcher_find(matcher, silt_span_of("", 0), &found, NULL), SILT_OK);
    cr_expect_eq(found.count, 0);
    cr_assert_eq(silt_matcher_find(matcher, silt_span_text("1key12"), &found, NULL), SILT_OK);
    cr_expect_eq(found.items[found.count - 1].end, 6);
}

Test(matcher, stands_a_flood_up_to_its_bound)
{
    size_t size = (4 << 20) + 10;
    char *text = malloc(size);
    memset(text, 'x', size);
    struct silt_candidates found;
    struct silt_error error = {0};
    cr_expect_eq(silt_matcher_find(matcher, silt_span_of(text, size), &found, &error), SILT_ERR_LIMIT);
    cr_expect_eq(found.count, 0);
    cr_assert_eq(silt_matcher_find(matcher, silt_span_of(text, 1 << 20), &found, NULL), SILT_OK);
    cr_expect_eq(found.count, 1 << 20);
    free(text);
}
