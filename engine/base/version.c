/*
 * version.c: the library's own version.
 */
#include <silt/version.h>

const char *silt_version(void)
{
    return SILT_VERSION_STRING;
}
