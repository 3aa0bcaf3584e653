/*
 * Two halves of a login find each other, near in a file and anywhere in an image's documents.
 */
#include "scan/pair.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <unistd.h>

/* Order of the set is that of the ids. The first names the others but the last. */
static const char *const ids[] = {"acme.id", "acme.key-pair", "acme.secret", "other.secret"};

enum { ACME_ID, ACME_KEY_PAIR, ACME_SECRET, OTHER_SECRET, COUNT, WITHIN = 100 };

static struct silt_signatures *open_set(void)
{
    struct silt_signatures *set = NULL;
    char path[] = "/tmp/silt-pair-XXXXXX";
    FILE *file = fdopen(mkstemp(path), "w");
    cr_assert_not_null(file);
    fputs("{\"schema\": \"silt.signatures/1\", \"signatures\": [", file);
    for (int i = 0; i < COUNT; i++)
        fprintf(file,
                "%s{\"id\": \"%s\", \"name\": \"n\", \"provider\": \"p\", \"severity\": \"high\", "
                "\"confidence\": \"medium\", \"pattern\": \"(abcd)\", %s\"description\": \"d\", "
                "\"remediation\": \"r\", \"references\": [\"https://example.com/\"], "
                "\"examples\": {\"match\": [\"abcd\", \"abcd\"], \"no_match\": [\"x\", \"y\"]}}",
                i > 0 ? "," : "", ids[i],
                i == ACME_ID ? "\"companion\": {\"signature\": \"acme.{secret,key-pair}\", \"within\": 100}, "
                             : "");
    fputs("]}", file);
    fclose(file);
    struct silt_error error = {0};
    cr_assert_eq(silt_signatures_new(&set, NULL), SILT_OK);
    cr_assert_eq(silt_signatures_add(set, path, &error), SILT_OK, "%s", error.message);
    unlink(path);
    return set;
}

static struct silt_hit *put_hit(struct silt_array *hits, size_t signature, uint64_t offset,
                                enum silt_confidence confidence)
{
    struct silt_hit *hit = silt_array_put(hits);
    cr_assert_not_null(hit);
    *hit = (struct silt_hit){.secret_size = 4, .offset = offset};
    hit->match.signature = signature;
    hit->match.confidence = confidence;
    return hit;
}

/* Joins and compares each hit's mate (index plus 1) and confidence, given as digits and the letters l, m, h.
 */
static void check(struct silt_array *hits, size_t first, const char *expected)
{
    struct silt_signatures *set = open_set();
    char joined[64] = "";
    silt_pair_join(hits, first, set);
    for (size_t i = 0; i < hits->count; i++) {
        const struct silt_hit *hit = silt_array_at(hits, i);
        size_t size = strlen(joined);
        snprintf(joined + size, sizeof joined - size, "%zu%c", hit->mate, "lmh"[hit->match.confidence]);
    }
    cr_expect_str_eq(joined, expected);
    silt_signatures_free(set);
    silt_array_clear(hits);
}

static struct silt_array new_hits(void)
{
    return (struct silt_array){.item_size = sizeof(struct silt_hit)};
}

Test(pair, halves_within_reach_are_high)
{
    struct silt_array hits = new_hits();
    put_hit(&hits, ACME_ID, 10, SILT_CONFIDENCE_LOW);
    put_hit(&hits, ACME_SECRET, 14 + WITHIN, SILT_CONFIDENCE_LOW);
    check(&hits, 0, "2h1h");
    hits = new_hits();
    put_hit(&hits, ACME_SECRET, 10, SILT_CONFIDENCE_LOW);
    put_hit(&hits, ACME_ID, 14 + WITHIN, SILT_CONFIDENCE_MEDIUM);
    check(&hits, 0, "2h1h");
}

Test(pair, a_lone_half_is_medium_at_most)
{
    struct silt_array hits = new_hits();
    put_hit(&hits, ACME_ID, 10, SILT_CONFIDENCE_HIGH);
    put_hit(&hits, ACME_SECRET, 15 + WITHIN, SILT_CONFIDENCE_HIGH);
    put_hit(&hits, OTHER_SECRET, 20, SILT_CONFIDENCE_HIGH);
    check(&hits, 0, "0m0h0h");
    hits = new_hits();
    put_hit(&hits, ACME_ID, 10, SILT_CONFIDENCE_LOW);
    check(&hits, 0, "0l");
}

Test(pair, the_nearest_is_taken_and_a_failed_check_stays_low)
{
    struct silt_array hits = new_hits();
    put_hit(&hits, ACME_SECRET, 0, SILT_CONFIDENCE_LOW);
    put_hit(&hits, ACME_ID, 60, SILT_CONFIDENCE_LOW)->match.validation = SILT_VALIDATION_INVALID;
    put_hit(&hits, ACME_KEY_PAIR, 80, SILT_CONFIDENCE_LOW);
    check(&hits, 0, "0l3l2h");
}

Test(pair, only_hits_of_the_same_content_count)
{
    struct silt_array hits = new_hits();
    put_hit(&hits, ACME_SECRET, 10, SILT_CONFIDENCE_LOW);
    put_hit(&hits, ACME_ID, 20, SILT_CONFIDENCE_HIGH);
    check(&hits, 1, "0l0m");
}

Test(pair, variables_of_an_image_are_near_each_other)
{
    struct silt_array hits = new_hits();
    put_hit(&hits, ACME_ID, 4000, SILT_CONFIDENCE_LOW)->origin = SILT_ORIGIN_ENV;
    put_hit(&hits, ACME_SECRET, 1, SILT_CONFIDENCE_LOW)->origin = SILT_ORIGIN_LABEL;
    put_hit(&hits, ACME_SECRET, 1, SILT_CONFIDENCE_LOW)->origin = SILT_ORIGIN_ENV;
    check(&hits, 0, "3h0l1h");
}
