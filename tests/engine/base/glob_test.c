/*
 * Globs as signatures use them.
 */
#include "base/glob.h"

#include <criterion/criterion.h>

static void check(const char *glob, const char *path, bool expected)
{
    cr_expect(silt_glob_match(glob, silt_span_text(path)) == expected, "%s on %s", glob, path);
}

Test(glob, without_slash_it_is_about_the_name)
{
    check("*.pem", "etc/ssl/key.pem", true);
    check("id_rsa", "root/.ssh/id_rsa", true);
    check("id_rsa", "root/.ssh/id_rsa.pub", false);
    check("*.tfstate{,.backup}", "a/terraform.tfstate.backup", true);
}

Test(glob, with_slash_it_is_about_the_path)
{
    check("**/.docker/config.json", "root/.docker/config.json", true);
    check("**/.docker/config.json", ".docker/config.json", true);
    check("**/.docker/config.json", "root/x.docker/config.json", false);
    check("etc/*/key", "etc/a/key", true);
    check("etc/*/key", "etc/a/b/key", false);
    check("etc/**", "etc/a/b/key", true);
    check("a/**/b/**/c", "a/x/b/y/z/c", true);
    check("a/**/b/**/c", "a/x/b", false);
}

Test(glob, sets)
{
    check("[a-c]x", "bx", true);
    check("[!a-c]x", "bx", false);
    check("[!a-c]x", "dx", true);
}

Test(glob, hostile_globs_stay_cheap)
{
    char path[4000];
    memset(path, 'a', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    check("*a*a*a*a*a*a*a*a*a*a*b", path, false);
    check("**a**a**a**a**a**a**b/x", path, false);
}
