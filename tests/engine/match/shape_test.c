/*
 * Shapes: what every match of a pattern holds.
 */
#include "match/shape.h"

#include "match/regex.h"

#include <criterion/criterion.h>

static struct silt_shape shape_of(const char *pattern)
{
    struct silt_arena arena = {0};
    struct silt_node *tree;
    cr_assert_eq(silt_regex_parse(silt_span_text(pattern), &arena, &tree, NULL), SILT_OK);
    struct silt_shape shape = silt_shape_of(tree);
    silt_arena_clear(&arena);
    return shape;
}

static void check_shape(const char *pattern, uint32_t run, uint32_t lead, uint32_t free_bytes)
{
    struct silt_shape shape = shape_of(pattern);
    cr_expect(shape.run == run && shape.lead == lead && shape.free == free_bytes,
              "%s: run %u, lead %u, free %u", pattern, shape.run, shape.lead, shape.free);
}

Test(shape, runs_of_patterns)
{
    check_shape("vendor.{0,20}key[=:]([0-9a-f]{32})", 32, 30, 32);
    check_shape("vendor=([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})", 36, 7, 32);
    check_shape("password=(.{8,64})", 8, 0, 0);
    check_shape("a=([0-9a-f]{32}|[a-z]{10})", 10, 2, 10);
    check_shape("a{0,300}.([0-9a-f]{32})", 32, 301, 32);
    check_shape("([0-9a-f]{32})?vendor", 6, 32, 0);
    check_shape("[0-9]{10}:?[0-9]{10}", 10, 0, 10);
    check_shape("(?:[0-9]{10}:?)[0-9]{10}", 10, 0, 10);
    check_shape("ConvertTo-SecureString", 22, 0, 0);
}

Test(shape, says_where_texts_stand)
{
    struct silt_shape shape = {.run = 32, .lead = 8, .free = 32};
    cr_expect(silt_shape_is_around(&shape, 12, 8, 4));
    cr_expect_not(silt_shape_is_around(&shape, 12, 7, 4));
    cr_expect(silt_shape_is_around(&shape, 36, 8, 4));
    cr_expect_not(silt_shape_is_around(&shape, 37, 8, 4));
    shape.run = 19;
    cr_expect_not(silt_shape_is_around(&shape, 12, 8, 4));
}

static bool is_uri(const char *pattern, uint32_t *least, uint32_t *most)
{
    struct silt_arena arena = {0};
    struct silt_node *tree;
    cr_assert_eq(silt_regex_parse(silt_span_text(pattern), &arena, &tree, NULL), SILT_OK);
    struct silt_node whole = {.kind = SILT_NODE_SEQUENCE, .first = tree};
    bool answer = silt_shape_is_uri(silt_node_flatten(&arena, &whole), least, most);
    silt_arena_clear(&arena);
    return answer;
}

Test(shape, knows_uris_with_passwords)
{
    uint32_t least, most;
    cr_expect(is_uri("(?:redis|amqps?)://([^\\s:/@\"'<>]{0,64}):[^\\s/@\"'<>]{1,64}@x", &least, &most));
    cr_expect(least == 7 && most == 8, "%u to %u", least, most);
    cr_expect_not(is_uri("redis://[^:@]{0,64}:[^@]{1,64}@x", &least, &most));
    cr_expect_not(is_uri("redis://[^\\s/@\"'<>]{1,64}", &least, &most));
    cr_expect_not(is_uri("redis:/[^\\s/@\"'<>]{1,64}@", &least, &most));
    cr_expect_not(is_uri("redis://[^\\s/@\"'<>]{1,700}@", &least, &most));
}
