/*
 * Plans in files: the same plan comes back; any bytes can be read.
 */
#include "match/plan_file.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct silt_signatures *set;
static struct silt_plan plan;
static struct silt_buffer bytes;
static struct silt_error error;

static void make_plan(void)
{
    cr_assert_eq(silt_plan_make(set, &plan, &error), SILT_OK, "%s", error.message);
    cr_assert_eq(silt_plan_file_print(&plan, &bytes, &error), SILT_OK);
}

static void set_up(void)
{
    cr_assert_eq(silt_signatures_open(SILT_SOURCE_DIR "/signatures", NULL, &set, &error), SILT_OK);
    make_plan();
}

/* Some of each scope: what is read thousands of times is small. */
static void set_up_few(void)
{
    static const char *const few[] = {"github.*", "netlify.*", "docker.*", "linux.*", "tiingo.*", NULL};
    cr_assert_eq(silt_signatures_open(SILT_SOURCE_DIR "/signatures", NULL, &set, &error), SILT_OK);
    cr_assert_eq(silt_signatures_only(set, few, &error), SILT_OK, "%s", error.message);
    make_plan();
}

static void tear_down(void)
{
    silt_plan_clear(&plan);
    silt_buffer_clear(&bytes);
    silt_signatures_free(set);
}

TestSuite(plan_file, .init = set_up, .fini = tear_down, .timeout = 120);
TestSuite(plan_file_bytes, .init = set_up_few, .fini = tear_down, .timeout = 120);

static void expect_same_expressions(const struct silt_plan *a, const struct silt_plan *b, int scope)
{
    cr_assert_eq(a->expressions[scope].count, b->expressions[scope].count);
    for (size_t i = 0; i < a->expressions[scope].count; i++) {
        const struct silt_expression *x = silt_array_at(&a->expressions[scope], i);
        const struct silt_expression *y = silt_array_at(&b->expressions[scope], i);
        cr_expect(x->id == y->id && x->flags == y->flags && x->size == y->size &&
                      memcmp(x->text, y->text, x->size) == 0,
                  "expression %zu of scope %d", i, scope);
    }
}

static void expect_same_items(const struct silt_array *a, const struct silt_array *b)
{
    cr_assert_eq(a->count, b->count);
    cr_expect(a->count == 0 || memcmp(a->items, b->items, a->count * a->item_size) == 0);
}

Test(plan_file, gives_back_the_plan)
{
    struct silt_plan other;
    uint8_t *copy = malloc(bytes.size);
    memcpy(copy, bytes.data, bytes.size);
    cr_assert_eq(silt_plan_file_parse(silt_span_of(copy, bytes.size), set, &other, &error), SILT_OK, "%s",
                 error.message);
    free(copy); /* nothing borrows from it */
    cr_assert_eq(plan.rule_count, other.rule_count);
    for (size_t i = 0; i < plan.rule_count; i++)
        cr_expect_eq(memcmp(&plan.rules[i], &other.rules[i], sizeof(struct silt_rule)), 0, "rule %zu", i);
    for (int scope = 0; scope < SILT_SCOPE_COUNT; scope++) {
        expect_same_expressions(&plan, &other, scope);
        expect_same_items(&plan.texts[scope], &other.texts[scope]);
    }
    expect_same_items(&plan.users, &other.users);
    expect_same_items(&plan.glances.sets, &other.glances.sets);
    expect_same_items(&plan.glances.steps, &other.glances.steps);
    silt_plan_clear(&other);
}

Test(plan_file, is_of_its_set_only)
{
    struct silt_digest first, second;
    struct silt_plan other;
    cr_assert_eq(silt_plan_file_key(set, &first, NULL), SILT_OK);
    cr_assert_eq(silt_signatures_disable(set, (const char *[]){"github.pat", NULL}, NULL), SILT_OK);
    cr_assert_eq(silt_plan_file_key(set, &second, NULL), SILT_OK);
    cr_expect_not(silt_digest_equal(&first, &second));
    cr_expect_eq(silt_plan_file_parse(silt_buffer_span(&bytes), set, &other, NULL), SILT_ERR_CORRUPT);
    silt_plan_clear(&other);
}

static void parse(struct silt_span span)
{
    struct silt_plan other;
    enum silt_status status = silt_plan_file_parse(span, set, &other, NULL);
    cr_expect(status == SILT_OK || status == SILT_ERR_CORRUPT);
    for (int scope = 0; scope < SILT_SCOPE_COUNT && status == SILT_OK; scope++)
        for (size_t i = 0; i < other.expressions[scope].count; i++) {
            const struct silt_expression *expression = silt_array_at(&other.expressions[scope], i);
            bool is_text = silt_plan_is_text_scope((enum silt_scope)scope);
            cr_expect(expression->id < (is_text ? other.texts[scope].count : other.rule_count));
            cr_expect_lt(expression->size, span.size);
        }
    for (size_t i = 0; i < other.users.count && status == SILT_OK; i++)
        cr_expect_lt(*(uint32_t *)silt_array_at(&other.users, i), other.rule_count);
    silt_plan_clear(&other);
}

Test(plan_file_bytes, takes_any_bytes)
{
    for (size_t i = 0; i < bytes.size; i += i < 256 ? 1 : 19) {
        uint8_t byte = bytes.data[i];
        for (int value = 0; value < 256; value += 85) {
            bytes.data[i] = (uint8_t)value;
            parse(silt_buffer_span(&bytes));
        }
        bytes.data[i] = byte;
    }
    bytes.data[bytes.size - 1] = 'x';
    parse(silt_buffer_span(&bytes));
    for (size_t size = 0; size < bytes.size; size += 31) {
        uint8_t *copy = malloc(size + 1);
        memcpy(copy, bytes.data, size);
        parse(silt_span_of(copy, size));
        free(copy);
    }
}
