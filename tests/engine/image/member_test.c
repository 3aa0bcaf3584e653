/*
 * Members of JSON documents, friendly and absurd.
 */
#include "image/member.h"

#include <criterion/criterion.h>

Test(member, as_go_finds_them)
{
    struct silt_json *root;
    cr_assert_eq(
        silt_json_parse(silt_span_text("{\"LAYERS\":\"upper\",\"config\":\"exact\",\"Config\":\"other\","
                                       "\"empty\":\"\",\"nul\":\"a\\u0000b\"}"),
                        1 << 20, &root, NULL),
        SILT_OK);
    cr_expect_str_eq(silt_member_string(root, "layers"), "upper");
    cr_expect_str_eq(silt_member_string(root, "config"), "exact");
    cr_expect_str_eq(silt_member_string(root, "Config"), "other");
    cr_expect_null(silt_member_string(root, "empty"));
    cr_expect_null(silt_member_string(root, "nul"));
    cr_expect_null(silt_member_string(NULL, "x"));
    silt_json_free(root);
}

static void check_size(const char *text, bool is_good, uint64_t expected)
{
    struct silt_json *root;
    uint64_t size = 99;
    cr_assert_eq(silt_json_parse(silt_span_text(text), 1 << 20, &root, NULL), SILT_OK);
    cr_expect_eq(silt_member_size(root, "size", &size), is_good, "%s", text);
    cr_expect_eq(size, expected, "%s", text);
    silt_json_free(root);
}

Test(member, sizes)
{
    check_size("{\"size\":0}", true, 0);
    check_size("{\"size\":1234567890123}", true, 1234567890123);
    check_size("{}", true, 0);
    check_size("{\"size\":-1}", false, 0);
    check_size("{\"size\":1e300}", false, 0);
    check_size("{\"size\":1.5}", false, 0);
    check_size("{\"size\":\"7\"}", false, 0);
    check_size("{\"size\":true}", false, 0);
}
