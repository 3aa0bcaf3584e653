/*
 * gzip.c: gzip (RFC 1952) with ISA-L's inflate, which is four times as fast as zlib's.
 *
 * ISA-L gets raw deflate only. Header and trailer are read here, so that fields of any length may lie across
 * any edge of the input, the members' checksums and lengths are compared here, and the inner stream
 * stands exactly behind the trailer afterwards.
 */
#include "base/error.h"
#include "stream/codec.h"
#include "stream/refill.h"

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <stdlib.h>

enum { FHCRC = 2, FEXTRA = 4, FNAME = 8, FCOMMENT = 16, RESERVED = 0xe0 }; /* RFC 1952, 2.3.1 */

/*
 * ISA-L copies up to 96 KiB a call through its own history buffer, so output and input should come in large
 * pieces. Output must be at least the 66 KiB that ISA-L may still hold when it finds damage.
 */
enum { OUT_SIZE = 512 * 1024, IN_WANT = 16 * 1024 };

struct gzip {
    struct silt_refill refill;
    struct silt_stream *inner;
    bool is_first;
    bool in_member;
    bool bad_header; /* FHCRC did not match: told behind the member, whose content is good to see nevertheless
                      */
    uint32_t header_crc;
    struct inflate_state state;
};

static bool is_gzip(struct silt_span head)
{
    static const uint8_t magic[3] = {0x1f, 0x8b, 8}; /* ID1, ID2, CM = deflate */
    if (head.size < sizeof magic || memcmp(head.data, magic, sizeof magic) != 0)
        return false;
    return head.size == sizeof magic || (head.data[3] & RESERVED) == 0;
}

/* Consumes a part of the header (at most 64 KiB), into its checksum and, if out is not NULL, into out. */
static enum silt_status take_header(struct gzip *gzip, size_t size, uint8_t *out, struct silt_error *error)
{
    struct silt_span part;
    if (size == 0)
        return SILT_OK;
    enum silt_status status = silt_stream_need(gzip->inner, size, "gzip header", &part, error);
    if (status != SILT_OK)
        return status;
    gzip->header_crc = crc32_gzip_refl(gzip->header_crc, part.data, size);
    if (out != NULL)
        memcpy(out, part.data, size);
    silt_stream_consume(gzip->inner, size);
    return SILT_OK;
}

static enum silt_status skip_extra(struct gzip *gzip, struct silt_error *error)
{
    uint8_t length[2];
    enum silt_status status = take_header(gzip, sizeof length, length, error);
    if (status != SILT_OK)
        return status;
    return take_header(gzip, (size_t)(length[0] | length[1] << 8), NULL, error);
}

/* A name or comment: zero-terminated, of any length. */
static enum silt_status skip_text(struct gzip *gzip, struct silt_error *error)
{
    const uint8_t *end = NULL;
    while (end == NULL) {
        struct silt_span part;
        enum silt_status status = silt_stream_need(gzip->inner, 1, "gzip header", &part, error);
        if (status != SILT_OK)
            return status;
        part = silt_span_slice(part, 0, SILT_STREAM_PEEK_MAX);
        end = memchr(part.data, 0, part.size);
        size_t size = end != NULL ? (size_t)(end - part.data) + 1 : part.size;
        status = take_header(gzip, size, NULL, error);
        if (status != SILT_OK)
            return status;
    }
    return SILT_OK;
}

static enum silt_status check_header(struct gzip *gzip, struct silt_error *error)
{
    uint32_t made = gzip->header_crc & 0xffff;
    uint8_t stored[2];
    enum silt_status status = take_header(gzip, sizeof stored, stored, error);
    if (status == SILT_OK)
        gzip->bad_header = made != (uint32_t)(stored[0] | stored[1] << 8);
    return status;
}

static enum silt_status read_header(struct gzip *gzip, struct silt_error *error)
{
    uint8_t fixed[10];
    gzip->header_crc = 0;
    gzip->bad_header = false;
    enum silt_status status = take_header(gzip, sizeof fixed, fixed, error);
    uint8_t flags = status == SILT_OK ? fixed[3] : 0;
    if (flags & FEXTRA)
        status = skip_extra(gzip, error);
    if (status == SILT_OK && flags & FNAME)
        status = skip_text(gzip, error);
    if (status == SILT_OK && flags & FCOMMENT)
        status = skip_text(gzip, error);
    if (status == SILT_OK && flags & FHCRC)
        status = check_header(gzip, error);
    return status;
}

/* tar and tape drives pad with zeros; gzip(1) ignores them as well. */
static enum silt_status skip_zeros(struct gzip *gzip, struct silt_error *error)
{
    for (;;) {
        struct silt_span bytes;
        enum silt_status status = silt_stream_peek(gzip->inner, 1, &bytes, error);
        if (status != SILT_OK)
            return status == SILT_END ? SILT_OK : status;
        size_t zeros = 0;
        while (zeros < bytes.size && bytes.data[zeros] == 0)
            zeros++;
        silt_stream_consume(gzip->inner, zeros);
        if (zeros < bytes.size)
            return SILT_OK;
    }
}

/* OK: a member's deflate data comes next. END: no further member. */
static enum silt_status begin_member(struct gzip *gzip, struct silt_error *error)
{
    enum silt_status status = gzip->is_first ? SILT_OK : skip_zeros(gzip, error);
    struct silt_span head;
    if (status == SILT_OK)
        status = silt_stream_peek(gzip->inner, 4, &head, error);
    if (status == SILT_END || (status == SILT_OK && !is_gzip(head)))
        return gzip->is_first ? silt_error_set(error, SILT_ERR_CORRUPT, "not gzip") : SILT_END;
    if (status == SILT_OK)
        status = read_header(gzip, error);
    if (status != SILT_OK)
        return status;
    gzip->is_first = false;
    gzip->in_member = true;
    isal_inflate_reset(&gzip->state);
    return SILT_OK;
}

