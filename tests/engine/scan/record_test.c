/*
 * A record gives back the result it was made of, without the secrets; damaged ones are refused.
 */
#include "scan/record.h"

#include "image/footprint.h"
#include "scan/secret.h"

#include <criterion/criterion.h>
#include <stdlib.h>

enum { SIGNATURES = 7 };

static const char token[] = "exa_"
                            "k3v9x7q2m5w8z1p4";

static struct silt_entry entry_of(const char *path, const struct silt_span *chain, size_t chain_count)
{
    return (struct silt_entry){.kind = SILT_ENTRY_FILE,
                               .path = silt_span_text(path),
                               .path_bytes = silt_span_text(path),
                               .chain = chain,
                               .chain_count = chain_count};
}

static void put_hit(struct silt_result *result, const struct silt_spot *spot, const char *secret,
                    uint64_t offset)
{
    struct silt_hit *hit = silt_array_put(&result->hits);
    cr_assert_not_null(hit);
    const char *copy = silt_arena_copy(&result->arena, silt_span_text(secret));
    *hit = (struct silt_hit){.spot = spot,
                             .secret = silt_span_text(copy),
                             .secret_size = strlen(secret),
                             .offset = offset,
                             .line = 3,
                             .column = 4,
                             .history = -1};
    hit->redacted = silt_secret_redact(hit->secret, &result->arena);
    hit->match = (struct silt_match){.signature = offset % SIGNATURES,
                                     .score = 0.625,
                                     .severity = SILT_HIGH,
                                     .confidence = SILT_CONFIDENCE_MEDIUM,
                                     .validation = SILT_VALIDATION_VALID,
                                     .detail = "checksum"};
    if (offset > 100)
        hit->decoded_from = "utf-16le";
    silt_secret_key(hit->secret, hit->key);
}

static void put_skip(struct silt_result *result, enum silt_skip_reason reason)
{
    const struct silt_span chain[] = {silt_span_text("outer.jar"), silt_span_text("inner.jar")};
    const struct silt_skip skip = {.reason = reason,
                                   .place = {chain, 2, silt_span_text("bad.zip"), -1, SILT_PRESENT},
                                   .bytes = 77,
                                   .detail = "bad CRC"};
    silt_result_put_skip(result, &skip);
}

static const struct silt_checksums sums = {true, {1, 2, 3}, {4, 5, 6}, {7, 8, 9}};

static void put_packages(struct silt_result *result)
{
    uint32_t index;
    const struct silt_package_name name = {SILT_PACKAGE_RPM, "demo", "1-2"};
    cr_assert_eq(silt_packages_new(&result->packages, NULL), SILT_OK);
    cr_assert_eq(silt_packages_put_name(result->packages, &name, &index, NULL), SILT_OK);
    const struct silt_package_fact facts[] = {{silt_packages_mark(silt_span_text("etc/a")),
                                               silt_packages_value(silt_span_of(sums.sha1, 8)), index,
                                               SILT_PACKAGE_SHA1},
                                              {3, 4, index, SILT_PACKAGE_TREE}};
    for (size_t i = 0; i < 2; i++)
        cr_assert_eq(silt_packages_put_fact(result->packages, &facts[i], NULL), SILT_OK);
    cr_assert_eq(silt_packages_finish(result->packages, NULL), SILT_OK);
}

static struct silt_result *make_result(void)
{
    struct silt_result *result;
    struct silt_spot *spot, *other;
    const struct silt_span chain = silt_span_text("app.jar");
    cr_assert_eq(silt_result_new(&result, NULL), SILT_OK);
    const struct silt_entry first = entry_of("etc/a", NULL, 0), second = entry_of("conf/b", &chain, 1);
    cr_assert_eq(silt_result_put_spot(result, &first, &spot, NULL), SILT_OK);
    cr_assert_eq(silt_result_put_spot(result, &second, &other, NULL), SILT_OK);
    spot->checksums = &sums;
    put_packages(result);
    put_hit(result, spot, token, 10);
    put_hit(result, spot, "abc", 20);
    silt_result_hit(result, 0)->mate = 2;
    put_hit(result, other, token, 1000);
    put_skip(result, SILT_SKIP_DAMAGED);
    struct silt_entry alias = entry_of("etc/link", NULL, 0);
    alias.link_target = silt_span_text("etc/a");
    cr_assert_eq(silt_result_put_alias(result, &alias, NULL), SILT_OK);
    cr_assert_eq(silt_footprint_new(&result->footprint, NULL), SILT_OK);
    cr_assert_eq(silt_footprint_put(result->footprint, &first, NULL), SILT_OK);
    silt_footprint_finish(result->footprint);
    silt_digest_of(silt_span_text("stored"), &result->digest);
    silt_digest_of(silt_span_text("plain"), &result->diff_id);
    result->has_digest = result->has_diff_id = true;
    result->size = 123456789012;
    result->coverage.entries = 5;
    result->coverage.bytes = UINT64_C(1) << 40;
    result->coverage.bytes_scanned = 300;
    return result;
}

