/*
 * What may leave silt instead of a secret.
 */
#include "scan/secret.h"

#include <criterion/criterion.h>

static void check_redacted(const char *secret, const char *expected)
{
    struct silt_arena arena = {0};
    struct silt_span redacted = silt_secret_redact(silt_span_text(secret), &arena);
    cr_expect(silt_span_is_text(redacted, expected), "%s became %.*s", secret, (int)redacted.size,
              redacted.data);
    silt_arena_clear(&arena);
}

Test(secret, shows_at_most_a_third)
{
    check_redacted("hunter", "h****\xe2\x80\xa6r");
    check_redacted("abc", "****");
    check_redacted("0123456789abcdefghijklmnopqrstuvwxyz", "0123****\xe2\x80\xa6wxyz");
    check_redacted("-----BEGIN RSA PRIVATE"
                   " KEY-----\nMIIB",
                   "-----BEGIN RSA PRIVATE"
                   " KEY-----****");
}

Test(secret, masks_every_occurrence)
{
    struct silt_arena arena = {0};
    struct silt_array hits = {.item_size = sizeof(struct silt_hit)};
    struct silt_hit *hit = silt_array_put(&hits);
    hit->secret = silt_span_text("correcthorse");
    const char *masked = silt_secret_mask("A=correcthorse B=correcthorse", &hits, &arena);
    cr_expect(strstr(masked, "correcthorse") == NULL, "%s", masked);
    cr_expect(strstr(masked, "A=co****") != NULL, "%s", masked);
    cr_expect(silt_secret_mask(NULL, &hits, &arena) == NULL);
    silt_array_clear(&hits);
    silt_arena_clear(&arena);
}

Test(secret, fingerprint_is_about_place_and_secret)
{
    struct silt_spot spot = {.path = silt_span_text("etc/a")}, other = {.path = silt_span_text("etc/b")};
    struct silt_hit hit = {.spot = &spot, .offset = 3};
    char first[33], second[33];
    silt_secret_key(silt_span_text("x"), hit.key);
    silt_secret_fingerprint(&hit, (struct silt_span){0}, "a.b", first);
    hit.offset = 99;
    silt_secret_fingerprint(&hit, (struct silt_span){0}, "a.b", second);
    cr_expect_str_eq(first, second);
    hit.spot = &other;
    silt_secret_fingerprint(&hit, (struct silt_span){0}, "a.b", second);
    cr_expect_str_neq(first, second);
    silt_secret_fingerprint(&hit, silt_span_text("x.tar"), "a.b", first);
    cr_expect_str_neq(first, second);
}
