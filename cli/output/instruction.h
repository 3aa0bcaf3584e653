/*
 * instruction.h: a layer's created_by in the words of its Dockerfile.
 */
#ifndef SILT_CLI_OUTPUT_INSTRUCTION_H
#define SILT_CLI_OUTPUT_INSTRUCTION_H

enum { SILT_INSTRUCTION_SIZE = 400 };

/* Writes the instruction in one line: "/bin/sh -c #(nop)  ENV A=b" becomes "ENV A=b", "/bin/sh -c make"
 * becomes "RUN make", BuildKit's comment goes, runs of blanks become one. Cut to fit. Answers out. */
const char *silt_instruction_print(const char *created_by, char out[SILT_INSTRUCTION_SIZE]);

#endif
