/*
 * error.h: fill and prefix a silt_error. The text is written where the failure is understood and prefixed on
 * the way up with what only the upper floor knows.
 */
#ifndef SILT_BASE_ERROR_H
#define SILT_BASE_ERROR_H

#include <silt/status.h>

/* Writes status and text (cut to fit) into error, if there is one, and answers the status, so that a failing
 * function ends with `return silt_error_set(error, SILT_ERR_…, "…")`. */
enum silt_status silt_error_set(struct silt_error *error, enum silt_status status, const char *format, ...)
    SILT_PRINTF(3, 4);

/* Puts "text: " before what error says already. Does nothing for NULL. */
void silt_error_prefix(struct silt_error *error, const char *format, ...) SILT_PRINTF(2, 3);

/* The usual answer to a failed allocation. */
enum silt_status silt_error_memory(struct silt_error *error);

#endif
