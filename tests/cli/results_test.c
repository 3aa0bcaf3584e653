/*
 * results_test.c: what the sink was lent is kept, in order, without secrets unless they are wanted.
 */
#include "results.h"

#include "sample.h"

#include <criterion/criterion.h>

static struct silt_results results;

static void begin(void)
{
    const struct silt_target_info info = {"x.tar", SILT_TARGET_IMAGE, &sample_image};
    cr_assert(silt_results_begin(&results, &info));
}

static void end(bool is_complete)
{
    cr_assert(silt_results_end(&results, &(struct silt_coverage){.is_complete = is_complete}));
}

static void clear(void)
{
    silt_results_clear(&results);
    memset(&results, 0, sizeof results);
}

TestSuite(results, .fini = clear);

Test(results, keep_copies_in_the_order_of_places)
{
    char path[] = "b";
    begin();
    for (int i = 9; i >= 0; i--) {
        struct silt_finding finding =
            sample_finding(&sample_token, i / 4, (struct silt_span){(const uint8_t *)path, 1});
        path[0] = (char)('a' + i % 4);
        cr_assert(silt_results_put_finding(&results, &finding));
        path[0] = '?';
    }
    end(true);
    const struct silt_results_target *target = &results.targets[0];
    cr_assert_eq(target->finding_count, 10);
    for (int i = 0; i < 10; i++) {
        cr_expect_eq(target->findings[i].place.layer, i / 4);
        cr_expect_eq(target->findings[i].place.path.data[0], 'a' + i % 4);
        cr_expect_eq(target->findings[i].secret.size, 0);
    }
    cr_expect(silt_results_is_complete(&results));
}

Test(results, keep_secrets_when_wanted)
{
    results.keeps_secrets = true;
    struct silt_finding finding = sample_finding(&sample_token, 0, SPAN("a"));
    begin();
    cr_assert(silt_results_put_finding(&results, &finding));
    cr_expect_neq(results.targets[0].findings[0].secret.data, finding.secret.data);
    cr_expect_eq(results.targets[0].findings[0].secret.size, finding.secret.size);
}

Test(results, skips_of_content_and_problems_make_it_incomplete)
{
    struct silt_skip skip = {SILT_SKIP_SPECIAL, {.path = SPAN("dev/null")}, 0, ""};
    begin();
    cr_assert(silt_results_put_skip(&results, &skip));
    end(true);
    cr_expect(silt_results_is_complete(&results));
    begin();
    skip.reason = SILT_SKIP_DEPTH;
    cr_assert(silt_results_put_skip(&results, &skip));
    end(true);
    cr_expect_not(silt_results_is_complete(&results));
    clear();
    begin();
    cr_assert(silt_results_put_problem(&results, &(struct silt_problem){.message = "x"}));
    end(true);
    cr_expect_not(silt_results_is_complete(&results));
    clear();
    begin();
    cr_expect_not(silt_results_is_complete(&results), "it has not ended");
}

Test(results, count_skips_that_are_not_kept)
{
    struct silt_skip skip = {SILT_SKIP_LINK, {.path = SPAN("a")}, 0, ""};
    begin();
    for (size_t i = 0; i < SILT_RESULTS_MOST_SKIPS + 7; i++)
        cr_assert(silt_results_put_skip(&results, &skip));
    cr_expect_eq(results.targets[0].skip_count, SILT_RESULTS_MOST_SKIPS);
    cr_expect_eq(results.targets[0].skips_by_reason[SILT_SKIP_LINK], SILT_RESULTS_MOST_SKIPS + 7);
}

Test(results, a_target_that_cannot_be_opened_is_there)
{
    cr_assert(silt_results_fail(&results, "oci:nowhere", SILT_ERR_NOT_FOUND, "no such directory"));
    cr_assert_eq(results.count, 1);
    cr_expect_eq(results.targets[0].info.kind, SILT_TARGET_IMAGE);
    cr_expect_eq(results.targets[0].problem_count, 1);
    cr_expect_not(silt_results_is_complete(&results));
    begin();
    cr_assert(silt_results_fail(&results, "x.tar", SILT_ERR_IO, "broke off"));
    cr_expect_eq(results.count, 2, "the one that had begun was ended");
}

Test(results, layers_with_a_blob_go_before_empty_ones)
{
    const struct silt_target_info info = {"x", SILT_TARGET_IMAGE, &sample_image};
    cr_expect_eq(silt_results_layer(&info, 1), &sample_layers[1]);
    cr_expect_null(silt_results_layer(&info, 9));
    cr_expect_null(silt_results_layer(&info, -1));
    cr_expect_null(silt_results_layer(&(struct silt_target_info){"x", SILT_TARGET_FILE, NULL}, 0));
}
