/*
 * Costs: dear signatures come first, each or in their group; measuring can be stopped.
 */
#include <silt/scanner.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SIGNATURES = 32 };

static char dir[] = "/tmp/silt-cost-XXXXXX";
static char corpus[64];
static struct silt_signatures *set;
static struct silt_ruleset *ruleset;
static struct silt_costs costs;
static struct silt_error error;

static void put_signature(FILE *file, const char *id, const char *pattern)
{
    fprintf(file,
            "%c{\"id\":\"%s\",\"name\":\"N\",\"provider\":\"P\",\"severity\":\"high\",\"confidence\":\"low\","
            "\"description\":\"D\",\"remediation\":\"R\",\"min_score\":1,\"pattern\":\"%s\"}",
            ftell(file) > 60 ? ',' : ' ', id, pattern);
}

/* Many that ask for letters of their own, and two that look at words: one has many candidates, one has none.
 */
static void write_signatures(const char *path)
{
    FILE *file = fopen(path, "w");
    fputs("{\"schema\":\"silt.signatures/1\",\"signatures\":[", file);
    put_signature(file, "a.dear", "[a-z]{2}e[a-z]{1,9} [a-z]{1,9}");
    put_signature(file, "a.seldom",
                  "(?:[a-z]{2,9} ){3,9}[0-9]{9}\",\"prefilter\":\"(?:[a-z]{2,9} ){3,9}[0-9]");
    for (int i = 0; i < SIGNATURES - 2; i++) {
        char id[32], pattern[64];
        snprintf(id, sizeof id, "cheap.n%d", i);
        snprintf(pattern, sizeof pattern, "tok%d_[0-9a-f]{20}", i);
        put_signature(file, id, pattern);
    }
    fputs("]}", file);
    fclose(file);
}

static void write_corpus(void)
{
    FILE *file = fopen(corpus, "w");
    srand(3);
    for (int i = 0; i < 80000; i++) {
        for (int length = 2 + rand() % 8; length > 0; length--)
            fputc("etaoinshrdlu"[rand() % 12], file);
        fputc(rand() % 10 > 0 ? ' ' : '\n', file);
    }
    fclose(file);
}

static void set_up(void)
{
    char path[64];
    cr_assert_not_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/s.json", dir);
    snprintf(corpus, sizeof corpus, "%s/corpus.txt", dir);
    write_signatures(path);
    write_corpus();
    cr_assert_eq(silt_signatures_new(&set, NULL), SILT_OK);
    cr_assert_eq(silt_signatures_add(set, path, &error), SILT_OK, "%s", error.message);
    cr_assert_eq(silt_ruleset_open(set, NULL, &ruleset, &error), SILT_OK, "%s", error.message);
}

static void tear_down(void)
{
    char command[128];
    silt_costs_clear(&costs);
    silt_ruleset_free(ruleset);
    silt_signatures_free(set);
    snprintf(command, sizeof command, "rm -rf %s", dir);
    cr_assert_eq(system(command), 0);
}

TestSuite(cost, .init = set_up, .fini = tear_down, .timeout = 120);

static const struct silt_cost *find(const char *id)
{
    for (size_t i = 0; i < costs.count; i++)
        if (strcmp(costs.items[i].signature->id, id) == 0)
            return &costs.items[i];
    cr_assert_fail("%s has no cost", id);
    return NULL;
}

Test(cost, finds_the_dear_ones)
{
    cr_assert_eq(silt_cost_measure(ruleset, corpus, 0, NULL, NULL, &costs, &error), SILT_OK, "%s",
                 error.message);
    cr_assert_eq(costs.count, SIGNATURES);
    cr_expect_str_eq(costs.items[0].signature->id, "a.dear");
    cr_expect_gt(costs.items[0].share, 0.3);
    cr_expect_gt(costs.items[0].candidates, 1000);
    cr_expect_gt(costs.items[0].confirm_ns, 0);
    cr_expect_eq(costs.items[0].group, 1);
    cr_expect_lt(find("cheap.n7")->share, 0.05);
    cr_expect_eq(find("cheap.n7")->candidates, 0);
}

/* What matching looks for it by is dear, though nothing comes of it. */
Test(cost, finds_the_dear_ones_without_candidates)
{
    silt_ruleset_free(ruleset);
    ruleset = NULL;
    cr_assert_eq(silt_signatures_disable(set, (const char *[]){"a.dear", NULL}, &error), SILT_OK);
    cr_assert_eq(silt_ruleset_open(set, NULL, &ruleset, &error), SILT_OK, "%s", error.message);
    cr_assert_eq(silt_cost_measure(ruleset, corpus, 0, NULL, NULL, &costs, &error), SILT_OK, "%s",
                 error.message);
    cr_expect_str_eq(costs.items[0].signature->id, "a.seldom");
    cr_expect_eq(costs.items[0].candidates, 0);
    cr_expect_eq(costs.items[0].group, 1);
    cr_expect_gt(costs.items[0].share, 0.3);
}

/* The groups are all of the signatures, however many trials there are. */
Test(cost, says_something_of_every_signature)
{
    cr_assert_eq(silt_cost_measure(ruleset, corpus, 3, NULL, NULL, &costs, &error), SILT_OK, "%s",
                 error.message);
    double groups = 0;
    for (size_t i = 0; i < costs.count; i++) {
        cr_expect_gt(costs.items[i].group, 0);
        cr_expect_leq(costs.items[i].match_ns, costs.items[i].group_ns);
        groups += 1.0 / costs.items[i].group;
    }
    cr_expect_float_eq(groups, 16, 0.001);
}

static bool stop_at(void *context, double part)
{
    cr_expect(part >= 0 && part <= 1.01);
    return part < *(double *)context;
}

Test(cost, can_be_stopped)
{
    static const double parts[] = {0, 0.15};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        double part = parts[i];
        cr_expect_eq(silt_cost_measure(ruleset, corpus, 0, stop_at, &part, &costs, &error),
                     SILT_ERR_CANCELLED);
        cr_expect_null(costs.items);
    }
}

Test(cost, needs_something_to_match)
{
    FILE *file = fopen(corpus, "w");
    fclose(file);
    cr_expect_eq(silt_cost_measure(ruleset, corpus, 0, NULL, NULL, &costs, &error), SILT_ERR_USAGE);
    cr_expect(strstr(error.message, "corpus.txt") != NULL, "%s", error.message);
    cr_assert_eq(unlink(corpus), 0);
    cr_expect_neq(silt_cost_measure(ruleset, corpus, 0, NULL, NULL, &costs, &error), SILT_OK);
}
