/*
 * guess.h: password hashes that stand for one of the commonest passwords.
 */
#ifndef SILT_SCAN_GUESS_H
#define SILT_SCAN_GUESS_H

#include "scan/result.h"

/* Tries them on the hashes among hits[first..) of a result, and says of a hit what was found: its confidence
 * is high then. Each hash takes up to 130 ms, so that only the first few of a blob have a turn
 * (SILT_GUESS_MAX). */
enum { SILT_GUESS_MAX = 16 };
void silt_guess_passwords(struct silt_result *result, size_t first, const struct silt_signatures *signatures);

#endif
