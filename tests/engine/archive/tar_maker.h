/*
 * tar_maker.h: tars written block by block, so that they can be wrong in any way.
 */
#ifndef TESTS_ARCHIVE_TAR_MAKER_H
#define TESTS_ARCHIVE_TAR_MAKER_H

#include "base/buffer.h"

#include <criterion/criterion.h>
#include <stdio.h>

static inline void put_bytes(struct silt_buffer *out, const void *data, size_t size)
{
    cr_assert_eq(silt_buffer_append(out, silt_span_of(data, size), NULL), SILT_OK);
}

static inline void put_text(struct silt_buffer *out, const char *text)
{
    put_bytes(out, text, strlen(text));
}

static inline void put_zeros(struct silt_buffer *out, size_t size)
{
    static const uint8_t zeros[1024];
    for (; size > sizeof zeros; size -= sizeof zeros)
        put_bytes(out, zeros, sizeof zeros);
    put_bytes(out, zeros, size);
}

static inline void tar_pad(struct silt_buffer *out)
{
    put_zeros(out, (512 - out->size % 512) % 512);
}

static inline void tar_sum(uint8_t *block)
{
    unsigned sum = 0;
    memset(block + 148, ' ', 8);
    for (size_t i = 0; i < 512; i++)
        sum += block[i];
    snprintf((char *)block + 148, 8, "%06o", sum);
}

/* A ustar header; returns its place in the buffer, to be spoilt and summed again. */
static inline size_t tar_header(struct silt_buffer *out, const char *name, char type, uint64_t size)
{
    uint8_t block[512] = {0};
    size_t length = strlen(name);
    memcpy(block, name, length < 100 ? length : 100);
    memcpy(block + 100, "0000644\0000000000\0000000000", 24);
    snprintf((char *)block + 124, 12, "%011lo", (unsigned long)size);
    memcpy(block + 136, "00000000000", 11);
    block[156] = (uint8_t)type;
    memcpy(block + 257, "ustar\00000", 8);
    tar_sum(block);
    put_bytes(out, block, sizeof block);
    return out->size - sizeof block;
}

static inline void tar_body(struct silt_buffer *out, const void *data, size_t size)
{
    put_bytes(out, data, size);
    tar_pad(out);
}

static inline void tar_file(struct silt_buffer *out, const char *name, const char *text)
{
    tar_header(out, name, '0', strlen(text));
    tar_body(out, text, strlen(text));
}

/* One pax record; the length counts itself. */
static inline void pax_record(struct silt_buffer *out, const char *key, const char *value, size_t value_size)
{
    size_t rest = strlen(key) + value_size + 3;
    size_t length = rest + 1;
    char digits[24];
    while ((size_t)snprintf(digits, sizeof digits, "%zu", length) + rest != length)
        length = (size_t)snprintf(digits, sizeof digits, "%zu", length) + rest;
    put_text(out, digits);
    put_text(out, " ");
    put_text(out, key);
    put_text(out, "=");
    put_bytes(out, value, value_size);
    put_text(out, "\n");
}

static inline void tar_pax(struct silt_buffer *out, char type, const char *key, const char *value,
                           size_t size)
{
    struct silt_buffer body = {0};
    pax_record(&body, key, value, size);
    tar_header(out, "PaxHeaders/x", type, body.size);
    tar_body(out, body.data, body.size);
    silt_buffer_clear(&body);
}

static inline void tar_end(struct silt_buffer *out)
{
    put_zeros(out, 1024);
}

#endif
