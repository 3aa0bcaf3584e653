/*
 * format_cab.c: Microsoft cabinets: known so that they are reported, not read.
 */
#include "archive/format.h"

static bool is_cab(struct silt_span head)
{
    return head.size >= 36 && memcmp(head.data, "MSCF\0\0\0\0", 8) == 0;
}

const struct silt_format silt_format_cab_row = {
    .name = "cab",
    .use = SILT_FORMAT_UNREADABLE,
    .is_format = is_cab,
};
