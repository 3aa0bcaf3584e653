/*
 * rarity.h: how often a short text stands in ordinary content, as a guess for choosing between texts.
 */
#ifndef SILT_MATCH_RARITY_H
#define SILT_MATCH_RARITY_H

#include <stdint.h>

/* Hits per MB that a text will have in code and prose; where bit i of `folded` is set, byte i is a small
 * letter that stands for both cases. Never 0: each text that is looked for has a price. */
double silt_rarity_rate(const uint8_t *bytes, unsigned size, unsigned folded);

#endif
