/*
 * Entry names in one form.
 */
#include "base/path.h"

#include <criterion/criterion.h>

static void check(const char *raw, const char *clean)
{
    struct silt_buffer out = {0};
    cr_assert_eq(silt_path_clean(silt_span_text(raw), &out, NULL), SILT_OK);
    cr_expect(silt_span_is_text(silt_buffer_span(&out), clean), "%s gave %.*s", raw, (int)out.size, out.data);
    silt_buffer_clear(&out);
}

Test(path, clean)
{
    check("./etc//passwd", "etc/passwd");
    check("/etc/./passwd/", "etc/passwd");
    check("../../etc/passwd", "etc/passwd");
    check("a/b/../c", "a/c");
    check("a/..", "");
    check("./", "");
}

Test(path, name_and_parent)
{
    cr_expect(silt_span_is_text(silt_path_name(silt_span_text("a/b/c")), "c"));
    cr_expect(silt_span_is_text(silt_path_parent(silt_span_text("a/b/c")), "a/b"));
    cr_expect(silt_span_is_text(silt_path_parent(silt_span_text("c")), ""));
}
