/*
 * fingerprint.h: which state of the sources a library was built from, for keys of what it keeps in files.
 */
#ifndef SILT_BASE_FINGERPRINT_H
#define SILT_BASE_FINGERPRINT_H

/* Hexadecimal SHA-256 of the sources of base/, signature/, content/ and match/: of all that decides how
 * signatures are read and compiled. A version number is raised too late, or forgotten; this changes by
 * itself. */
const char *silt_fingerprint(void);

#endif
