/*
 * JSON under a budget.
 */
#include "base/json.h"

#include <criterion/criterion.h>
#include <stdlib.h>

Test(json, reads_paths_without_checks)
{
    struct silt_json *root;
    cr_assert_eq(silt_json_parse(silt_span_text("{\"a\":{\"b\":[1,\"x\"]}}"), 1 << 20, &root, NULL), SILT_OK);
    const struct silt_json *b = silt_json_get(silt_json_get(root, "a"), "b");
    cr_expect_eq(silt_json_count(b), 2);
    cr_expect_str_eq(silt_json_string(silt_json_at(b, 1), ""), "x");
    cr_expect_str_eq(silt_json_string(silt_json_get(silt_json_at(b, 7), "c"), "none"), "none");
    silt_json_free(root);
}

Test(json, refuses_what_would_eat_memory)
{
    size_t size = 4 << 20;
    char *text = malloc(size);
    for (size_t i = 0; i + 3 <= size; i += 3)
        memcpy(text + i, "[],", 3);
    text[0] = '[';
    struct silt_json *root = NULL;
    struct silt_error error = {0};
    cr_expect_eq(silt_json_parse(silt_span_of(text, size), 64 << 20, &root, &error), SILT_ERR_LIMIT);
    memset(text, '[', size);
    cr_expect_eq(silt_json_parse(silt_span_of(text, size), SIZE_MAX, &root, &error), SILT_ERR_LIMIT);
    free(text);
}

Test(json, names_the_place_of_bad_syntax)
{
    struct silt_json *root;
    struct silt_error error = {0};
    cr_expect_eq(silt_json_parse(silt_span_text("{\n\"a\": }"), 1 << 20, &root, &error), SILT_ERR_CORRUPT);
    cr_expect(strstr(error.message, "line 2") != NULL);
}
