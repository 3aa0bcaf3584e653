/*
 * crc.h: the checksums that tokens and armour carry.
 */
#ifndef SILT_CONFIRM_CRC_H
#define SILT_CONFIRM_CRC_H

#include "base/span.h"

/* CRC-32 as in ISO 3309, zip and zlib. */
uint32_t silt_crc_32(struct silt_span bytes);

/* CRC-16/XMODEM: polynomial 0x1021, begins with 0, highest bit first. */
uint16_t silt_crc_16(struct silt_span bytes);

/* CRC-24 of OpenPGP armour (RFC 4880, section 6.1). */
uint32_t silt_crc_24(struct silt_span bytes);

#endif
