/*
 * sevenz.c: see sevenz.h. The header (7zFormat.txt, "Header structure") stands at the end, mostly packed by
 * LZMA in the one form that 7-Zip writes. Its coders are not parsed but looked for by their ids: a false hit
 * only makes the archive look larger.
 */
#include "archive/sevenz.h"

#include "base/buffer.h"
#include "stream/codec.h"
#include "stream/memory.h"

enum { START_SIZE = 32, HEADER_MAX = 16 * 1024 * 1024, PROPERTIES_SIZE = 5 };

/* Ids of properties. */
enum {
    END = 0,
    PACK_INFO = 6,
    UNPACK_INFO = 7,
    SIZES = 9,
    FOLDER = 11,
    UNPACK_SIZES = 12,
    ENCODED_HEADER = 0x17
};

struct cursor {
    struct silt_span rest;
    bool is_bad;
};

static uint8_t next_byte(struct cursor *cursor)
{
    if (cursor->rest.size == 0) {
        cursor->is_bad = true;
        return 0;
    }
    uint8_t byte = cursor->rest.data[0];
    cursor->rest = silt_span_slice(cursor->rest, 1, cursor->rest.size);
    return byte;
}

/* The leading ones of the first byte tell how many bytes follow, least first; its other bits are the highest.
 */
static uint64_t next_number(struct cursor *cursor)
{
    uint8_t first = next_byte(cursor);
    uint64_t value = 0;
    unsigned shift = 0;
    for (uint8_t mask = 0x80; mask != 0 && (first & mask) != 0; mask >>= 1, shift += 8) {
        value |= (uint64_t)next_byte(cursor) << shift;
        first &= (uint8_t)~mask;
    }
    return shift < 64 ? value | (uint64_t)first << shift : value;
}

static void expect(struct cursor *cursor, uint8_t byte)
{
    if (next_byte(cursor) != byte)
        cursor->is_bad = true;
}

static uint64_t read_le(const uint8_t *bytes, size_t size)
{
    uint64_t value = 0;
    for (size_t i = size; i > 0; i--)
        value = value << 8 | bytes[i - 1];
    return value;
}

/* LZMA2 names its dictionary by one byte (xz file format, 5.3.1). */
static uint64_t lzma2_size(uint8_t bits)
{
    return bits >= 40 ? UINT32_MAX : (uint64_t)(2 | (bits & 1)) << (bits / 2 + 11);
}

/* What a coder needs whose description stands at the front; 0 if none does. */
static uint64_t coder_need(struct silt_span bytes)
{
    if (bytes.size >= 10 && memcmp(bytes.data, "\x23\3\1\1\5", 5) == 0)
        return read_le(bytes.data + 6, 4); /* LZMA */
    if (bytes.size >= 10 && memcmp(bytes.data, "\x23\3\4\1\5", 5) == 0)
        return read_le(bytes.data + 6, 4); /* PPMd */
    if (bytes.size >= 4 && memcmp(bytes.data, "\x21\x21\1", 3) == 0)
        return lzma2_size(bytes.data[3]);
    return 0;
}

static uint64_t largest_need(struct silt_span header)
{
    uint64_t largest = 0;
    for (size_t i = 0; i < header.size; i++) {
        uint64_t need = coder_need(silt_span_slice(header, i, header.size));
        if (need > largest)
            largest = need;
    }
    return largest;
}

/* AES: libarchive says that it cannot read it before it takes any memory. */
static bool is_encrypted(struct silt_span header)
{
    return header.size > 4 && memmem(header.data, header.size, "\x06\xf1\x07\x01", 4) != NULL;
}

static bool find_header(struct silt_span archive, struct silt_span *out)
{
    if (archive.size < START_SIZE)
        return false;
    uint64_t offset = read_le(archive.data + 12, 8);
    uint64_t size = read_le(archive.data + 20, 8);
    if (offset > archive.size - START_SIZE || size > archive.size - START_SIZE - offset)
        return false;
    *out = silt_span_slice(archive, START_SIZE + (size_t)offset, (size_t)size);
    return true;
}

/* A dictionary as large as what comes out is as good as any; our decoder takes powers of two from 64 KiB on.
 */
