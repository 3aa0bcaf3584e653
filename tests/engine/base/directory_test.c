/*
 * Directories are made with all above them, for their owner only.
 */
#include "base/directory.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

Test(directory, makes_all_that_is_missing)
{
    char root[] = "/tmp/silt-directory-XXXXXX", path[64], file[64];
    struct stat info;
    struct silt_error error = {0};
    cr_assert_not_null(mkdtemp(root));
    snprintf(path, sizeof path, "%s/a/b/c", root);
    umask(0);
    cr_expect_eq(silt_directory_make(path, &error), SILT_OK, "%s", error.message);
    cr_expect_eq(silt_directory_make(path, NULL), SILT_OK);
    cr_assert_eq(stat(path, &info), 0);
    cr_expect_eq(info.st_mode & 0777, 0700);
    snprintf(file, sizeof file, "%s/a/file", root);
    fclose(fopen(file, "w"));
    snprintf(path, sizeof path, "%s/a/file/d", root);
    cr_expect_eq(silt_directory_make(path, &error), SILT_ERR_IO);
    cr_expect_not_null(strstr(error.message, "a/file"));
    char command[96];
    snprintf(command, sizeof command, "rm -r %s", root);
    cr_expect_eq(system(command), 0);
}
