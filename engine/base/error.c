/*
 * error.c: text of failures, in a fixed buffer that the caller owns.
 */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum silt_status silt_error_set(struct silt_error *error, enum silt_status status, const char *format, ...)
{
    if (error == NULL)
        return status;
    error->status = status;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    return status;
}

void silt_error_prefix(struct silt_error *error, const char *format, ...)
{
    if (error == NULL)
        return;
    char prefix[SILT_ERROR_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(prefix, sizeof prefix, format, arguments);
    va_end(arguments);
    char old[SILT_ERROR_SIZE];
    memcpy(old, error->message, sizeof old);
    size_t used = strlen(prefix);
    if (used > sizeof error->message - 3)
        used = sizeof error->message - 3;
    memcpy(error->message, prefix, used);
    memcpy(error->message + used, ": ", 2);
    size_t room = sizeof error->message - used - 3;
    size_t rest = strnlen(old, sizeof old - 1);
    if (rest > room)
        rest = room;
    memcpy(error->message + used + 2, old, rest);
    error->message[used + 2 + rest] = '\0';
}

enum silt_status silt_error_memory(struct silt_error *error)
{
    return silt_error_set(error, SILT_ERR_MEMORY, "out of memory");
}