static void write_dictionary(uint8_t start[PROPERTIES_SIZE], uint64_t unpacked)
{
    uint32_t size = 64 * 1024;
    while (size < unpacked && size < HEADER_MAX)
        size *= 2;
    for (size_t i = 0; i < 4; i++)
        start[1 + i] = (uint8_t)(size >> (8 * i));
}

/* Where the packed header stands, and what an .lzma file would have in front of the same bytes. */
static bool find_packed(struct silt_span archive, struct silt_span header, struct silt_span *packed,
                        uint8_t start[PROPERTIES_SIZE + 8])
{
    static const uint8_t folder[] = {UNPACK_INFO, FOLDER, 1, 0, 1, 0x23, 3, 1, 1, PROPERTIES_SIZE};
    struct cursor cursor = {header, false};
    expect(&cursor, ENCODED_HEADER);
    expect(&cursor, PACK_INFO);
    uint64_t position = next_number(&cursor);
    expect(&cursor, 1);
    expect(&cursor, SIZES);
    uint64_t size = next_number(&cursor);
    expect(&cursor, END);
    for (size_t i = 0; i < sizeof folder; i++)
        expect(&cursor, folder[i]);
    for (size_t i = 0; i < PROPERTIES_SIZE; i++)
        start[i] = next_byte(&cursor);
    expect(&cursor, UNPACK_SIZES);
    uint64_t unpacked = next_number(&cursor);
    write_dictionary(start, unpacked);
    for (size_t i = 0; i < 8; i++)
        start[PROPERTIES_SIZE + i] = (uint8_t)(unpacked >> (8 * i));
    if (cursor.is_bad || unpacked > HEADER_MAX || position > archive.size - START_SIZE ||
        size > archive.size - START_SIZE - position)
        return false;
    *packed = silt_span_slice(archive, START_SIZE + (size_t)position, (size_t)size);
    return true;
}

static enum silt_status read_all(struct silt_stream *stream, struct silt_buffer *out,
                                 struct silt_error *error)
{
    for (;;) {
        struct silt_span bytes;
        enum silt_status status = silt_stream_peek(stream, 1, &bytes, error);
        if (status != SILT_OK)
            return status;
        status = silt_buffer_append(out, bytes, error);
        if (status != SILT_OK)
            return status;
        silt_stream_consume(stream, bytes.size);
    }
}

/* What the packed header's coders need: unpacks it as the .lzma file that it nearly is. */
static enum silt_status need_of_packed(struct silt_span packed, const uint8_t *start, uint64_t max_memory,
                                       uint64_t *need, struct silt_error *error)
{
    struct silt_buffer file = {0};
    struct silt_buffer header = {0};
    struct silt_stream *stored = NULL;
    struct silt_stream *decoder = NULL;
    enum silt_status status = silt_buffer_append(&file, silt_span_of(start, PROPERTIES_SIZE + 8), error);
    if (status == SILT_OK)
        status = silt_buffer_append(&file, packed, error);
    if (status == SILT_OK)
        status = silt_memory_open(silt_buffer_span(&file), &stored, error);
    if (status == SILT_OK)
        status = silt_codec_named("lzma")->open(stored, max_memory, &decoder, error);
    if (status == SILT_OK)
        status = read_all(decoder, &header, error);
    if (status == SILT_END && header.size > 0 && header.data[0] != ENCODED_HEADER)
        *need = largest_need(silt_buffer_span(&header));
    silt_stream_free(decoder);
    silt_stream_free(stored);
    silt_buffer_wipe(&file);
    silt_buffer_wipe(&header);
    return status == SILT_ERR_MEMORY ? status : SILT_OK;
}

enum silt_status silt_sevenz_need(struct silt_span archive, uint64_t max_memory, uint64_t *need,
                                  struct silt_error *error)
{
    struct silt_span header;
    struct silt_span packed;
    uint8_t start[PROPERTIES_SIZE + 8];
    *need = 0;
    if (!find_header(archive, &header) || is_encrypted(header))
        return SILT_OK; /* libarchive says what is wrong with it */
    *need = largest_need(header);
    if (header.size == 0 || header.data[0] != ENCODED_HEADER)
        return SILT_OK;
    *need = UINT64_MAX;
    if (!find_packed(archive, header, &packed, start))
        return SILT_OK;
    return need_of_packed(packed, start, max_memory, need, error);
}
