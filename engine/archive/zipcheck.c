/*
 * zipcheck.c: explains the bytes of a zip that were not handed out as content: PKWARE APPNOTE 4.3.
 *
 * They may be records: local headers, data descriptors, central directory headers, end records and their
 * zip64 forms, Android's signing block. A gap that is none of these hides something from the walk: data that
 * only the central directory leads to, a stub, bytes in between.
 */
#include "archive/check.h"

static uint32_t le16(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static uint64_t le32(const uint8_t *p)
{
    return le16(p) | (uint64_t)le16(p + 2) << 16;
}

static uint64_t le64(const uint8_t *p)
{
    return le32(p) | le32(p + 4) << 32;
}

/* The fixed part of the record that four bytes begin; 0 if they begin none. */
static size_t fixed_size(const uint8_t *p)
{
    static const struct {
        char magic[4];
        uint8_t size;
    } records[] = {
        {{'P', 'K', 3, 4}, 30}, {{'P', 'K', 1, 2}, 46}, {{'P', 'K', 5, 6}, 22}, {{'P', 'K', 6, 6}, 12},
        {{'P', 'K', 6, 7}, 20}, {{'P', 'K', 7, 8}, 16}, {{'P', 'K', 6, 8}, 8},
    };
    for (size_t i = 0; i < sizeof records / sizeof records[0]; i++) {
        if (memcmp(p, records[i].magic, 4) == 0)
            return records[i].size;
    }
    return 0;
}

/* What follows the fixed part: names, extra fields, comments. */
static uint64_t tail_size(const uint8_t *p)
{
    switch (p[2] << 8 | p[3]) {
    case 3 << 8 | 4:
        return le16(p + 26) + le16(p + 28);
    case 1 << 8 | 2:
        return le16(p + 28) + le16(p + 30) + le16(p + 32);
    case 5 << 8 | 6:
        return le16(p + 20);
    case 6 << 8 | 6:
        return le64(p + 4);
    case 6 << 8 | 8:
        return le32(p + 4);
    default:
        return 0;
    }
}

/* Bytes that begin no record: hidden, unless they turn out to be Android's signing block. */
static void begin_lost(struct silt_check *check, uint64_t offset)
{
    silt_check_hidden(check, offset, 8);
    check->zip.lost = 8;
    check->zip.lost_size = le64(check->zip.record) + 8;
    check->zip.filled = 0;
}

/* Looks at what stands in record. */
static void judge(struct silt_check *check, uint64_t offset)
{
    if (check->zip.filled < 8)
        return;
    size_t fixed = fixed_size(check->zip.record);
    if (fixed == 0) {
        begin_lost(check, offset);
    } else if (check->zip.filled == fixed) {
        check->zip.skip = tail_size(check->zip.record);
        check->is_ended = memcmp(check->zip.record, "PK\5\6", 4) == 0;
        check->zip.filled = 0;
    }
}

static size_t skip(struct silt_check *check, struct silt_span bytes)
{
    size_t size = check->zip.skip < bytes.size ? (size_t)check->zip.skip : bytes.size;
    check->zip.skip -= size;
    return size;
}

/* The block says its size first and its name last ("APK Signature Scheme v2", source.android.com). */
static void end_lost(struct silt_check *check)
{
    if (memcmp(check->zip.last, "APK Sig Block 42", 16) != 0)
        return;
    check->hidden_bytes -= check->zip.lost;
    check->zip.lost = 0;
}

static size_t lose(struct silt_check *check, uint64_t offset, struct silt_span bytes)
{
    uint64_t left =
        check->zip.lost_size > check->zip.lost ? check->zip.lost_size - check->zip.lost : UINT64_MAX;
    size_t size = left < bytes.size ? (size_t)left : bytes.size;
    size_t kept = size < 16 ? size : 16;
    memmove(check->zip.last, check->zip.last + kept, 16 - kept);
    memcpy(check->zip.last + 16 - kept, bytes.data + size - kept, kept);
    silt_check_hidden(check, offset, size);
    check->zip.lost += size;
    if (size == left)
        end_lost(check);
    return size;
}

static void zip_gap(struct silt_check *check, uint64_t offset, struct silt_span bytes)
{
    while (bytes.size > 0) {
        size_t size = 1;
        if (check->zip.skip > 0) {
            size = skip(check, bytes);
        } else if (check->zip.lost > 0) {
            size = lose(check, offset, bytes);
        } else {
            check->zip.record[check->zip.filled++] = bytes.data[0];
            judge(check, offset + 1 - check->zip.filled);
        }
        offset += size;
        bytes = silt_span_slice(bytes, size, bytes.size);
    }
}

static void zip_end(struct silt_check *check, uint64_t offset)
{
    silt_check_hidden(check, offset - check->zip.filled, check->zip.filled);
    check->zip.filled = 0;
}

static void zip_content(struct silt_check *check, uint64_t offset, uint64_t size)
{
    (void)size;
    zip_end(check, offset);
    check->zip.skip = check->zip.lost = 0;
}

static void zip_pending(struct silt_check *check, struct silt_span bytes)
{
    (void)check;
    (void)bytes;
}

const struct silt_check_ops silt_zipcheck = {zip_gap, zip_content, zip_pending, zip_end};
