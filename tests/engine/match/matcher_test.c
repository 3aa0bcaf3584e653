/*
 * The matcher: all candidates, those of a rule in order of their ends, and a bound on floods.
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
    size_t last[4] = {0}, count[4] = {0};
    for (size_t i = 0; i < found.count; i++) {
        const struct silt_candidate *one = &found.items[i];
        cr_expect_geq(one->end, last[one->rule]);
        last[one->rule] = one->end;
        count[one->rule]++;
    }
    cr_expect(count[0] == 5 && count[1] == 1 && count[2] == 0 && count[3] == 1);
    cr_expect(last[1] == 6 && last[3] == 8);
    cr_assert_eq(silt_matcher_find(matcher, silt_span_of("", 0), &found, NULL), SILT_OK);
    cr_expect_eq(found.count, 0);
    cr_assert_eq(silt_matcher_find(matcher, silt_span_text("1key12"), &found, NULL), SILT_OK);
    size_t keys = 0;
    for (size_t i = 0; i < found.count; i++)
        keys += found.items[i].rule == 2 && found.items[i].end == 6;
    cr_expect_eq(keys, 1);
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
