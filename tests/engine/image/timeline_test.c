/*
 * Whiteouts, opaque directories, overwritten files.
 */
#include "image/footprint.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <time.h>

/* A layer from names: "dir/" is a directory, everything else a file. */
static struct silt_footprint *layer(const char *const *names)
{
    struct silt_footprint *footprint;
    cr_assert_eq(silt_footprint_new(&footprint, NULL), SILT_OK);
    for (; *names != NULL; names++) {
        struct silt_span path = silt_span_text(*names);
        bool is_directory = silt_span_has_suffix(path, "/");
        path.size -= is_directory;
        const struct silt_entry entry = {.kind = is_directory ? SILT_ENTRY_DIRECTORY : SILT_ENTRY_FILE,
                                         .path = path};
        cr_assert_eq(silt_footprint_put(footprint, &entry, NULL), SILT_OK);
    }
    silt_footprint_finish(footprint);
    return footprint;
}

#define LAYER(...) layer((const char *const[]){__VA_ARGS__, NULL})

static void check(struct silt_footprint *const *layers, size_t count, const char *path,
                  enum silt_state expected, int expected_layer)
{
    int removed_in = 99;
    enum silt_state state = silt_timeline_state((const struct silt_footprint *const *)layers, count, 0,
                                                silt_span_text(path), &removed_in);
    cr_expect_eq(state, expected, "%s: %d", path, (int)state);
    cr_expect_eq(removed_in, expected_layer, "%s: %d", path, removed_in);
}

/* What one upper layer does to a path of the layer below. */
static void check_two(struct silt_footprint *upper, const char *path, enum silt_state expected)
{
    struct silt_footprint *layers[] = {LAYER("a/", "a/b/", "a/b/c", "x", "d/"), upper};
    check(layers, 2, path, expected, expected == SILT_PRESENT ? -1 : 1);
    silt_footprint_free(layers[0]);
    silt_footprint_free(upper);
}

Test(timeline, one_layer_above)
{
    check_two(LAYER("y"), "a/b/c", SILT_PRESENT);
    check_two(LAYER("a/", "a/b/", "a/b/d"), "a/b/c", SILT_PRESENT);
    check_two(LAYER("a/b/c"), "a/b/c", SILT_OVERWRITTEN);
    check_two(LAYER("a/b/.wh.c"), "a/b/c", SILT_DELETED);
    check_two(LAYER("a/.wh.b"), "a/b/c", SILT_DELETED);
    check_two(LAYER(".wh.a"), "a/b/c", SILT_DELETED);
    check_two(LAYER("a/b/.wh.d"), "a/b/c", SILT_PRESENT);
    check_two(LAYER("b/.wh.c"), "a/b/c", SILT_PRESENT);
    check_two(LAYER("a/b/.wh..wh..opq"), "a/b/c", SILT_DELETED);
    check_two(LAYER("a/.wh..wh..opq"), "a/b/c", SILT_DELETED);
    check_two(LAYER(".wh..wh..opq"), "a/b/c", SILT_DELETED);
    check_two(LAYER("d/.wh..wh..opq"), "a/b/c", SILT_PRESENT);
    check_two(LAYER("a"), "a/b/c", SILT_DELETED);
    check_two(LAYER("a/b"), "a/b/c", SILT_DELETED);
}

Test(timeline, whiteout_and_new_file_in_one_layer_overwrite)
{
    check_two(LAYER("a/b/.wh.c", "a/b/c"), "a/b/c", SILT_OVERWRITTEN);
    check_two(LAYER("a/b/c", "a/b/.wh..wh..opq"), "a/b/c", SILT_OVERWRITTEN);
    check_two(LAYER(".wh.a", "a/", "a/b/", "a/b/c"), "a/b/c", SILT_OVERWRITTEN);
}

Test(timeline, a_directory_over_a_file_deletes_it)
{
    check_two(LAYER("x/"), "x", SILT_DELETED);
    check_two(LAYER("x/y/z"), "x", SILT_DELETED); /* implied */
    check_two(LAYER("d/"), "d", SILT_PRESENT);
    check_two(LAYER("a/", "a/b/new"), "a/b", SILT_PRESENT);
}

Test(timeline, names_that_only_look_like_whiteouts)
{
    check_two(LAYER(".wh..wh.aufs", ".wh..wh.plnk/x", ".wh."), "x", SILT_PRESENT);
    check_two(LAYER("a/b/.whc", "a/b/wh.c"), "a/b/c", SILT_PRESENT);
}

