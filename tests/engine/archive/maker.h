/*
 * maker.h: runs the tools that make real archives, in a directory of its own.
 */
#ifndef TESTS_ARCHIVE_MAKER_H
#define TESTS_ARCHIVE_MAKER_H

#include "base/buffer.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Runs a shell script in a new directory and reads the file `out` that it makes. The caller clears the
 * buffer. The test is skipped when the script exits with 77: the tool is not there. */
static inline struct silt_buffer make(const char *script)
{
    char dir[] = "/tmp/silt-archive-XXXXXX";
    cr_assert_not_null(mkdtemp(dir));
    char command[4096];
    snprintf(command, sizeof command, "cd %s && set -e && { %s\n} >/dev/null 2>&1", dir, script);
    int result = system(command);
    if (WIFEXITED(result) && WEXITSTATUS(result) == 77)
        cr_skip_test("a tool is missing");
    cr_assert_eq(result, 0, "cannot make: %s", script);
    char path[256];
    snprintf(path, sizeof path, "%s/out", dir);
    FILE *file = fopen(path, "rb");
    cr_assert_not_null(file);
    struct silt_buffer bytes = {0};
    static uint8_t piece[65536];
    for (size_t size; (size = fread(piece, 1, sizeof piece, file)) > 0;)
        cr_assert_eq(silt_buffer_append(&bytes, silt_span_of(piece, size), NULL), SILT_OK);
    fclose(file);
    snprintf(command, sizeof command, "rm -rf %s", dir);
    cr_assert_eq(system(command), 0);
    return bytes;
}

#endif
