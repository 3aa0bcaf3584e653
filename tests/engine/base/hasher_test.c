/*
 * A digest made in pieces.
 */
#include "base/hasher.h"

#include <criterion/criterion.h>

Test(hasher, in_pieces_and_anew)
{
    struct silt_hasher *hasher;
    struct silt_digest digest, whole;
    cr_assert_eq(silt_hasher_new(&hasher, NULL), SILT_OK);
    for (int i = 0; i < 2; i++) {
        silt_hasher_put(hasher, silt_span_text("a"));
        silt_hasher_put(hasher, silt_span_text(""));
        silt_hasher_put(hasher, silt_span_text("bc"));
        silt_hasher_take(hasher, &digest);
        silt_digest_of(silt_span_text("abc"), &whole);
        cr_expect(silt_digest_equal(&digest, &whole));
    }
    silt_hasher_free(hasher);
    silt_hasher_free(NULL);
}
