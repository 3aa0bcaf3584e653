/*
 * key_public.c: the fingerprint of a key's public half as OpenSSH prints it (RFC 4253, section 6.6; RFC 5656,
 * section 3.1; RFC 8709): it says which servers and certificates a key is for, in whatever form it was found.
 */
#include "confirm/key.h"

#include <openssl/evp.h>

enum { HASH_SIZE = 32, PREFIX_SIZE = 7, ENCODED_SIZE = 44 };

static bool hash_field(EVP_MD_CTX *context, struct silt_span field)
{
    const uint8_t size[] = {(uint8_t)(field.size >> 24), (uint8_t)(field.size >> 16),
                            (uint8_t)(field.size >> 8), (uint8_t)field.size};
    return EVP_DigestUpdate(context, size, sizeof size) == 1 &&
           EVP_DigestUpdate(context, field.data, field.size) == 1;
}

static void print(const uint8_t hash[HASH_SIZE], struct silt_key *out)
{
    memcpy(out->fingerprint, "SHA256:", PREFIX_SIZE);
    EVP_EncodeBlock((unsigned char *)out->fingerprint + PREFIX_SIZE, hash, HASH_SIZE);
    out->fingerprint[PREFIX_SIZE + ENCODED_SIZE - 1] = '\0'; /* OpenSSH leaves the padding out */
}

void silt_key_public_blob(struct silt_span blob, struct silt_key *out)
{
    uint8_t hash[HASH_SIZE];
    if (EVP_Digest(blob.data, blob.size, hash, NULL, EVP_sha256(), NULL) == 1)
        print(hash, out);
}

void silt_key_public_fields(const struct silt_span *fields, size_t count, struct silt_key *out)
{
    uint8_t hash[HASH_SIZE];
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool is_hashed = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1;
    for (size_t i = 0; i < count && is_hashed; i++)
        is_hashed = hash_field(context, fields[i]);
    if (is_hashed && EVP_DigestFinal_ex(context, hash, NULL) == 1)
        print(hash, out);
    EVP_MD_CTX_free(context);
}
