/*
 * summer.c: MD5, SHA-1 and SHA-256 side by side, through libcrypto's low-level functions, as in digest.c.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/summer.h"

#include "base/error.h"

#include <openssl/md5.h>
#include <openssl/sha.h>
#include <stdlib.h>

struct silt_summer {
    MD5_CTX md5;
    SHA_CTX sha1;
    SHA256_CTX sha256;
};

static void start(struct silt_summer *summer)
{
    MD5_Init(&summer->md5);
    SHA1_Init(&summer->sha1);
    SHA256_Init(&summer->sha256);
}

enum silt_status silt_summer_new(struct silt_summer **out, struct silt_error *error)
{
    struct silt_summer *summer = malloc(sizeof *summer);
    if (summer == NULL)
        return silt_error_memory(error);
    start(summer);
    *out = summer;
    return SILT_OK;
}

/* In pieces that stay in the nearest cache while the three go over them. */
void silt_summer_put(struct silt_summer *summer, struct silt_span bytes)
{
    enum { PIECE = 16 * 1024 };
    for (size_t at = 0; at < bytes.size; at += PIECE) {
        struct silt_span piece = silt_span_slice(bytes, at, PIECE);
        MD5_Update(&summer->md5, piece.data, piece.size);
        SHA1_Update(&summer->sha1, piece.data, piece.size);
        SHA256_Update(&summer->sha256, piece.data, piece.size);
    }
}

void silt_summer_take(struct silt_summer *summer, struct silt_checksums *out)
{
    MD5_Final(out->md5, &summer->md5);
    SHA1_Final(out->sha1, &summer->sha1);
    SHA256_Final(out->sha256, &summer->sha256);
    out->is_known = true;
    start(summer);
}

void silt_summer_free(struct silt_summer *summer)
{
    free(summer);
}
