/*
 * format_rpm.c: an RPM package: lead, signature header, header, then a compressed cpio (rpm.org, "RPM V4
 * Package format"). What stands in front of the payload is handed out raw; the payload is looked at as any
 * stream.
 */
#include "archive/format.h"

enum { LEAD_SIZE = 96, INTRO_SIZE = 16, HEADER_MAX = 256 * 1024 * 1024 };

static bool is_rpm(struct silt_span head)
{
    return head.size >= LEAD_SIZE + INTRO_SIZE && memcmp(head.data, "\xed\xab\xee\xdb", 4) == 0 &&
           memcmp(head.data + LEAD_SIZE, "\x8e\xad\xe8\x01", 4) == 0;
}

static uint64_t read_be32(const uint8_t *p)
{
    return (uint64_t)p[0] << 24 | (uint64_t)p[1] << 16 | (uint64_t)p[2] << 8 | p[3];
}

/* Adds the size of the header structure whose intro stands at *size. */
static bool add_header(struct silt_span head, uint64_t *size)
{
    if (*size > head.size || head.size - *size < INTRO_SIZE)
        return false;
    const uint8_t *intro = head.data + *size;
    uint64_t bytes = read_be32(intro + 8) * 16 + read_be32(intro + 12);
    if (memcmp(intro, "\x8e\xad\xe8\x01", 4) != 0 || bytes > HEADER_MAX)
        return false;
    *size += INTRO_SIZE + bytes;
    return true;
}

static bool prefix_size(struct silt_span head, uint64_t *size)
{
    *size = LEAD_SIZE;
    if (!add_header(head, size))
        return false;
    *size = (*size + 7) & ~UINT64_C(7); /* the signature is padded to eight bytes */
    return add_header(head, size);
}

const struct silt_format silt_format_rpm_row = {
    .name = "rpm",
    .use = SILT_FORMAT_PREFIX,
    .is_format = is_rpm,
    .prefix_size = prefix_size,
};
