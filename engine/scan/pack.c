/*
 * pack.c: LEB128 numbers and spans.
 */
#include "scan/pack.h"

void silt_pack_put_bytes(struct silt_pack *pack, struct silt_span bytes)
{
    if (!pack->has_failed)
        pack->has_failed = silt_buffer_append(&pack->bytes, bytes, NULL) != SILT_OK;
}

void silt_pack_put_number(struct silt_pack *pack, uint64_t number)
{
    uint8_t bytes[10];
    size_t size = 0;
    do {
        bytes[size++] = (uint8_t)((number & 0x7f) | (number > 0x7f ? 0x80 : 0));
        number >>= 7;
    } while (number > 0);
    silt_pack_put_bytes(pack, silt_span_of(bytes, size));
}

void silt_pack_put_span(struct silt_pack *pack, struct silt_span span)
{
    silt_pack_put_number(pack, span.size);
    silt_pack_put_bytes(pack, span);
}

static uint64_t fail(struct silt_unpack *unpack)
{
    unpack->has_failed = true;
    unpack->rest.size = 0;
    return 0;
}

uint64_t silt_pack_take_number(struct silt_unpack *unpack, uint64_t most)
{
    uint64_t number = 0;
    for (unsigned shift = 0; unpack->rest.size > 0 && shift < 64; shift += 7) {
        uint64_t bits = unpack->rest.data[0] & 0x7f;
        bool is_last = (unpack->rest.data[0] & 0x80) == 0;
        unpack->rest = silt_span_slice(unpack->rest, 1, unpack->rest.size);
        if (shift == 63 && bits > 1)
            break;
        number |= bits << shift;
        if (is_last)
            return number <= most ? number : fail(unpack);
    }
    return fail(unpack);
}

struct silt_span silt_pack_take_bytes(struct silt_unpack *unpack, size_t size)
{
    if (size > unpack->rest.size) {
        fail(unpack);
        return (struct silt_span){NULL, 0};
    }
    struct silt_span taken = silt_span_slice(unpack->rest, 0, size);
    unpack->rest = silt_span_slice(unpack->rest, size, unpack->rest.size);
    return taken;
}

struct silt_span silt_pack_take_span(struct silt_unpack *unpack)
{
    return silt_pack_take_bytes(unpack, (size_t)silt_pack_take_number(unpack, unpack->rest.size));
}
