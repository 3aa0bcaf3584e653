/*
 * Items that grow.
 */
#include "base/array.h"

#include <criterion/criterion.h>
#include <stdint.h>

Test(array, put_and_at)
{
    struct silt_array array = {.item_size = sizeof(uint64_t)};
    for (uint64_t i = 0; i < 1000; i++) {
        uint64_t *item = silt_array_put(&array);
        cr_assert_not_null(item);
        cr_expect_eq(*item, 0);
        *item = i * i;
    }
    cr_expect_eq(array.count, 1000);
    for (uint64_t i = 0; i < 1000; i++)
        cr_expect_eq(*(uint64_t *)silt_array_at(&array, i), i * i);
    silt_array_clear(&array);
    cr_expect_eq(array.count, 0);
    cr_expect_eq(*(uint64_t *)silt_array_put(&array), 0);
    silt_array_clear(&array);
}

Test(array, absurd_item)
{
    struct silt_array array = {.item_size = SIZE_MAX / 8};
    cr_expect_null(silt_array_put(&array));
    cr_expect_eq(array.count, 0);
}
