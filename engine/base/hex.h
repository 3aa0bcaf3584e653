/*
 * hex.h: lower-case hexadecimal text.
 */
#ifndef SILT_BASE_HEX_H
#define SILT_BASE_HEX_H

#include "base/span.h"

/* Writes two digits a byte and a NUL; out holds 2 * bytes.size + 1. */
void silt_hex_print(struct silt_span bytes, char *out);

/* Reads an even number of lower-case digits into text.size / 2 bytes; false if there is anything else. */
bool silt_hex_parse(struct silt_span text, uint8_t *out);

#endif
