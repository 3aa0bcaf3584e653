/*
 * format_7z.c: 7-Zip. Its directory stands at the end, so it is held in memory.
 */
#include "archive/format.h"
#include "archive/sevenz.h"

#include <archive.h>

static bool is_7z(struct silt_span head)
{
    return head.size >= 32 && memcmp(head.data, "7z\xbc\xaf\x27\x1c\0", 7) == 0;
}

const struct silt_format silt_format_7z_row = {
    .name = "7z",
    .use = SILT_FORMAT_HELD,
    .is_format = is_7z,
    .need = silt_sevenz_need,
    .support = archive_read_support_format_7zip,
};
