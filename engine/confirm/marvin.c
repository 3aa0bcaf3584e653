/*
 * marvin.c: Marvin32 as Microsoft published it (US patent 20130262421; dotnet/runtime tests give its
 * vectors).
 */
#include "confirm/marvin.h"

struct state {
    uint32_t low, high;
};

static uint32_t rotate(uint32_t word, int bits)
{
    return word << bits | word >> (32 - bits);
}

static void mix(struct state *state, uint32_t word)
{
    state->low += word;
    state->high ^= state->low;
    state->low = rotate(state->low, 20) + state->high;
    state->high = rotate(state->high, 9) ^ state->low;
    state->low = rotate(state->low, 27) + state->high;
    state->high = rotate(state->high, 19);
}

uint64_t silt_marvin_64(uint64_t seed, struct silt_span bytes)
{
    struct state state = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    size_t i = 0;
    for (; bytes.size - i >= 4; i += 4)
        mix(&state, bytes.data[i] | (uint32_t)bytes.data[i + 1] << 8 | (uint32_t)bytes.data[i + 2] << 16 |
                        (uint32_t)bytes.data[i + 3] << 24);
    uint32_t last = 0x80; /* the rest, with one bit behind it */
    for (size_t end = bytes.size; end > i; end--)
        last = last << 8 | bytes.data[end - 1];
    mix(&state, last);
    mix(&state, 0);
    return (uint64_t)state.high << 32 | state.low;
}

uint32_t silt_marvin_32(const char seed[8], struct silt_span bytes)
{
    uint64_t key = 0;
    for (int i = 0; i < 8; i++)
        key = key << 8 | (uint8_t)seed[i];
    uint64_t hash = silt_marvin_64(key, bytes);
    return (uint32_t)(hash >> 32) ^ (uint32_t)hash;
}
