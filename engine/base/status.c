/*
 * status.c: the words for a status.
 */
#include <silt/status.h>

const char *silt_status_name(enum silt_status status)
{
    switch (status) {
    case SILT_OK:
        return "ok";
    case SILT_END:
        return "end";
    case SILT_ERR_USAGE:
        return "usage";
    case SILT_ERR_MEMORY:
        return "memory";
    case SILT_ERR_IO:
        return "io";
    case SILT_ERR_NOT_FOUND:
        return "not-found";
    case SILT_ERR_CORRUPT:
        return "corrupt";
    case SILT_ERR_UNSUPPORTED:
        return "unsupported";
    case SILT_ERR_LIMIT:
        return "limit";
    case SILT_ERR_DIGEST:
        return "digest";
    case SILT_ERR_CANCELLED:
        return "cancelled";
    }
    return "unknown";
}
