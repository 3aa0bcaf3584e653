/*
 * Databases of all scopes as bytes: they match as those that were compiled; what is no such form is refused.
 */
#include "match/compiled.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct silt_signatures *set;
static struct silt_plan plan;
static struct silt_compiled compiled;
static struct silt_buffer bytes;
static struct silt_error error;

static void set_up(void)
{
    cr_assert_eq(silt_signatures_open(SILT_SOURCE_DIR "/signatures", NULL, &set, &error), SILT_OK);
    cr_assert_eq(silt_signatures_only(set, (const char *[]){"github.*", "docker.*", NULL}, &error), SILT_OK);
    cr_assert_eq(silt_plan_make(set, &plan, &error), SILT_OK, "%s", error.message);
    cr_assert_eq(silt_compiled_make(&plan, SILT_LEVEL_V2, &compiled, &error), SILT_OK, "%s", error.message);
    cr_assert_eq(silt_compiled_print(&compiled, &bytes, &error), SILT_OK);
}

static void tear_down(void)
{
    silt_compiled_clear(&compiled);
    silt_plan_clear(&plan);
    silt_buffer_clear(&bytes);
    silt_signatures_free(set);
}

TestSuite(compiled, .init = set_up, .fini = tear_down, .timeout = 120);

/* The sizes of the databases say enough: they were the same bytes, or Hyperscan's checksum would not be
 * right. */
Test(compiled, gives_back_all_databases)
{
    struct silt_compiled other;
    cr_assert_eq(silt_compiled_parse(silt_buffer_span(&bytes), &other, &error), SILT_OK, "%s", error.message);
    for (int scope = 0; scope < SILT_SCOPE_COUNT; scope++) {
        size_t size = 0, other_size = 0;
        cr_assert_eq(compiled.databases[scope] == NULL, other.databases[scope] == NULL);
        if (compiled.databases[scope] == NULL)
            continue;
        cr_expect_eq(hs_database_size(compiled.databases[scope], &size), HS_SUCCESS);
        cr_expect_eq(hs_database_size(other.databases[scope], &other_size), HS_SUCCESS);
        cr_expect_eq(size, other_size);
    }
    silt_compiled_clear(&other);
    cr_expect_null(other.memory.data);
}

Test(compiled, has_a_key_for_each_level_and_plan)
{
    struct silt_digest keys[3];
    cr_assert_eq(silt_compiled_key(&plan, SILT_LEVEL_V2, &keys[0], NULL), SILT_OK);
    cr_assert_eq(silt_compiled_key(&plan, SILT_LEVEL_V3, &keys[1], NULL), SILT_OK);
    ((struct silt_expression *)silt_array_at(&plan.expressions[SILT_SCOPE_CONTENT], 0))->flags ^=
        HS_FLAG_CASELESS;
    cr_assert_eq(silt_compiled_key(&plan, SILT_LEVEL_V2, &keys[2], NULL), SILT_OK);
    cr_expect_not(silt_digest_equal(&keys[0], &keys[1]));
    cr_expect_not(silt_digest_equal(&keys[0], &keys[2]));
}

static enum silt_status parse(struct silt_span span)
{
    struct silt_compiled other;
    enum silt_status status = silt_compiled_parse(span, &other, &error);
    silt_compiled_clear(&other);
    return status;
}

/* Whether a byte says nothing: some in the head of a database's form, and what fills up its end. */
static bool is_idle(size_t offset)
{
    enum { HEAD = 128, FILLING = 64 };
    uint64_t sizes[SILT_SCOPE_COUNT];
    memcpy(sizes, bytes.data, sizeof sizes);
    size_t start = sizeof sizes;
    for (int scope = 0; scope < SILT_SCOPE_COUNT && offset >= start; scope++) {
        size_t end = start + sizes[scope];
        if (offset < end)
            return offset < start + HEAD || offset + FILLING >= end;
        start = end;
    }
    return offset < sizeof sizes;
}

/* As if the file's checksum were right. Hyperscan's own is over what is executed; that it is refused is what
 * keeps a bad database from being run. */
Test(compiled, refuses_other_bytes)
{
    for (size_t i = 0; i < bytes.size; i += i < 128 ? 1 : 1009) {
        bytes.data[i] ^= 0x81;
        enum silt_status status = parse(silt_buffer_span(&bytes));
        cr_expect(status == SILT_OK || status == SILT_ERR_CORRUPT, "byte %zu: %s", i, error.message);
        cr_expect(status == SILT_ERR_CORRUPT || is_idle(i), "byte %zu went unnoticed", i);
        bytes.data[i] ^= 0x81;
    }
    for (size_t size = 0; size < bytes.size; size += 1 + size / 5) {
        uint8_t *copy = malloc(size + 1);
        memcpy(copy, bytes.data, size);
        cr_expect_eq(parse(silt_span_of(copy, size)), SILT_ERR_CORRUPT, "%zu bytes", size);
        free(copy);
    }
    cr_expect_eq(parse(silt_buffer_span(&bytes)), SILT_OK);
}
