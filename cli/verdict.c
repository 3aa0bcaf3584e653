/*
 * verdict.c: the exit code of a scan.
 */
#include "verdict.h"

#include "command.h"

int silt_verdict_exit(const struct silt_verdict *verdict)
{
    if (verdict->has_failed)
        return SILT_EXIT_USAGE;
    if (verdict->has_findings)
        return SILT_EXIT_FINDINGS;
    return verdict->is_complete || verdict->allow_incomplete ? SILT_EXIT_CLEAN : SILT_EXIT_INCOMPLETE;
}
