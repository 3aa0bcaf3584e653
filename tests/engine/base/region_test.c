/*
 * Regions: zeroed, aligned, of any size.
 */
#include "base/region.h"

#include <criterion/criterion.h>

Test(region, gives_zeroed_memory_of_any_size)
{
    static const size_t sizes[] = {0,         1,       4095,          4096,         (512 << 10) - 1,
                                   512 << 10, 2 << 20, (2 << 20) + 1, (5 << 20) - 3};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct silt_region region = {0};
        cr_assert_eq(silt_region_take(sizes[i], &region, NULL), SILT_OK);
        cr_expect_eq(region.size, sizes[i]);
        cr_expect_eq((uintptr_t)region.data % 4096, 0);
        for (size_t j = 0; j < sizes[i]; j++)
            cr_assert_eq(region.data[j], 0);
        memset(region.data, 1, sizes[i]);
        silt_region_clear(&region);
        cr_expect_null(region.data);
    }
}

Test(region, large_ones_stand_on_huge_pages)
{
    struct silt_region region = {0};
    cr_assert_eq(silt_region_take(1 << 20, &region, NULL), SILT_OK);
    cr_expect_eq((uintptr_t)region.data % (2 << 20), 0);
    silt_region_clear(&region);
}

Test(region, says_when_there_is_no_memory)
{
    struct silt_error error = {0};
    struct silt_region region = {0};
    cr_expect_eq(silt_region_take(SIZE_MAX, &region, &error), SILT_ERR_MEMORY);
    cr_expect_eq(silt_region_take((size_t)1 << 60, &region, &error), SILT_ERR_MEMORY);
    cr_expect_null(region.data);
    silt_region_clear(&region);
}
