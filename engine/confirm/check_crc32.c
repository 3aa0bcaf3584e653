/*
 * check_crc32.c: tokens that end in a CRC-32 of what stands before it. They differ in where the checksummed
 * part begins and in how the number is written; the table below says both.
 *
 * Sources: GitHub, "Behind GitHub's new authentication token formats" (2021), and npm's announcement of the
 * same form; the other forms were found by computing over published samples (shared notes on token formats,
 * section 2a).
 */
#include "confirm/check.h"
#include "confirm/crc.h"
#include "confirm/radix.h"

/* How the number is written. */
enum writing { BASE62_UPPER_FIRST, BASE62_LOWER_FIRST, HEX_BIG, HEX_BIG_UPPER, HEX_LITTLE, BASE64_LITTLE };

struct form {
    size_t underscores; /* the prefix ends behind so many; 0: it has a fixed size */
    size_t prefix_size;
    bool covers_prefix; /* the checksum is over the prefix too */
    size_t separator;   /* 1: a `_` stands between body and checksum */
    size_t body_size;   /* without the prefix; 0: any */
    size_t digits;
    enum writing writing;
};

static void write_number(uint32_t crc, enum writing writing, size_t digits, char *out)
{
    uint32_t swapped = __builtin_bswap32(crc);
    static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    switch (writing) {
    case BASE62_UPPER_FIRST:
        silt_radix_print(crc, SILT_RADIX_62_UPPER_FIRST, digits, out);
        return;
    case BASE62_LOWER_FIRST:
        silt_radix_print(crc, SILT_RADIX_62_LOWER_FIRST, digits, out);
        return;
    case HEX_BIG:
        silt_radix_print(crc, SILT_RADIX_16, digits, out);
        return;
    case HEX_BIG_UPPER:
        silt_radix_print(crc, SILT_RADIX_16_UPPER, digits, out);
        return;
    case HEX_LITTLE:
        silt_radix_print(swapped, SILT_RADIX_16, digits, out);
        return;
    case BASE64_LITTLE: /* 32 bits and four zero bits are six digits */
        silt_radix_print((uint64_t)swapped << 4, base64, digits, out);
        return;
    }
}

/* Where the body begins; the end of the secret where the prefix does. */
static size_t body_start(struct silt_span secret, const struct form *form)
{
    if (form->underscores == 0)
        return form->prefix_size;
    size_t left = form->underscores;
    for (size_t i = 0; i < secret.size; i++)
        if (secret.data[i] == '_' && --left == 0)
            return i + 1;
    return secret.size;
}

/* -1: has not this form; else whether the checksum fits. */
static int test(struct silt_span secret, const struct form *form)
{
    char expected[8];
    size_t start = body_start(secret, form), tail = form->digits + form->separator;
    if (secret.size <= start + tail || (form->body_size > 0 && secret.size != start + form->body_size + tail))
        return -1;
    if (form->separator > 0 && secret.data[secret.size - form->digits - 1] != '_')
        return -1;
    size_t end = secret.size - tail, from = form->covers_prefix ? 0 : start;
    uint32_t crc = silt_crc_32(silt_span_slice(secret, from, end - from));
    write_number(crc, form->writing, form->digits, expected);
    return memcmp(secret.data + secret.size - form->digits, expected, form->digits) == 0;
}

static void rule(struct silt_span secret, const struct form *form, struct silt_ruling *out)
{
    int fits = test(secret, form);
    if (fits < 0)
        silt_check_rule(out, false, "not in the form that carries a checksum");
    else
        silt_check_rule(out, fits > 0, fits > 0 ? "checksum good" : "checksum bad");
}

static void run_github(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const struct form classic = {.prefix_size = 4, .body_size = 30, .digits = 6};
    static const struct form longer = {.prefix_size = 4, .body_size = 70, .digits = 6};
    enum { CLASSIC_SIZE = 40 };
    if (claim->secret.size == CLASSIC_SIZE)
        rule(claim->secret, &classic, out);
    else if (test(claim->secret, &longer) > 0)
        silt_check_rule(out, true, "checksum good");
    /* Refresh tokens of 76 and App tokens that are JWTs have no documented checksum: nothing to say. */
}

