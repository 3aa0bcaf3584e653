/*
 * Regions around values: the same as the plainest way to find them gives, and no value outside of them.
 */
#include "match/values.h"

#include "match/regex.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <stdlib.h>

static bool is_value(uint8_t byte)
{
    return isalnum(byte) || strchr("+-/_", byte) != NULL;
}

/* Whether a position stands in a region that a run gives by the definition in values.h. */
static void mark(struct silt_span bytes, bool *marked)
{
    memset(marked, 0, bytes.size);
    for (size_t start = 0, end; start < bytes.size; start = end + 1) {
        size_t digits = 0, capitals = 0;
        for (end = start; end < bytes.size && bytes.data[end] != 0 && is_value(bytes.data[end]); end++) {
            digits += isdigit(bytes.data[end]) != 0;
            capitals += isupper(bytes.data[end]) != 0;
        }
        if (end - start < SILT_VALUES_RUN_MIN || (digits == 0 && capitals * 4 < end - start))
            continue;
        size_t first = start > SILT_VALUES_BEFORE ? start - SILT_VALUES_BEFORE : 0;
        for (size_t i = first; i < end + SILT_VALUES_BEHIND && i < bytes.size; i++)
            marked[i] = true;
    }
}

static void check(struct silt_span bytes)
{
    bool *expected = calloc(bytes.size + 1, 1), *found = calloc(bytes.size + 1, 1);
    struct silt_values_region region;
    size_t position = 0, last_end = 0;
    mark(bytes, expected);
    while (silt_values_next(bytes, &position, &region)) {
        cr_assert(region.start >= last_end && region.start < region.end && region.end <= bytes.size);
        memset(found + region.start, 1, region.end - region.start);
        last_end = region.end;
    }
    cr_assert_eq(memcmp(expected, found, bytes.size), 0);
    free(expected);
    free(found);
}

Test(values, are_those_of_the_definition)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGH0123456789_-+/ \n\"=.:,\xc3\xbf";
    for (unsigned seed = 1; seed < 400; seed++) {
        unsigned state = seed;
        size_t size = (size_t)rand_r(&state) % 5000;
        /* From hardly any separators to very many. */
        unsigned dense = 1 + (unsigned)rand_r(&state) % 40;
        uint8_t *bytes = malloc(size + 1);
        for (size_t i = 0; i < size; i++) {
            bool is_break = (unsigned)rand_r(&state) % dense == 0;
            bytes[i] = is_break ? (uint8_t)letters[48 + (size_t)rand_r(&state) % 9]
                                : (uint8_t)letters[(size_t)rand_r(&state) % 48];
        }
        check(silt_span_of(bytes, size));
        free(bytes);
    }
}

static struct silt_values_shape shape_of(const char *pattern)
{
    struct silt_arena arena = {0};
    struct silt_node *tree;
    cr_assert_eq(silt_regex_parse(silt_span_text(pattern), &arena, &tree, NULL), SILT_OK);
    struct silt_values_shape shape = silt_values_shape_of(tree);
    silt_arena_clear(&arena);
    return shape;
}

static void check_shape(const char *pattern, uint32_t run, bool holds)
{
    struct silt_values_shape shape = shape_of(pattern);
    cr_expect_eq(shape.run, run, "%s: run %u", pattern, shape.run);
    cr_expect_eq(silt_values_holds(&shape), holds, "%s", pattern);
}

Test(values, shapes_of_patterns)
{
    check_shape("vendor.{0,20}key[=:]([0-9a-f]{32})", 32, true);
    check_shape("vendor=([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})", 36, true);
    check_shape("password=(.{8,64})", 8, false);
    check_shape("a=([0-9a-f]{32}|[a-z]{10})", 10, false);
    check_shape("a{0,300}.([0-9a-f]{32})", 32, false);      /* too far before */
    check_shape("([0-9a-f]{32}).{0,100}vendor", 32, false); /* too far behind */
    check_shape("([0-9a-f]{32})?vendor", 6, false);
}
