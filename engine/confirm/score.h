/*
 * score.h: how much a value looks like a random secret.
 */
#ifndef SILT_CONFIRM_SCORE_H
#define SILT_CONFIRM_SCORE_H

#include "base/span.h"

/* 0 (a word, a name, a path) to 1 (a random token). Judges the first 512 bytes; values of fewer than four
 * bytes score 0. README.md describes the method and what it was measured to separate. Thread-safe, allocates
 * nothing. */
double silt_score(struct silt_span value);

#endif
