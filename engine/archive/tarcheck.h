/*
 * tarcheck.h: single blocks of a tar.
 */
#ifndef SILT_ARCHIVE_TARCHECK_H
#define SILT_ARCHIVE_TARCHECK_H

#include <stdbool.h>
#include <stdint.h>

enum { SILT_TAR_BLOCK = 512 };

/* Whether a block is a header: its checksum is right, counted with unsigned or (old tars) signed bytes. */
bool silt_tarcheck_is_header(const uint8_t *block);

#endif
