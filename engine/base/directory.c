/*
 * directory.c: mkdir -p.
 */
#include "base/directory.h"

#include "base/error.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static enum silt_status make_one(const char *path, struct silt_error *error)
{
    if (mkdir(path, 0700) == 0 || errno == EEXIST)
        return SILT_OK;
    return silt_error_set(error, SILT_ERR_IO, "cannot make '%s': %s", path, strerrordesc_np(errno));
}

enum silt_status silt_directory_make(const char *path, struct silt_error *error)
{
    char part[PATH_MAX];
    if (snprintf(part, sizeof part, "%s", path) >= (int)sizeof part)
        return silt_error_set(error, SILT_ERR_USAGE, "%.100s…: path too long", path);
    struct stat info;
    if (part[0] == '\0' || stat(path, &info) == 0)
        return SILT_OK;
    enum silt_status status = SILT_OK;
    for (char *p = part + 1; *p != '\0' && status == SILT_OK; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        status = stat(part, &info) == 0 ? SILT_OK : make_one(part, error);
        *p = '/';
    }
    return status == SILT_OK ? make_one(part, error) : status;
}
