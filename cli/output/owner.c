/*
 * owner.c: see owner.h.
 */
#include "owner.h"

#include <stdio.h>

const char *silt_owner_print(const struct silt_package *package, char out[SILT_OWNER_SIZE])
{
    bool has_version = package->version[0] != '\0';
    snprintf(out, SILT_OWNER_SIZE, "%s package %s%s%s", silt_package_manager_name(package->manager),
             package->name, has_version ? " " : "", package->version);
    return out;
}

const char *silt_owner_integrity(const struct silt_package *package)
{
    switch (package->integrity) {
    case SILT_INTEGRITY_UNMODIFIED:
        return "is unmodified";
    case SILT_INTEGRITY_MODIFIED:
        return "was changed since";
    case SILT_INTEGRITY_UNKNOWN:
        break;
    }
    return "has no checksum to compare";
}
