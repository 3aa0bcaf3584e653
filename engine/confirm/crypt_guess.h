/*
 * crypt_guess.h: the commonest passwords, tried on the hash of one.
 *
 * Such hashes are made to be slow: this takes up to 130 ms. It is no check, for checks are run on whatever
 * hostile text brings; who calls it counts.
 */
#ifndef SILT_CONFIRM_CRYPT_GUESS_H
#define SILT_CONFIRM_CRYPT_GUESS_H

#include "base/span.h"

/* Whether one of silt_common_passwords gives this hash: of them as many are tried as the scheme allows in
 * that time. Knows crypt(3)'s schemes at their usual cost and Apache's; of all else nothing is tried. */
bool silt_crypt_guess(struct silt_span hash);

#endif
