/*
 * harbor_id.c: ids of scans, which are texts: no name has a tilde in it.
 */
#include "serve/harbor/harbor.h"

#include "serve/shape.h"

#include <stdio.h>
#include <string.h>

void silt_harbor_id_print(const char *digest, const char *registry, const char *repository,
                          char out[SILT_HARBOR_ID_SIZE])
{
    snprintf(out, SILT_HARBOR_ID_SIZE, "%s~%s~%s", digest, registry, repository);
    for (char *at = out; *at != '\0'; at++)
        if (*at == '/')
            *at = '~';
}

/* Copies up to a tilde, or the end; false if it does not fit. */
static bool take(const char **text, const char *stop, char *out, size_t size)
{
    size_t length = strcspn(*text, stop);
    if (length >= size)
        return false;
    memcpy(out, *text, length);
    out[length] = '\0';
    *text += length + ((*text)[length] != '\0');
    return true;
}

bool silt_harbor_id_read(const char *id, struct silt_harbor_subject *out)
{
    if (id == NULL || !take(&id, "~", out->digest, sizeof out->digest) ||
        !take(&id, "~", out->registry, sizeof out->registry) ||
        !take(&id, "", out->repository, sizeof out->repository))
        return false;
    for (char *at = out->repository; *at != '\0'; at++)
        if (*at == '~')
            *at = '/';
    return silt_shape_is_digest(out->digest) && silt_shape_is_host(out->registry) &&
           silt_shape_is_repository(out->repository);
}
