/*
 * equal.h: comparing secrets in a time that says nothing about where they differ.
 */
#ifndef SILT_CLI_SERVE_EQUAL_H
#define SILT_CLI_SERVE_EQUAL_H

#include <stdbool.h>
#include <stddef.h>

/* Whether a text that somebody sent (NULL: none) is the secret. The time depends on the length of what was
 * sent only. An empty secret equals nothing. */
bool silt_equal_secret(const char *given, const char *secret);

/* The same for bytes of one length, such as signatures. */
bool silt_equal_bytes(const void *a, const void *b, size_t size);

#endif
