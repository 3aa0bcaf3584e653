/*
 * fingerprint.c: the text that fingerprint.cmake makes.
 */
#include "base/fingerprint.h"

const char *silt_fingerprint(void)
{
    return
#include "fingerprint.inc"
        ;
}
