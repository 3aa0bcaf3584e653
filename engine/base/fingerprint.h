/*
 * fingerprint.h: which state of the sources a library was built from, for keys of what it keeps in files.
 */
#ifndef SILT_BASE_FINGERPRINT_H
#define SILT_BASE_FINGERPRINT_H

/* Hexadecimal SHA-256 of all of the engine's sources. A version number is raised too late, or forgotten; this
 * changes by itself. */
const char *silt_fingerprint(void);

#endif
