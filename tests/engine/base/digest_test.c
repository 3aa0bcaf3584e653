/*
 * SHA-256 and HMAC against the standards' own examples.
 */
#include "base/digest.h"
#include "base/hasher.h"

#include <criterion/criterion.h>

static void check(const struct silt_digest *digest, const char *expected)
{
    char text[SILT_DIGEST_TEXT_SIZE];
    silt_digest_print(digest, text);
    cr_expect_str_eq(text, expected);
}

/* FIPS 180-2, appendix B. */
Test(digest, sha256)
{
    struct silt_digest digest;
    silt_digest_of(silt_span_text("abc"), &digest);
    check(&digest, "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    silt_digest_of(silt_span_text(""), &digest);
    check(&digest, "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

/* RFC 4231, test case 2. */
Test(digest, hmac)
{
    struct silt_digest digest;
    silt_digest_hmac(silt_span_text("Jefe"), silt_span_text("what do ya want for nothing?"), &digest);
    check(&digest, "sha256:5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

Test(digest, parse)
{
    static const char good[] = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    struct silt_digest digest, same;
    cr_assert(silt_digest_parse(silt_span_text(good), &digest));
    check(&digest, good);
    silt_digest_of(silt_span_text("abc"), &same);
    cr_expect(silt_digest_equal(&digest, &same));
    same.bytes[31] ^= 1;
    cr_expect_not(silt_digest_equal(&digest, &same));
    cr_expect_not(silt_digest_parse(silt_span_text(good + 1), &digest));
    cr_expect_not(silt_digest_parse(silt_span_of(good, sizeof good - 2), &digest));
    char bad[sizeof good];
    memcpy(bad, good, sizeof good);
    bad[10] = 'A';
    cr_expect_not(silt_digest_parse(silt_span_text(bad), &digest), "upper case is not allowed");
    memcpy(bad, "sha512:", 7);
    bad[10] = 'a';
    cr_expect_not(silt_digest_parse(silt_span_text(bad), &digest));
}
