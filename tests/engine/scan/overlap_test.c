/*
 * Of several signatures on one secret the most telling one stays.
 */
#include "scan/overlap.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <unistd.h>

/* Order of the set is that of the ids. */
static const char *const ids[] = {"acme.key", "acme.store", "generic.any", "jwt.token"};

enum { ACME_KEY, ACME_STORE, GENERIC_ANY, JWT_TOKEN, COUNT };

static struct silt_signatures *open_set(void)
{
    struct silt_signatures *set = NULL;
    char path[] = "/tmp/silt-overlap-XXXXXX";
    FILE *file = fdopen(mkstemp(path), "w");
    cr_assert_not_null(file);
    fputs("{\"schema\": \"silt.signatures/1\", \"signatures\": [", file);
    for (int i = 0; i < COUNT; i++)
        fprintf(file,
                "%s{\"id\": \"%s\", \"name\": \"n\", \"provider\": \"p\", \"severity\": \"high\", "
                "\"confidence\": \"medium\", \"%s\": \"%s\", \"description\": \"d\", \"remediation\": \"r\", "
                "\"references\": [\"https://example.com/\"], "
                "\"examples\": {\"match\": [\"abcd\", \"abcd\"], \"no_match\": [\"x\", \"y\"]}}",
                i > 0 ? "," : "", ids[i], i == ACME_STORE ? "path" : "pattern",
                i == ACME_STORE ? "*.store" : "(abcd)");
    fputs("]}", file);
    fclose(file);
    struct silt_error error = {0};
    cr_assert_eq(silt_signatures_new(&set, NULL), SILT_OK);
    cr_assert_eq(silt_signatures_add(set, path, &error), SILT_OK, "%s", error.message);
    unlink(path);
    return set;
}

static struct silt_hit *put_hit(struct silt_array *hits, size_t signature, uint64_t offset,
                                const char *secret, enum silt_confidence confidence)
{
    struct silt_hit *hit = silt_array_put(hits);
    cr_assert_not_null(hit);
    *hit = (struct silt_hit){.secret = silt_span_text(secret), .offset = offset};
    hit->match.signature = signature;
    hit->match.confidence = confidence;
    return hit;
}

/* Resolves and compares the signatures that stay, given as digits. */
static void check_kept(struct silt_array *hits, size_t first, const char *expected)
{
    struct silt_signatures *set = open_set();
    char kept[16] = "";
    for (size_t i = 0; i < COUNT; i++)
        cr_assert_str_eq(silt_signatures_at(set, i)->id, ids[i]);
    silt_overlap_resolve(hits, first, set);
    for (size_t i = 0; i < hits->count; i++)
        snprintf(kept + i, sizeof kept - i, "%zu",
                 ((struct silt_hit *)silt_array_at(hits, i))->match.signature);
    cr_expect_str_eq(kept, expected);
    silt_signatures_free(set);
}

Test(overlap, an_issuers_own_wins_and_learns_from_the_others)
{
    struct silt_array hits = {.item_size = sizeof(struct silt_hit)};
    put_hit(&hits, GENERIC_ANY, 10, "abcdefgh", SILT_CONFIDENCE_MEDIUM);
    struct silt_hit *jwt = put_hit(&hits, JWT_TOKEN, 10, "abcdefgh", SILT_CONFIDENCE_HIGH);
    jwt->match.validation = SILT_VALIDATION_VALID;
    snprintf(jwt->match.detail, sizeof jwt->match.detail, "alg HS256");
    put_hit(&hits, ACME_KEY, 10, "abcdefgh", SILT_CONFIDENCE_LOW);
    check_kept(&hits, 0, "0");
    const struct silt_hit *hit = silt_array_at(&hits, 0);
    cr_expect_eq(hit->match.confidence, SILT_CONFIDENCE_HIGH);
    cr_expect_eq(hit->match.validation, SILT_VALIDATION_VALID);
    cr_expect_str_eq(hit->match.detail, "alg HS256");
    silt_array_clear(&hits);
}

Test(overlap, another_secret_teaches_nothing)
{
    struct silt_array hits = {.item_size = sizeof(struct silt_hit)};
    put_hit(&hits, GENERIC_ANY, 8, "xxabcdefgh", SILT_CONFIDENCE_HIGH);
    put_hit(&hits, ACME_KEY, 10, "abcdefgh", SILT_CONFIDENCE_LOW);
    check_kept(&hits, 0, "0");
    cr_expect_eq(((struct silt_hit *)silt_array_at(&hits, 0))->match.confidence, SILT_CONFIDENCE_LOW);
    silt_array_clear(&hits);
}

Test(overlap, neighbours_files_and_earlier_contents_stay)
{
    struct silt_array hits = {.item_size = sizeof(struct silt_hit)};
    put_hit(&hits, GENERIC_ANY, 0, "abcdefgh", SILT_CONFIDENCE_LOW);
    put_hit(&hits, ACME_KEY, 8, "abcd", SILT_CONFIDENCE_LOW);
    put_hit(&hits, GENERIC_ANY, 0, "abcdefgh", SILT_CONFIDENCE_LOW);
    put_hit(&hits, ACME_STORE, 0, "abcdefghabcdefgh", SILT_CONFIDENCE_HIGH);
    check_kept(&hits, 1, "2120");
    silt_array_clear(&hits);
}

Test(overlap, two_small_ones_come_out_of_a_long_generic_one)
{
    struct silt_array hits = {.item_size = sizeof(struct silt_hit)};
    put_hit(&hits, GENERIC_ANY, 0, "abcd:abcd:abcd:abcd", SILT_CONFIDENCE_HIGH);
    put_hit(&hits, ACME_KEY, 5, "abcd", SILT_CONFIDENCE_MEDIUM);
    put_hit(&hits, ACME_KEY, 15, "abcd", SILT_CONFIDENCE_MEDIUM);
    check_kept(&hits, 0, "00");
    silt_array_clear(&hits);
}
