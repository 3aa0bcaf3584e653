/*
 * pack.h: numbers, bytes and spans as one run of bytes, and back. For what is kept between runs.
 *
 * Numbers are LEB128 (seven bits a byte, lowest first), spans are their size and their bytes. Taking is for
 * bytes that nobody vouches for: whatever they hold, nothing outside of them is touched, and all that is
 * taken after a mistake is zero.
 */
#ifndef SILT_SCAN_PACK_H
#define SILT_SCAN_PACK_H

#include "base/buffer.h"

/* Bytes being written. Zero-initialise; clear the buffer. */
struct silt_pack {
    struct silt_buffer bytes;
    bool has_failed; /* memory was out: the bytes are worth nothing */
};

/* Appends a number, bytes as they are, or a span with its size in front. */
void silt_pack_put_number(struct silt_pack *pack, uint64_t number);
void silt_pack_put_bytes(struct silt_pack *pack, struct silt_span bytes);
void silt_pack_put_span(struct silt_pack *pack, struct silt_span span);

/* Bytes being read. Initialise with what is to be read. */
struct silt_unpack {
    struct silt_span rest;
    bool has_failed; /* something was not there or too large */
};

/* The next number, which is at most `most`. */
uint64_t silt_pack_take_number(struct silt_unpack *unpack, uint64_t most);

/* The next `size` bytes, or a span with its size in front; borrowed. */
struct silt_span silt_pack_take_bytes(struct silt_unpack *unpack, size_t size);
struct silt_span silt_pack_take_span(struct silt_unpack *unpack);

#endif
