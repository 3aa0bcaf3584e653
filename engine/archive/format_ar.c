/*
 * format_ar.c: Unix ar, which a Debian package is (deb(5)).
 */
#include "archive/format.h"

#include <archive.h>

static bool is_ar(struct silt_span head)
{
    return silt_span_has_prefix(head, "!<arch>\n") &&
           (head.size == 8 || (head.size >= 68 && head.data[66] == '`'));
}

const struct silt_format silt_format_ar_row = {
    .name = "ar",
    .use = SILT_FORMAT_STREAM,
    .is_format = is_ar,
    .support = archive_read_support_format_ar,
    .is_stored = true,
};
