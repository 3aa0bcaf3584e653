/*
 * Which digest is where, as manifests tell it that do not agree.
 */
#include "registry/holdings.h"

#include <criterion/criterion.h>

#define A "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C "sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"

static void learn(struct silt_holdings *holdings, const char *repository, const char *digest,
                  const char *text)
{
    struct silt_pulled pulled = {0};
    struct silt_error error = {0};
    cr_assert_eq(silt_json_parse(silt_span_text(text), 1 << 20, &pulled.root, &error), SILT_OK, "%s",
                 error.message);
    cr_assert_eq(silt_buffer_append(&pulled.text, silt_span_text(text), NULL), SILT_OK);
    strcpy(pulled.digest, digest);
    cr_assert_eq(silt_holdings_learn(holdings, repository, &pulled, &error), SILT_OK, "%s", error.message);
    silt_pull_clear(&pulled);
}

Test(holdings, what_manifests_name)
{
    struct silt_holdings *holdings;
    struct silt_holding found;
    cr_assert_eq(silt_holdings_new(&holdings, NULL), SILT_OK);
    learn(holdings, "x/y", A,
          "{\"config\": {\"digest\": \"" B "\", \"size\": 7}, \"Layers\": [{\"digest\": \"" C "\"}]}");
    cr_assert(silt_holdings_find(holdings, A, &found));
    cr_expect(found.is_manifest && !found.is_blob && found.text.size > 0);
    cr_assert(silt_holdings_find(holdings, B, &found));
    cr_expect(found.is_blob && !found.is_manifest);
    cr_expect_eq(found.size, 7);
    cr_expect_str_eq(found.repository, "x/y");
    cr_assert(silt_holdings_find(holdings, C, &found));
    cr_expect_eq(found.size, -1);
    cr_expect_not(silt_holdings_find(holdings, "sha256:0", &found));
    silt_holdings_free(holdings);
}

Test(holdings, manifests_that_disagree)
{
    struct silt_holdings *holdings;
    struct silt_holding found;
    cr_assert_eq(silt_holdings_new(&holdings, NULL), SILT_OK);
    learn(holdings, "liar", A,
          "{\"manifests\": [{\"digest\": \"" C "\", \"size\": 5}, {\"digest\": \"../../x\"}, 7]}");
    learn(holdings, "honest", B, "{\"layers\": [{\"digest\": \"" C "\", \"size\": 9}]}");
    cr_assert(silt_holdings_find(holdings, C, &found));
    cr_expect(found.is_manifest && found.is_blob);
    cr_expect_eq(found.size, -1);
    cr_expect_not(silt_holdings_find(holdings, "../../x", &found));
    silt_holdings_free(holdings);
}
