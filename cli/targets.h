/*
 * targets.h: the targets that a command line names, with those that stand in list files (@FILE) and those
 * that fit patterns.
 */
#ifndef SILT_CLI_TARGETS_H
#define SILT_CLI_TARGETS_H

#include "words.h"

/* Appends the operands to `targets`; in place of @FILE the file's lines, without empty ones and those that
 * begin with
 * `#`; @- reads standard input. A pattern (wildcard.h) stands for all that fits it, in the
 * order of names; what it says behind file:, dir:, oci:, oci-archive: and docker-archive: too. A list that
 * names nothing and a pattern that nothing fits are mistakes. False with a message on standard error. */
bool silt_targets_expand(const struct silt_words *operands, struct silt_words *targets);

#endif
