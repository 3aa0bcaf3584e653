/*
 * summer.h: the checksums of a content that package managers keep in their records, all in one pass.
 *
 * MD5 and SHA-1 vouch for nothing against somebody who wants two contents to look alike; here they only tell
 * whether a file is the one that a record speaks of (image/packages.h says what hangs on it).
 */
#ifndef SILT_BASE_SUMMER_H
#define SILT_BASE_SUMMER_H

#include "base/span.h"

enum { SILT_MD5_SIZE = 16, SILT_SHA1_SIZE = 20, SILT_SHA256_SIZE = 32 };

struct silt_checksums {
    bool is_known; /* false: the content was not seen whole */
    uint8_t md5[SILT_MD5_SIZE];
    uint8_t sha1[SILT_SHA1_SIZE];
    uint8_t sha256[SILT_SHA256_SIZE];
};

/* Checksums being made. Belongs to one thread. */
struct silt_summer;

/* Starts. MEMORY. Free it with silt_summer_free. */
SILT_MUST_USE enum silt_status silt_summer_new(struct silt_summer **out, struct silt_error *error);

/* Adds bytes. */
void silt_summer_put(struct silt_summer *summer, struct silt_span bytes);

/* Answers the checksums of all bytes put so far and starts anew. */
void silt_summer_take(struct silt_summer *summer, struct silt_checksums *out);

/* Frees it; NULL is allowed. */
void silt_summer_free(struct silt_summer *summer);

#endif
