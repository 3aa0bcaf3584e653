/*
 * Memory for many small things.
 */
#include "base/arena.h"

#include <criterion/criterion.h>
#include <stdalign.h>

Test(arena, zeroed_aligned_and_apart)
{
    struct silt_arena arena = {0};
    uint8_t *last = NULL;
    for (size_t size = 1; size < 40000; size = size * 2 + 1) {
        uint8_t *memory = silt_arena_take(&arena, size);
        cr_assert_not_null(memory);
        cr_expect_eq((uintptr_t)memory % alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            cr_assert_eq(memory[i], 0);
        memset(memory, 0xff, size);
        cr_expect(last == NULL || last[0] == 0xff);
        last = memory;
    }
    cr_expect_geq(arena.used, 40000);
    silt_arena_clear(&arena);
    cr_expect_eq(arena.used, 0);
    cr_expect_not_null(silt_arena_take(&arena, 8));
    silt_arena_clear(&arena);
    cr_expect_null(arena.blocks);
}

Test(arena, copy)
{
    struct silt_arena arena = {0};
    char text[] = "text";
    char *copy = silt_arena_copy(&arena, silt_span_text(text));
    text[0] = 'n';
    cr_expect_str_eq(copy, "text");
    cr_expect_str_eq(silt_arena_copy(&arena, (struct silt_span){NULL, 0}), "");
    silt_arena_clear(&arena);
}

Test(arena, absurd_size)
{
    struct silt_arena arena = {0};
    cr_expect_null(silt_arena_take(&arena, SIZE_MAX));
    silt_arena_clear(&arena);
}
