/*
 * span.h: small functions on borrowed bytes. struct silt_span itself is public (silt/finding.h).
 */
#ifndef SILT_BASE_SPAN_H
#define SILT_BASE_SPAN_H

#include <silt/finding.h>
#include <stdbool.h>
#include <string.h>

/* A span over a NUL-terminated string, without its NUL; empty for NULL. */
static inline struct silt_span silt_span_text(const char *text)
{
    return (struct silt_span){(const uint8_t *)text, text != NULL ? strlen(text) : 0};
}

/* A span over `size` bytes. */
static inline struct silt_span silt_span_of(const void *data, size_t size)
{
    return (struct silt_span){(const uint8_t *)data, size};
}

/* The part from `start`, at most `size` bytes; both are clipped to the span. */
static inline struct silt_span silt_span_slice(struct silt_span span, size_t start, size_t size)
{
    if (start > span.size)
        start = span.size;
    if (size > span.size - start)
        size = span.size - start;
    return (struct silt_span){span.size > 0 ? span.data + start : span.data, size};
}

/* Whether both hold the same bytes. */
static inline bool silt_span_equal(struct silt_span a, struct silt_span b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

/* Whether the bytes are those of a NUL-terminated string. */
static inline bool silt_span_is_text(struct silt_span span, const char *text)
{
    return silt_span_equal(span, silt_span_text(text));
}

/* Whether the bytes begin with a NUL-terminated string. */
static inline bool silt_span_has_prefix(struct silt_span span, const char *prefix)
{
    size_t size = strlen(prefix);
    return span.size >= size && memcmp(span.data, prefix, size) == 0;
}

/* Whether the bytes end with a NUL-terminated string. */
static inline bool silt_span_has_suffix(struct silt_span span, const char *suffix)
{
    size_t size = strlen(suffix);
    return span.size >= size && memcmp(span.data + span.size - size, suffix, size) == 0;
}

#endif
