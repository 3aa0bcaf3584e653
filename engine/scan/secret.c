/*
 * secret.c: hashes and redaction.
 */
#include "scan/secret.h"

#include "base/hex.h"

static const char hash_key[] = "silt secret hash, version 1";
static const char place_key[] = "silt fingerprint, version 1";

static const char mask_alone[] = "****", mask_between[] = "****\xe2\x80\xa6"; /* with an ellipsis */

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
    const char *mask = tail.size > 0 ? mask_between : mask_alone;
    size_t mask_size = strlen(mask);
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

static bool is_pem(struct silt_span text)
{
    return silt_span_has_prefix(text, "-----BEGIN ");
}

/* How much is shown at each end: a third in all. */
static size_t shown_of(size_t secret_size)
{
    size_t shown = secret_size / 6;
    return shown < 4 ? shown : 4;
}

struct silt_span silt_secret_redact(struct silt_span secret, struct silt_arena *arena)
{
    if (is_pem(secret)) {
        const uint8_t *line_end = memchr(secret.data, '\n', secret.size);
        size_t size = line_end != NULL ? (size_t)(line_end - secret.data) : 40;
        return redact_parts(silt_span_slice(secret, 0, size < 80 ? size : 80), (struct silt_span){0}, arena);
    }
    size_t shown = shown_of(secret.size);
    return redact_parts(silt_span_slice(secret, 0, shown),
                        silt_span_slice(secret, secret.size - shown, shown), arena);
}

void silt_secret_ends(struct silt_span redacted, size_t secret_size, struct silt_span *head,
                      struct silt_span *tail)
{
    size_t shown = shown_of(secret_size);
    *head = silt_span_slice(redacted, 0, is_pem(redacted) ? redacted.size - strlen(mask_alone) : shown);
    *tail = silt_span_slice(redacted, redacted.size - shown, is_pem(redacted) ? 0 : shown);
}

bool silt_secret_is_redacted(struct silt_span redacted, size_t secret_size)
{
    size_t shown = shown_of(secret_size);
    if (is_pem(redacted))
        return silt_span_has_suffix(redacted, mask_alone) &&
               redacted.size - strlen(mask_alone) <= secret_size;
    return redacted.size == (shown > 0 ? 2 * shown + strlen(mask_between) : strlen(mask_alone));
}
