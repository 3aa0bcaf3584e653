/*
 * WWW-Authenticate headers as registries send them, and as they should not.
 */
#include "registry/challenge.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct silt_challenge read_one(const char *value)
{
    struct silt_challenge challenge = {0};
    silt_challenge_read(silt_span_text(value), &challenge);
    return challenge;
}

Test(challenge, bearer)
{
    struct silt_challenge it =
        read_one("Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\","
                 "scope=\"repository:library/alpine:pull\",error=\"invalid_token\"");
    cr_expect_eq(it.scheme, SILT_CHALLENGE_BEARER);
    cr_expect_str_eq(it.realm, "https://auth.docker.io/token");
    cr_expect_str_eq(it.service, "registry.docker.io");
    cr_expect_str_eq(it.scope, "repository:library/alpine:pull");
    cr_expect_str_eq(it.error, "invalid_token");
}

Test(challenge, forms)
{
    struct silt_challenge it = read_one("bearer  REALM = \"a\\\"b\" ,  service = plain ,, scope=\"\"");
    cr_expect_eq(it.scheme, SILT_CHALLENGE_BEARER);
    cr_expect_str_eq(it.realm, "a\"b");
    cr_expect_str_eq(it.service, "plain");
    cr_expect_str_eq(it.scope, "");
    cr_expect_eq(read_one("Basic realm=x").scheme, SILT_CHALLENGE_BASIC);
    cr_expect_eq(read_one("BASIC").scheme, SILT_CHALLENGE_BASIC);
    cr_expect_eq(read_one("").scheme, SILT_CHALLENGE_NONE);
    cr_expect_eq(read_one("Basically realm=\"x\"").scheme, SILT_CHALLENGE_NONE);
    cr_expect_eq(read_one("realm=\"x\"").scheme, SILT_CHALLENGE_NONE);
}

/* Bearer is taken before Basic, wherever it stands, and the first of each kind. */
Test(challenge, several)
{
    struct silt_challenge it =
        read_one("Negotiate YII=, Basic realm=\"a, Bearer realm=b\", Bearer realm=\"c\", "
                 "Bearer realm=\"d\"");
    cr_expect_eq(it.scheme, SILT_CHALLENGE_BEARER);
    cr_expect_str_eq(it.realm, "c");
    silt_challenge_read(silt_span_text("Basic realm=\"e\""), &it);
    cr_expect_str_eq(it.realm, "c");
    it = read_one("Digest realm=\"x\", nonce=\"y\"");
    cr_expect_eq(it.scheme, SILT_CHALLENGE_NONE);
}

/* What does not end, does not fit or is given twice. */
Test(challenge, nonsense)
{
    char text[3000];
    cr_expect_str_eq(read_one("Bearer realm=\"open").realm, "");
    cr_expect_str_eq(read_one("Bearer realm=\"open\\").realm, "");
    cr_expect_str_eq(read_one("Bearer realm=\"a\",realm=\"b\"").realm, "a");
    cr_expect_str_eq(read_one("Bearer realm=").realm, "");
    snprintf(text, sizeof text, "Bearer realm=\"%02000d\",service=s", 0);
    struct silt_challenge it = read_one(text);
    cr_expect_str_eq(it.realm, "");
    cr_expect_str_eq(it.service, "s");
    cr_expect_eq(read_one("=,=;\"\"=\"").scheme, SILT_CHALLENGE_NONE);
}
