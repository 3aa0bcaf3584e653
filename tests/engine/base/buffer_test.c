/*
 * Bytes that grow.
 */
#include "base/buffer.h"

#include <criterion/criterion.h>

Test(buffer, append_and_drop)
{
    struct silt_buffer buffer = {0};
    for (int i = 0; i < 1000; i++)
        cr_assert_eq(silt_buffer_append(&buffer, silt_span_text("abc"), NULL), SILT_OK);
    cr_expect_eq(buffer.size, 3000);
    silt_buffer_drop(&buffer, 2998);
    cr_expect(silt_span_is_text(silt_buffer_span(&buffer), "bc"));
    silt_buffer_drop(&buffer, 100);
    cr_expect_eq(buffer.size, 0);
    cr_expect_eq(silt_buffer_append(&buffer, silt_span_text(""), NULL), SILT_OK);
    cr_expect_eq(silt_buffer_append(&buffer, (struct silt_span){NULL, 0}, NULL), SILT_OK);
    cr_expect_eq(buffer.size, 0);
    silt_buffer_clear(&buffer);
    cr_expect_null(buffer.data);
    cr_expect_eq(buffer.capacity, 0);
}

Test(buffer, reserve)
{
    struct silt_buffer buffer = {0};
    cr_assert_eq(silt_buffer_reserve(&buffer, 1000, NULL), SILT_OK);
    uint8_t *data = buffer.data;
    cr_expect_geq(buffer.capacity, 1000);
    cr_expect_eq(buffer.size, 0);
    cr_assert_eq(silt_buffer_reserve(&buffer, 500, NULL), SILT_OK);
    cr_expect_eq(buffer.data, data);
    silt_buffer_wipe(&buffer);
    cr_expect_null(buffer.data);
    silt_buffer_wipe(&buffer);
}

Test(buffer, absurd_sizes)
{
    struct silt_buffer buffer = {0};
    struct silt_error error = {0};
    cr_expect_eq(silt_buffer_reserve(&buffer, SIZE_MAX, &error), SILT_ERR_MEMORY);
    cr_expect_eq(error.status, SILT_ERR_MEMORY);
    cr_assert_eq(silt_buffer_append(&buffer, silt_span_text("kept"), NULL), SILT_OK);
    cr_expect_eq(silt_buffer_append(&buffer, (struct silt_span){buffer.data, SIZE_MAX}, &error),
                 SILT_ERR_MEMORY);
    cr_expect(silt_span_is_text(silt_buffer_span(&buffer), "kept"));
    silt_buffer_clear(&buffer);
}
