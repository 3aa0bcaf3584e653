/*
 * datadir_test.c: where silt looks for its own files.
 */
#include "datadir.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

Test(datadir, environment_wins)
{
    char directory[] = "/tmp/silt-datadir-XXXXXX", inner[PATH_MAX], found[PATH_MAX];
    cr_assert_not_null(mkdtemp(directory));
    snprintf(inner, sizeof inner, "%s/signatures", directory);
    setenv("SILT_DATA_DIR", directory, 1);
    cr_expect_not(silt_datadir_find("signatures", found), "it is not there yet, and nothing else is taken");
    cr_expect_str_eq(found, inner);
    cr_assert_eq(mkdir(inner, 0700), 0);
    cr_expect(silt_datadir_find("signatures", found));
    cr_expect_str_eq(found, inner);
    rmdir(inner);
    rmdir(directory);
}

Test(datadir, cache_follows_xdg)
{
    char found[PATH_MAX];
    setenv("HOME", "/home/me", 1);
    setenv("XDG_CACHE_HOME", "/var/cache/me", 1);
    cr_expect(silt_datadir_cache(found));
    cr_expect_str_eq(found, "/var/cache/me/silt");
    setenv("XDG_CACHE_HOME", "relative", 1);
    cr_expect(silt_datadir_cache(found));
    cr_expect_str_eq(found, "/home/me/.cache/silt");
    unsetenv("HOME");
    cr_expect_not(silt_datadir_cache(found));
}
