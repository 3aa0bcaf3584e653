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

/* What is shown leads back to the ends, and nothing else passes for a redacted form. */
Test(secret, ends_are_what_is_shown)
{
    struct silt_span head, tail;
    silt_secret_ends(silt_span_text("01****\xe2\x80\xa6yz"), 14, &head, &tail);
    cr_expect(silt_span_is_text(head, "01") && silt_span_is_text(tail, "yz"));
    silt_secret_ends(silt_span_text("****"), 5, &head, &tail);
    cr_expect(head.size == 0 && tail.size == 0);
    silt_secret_ends(silt_span_text("-----BEGIN X"
                                    "-----****"),
                     500, &head, &tail);
    cr_expect(silt_span_is_text(head, "-----BEGIN X"
                                      "-----") &&
              tail.size == 0);
    cr_expect(silt_secret_is_redacted(silt_span_text("01****\xe2\x80\xa6yz"), 14));
    cr_expect_not(silt_secret_is_redacted(silt_span_text("0123456789abcd"), 14));
    cr_expect_not(silt_secret_is_redacted(silt_span_text("01****\xe2\x80\xa6yz"), 5));
    cr_expect_not(silt_secret_is_redacted(silt_span_text(""), 0));
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