Test(timeline, the_first_layer_that_touches_it_counts)
{
    struct silt_footprint *layers[] = {LAYER("a/f", "g"), NULL, LAYER("b"), LAYER("a/f"), LAYER("a/.wh.f"),
                                       LAYER("a/f", "g/")};
    check(layers, 6, "a/f", SILT_OVERWRITTEN, 3);
    check(layers, 3, "a/f", SILT_PRESENT, -1);
    check(layers, 6, "g", SILT_DELETED, 5);
    int removed_in;
    const struct silt_footprint *const *all = (const struct silt_footprint *const *)layers;
    cr_expect_eq(silt_timeline_state(all, 6, 3, silt_span_text("a/f"), &removed_in), SILT_DELETED);
    cr_expect_eq(removed_in, 4);
    cr_expect_eq(silt_timeline_state(all, 6, 5, silt_span_text("a/f"), &removed_in), SILT_PRESENT);
    for (int i = 0; i < 6; i++)
        silt_footprint_free(layers[i]);
}

Test(timeline, nested_and_raw_entries_are_no_paths)
{
    struct silt_footprint *footprint;
    size_t count;
    const struct silt_span chain = silt_span_text("x.jar");
    const struct silt_entry nested = {
        .kind = SILT_ENTRY_FILE, .path = silt_span_text("a"), .chain = &chain, .chain_count = 1};
    const struct silt_entry raw = {.kind = SILT_ENTRY_RAW};
    cr_assert_eq(silt_footprint_new(&footprint, NULL), SILT_OK);
    cr_assert_eq(silt_footprint_put(footprint, &nested, NULL), SILT_OK);
    cr_assert_eq(silt_footprint_put(footprint, &raw, NULL), SILT_OK);
    silt_footprint_finish(footprint);
    (void)silt_footprint_marks(footprint, &count);
    cr_expect_eq(count, 0);
    silt_footprint_free(footprint);
}

Test(timeline, marks_can_be_kept_and_loaded)
{
    struct silt_footprint *first = LAYER("a/b/c", "a/.wh.d"), *second;
    size_t count, again;
    const uint64_t *marks = silt_footprint_marks(first, &count);
    cr_assert_eq(silt_footprint_load(marks, count, &second, NULL), SILT_OK);
    const uint64_t *loaded = silt_footprint_marks(second, &again);
    cr_assert_eq(again, count);
    cr_expect_eq(memcmp(marks, loaded, count * sizeof *marks), 0);
    silt_footprint_free(first);
    silt_footprint_free(second);
}

Test(timeline, hostile_paths)
{
    enum { SIZE = 70000 };
    char *path = malloc(SIZE + 1);
    for (size_t i = 0; i < SIZE; i++)
        path[i] = i % 2 == 0 ? 'a' : '/';
    path[SIZE] = '\0';
    struct silt_footprint *layers[] = {LAYER(path), LAYER("a")};
    check(layers, 2, path, SILT_PRESENT, -1); /* no runtime can make it */
    path[4095] = '\0';
    silt_footprint_free(layers[0]);
    layers[0] = LAYER(path);
    check(layers, 2, path, SILT_DELETED, 1);
    check(layers, 2, "", SILT_PRESENT, -1);
    silt_footprint_free(layers[0]);
    silt_footprint_free(layers[1]);
    free(path);
}

Test(timeline, a_million_files)
{
    enum { COUNT = 1000000 };
    struct silt_footprint *footprint;
    struct timespec start, end;
    cr_assert_eq(silt_footprint_new(&footprint, NULL), SILT_OK);
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 0; i < COUNT; i++) {
        char path[64];
        snprintf(path, sizeof path, "usr/share/d%d/e%d/file%d", i / 10000, i / 100, i);
        const struct silt_entry entry = {.kind = SILT_ENTRY_FILE, .path = silt_span_text(path)};
        cr_assert_eq(silt_footprint_put(footprint, &entry, NULL), SILT_OK);
    }
    silt_footprint_finish(footprint);
    clock_gettime(CLOCK_MONOTONIC, &end);
    size_t count;
    (void)silt_footprint_marks(footprint, &count);
    cr_expect_eq(count, COUNT + COUNT / 100 + COUNT / 10000 + 2);
    cr_log_info("%d files: %ld ms", COUNT,
                (long)((end.tv_sec - start.tv_sec) * 1000 + (end.tv_nsec - start.tv_nsec) / 1000000));
    silt_footprint_free(footprint);
}
