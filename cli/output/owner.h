/*
 * owner.h: the package that owns a finding's file, in words.
 */
#ifndef SILT_CLI_OUTPUT_OWNER_H
#define SILT_CLI_OUTPUT_OWNER_H

#include <silt/finding.h>

/* Manager, name and version in one line: "dpkg package git 1:2.39.5", cut to fit. */
enum { SILT_OWNER_SIZE = 640 };
const char *silt_owner_print(const struct silt_package *package, char out[SILT_OWNER_SIZE]);

/* What is known of the file: a clause that follows "the file". */
const char *silt_owner_integrity(const struct silt_package *package);

#endif
