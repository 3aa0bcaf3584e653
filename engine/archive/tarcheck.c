/*
 * tarcheck.c: explains the bytes of a tar that were not handed out as content.
 *
 * They may be headers with a right checksum, bodies of extension headers (pax x and g, GNU L and K, Solaris A
 * and X), sparse maps, zero padding up to a block, and zero blocks. Everything else is content that the walk
 * lost: a body behind a header that libarchive takes for bodiless, a size that was overridden, bytes behind
 * an error.
 */
#include "archive/tarcheck.h"

#include "archive/check.h"

/* POSIX.1-2017, pax, "ustar Interchange Format", and the GNU header of tar(5). */
enum {
    SIZE_AT = 124,
    SIZE_SIZE = 12,
    SUM_AT = 148,
    SUM_SIZE = 8,
    TYPE_AT = 156,
    GNU_SPARSE_AT = 386,
    GNU_EXTENDED_AT = 482,
    MAP_EXTENDED_AT = 504,
    MAP_BLOCK_ENTRIES = 21
};

static bool read_octal(const uint8_t *field, size_t size, uint64_t *out)
{
    size_t i = 0;
    while (i < size && field[i] == ' ')
        i++;
    size_t start = i;
    for (*out = 0; i < size && field[i] >= '0' && field[i] <= '7'; i++)
        *out = *out * 8 + (uint64_t)(field[i] - '0');
    return i > start && (i == size || field[i] == ' ' || field[i] == 0);
}

bool silt_tarcheck_is_header(const uint8_t *block)
{
    uint64_t wanted;
    if (!read_octal(block + SUM_AT, SUM_SIZE, &wanted))
        return false;
    int64_t sum = 0;
    int64_t high = 0; /* how many bytes count 256 less when taken as signed */
    for (size_t i = 0; i < SILT_TAR_BLOCK; i++) {
        sum += block[i];
        high += block[i] >> 7;
    }
    for (size_t i = SUM_AT; i < SUM_AT + SUM_SIZE; i++) {
        sum += ' ' - block[i];
        high -= block[i] >> 7;
    }
    return (int64_t)wanted == sum || (int64_t)wanted == sum - 256 * high;
}

static bool is_zero(const uint8_t *bytes, size_t size)
{
    return size == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0);
}

/* Sparse maps in pax form are numbers between commas or line ends: so many are to be remembered. */
static size_t count_marks(struct silt_span bytes)
{
    size_t count = 0;
    for (size_t i = 0; i < bytes.size; i++)
        count += bytes.data[i] == ',' || bytes.data[i] == '\n';
    return count;
}

/* The map in front of the content of a pax 1.0 sparse file: decimal lines, then zeros to the block's end. */
static bool is_map(const uint8_t *block)
{
    size_t i = 0;
    while (i < SILT_TAR_BLOCK && ((block[i] >= '0' && block[i] <= '9') || block[i] == '\n'))
        i++;
    return i > 0 && is_zero(block + i, SILT_TAR_BLOCK - i);
}

static void judge_header(struct silt_check *check, const uint8_t *block)
{
    switch (block[TYPE_AT]) {
    case 'x':
    case 'X':
        check->tar.is_after_pax = true;
        /* fall through */
    case 'g':
    case 'L':
    case 'K':
    case 'A':
        if (!read_octal(block + SIZE_AT, SIZE_SIZE, &check->tar.body_left))
            check->tar.body_left = 0;
        return;
    default:
        check->tar.is_map_next = check->tar.is_after_pax;
        check->tar.is_after_pax = false;
        check->tar.is_extended = memcmp(block + 257, "ustar  ", 8) == 0 && block[GNU_SPARSE_AT] != 0 &&
                                 block[GNU_EXTENDED_AT] != 0;
    }
}

static void judge(struct silt_check *check, uint64_t offset, const uint8_t *block)
{
    if (check->tar.is_extended) {
        check->weight += 2 * MAP_BLOCK_ENTRIES;
        check->tar.is_extended = block[MAP_EXTENDED_AT] != 0;
    } else if (is_zero(block, SILT_TAR_BLOCK)) {
        check->is_ended = true;
    } else if (silt_tarcheck_is_header(block)) {
        judge_header(check, block);
    } else if (check->tar.is_map_next && is_map(block)) {
        check->weight += count_marks(silt_span_of(block, SILT_TAR_BLOCK));
    } else {
        silt_check_hidden(check, offset, SILT_TAR_BLOCK);
    }
}

static size_t take_body(struct silt_check *check, struct silt_span bytes)
{
    size_t size = check->tar.body_left < bytes.size ? (size_t)check->tar.body_left : bytes.size;
    check->tar.body_left -= size;
    check->weight += count_marks(silt_span_slice(bytes, 0, size));
    return size;
}

/* Bytes between content or a body and the next block. */
static size_t take_padding(struct silt_check *check, uint64_t offset, struct silt_span bytes)
{
    size_t size = SILT_TAR_BLOCK - (size_t)(offset % SILT_TAR_BLOCK);
    if (size > bytes.size)
        size = bytes.size;
    if (!is_zero(bytes.data, size))
        silt_check_hidden(check, offset, size);
    return size;
}

static size_t take_block(struct silt_check *check, uint64_t offset, struct silt_span bytes)
{
    if (check->tar.filled == 0 && bytes.size >= SILT_TAR_BLOCK) {
        judge(check, offset, bytes.data);
        return SILT_TAR_BLOCK;
    }
    size_t size = SILT_TAR_BLOCK - check->tar.filled;
    if (size > bytes.size)
        size = bytes.size;
    memcpy(check->tar.block + check->tar.filled, bytes.data, size);
    check->tar.filled += size;
    if (check->tar.filled == SILT_TAR_BLOCK) {
        check->tar.filled = 0;
        judge(check, offset + size - SILT_TAR_BLOCK, check->tar.block);
    }
    return size;
}

static void tar_gap(struct silt_check *check, uint64_t offset, struct silt_span bytes)
{
    while (bytes.size > 0) {
        size_t size;
        if (check->tar.body_left > 0)
            size = take_body(check, bytes);
        else if (check->tar.filled == 0 && offset % SILT_TAR_BLOCK != 0)
            size = take_padding(check, offset, bytes);
        else
            size = take_block(check, offset, bytes);
        offset += size;
        bytes = silt_span_slice(bytes, size, bytes.size);
    }
}

/* A block that was cut short. */
static void drop_block(struct silt_check *check, uint64_t offset)
{
    if (!is_zero(check->tar.block, check->tar.filled))
        silt_check_hidden(check, offset - check->tar.filled, check->tar.filled);
    check->tar.filled = 0;
}

static void tar_content(struct silt_check *check, uint64_t offset, uint64_t size)
{
    (void)size;
    drop_block(check, offset);
    check->tar.is_map_next = check->tar.is_after_pax = check->tar.is_extended = false;
    check->tar.body_left = 0;
    check->is_ended = false;
}

static void tar_pending(struct silt_check *check, struct silt_span bytes)
{
    check->weight += count_marks(bytes);
}

const struct silt_check_ops silt_tarcheck = {tar_gap, tar_content, tar_pending, drop_block};