static uint32_t little_endian(const uint8_t bytes[4])
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* CRC32 and ISIZE. ISA-L reads up to eight bytes ahead of the deflate data: those are the trailer's first. */
static enum silt_status take_trailer(struct gzip *gzip, uint8_t trailer[8], struct silt_error *error)
{
    size_t held = (size_t)gzip->state.read_in_length / 8;
    uint64_t ahead = gzip->state.read_in >> gzip->state.read_in_length % 8;
    for (size_t i = 0; i < held; i++)
        trailer[i] = (uint8_t)(ahead >> 8 * i);
    if (held == 8)
        return SILT_OK;
    struct silt_span rest;
    enum silt_status status = silt_stream_need(gzip->inner, 8 - held, "gzip trailer", &rest, error);
    if (status != SILT_OK)
        return status;
    memcpy(trailer + held, rest.data, 8 - held);
    silt_stream_consume(gzip->inner, 8 - held);
    return SILT_OK;
}

static enum silt_status end_member(struct gzip *gzip, struct silt_error *error)
{
    uint8_t trailer[8];
    enum silt_status status = take_trailer(gzip, trailer, error);
    if (status != SILT_OK)
        return status;
    gzip->in_member = false;
    uint32_t crc = little_endian(trailer), size = little_endian(trailer + 4);
    if (crc != gzip->state.crc)
        return silt_error_set(error, SILT_ERR_CORRUPT, "gzip checksum is %08x, the data's is %08x", crc,
                              gzip->state.crc);
    if (size != gzip->state.total_out)
        return silt_error_set(error, SILT_ERR_CORRUPT, "gzip length is %u, the data's is %u (modulo 2^32)",
                              size, gzip->state.total_out);
    if (gzip->bad_header)
        return silt_error_set(error, SILT_ERR_CORRUPT, "bad gzip header checksum");
    return SILT_OK;
}

static enum silt_status refuse(int code, struct silt_error *error)
{
    const char *what = code == ISAL_INVALID_BLOCK      ? "invalid block"
                       : code == ISAL_INVALID_SYMBOL   ? "invalid symbol"
                       : code == ISAL_INVALID_LOOKBACK ? "distance before the start"
                                                       : "invalid deflate data";
    return silt_error_set(error, SILT_ERR_CORRUPT, "damaged gzip: %s", what);
}

/* One call of ISA-L, straight from the inner stream's span to the room. ISA-L may still hold output when the
 * input has ended, so the end is only believed when nothing comes out any more. */
static enum silt_status inflate(struct gzip *gzip, uint8_t *room, size_t size, size_t *made,
                                struct silt_error *error)
{
    struct silt_span input = {NULL, 0};
    enum silt_status status = silt_stream_peek(gzip->inner, IN_WANT, &input, error);
    input = status == SILT_OK ? silt_span_slice(input, 0, INT32_MAX) : (struct silt_span){NULL, 0};
    gzip->state.next_in = (uint8_t *)(uintptr_t)input.data; /* ISA-L only reads it */
    gzip->state.avail_in = (uint32_t)input.size;
    gzip->state.next_out = room;
    gzip->state.avail_out = (uint32_t)size;
    int code = isal_inflate(&gzip->state);
    size_t used = input.size - gzip->state.avail_in;
    silt_stream_consume(gzip->inner, used);
    *made = size - gzip->state.avail_out;
    if (code != ISAL_DECOMP_OK)
        return refuse(code, error);
    if (gzip->state.block_state == ISAL_BLOCK_FINISH || *made > 0 || used > 0)
        return SILT_OK;
    return status == SILT_END ? silt_error_set(error, SILT_ERR_CORRUPT, "truncated gzip data") : status;
}

static enum silt_status gzip_fill(struct silt_refill *refill, uint8_t *room, size_t size, size_t *made,
                                  struct silt_error *error)
{
    struct gzip *gzip = (struct gzip *)refill;
    if (!gzip->in_member) {
        enum silt_status status = begin_member(gzip, error);
        if (status != SILT_OK)
            return status;
    }
    enum silt_status status = inflate(gzip, room, size, made, error);
    if (status == SILT_OK && gzip->state.block_state == ISAL_BLOCK_FINISH)
        status = end_member(gzip, error);
    return status;
}

static const struct silt_refill_ops gzip_ops = {gzip_fill, NULL};

static enum silt_status gzip_open(struct silt_stream *inner, uint64_t max_memory, struct silt_stream **out,
                                  struct silt_error *error)
{
    (void)max_memory; /* deflate's window is 32 KiB */
    struct gzip *gzip = malloc(sizeof *gzip);
    if (gzip == NULL)
        return silt_error_memory(error);
    enum silt_status status = silt_refill_init(&gzip->refill, &gzip_ops, OUT_SIZE, error);
    if (status != SILT_OK) {
        free(gzip);
        return status;
    }
    gzip->inner = inner;
    gzip->is_first = true;
    gzip->in_member = gzip->bad_header = false;
    isal_inflate_init(&gzip->state);
    gzip->state.crc_flag = ISAL_GZIP_NO_HDR;
    *out = &gzip->refill.stream;
    return SILT_OK;
}

const struct silt_codec silt_gzip_codec = {"gzip", ".gz", 4, is_gzip, gzip_open};
