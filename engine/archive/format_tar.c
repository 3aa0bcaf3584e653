/*
 * format_tar.c: tar in all its forms: v7, ustar, pax (POSIX.1-2001), GNU.
 */
#include "archive/check.h"
#include "archive/format.h"
#include "archive/tarcheck.h"

#include <archive.h>

/* The magic "ustar" is not asked for, v7 has none: a right checksum over a block with a name and a known kind
 * of number fields is what nothing else has by chance. */
static bool is_tar(struct silt_span head)
{
    return head.size >= SILT_TAR_BLOCK && head.data[0] != 0 && silt_tarcheck_is_header(head.data);
}

const struct silt_format silt_format_tar_row = {
    .name = "tar",
    .use = SILT_FORMAT_STREAM,
    .is_format = is_tar,
    .support = archive_read_support_format_tar,
    .options =
        "read_concatenated_archives", /* what follows an end mark is extracted by some, so it is read */
    .check = &silt_tarcheck,
    .is_stored = true,
    .is_sized = true,
};