static void run_npm(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const struct form form = {.prefix_size = 4, .body_size = 30, .digits = 6};
    rule(claim->secret, &form, out);
}

static void run_vercel(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const struct form form = {.prefix_size = 4, .body_size = 50, .digits = 6};
    rule(claim->secret, &form, out);
}

static void run_salad(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const struct form form = {.underscores = 3, .digits = 6};
    rule(claim->secret, &form, out);
}

static void run_apify(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const struct form form = {.prefix_size = 10,
                                     .covers_prefix = true,
                                     .body_size = 30,
                                     .digits = 6,
                                     .writing = BASE62_LOWER_FIRST};
    rule(claim->secret, &form, out);
}

static void run_grafana(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const struct form form = {.prefix_size = 5,
                                     .covers_prefix = true,
                                     .separator = 1,
                                     .body_size = 32,
                                     .digits = 8,
                                     .writing = HEX_LITTLE};
    rule(claim->secret, &form, out);
}

static void run_cloudflare(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const struct form form = {.underscores = 1, .body_size = 40, .digits = 8, .writing = HEX_BIG};
    rule(claim->secret, &form, out);
}

static void run_atlassian(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const struct form form = {.covers_prefix = true, .digits = 8, .writing = HEX_BIG_UPPER};
    rule(claim->secret, &form, out);
}

static void run_packagist(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const struct form form = {
        .underscores = 2, .covers_prefix = true, .body_size = 60, .digits = 8, .writing = HEX_BIG};
    rule(claim->secret, &form, out);
}

static void run_canva(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const struct form form = {
        .prefix_size = 5, .covers_prefix = true, .body_size = 48, .digits = 8, .writing = HEX_BIG};
    rule(claim->secret, &form, out);
}

static void run_zuplo(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const struct form form = {
        .prefix_size = 5, .separator = 1, .body_size = 32, .digits = 8, .writing = HEX_BIG};
    rule(claim->secret, &form, out);
}

static void run_confluent(const struct silt_claim *claim, struct silt_ruling *out)
{
    static const struct form form = {
        .prefix_size = 4, .body_size = 54, .digits = 6, .writing = BASE64_LITTLE};
    rule(claim->secret, &form, out);
}

const struct silt_check silt_check_crc32_github = {"github-crc32", SILT_CHECK_PROOF, run_github};
const struct silt_check silt_check_crc32_npm = {"npm-crc32", SILT_CHECK_PROOF, run_npm};
const struct silt_check silt_check_crc32_vercel = {"vercel-crc32", SILT_CHECK_PROOF, run_vercel};
const struct silt_check silt_check_crc32_salad = {"salad-crc32", SILT_CHECK_PROOF, run_salad};
const struct silt_check silt_check_crc32_apify = {"apify-crc32", SILT_CHECK_PROOF, run_apify};
const struct silt_check silt_check_crc32_grafana = {"grafana-crc32", SILT_CHECK_PROOF, run_grafana};
const struct silt_check silt_check_crc32_cloudflare = {"cloudflare-crc32", SILT_CHECK_PROOF, run_cloudflare};
const struct silt_check silt_check_crc32_atlassian = {"atlassian-crc32", SILT_CHECK_PROOF, run_atlassian};
const struct silt_check silt_check_crc32_packagist = {"packagist-crc32", SILT_CHECK_PROOF, run_packagist};
const struct silt_check silt_check_crc32_canva = {"canva-crc32", SILT_CHECK_PROOF, run_canva};
const struct silt_check silt_check_crc32_zuplo = {"zuplo-crc32", SILT_CHECK_PROOF, run_zuplo};
const struct silt_check silt_check_crc32_confluent = {"confluent-crc32", SILT_CHECK_PROOF, run_confluent};
