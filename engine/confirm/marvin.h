/*
 * marvin.h: Marvin32, the keyed checksum of Microsoft's identifiable keys.
 */
#ifndef SILT_CONFIRM_MARVIN_H
#define SILT_CONFIRM_MARVIN_H

#include "base/span.h"

/* The 64-bit state after the last block; both halves XORed are Marvin32. The seed is read from eight ASCII
 * letters, the first most significant. */
uint64_t silt_marvin_64(uint64_t seed, struct silt_span bytes);
uint32_t silt_marvin_32(const char seed[8], struct silt_span bytes);

#endif
