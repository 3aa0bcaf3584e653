/*
 * Hashes of common passwords are told, the first few of a blob.
 */
#include "scan/guess.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <unistd.h>

/* Of "root", by crypt(3). */
static const char hash[] = "$6$saltstring$"
                           "DdMx7.nV1ZynhlO7EO4TTn"
                           "5gJugAa.k4jN2nRFAlHDSs"
                           "A1gGewAT55AkcPA8aHi39q"
                           "iSEC/Jgxw6MZ0ls9OrM0";

static struct silt_signatures *open_set(const char *validator)
{
    struct silt_signatures *set = NULL;
    char path[] = "/tmp/silt-guess-XXXXXX";
    FILE *file = fdopen(mkstemp(path), "w");
    cr_assert_not_null(file);
    fprintf(
        file,
        "{\"schema\": \"silt.signatures/1\", \"signatures\": [{\"id\": \"a.hash\", \"name\": \"n\", "
        "\"provider\": \"p\", \"severity\": \"high\", \"confidence\": \"medium\", \"pattern\": \"(abcd)\", "
        "\"validators\": [\"%s\"], \"description\": \"d\", \"remediation\": \"r\", "
        "\"references\": [\"https://example.com/\"], "
        "\"examples\": {\"match\": [\"abcd\", \"abcd\"], \"no_match\": [\"x\", \"y\"]}}]}",
        validator);
    fclose(file);
    struct silt_error error = {0};
    cr_assert_eq(silt_signatures_new(&set, NULL), SILT_OK);
    cr_assert_eq(silt_signatures_add(set, path, &error), SILT_OK, "%s", error.message);
    unlink(path);
    return set;
}

static void put_hit(struct silt_result *result, const char *secret)
{
    struct silt_hit *hit = silt_array_put(&result->hits);
    cr_assert_not_null(hit);
    *hit = (struct silt_hit){.secret = silt_span_text(secret), .secret_size = strlen(secret)};
    hit->match.confidence = SILT_CONFIDENCE_LOW;
    snprintf(hit->match.detail, sizeof hit->match.detail, "SHA-512 crypt");
}

/* How many of `count` hits of the hash are known to be common. */
static size_t count_guessed(size_t count, const char *secret, const char *validator)
{
    struct silt_signatures *set = open_set(validator);
    struct silt_result *result;
    size_t guessed = 0;
    cr_assert_eq(silt_result_new(&result, NULL), SILT_OK);
    for (size_t i = 0; i < count; i++)
        put_hit(result, secret);
    silt_guess_passwords(result, 0, set);
    for (size_t i = 0; i < count; i++) {
        const struct silt_match *match = &silt_result_hit(result, i)->match;
        bool is_guessed = strcmp(match->detail, "SHA-512 crypt, of a very common password") == 0;
        cr_expect_eq(match->confidence, is_guessed ? SILT_CONFIDENCE_HIGH : SILT_CONFIDENCE_LOW);
        guessed += is_guessed;
    }
    silt_result_free(result);
    silt_signatures_free(set);
    return guessed;
}

Test(guess, says_which_hashes_are_of_common_passwords)
{
    char other[sizeof hash];
    memcpy(other, hash, sizeof hash);
    other[sizeof other - 2] ^= 1;
    cr_expect_eq(count_guessed(2, hash, "crypt-hash"), 2);
    cr_expect_eq(count_guessed(1, other, "crypt-hash"), 0);
    cr_expect_eq(count_guessed(1, hash, "hex"), 0, "not called a hash");
}

Test(guess, tries_only_the_first_few)
{
    cr_expect_eq(count_guessed(SILT_GUESS_MAX + 4, hash, "crypt-hash"), SILT_GUESS_MAX);
}