static void expect_same_place(const struct silt_span *a, size_t a_count, const struct silt_span *b,
                              size_t b_count)
{
    cr_assert_eq(a_count, b_count);
    for (size_t i = 0; i < a_count; i++)
        cr_expect(silt_span_equal(a[i], b[i]));
}

static void expect_same_hit(const struct silt_hit *a, const struct silt_hit *b)
{
    expect_same_place(a->spot->chain, a->spot->chain_count, b->spot->chain, b->spot->chain_count);
    cr_expect(silt_span_equal(a->spot->path, b->spot->path));
    cr_expect(silt_span_equal(a->spot->path_bytes, b->spot->path_bytes));
    cr_expect(silt_span_equal(a->redacted, b->redacted));
    cr_expect_eq(b->secret.size, 0);
    cr_expect_arr_eq(a->key, b->key, sizeof a->key);
    cr_expect_eq(a->secret_size, b->secret_size);
    cr_expect_eq(a->mate, b->mate);
    cr_expect(a->offset == b->offset && a->line == b->line && a->column == b->column);
    cr_expect(a->match.signature == b->match.signature && a->match.score == b->match.score);
    cr_expect(a->match.severity == b->match.severity && a->match.confidence == b->match.confidence);
    cr_expect_str_eq(a->match.detail, b->match.detail);
    cr_expect_eq(a->match.validation, b->match.validation);
    cr_expect(silt_span_equal(silt_span_text(a->decoded_from), silt_span_text(b->decoded_from)));
    cr_expect(a->origin == b->origin && b->history == -1);
}

static struct silt_span print(const struct silt_result *result, struct silt_pack *pack)
{
    silt_record_print(result, pack);
    cr_assert_not(pack->has_failed);
    return silt_buffer_span(&pack->bytes);
}

Test(record, gives_back_all_but_the_secrets)
{
    struct silt_result *result = make_result(), *parsed = NULL;
    struct silt_pack pack = {0};
    struct silt_error error = {0};
    cr_expect(silt_record_is_lasting(result));
    struct silt_span bytes = print(result, &pack);
    cr_expect_null(memmem(bytes.data, bytes.size, token, strlen(token)));
    cr_assert_eq(silt_record_parse(bytes, SIGNATURES, &parsed, &error), SILT_OK, "%s", error.message);
    cr_assert_eq(parsed->hits.count, result->hits.count);
    for (size_t i = 0; i < result->hits.count; i++)
        expect_same_hit(silt_result_hit(result, i), silt_result_hit(parsed, i));
    const struct silt_skip *skip = silt_array_at(&parsed->skips, 0);
    cr_expect(parsed->skips.count == 1 && skip->reason == SILT_SKIP_DAMAGED && skip->bytes == 77);
    cr_expect_str_eq(skip->detail, "bad CRC");
    cr_expect(silt_span_is_text(skip->place.chain[1], "inner.jar"));
    cr_expect_eq(parsed->aliases.count, 1);
    cr_expect(silt_digest_equal(&parsed->digest, &result->digest) && parsed->has_digest);
    cr_expect(silt_digest_equal(&parsed->diff_id, &result->diff_id) && parsed->has_diff_id);
    cr_expect_eq(memcmp(&parsed->coverage, &result->coverage, sizeof parsed->coverage), 0);
    cr_expect_eq(parsed->size, result->size);
    size_t marks, parsed_marks;
    const uint64_t *a = silt_footprint_marks(result->footprint, &marks);
    const uint64_t *b = silt_footprint_marks(parsed->footprint, &parsed_marks);
    cr_assert_eq(marks, parsed_marks);
    cr_expect_arr_eq(a, b, marks * sizeof *a);
    silt_result_free(parsed);
    silt_result_free(result);
    silt_buffer_clear(&pack.bytes);
}

/* Who owns a file is answered by a record as it was by the result. */
Test(record, packages_and_checksums)
{
    struct silt_result *result = make_result(), *parsed = NULL;
    struct silt_pack pack = {0};
    cr_assert_eq(silt_record_parse(print(result, &pack), SIGNATURES, &parsed, NULL), SILT_OK);
    const struct silt_checksums *found = silt_result_hit(parsed, 0)->spot->checksums;
    cr_assert_not_null(found);
    cr_expect_null(silt_result_hit(parsed, 2)->spot->checksums);
    const struct silt_packages *layers = parsed->packages;
    const struct silt_package_question question = {&layers, 1, 0, silt_span_text("etc/a"), found};
    struct silt_package package;
    cr_assert(silt_packages_find(&question, &package));
    cr_expect_str_eq(package.name, "demo");
    cr_expect_str_eq(package.version, "1-2");
    cr_expect(package.manager == SILT_PACKAGE_RPM && package.integrity == SILT_INTEGRITY_UNMODIFIED);
    cr_expect_eq(parsed->packages->facts.count, 2);
    silt_result_free(parsed);
    silt_result_free(result);
    silt_buffer_clear(&pack.bytes);
}

