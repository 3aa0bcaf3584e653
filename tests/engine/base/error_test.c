/*
 * Texts of failures, cut to fit.
 */
#include "base/error.h"

#include <criterion/criterion.h>
#include <string.h>

Test(error, set_and_prefix)
{
    struct silt_error error = {0};
    cr_expect_eq(silt_error_set(&error, SILT_ERR_IO, "cannot read %s", "it"), SILT_ERR_IO);
    cr_expect_eq(error.status, SILT_ERR_IO);
    silt_error_prefix(&error, "layer %d", 3);
    cr_expect_str_eq(error.message, "layer 3: cannot read it");
    cr_expect_eq(silt_error_memory(&error), SILT_ERR_MEMORY);
    cr_expect_str_eq(error.message, "out of memory");
}

Test(error, nobody_listens)
{
    cr_expect_eq(silt_error_set(NULL, SILT_ERR_LIMIT, "%d", 1), SILT_ERR_LIMIT);
    silt_error_prefix(NULL, "%d", 1);
    cr_expect_eq(silt_error_memory(NULL), SILT_ERR_MEMORY);
}

Test(error, long_texts_are_cut)
{
    char text[2000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    struct silt_error error = {0};
    silt_error_set(&error, SILT_ERR_IO, "%s", text);
    cr_expect_eq(strlen(error.message), SILT_ERROR_SIZE - 1);
    silt_error_prefix(&error, "path");
    cr_expect_eq(strlen(error.message), SILT_ERROR_SIZE - 1);
    cr_expect_eq(strncmp(error.message, "path: xxx", 9), 0);
    silt_error_prefix(&error, "%s", text);
    cr_expect_lt(strlen(error.message), SILT_ERROR_SIZE);
}
