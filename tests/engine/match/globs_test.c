/*
 * Globs as expressions: whatever a glob matches, its expression matches.
 */
#include "match/globs.h"

#include "base/glob.h"

#include <criterion/criterion.h>
#include <hs/hs.h>

static int note(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
    (void)id, (void)from, (void)to, (void)flags;
    *(bool *)context = true;
    return 0;
}

static bool matches(const char *glob, const char *path)
{
    struct silt_buffer text = {0};
    hs_database_t *database = NULL;
    hs_scratch_t *scratch = NULL;
    hs_compile_error_t *problem = NULL;
    bool found = false;
    cr_assert_eq(silt_globs_print(glob, &text, NULL), SILT_OK);
    cr_assert_eq(silt_buffer_append(&text, silt_span_of("", 1), NULL), SILT_OK);
    cr_assert_eq(hs_compile((const char *)text.data, HS_FLAG_DOTALL | HS_FLAG_SINGLEMATCH, HS_MODE_BLOCK,
                            NULL, &database, &problem),
                 HS_SUCCESS, "%s gave %s", glob, text.data);
    cr_assert_eq(hs_alloc_scratch(database, &scratch), HS_SUCCESS);
    cr_assert_eq(hs_scan(database, path, (unsigned)strlen(path), 0, scratch, note, &found), HS_SUCCESS);
    hs_free_scratch(scratch);
    hs_free_database(database);
    silt_buffer_clear(&text);
    return found;
}

Test(globs, expressions_match_what_globs_match)
{
    static const char *const globs[] = {
        "*.pem",
        "id_rsa",
        "**/.docker/config.json",
        "etc/*/key",
        "etc/**",
        "a/**/b/**/c",
        "[a-c]x",
        "[!a-c]x",
        "*.tfstate{,.backup}",
        "**/.aws/{credentials,config}",
        "a,b.txt",
        "x?z",
        "**/.env{,.*}",
        "we.ird+(name)",
    };
    static const char *const paths[] = {
        "key.pem",
        "etc/ssl/key.pem",
        "root/.ssh/id_rsa",
        "id_rsa",
        "id_rsa.pub",
        ".docker/config.json",
        "root/.docker/config.json",
        "root/x.docker/config.json",
        "etc/a/key",
        "etc/a/b/key",
        "etc/x",
        "a/b/c",
        "a/x/b/y/z/c",
        "bx",
        "dx",
        "terraform.tfstate",
        "t/terraform.tfstate.backup",
        "home/me/.aws/config",
        "a,b.txt",
        "xyz",
        "x/z",
        "app/.env",
        "app/.env.local",
        "we.ird+(name)",
        "weXird+(name)",
    };
    size_t hits = 0;
    for (size_t g = 0; g < sizeof globs / sizeof *globs; g++)
        for (size_t p = 0; p < sizeof paths / sizeof *paths; p++) {
            bool expected = silt_glob_match(globs[g], silt_span_text(paths[p]));
            hits += expected;
            if (expected)
                cr_expect(matches(globs[g], paths[p]), "%s on %s", globs[g], paths[p]);
        }
    cr_expect_gt(hits, 20);
    cr_expect_not(matches("*.pem", "key.pem.txt"));
    cr_expect_not(matches("**/.docker/config.json", "root/x.docker/config.json"));
}
