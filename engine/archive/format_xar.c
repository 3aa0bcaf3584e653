/*
 * format_xar.c: XAR (macOS packages): known so that they are reported, not read.
 */
#include "archive/format.h"

static bool is_xar(struct silt_span head)
{
    return head.size >= 28 && memcmp(head.data, "xar!\0\x1c\0\1", 8) == 0;
}

const struct silt_format silt_format_xar_row = {
    .name = "xar",
    .use = SILT_FORMAT_UNREADABLE,
    .is_format = is_xar,
};
