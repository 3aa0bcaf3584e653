/*
 * crc_test.c: the check values of the CRC catalogue ("123456789").
 */
#include "confirm/crc.h"

#include <criterion/criterion.h>

Test(crc, gives_the_check_values)
{
    cr_expect_eq(silt_crc_32(silt_span_text("123456789")), 0xcbf43926);
    cr_expect_eq(silt_crc_24(silt_span_text("123456789")), 0x21cf02);
    cr_expect_eq(silt_crc_16(silt_span_text("123456789")), 0x31c3);
    cr_expect_eq(silt_crc_32(silt_span_text("")), 0);
}
