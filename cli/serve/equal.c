/*
 * equal.c: constant-time comparison. `volatile` keeps the compiler from leaving the loop early.
 */
#include "equal.h"

#include <string.h>

bool silt_equal_bytes(const void *a, const void *b, size_t size)
{
    const volatile unsigned char *left = a, *right = b;
    unsigned char difference = 0;
    for (size_t i = 0; i < size; i++)
        difference |= left[i] ^ right[i];
    return difference == 0;
}

bool silt_equal_secret(const char *given, const char *secret)
{
    size_t given_size = given != NULL ? strlen(given) : 0, size = strlen(secret);
    volatile unsigned char difference = given_size != size || size == 0;
    for (size_t i = 0; i < given_size; i++)
        difference |= (unsigned char)(given[i] ^ secret[size > 0 ? i % size : 0]);
    return difference == 0;
}