/* A record that parses again prints the same bytes. */
Test(record, is_one_form)
{
    struct silt_result *result = make_result(), *parsed = NULL;
    struct silt_pack first = {0}, second = {0};
    cr_assert_eq(silt_record_parse(print(result, &first), SIGNATURES, &parsed, NULL), SILT_OK);
    cr_expect(silt_span_equal(print(parsed, &second), silt_buffer_span(&first.bytes)));
    silt_result_free(parsed);
    silt_result_free(result);
    silt_buffer_clear(&first.bytes);
    silt_buffer_clear(&second.bytes);
}

Test(record, cut_off_or_changed_ones_are_refused_or_read)
{
    struct silt_result *result = make_result(), *parsed = NULL;
    struct silt_pack pack = {0};
    struct silt_span bytes = print(result, &pack);
    for (size_t size = 0; size < bytes.size; size++)
        cr_expect_eq(silt_record_parse(silt_span_slice(bytes, 0, size), SIGNATURES, &parsed, NULL),
                     SILT_ERR_CORRUPT);
    cr_expect_eq(silt_record_parse(bytes, 2, &parsed, NULL), SILT_ERR_CORRUPT,
                 "a signature that is not there");
    cr_expect_eq(silt_record_parse(bytes, 0, &parsed, NULL), SILT_ERR_CORRUPT);
    for (size_t i = 0; i < bytes.size; i++) {
        for (int bit = 0; bit < 8; bit++) {
            pack.bytes.data[i] ^= (uint8_t)(1 << bit);
            if (silt_record_parse(bytes, SIGNATURES, &parsed, NULL) == SILT_OK)
                silt_result_free(parsed);
            pack.bytes.data[i] ^= (uint8_t)(1 << bit);
        }
    }
    cr_assert_eq(silt_buffer_append(&pack.bytes, silt_span_text("x"), NULL), SILT_OK);
    cr_expect_eq(silt_record_parse(silt_buffer_span(&pack.bytes), SIGNATURES, &parsed, NULL),
                 SILT_ERR_CORRUPT);
    silt_result_free(result);
    silt_buffer_clear(&pack.bytes);
}

/* Every reason that time, memory or the disk may have a part in, and every other. */
Test(record, only_what_lasts_is_kept)
{
    static const enum silt_skip_reason lasting[] = {
        SILT_SKIP_DAMAGED,    SILT_SKIP_ENCRYPTED, SILT_SKIP_UNSUPPORTED, SILT_SKIP_DEPTH, SILT_SKIP_HIDDEN,
        SILT_SKIP_ENTRY_SIZE, SILT_SKIP_SPECIAL,   SILT_SKIP_LINK,        SILT_SKIP_RATIO};
    for (int reason = 0; reason <= SILT_SKIP_UNREFERENCED; reason++) {
        struct silt_result *result = make_result();
        bool is_lasting = false;
        for (size_t i = 0; i < sizeof lasting / sizeof *lasting; i++)
            is_lasting = is_lasting || (int)lasting[i] == reason;
        put_skip(result, (enum silt_skip_reason)reason);
        cr_expect_eq(silt_record_is_lasting(result), is_lasting, "%s",
                     silt_skip_reason_name((enum silt_skip_reason)reason));
        silt_result_free(result);
    }
}

static void expect_not_lasting(struct silt_result *result)
{
    cr_expect_not(silt_record_is_lasting(result));
    silt_result_free(result);
}

Test(record, what_is_in_doubt_or_named_after_a_secret_is_not)
{
    struct silt_result *result = make_result();
    silt_result_put_problem(result, SILT_ERR_DIGEST, silt_span_text("x"), "not what was promised");
    expect_not_lasting(result);
    result = make_result();
    result->has_digest = false;
    expect_not_lasting(result);
    result = make_result();
    result->is_fleeting = true;
    expect_not_lasting(result);
    result = make_result();
    silt_result_hit(result, 0)->origin = SILT_ORIGIN_PATH;
    expect_not_lasting(result);
    result = make_result();
    put_hit(result, silt_result_hit(result, 0)->spot, "etc/a", 30);
    expect_not_lasting(result);
}
