/*
 * Instructions lose every secret, whether it is known or only its hash, in the same way.
 */
#include "scan/mask.h"

#include "scan/secret.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct silt_array hits = {.item_size = sizeof(struct silt_hit)};
static struct silt_arena arena;

static void put_hit(const char *secret)
{
    struct silt_hit *hit = silt_array_put(&hits);
    cr_assert_not_null(hit);
    hit->secret = silt_span_text(secret);
    hit->secret_size = hit->secret.size;
    hit->redacted = silt_secret_redact(hit->secret, &arena);
    silt_secret_key(hit->secret, hit->key);
}

/* As they come from the cache. */
static void forget_secrets(void)
{
    for (size_t i = 0; i < hits.count; i++)
        ((struct silt_hit *)silt_array_at(&hits, i))->secret = (struct silt_span){0};
}

static const char *apply(const char *text)
{
    struct silt_mask mask = {0};
    cr_assert_eq(silt_mask_put(&mask, &hits, NULL), SILT_OK);
    silt_mask_finish(&mask);
    const char *masked = silt_mask_apply(&mask, text, &arena);
    silt_mask_clear(&mask);
    return masked;
}

static void clear(void)
{
    silt_array_clear(&hits);
    silt_arena_clear(&arena);
}

TestSuite(mask, .fini = clear);

Test(mask, masks_every_occurrence)
{
    put_hit("correcthorse");
    put_hit("abc");
    for (int turn = 0; turn < 2; turn++) {
        const char *masked = apply("A=correcthorse B=correcthorsecorrecthorse abc");
        cr_expect_str_eq(masked, "A=co****\xe2\x80\xa6se B=co****\xe2\x80\xa6seco****\xe2\x80\xa6se abc");
        cr_expect_null(apply(NULL));
        cr_expect_str_eq(apply("x"), "x");
        forget_secrets();
    }
}

Test(mask, a_key_by_its_first_line)
{
    put_hit("-----BEGIN RSA PRIVATE"
            " KEY-----\nMIIBsomething");
    const char *text = "RUN echo '-----BEGIN RSA PRIVATE"
                       " KEY-----\nMIIBsomething'; echo '-----BEGIN RSA PRIVATE"
                       " KEY-----\nMIIBother----'";
    const char *known = apply(text);
    cr_expect_null(strstr(known, "MIIBsomething"));
    cr_expect_not_null(strstr(known, "MIIBother"));
    forget_secrets();
    cr_expect_str_eq(apply(text), known);
}

/* Texts and secrets over few letters, so that they overlap and nearly match in every way. */
Test(mask, known_or_by_hash_gives_the_same)
{
    unsigned seed = 7;
    for (int turn = 0; turn < 300; turn++) {
        char secrets[6][32], text[400];
        for (size_t i = 0; i < 6; i++) {
            size_t size = 3 + (size_t)rand_r(&seed) % 10;
            for (size_t j = 0; j < size; j++)
                secrets[i][j] = (char)('a' + rand_r(&seed) % 2);
            secrets[i][size] = '\0';
            put_hit(secrets[i]);
        }
        for (size_t j = 0; j + 1 < sizeof text; j++)
            text[j] = (char)('a' + rand_r(&seed) % 2);
        text[sizeof text - 1] = '\0';
        const char *known = apply(text);
        forget_secrets();
        cr_assert_str_eq(apply(text), known);
        silt_array_clear(&hits);
    }
}

/* What would take minutes is withheld instead of shown or waited for. */
Test(mask, too_much_work_shows_nothing, .timeout = 60)
{
    enum { COUNT = 100, SIZE = 200000 };
    static char secrets[COUNT][12], text[SIZE];
    for (int i = 0; i < COUNT; i++) {
        snprintf(secrets[i], sizeof secrets[i], "aaa%04daaa", i);
        put_hit(secrets[i]);
    }
    memset(text, 'a', sizeof text - 1);
    forget_secrets();
    const char *masked = apply(text);
    cr_expect_not_null(strstr(masked, "not shown"));
    cr_expect_null(strstr(masked, "aaa"));
}
