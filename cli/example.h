/*
 * example.h: an example of a signature as the file that it stands for.
 *
 * For a signature without a path the example is the content of some file. With path and pattern it is the
 * content of a file that the path matches. With a path only, its first line is the path of the file and the
 * rest the content, a blank line if there is none.
 */
#ifndef SILT_CLI_EXAMPLE_H
#define SILT_CLI_EXAMPLE_H

#include <silt/signatures.h>

enum { SILT_EXAMPLE_NAME_SIZE = 512 };

/* Writes the name of the file and answers its content, which is part of the text. */
struct silt_span silt_example_open(const struct silt_signature *signature, const char *text,
                                   char name[SILT_EXAMPLE_NAME_SIZE]);

/* Writes a path that a glob matches: `**` and a slash become nothing, other wildcards "x", of alternatives
 * and sets the first one is taken. */
void silt_example_name(const char *glob, char name[SILT_EXAMPLE_NAME_SIZE]);

#endif
