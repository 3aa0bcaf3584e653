/*
 * format_cpio.c: cpio with ASCII headers: odc (070707), newc (070701) and crc (070702). The old binary form
 * has a magic of two bytes only, which is too weak a sign.
 */
#include "archive/format.h"

#include <archive.h>

static bool is_digits(struct silt_span head, size_t count, bool is_hex)
{
    for (size_t i = 6; i < count; i++) {
        uint8_t c = head.data[i];
        bool is_digit = c >= '0' && c <= (is_hex ? '9' : '7');
        bool is_letter = is_hex && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'));
        if (!is_digit && !is_letter)
            return false;
    }
    return true;
}

static bool is_cpio(struct silt_span head)
{
    if (head.size >= 110 && (silt_span_has_prefix(head, "070701") || silt_span_has_prefix(head, "070702")))
        return is_digits(head, 110, true);
    return head.size >= 76 && silt_span_has_prefix(head, "070707") && is_digits(head, 76, false);
}

const struct silt_format silt_format_cpio_row = {
    .name = "cpio",
    .use = SILT_FORMAT_STREAM,
    .is_format = is_cpio,
    .support = archive_read_support_format_cpio,
    .is_stored = true,
};
