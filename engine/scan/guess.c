/*
 * guess.c: which hits are hashes is what their signatures' validators say.
 */
#include "scan/guess.h"

#include "confirm/crypt_guess.h"

#include <stdio.h>

static bool is_hash(const struct silt_signatures *signatures, const struct silt_hit *hit)
{
    const char *const *validator = silt_signatures_at(signatures, hit->match.signature)->validators;
    for (; *validator != NULL; validator++)
        if (strcmp(*validator, "crypt-hash") == 0)
            return true;
    return false;
}

static void note(struct silt_hit *hit)
{
    size_t size = strlen(hit->match.detail);
    snprintf(hit->match.detail + size, sizeof hit->match.detail - size, "%s", ", of a very common password");
    hit->match.validation = SILT_VALIDATION_VALID;
    hit->match.confidence = SILT_CONFIDENCE_HIGH;
}

void silt_guess_passwords(struct silt_result *result, size_t first, const struct silt_signatures *signatures)
{
    for (size_t i = first; i < result->hits.count && result->guessed < SILT_GUESS_MAX; i++) {
        struct silt_hit *hit = silt_result_hit(result, i);
        if (!is_hash(signatures, hit))
            continue;
        result->guessed++;
        if (silt_crypt_guess(hit->secret))
            note(hit);
    }
}
