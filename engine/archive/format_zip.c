/*
 * format_zip.c: zip and its family (jar, war, whl, apk, nupkg, docx), PKWARE APPNOTE.
 *
 * Read as a stream only: a 43 KB zip of overlapping entries is 5.25 GB through its central directory and 21
 * MB as a stream.
 */
#include "archive/check.h"
#include "archive/format.h"

#include <archive.h>

/* A local header (APPNOTE 4.3.7) whose version and flags are possible ones, or an empty archive (4.3.16). */
static bool is_zip(struct silt_span head)
{
    if (head.size >= 22 && memcmp(head.data, "PK\5\6\0\0\0\0", 8) == 0)
        return true;
    if (head.size < 30 || memcmp(head.data, "PK\3\4", 4) != 0)
        return false;
    return head.data[4] <= 90 && head.data[29] < 0x80;
}

const struct silt_format silt_format_zip_row = {
    .name = "zip",
    .use = SILT_FORMAT_STREAM,
    .is_format = is_zip,
    .support = archive_read_support_format_zip_streamable,
    .check = &silt_zipcheck,
};
