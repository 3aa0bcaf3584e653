/*
 * progress_test.c: the text of the line; and that it stays off where nobody watches.
 */
#include "progress.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static const struct silt_progress state = {
    .bytes = 43, .total = 100, .scanned = 3 << 20, .findings = 1, .layer = 2, .layer_count = 5};

Test(progress, says_how_far)
{
    char out[128];
    silt_progress_print(&state, 1500, out, sizeof out);
    cr_expect_str_eq(out, " 43 %  layer 2/5  3.0 MiB  2.0 MiB/s  1 finding");
    silt_progress_print(&(struct silt_progress){.bytes = 7, .findings = 2}, 0, out, sizeof out);
    cr_expect_str_eq(out, "0 B  2 findings", "no share of a total that is unknown, no rate at once");
    silt_progress_print(&(struct silt_progress){.bytes = 7, .total = 5}, 0, out, sizeof out);
    cr_expect_str_eq(out, "100 %  0 B  0 findings");
}

Test(progress, never_overflows)
{
    for (size_t size = 1; size < 60; size++) {
        char *out = malloc(size); /* ASan sees a byte too much */
        silt_progress_print(&state, 1500, out, size);
        free(out);
    }
}

Test(progress, is_off_without_a_terminal)
{
    FILE *file = tmpfile();
    struct silt_progress_line line;
    silt_progress_init(&line, file, true);
    silt_progress_begin(&line, &(struct timespec){0});
    silt_progress_show(&line, &state);
    silt_progress_erase(&line);
    cr_expect_eq(ftell(file), 0);
    fclose(file);
}
