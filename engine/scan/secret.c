/*
 * secret.c: hashes and redaction.
 */
#include "scan/secret.h"

#include "base/hex.h"

static const char hash_key[] = "silt secret hash, version 1";
static const char place_key[] = "silt fingerprint, version 1";

void silt_secret_key(struct silt_span secret, uint8_t out[16])
{
    struct silt_digest digest;
    silt_digest_hmac(silt_span_text(hash_key), secret, &digest);
    memcpy(out, digest.bytes, 16);
}

/* The digest of a digest so far and one more part; parts of any bytes cannot run into each other. */
static void add_part(struct silt_digest *digest, struct silt_span part)
{
    struct silt_digest own;
    silt_digest_of(part, &own);
    uint8_t both[2 * SILT_DIGEST_SIZE];
    memcpy(both, digest->bytes, SILT_DIGEST_SIZE);
    memcpy(both + SILT_DIGEST_SIZE, own.bytes, SILT_DIGEST_SIZE);
    silt_digest_hmac(silt_span_text(place_key), silt_span_of(both, sizeof both), digest);
}

void silt_secret_fingerprint(const struct silt_hit *hit, struct silt_span prefix, const char *signature_id,
                             char out[33])
{
    struct silt_digest digest = {{0}};
    add_part(&digest, silt_span_text(signature_id));
    add_part(&digest, silt_span_text(silt_origin_name(hit->origin)));
    if (prefix.size > 0)
        add_part(&digest, prefix);
    for (size_t i = 0; i < hit->spot->chain_count; i++)
        add_part(&digest, hit->spot->chain[i]);
    add_part(&digest, hit->spot->path);
    add_part(&digest, silt_span_of(hit->key, sizeof hit->key));
    silt_hex_print(silt_span_of(digest.bytes, 16), out);
}

static struct silt_span redact_parts(struct silt_span head, struct silt_span tail, struct silt_arena *arena)
{
    static const char mask[] = "****\xe2\x80\xa6"; /* four stars and an ellipsis */
    size_t mask_size = tail.size > 0 ? sizeof mask - 1 : 4;
    size_t size = head.size + mask_size + tail.size;
    char *out = silt_arena_take(arena, size + 1);
    if (out == NULL)
        return (struct silt_span){NULL, 0};
    if (head.size > 0)
        memcpy(out, head.data, head.size);
    memcpy(out + head.size, mask, mask_size);
    if (tail.size > 0)
        memcpy(out + head.size + mask_size, tail.data, tail.size);
    return silt_span_of(out, size);
}

struct silt_span silt_secret_redact(struct silt_span secret, struct silt_arena *arena)
{
    if (silt_span_has_prefix(secret, "-----BEGIN ")) {
        const uint8_t *line_end = memchr(secret.data, '\n', secret.size);
        size_t size = line_end != NULL ? (size_t)(line_end - secret.data) : 40;
        return redact_parts(silt_span_slice(secret, 0, size < 80 ? size : 80), (struct silt_span){0}, arena);
    }
    size_t shown = secret.size / 6; /* at each end: a third in all */
    if (shown > 4)
        shown = 4;
    return redact_parts(silt_span_slice(secret, 0, shown),
                        silt_span_slice(secret, secret.size - shown, shown), arena);
}

static struct silt_span mask_one(struct silt_span text, struct silt_span secret, struct silt_arena *arena)
{
    struct silt_span redacted = silt_secret_redact(secret, arena);
    for (size_t from = 0; text.data != NULL && redacted.data != NULL && from < text.size;) {
        const uint8_t *hit = memmem(text.data + from, text.size - from, secret.data, secret.size);
        if (hit == NULL)
            break;
        size_t at = (size_t)(hit - text.data);
        size_t rest = text.size - at - secret.size;
        uint8_t *out = silt_arena_take(arena, at + redacted.size + rest + 1);
        if (out == NULL)
            return (struct silt_span){NULL, 0};
        memcpy(out, text.data, at);
        memcpy(out + at, redacted.data, redacted.size);
        memcpy(out + at + redacted.size, hit + secret.size, rest);
        text = silt_span_of(out, at + redacted.size + rest);
        from = at + redacted.size;
    }
    return text;
}

const char *silt_secret_mask(const char *text, const struct silt_array *hits, struct silt_arena *arena)
{
    enum { SECRET_MIN = 4 };
    struct silt_span masked = silt_span_text(text);
    for (size_t i = 0; i < hits->count && masked.size >= SECRET_MIN; i++) {
        const struct silt_hit *hit = silt_array_at(hits, i);
        if (hit->secret.size < SECRET_MIN)
            continue;
        masked = mask_one(masked, hit->secret, arena);
    }
    return (const char *)masked.data;
}
