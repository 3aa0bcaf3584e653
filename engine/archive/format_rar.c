/*
 * format_rar.c: RAR archives: known so that they are reported, not read.
 */
#include "archive/format.h"

static bool is_rar(struct silt_span head)
{
    return silt_span_has_prefix(head, "Rar!\x1a\7\1") ||
           (head.size >= 7 && memcmp(head.data, "Rar!\x1a\7\0", 7) == 0);
}

const struct silt_format silt_format_rar_row = {
    .name = "rar",
    .use = SILT_FORMAT_UNREADABLE,
    .is_format = is_rar,
};
