/*
 * platform.h: os/architecture/variant as OCI image index and config have them, brought to one form as
 * containerd's platforms package does, so that "x86_64" and "amd64" are one.
 */
#ifndef SILT_IMAGE_PLATFORM_H
#define SILT_IMAGE_PLATFORM_H

#include <silt/status.h>
#include <stdbool.h>

struct silt_platform {
    char os[32], architecture[32], variant[16]; /* "" if unknown; longer names are cut */
};

enum { SILT_PLATFORM_TEXT_SIZE = 84 };

/* Fills one from names, any of which may be NULL. */
void silt_platform_init(struct silt_platform *out, const char *os, const char *architecture,
                        const char *variant);

/* Reads "os/arch[/variant]"; USAGE if it is anything else. */
SILT_MUST_USE enum silt_status silt_platform_parse(const char *text, struct silt_platform *out,
                                                   struct silt_error *error);

/* What images for this machine are called: linux and its architecture. */
void silt_platform_host(struct silt_platform *out);

/* Whether it names a platform at all ("unknown/unknown" does not). */
bool silt_platform_is_known(const struct silt_platform *platform);

/* How well an offered platform serves the wanted one: 0 not at all, higher is better. An older variant serves
 * a newer one; where the wanted one names no variant, any will do. */
int silt_platform_score(const struct silt_platform *wanted, const struct silt_platform *offered);

/* Writes "os/arch[/variant]". */
void silt_platform_print(const struct silt_platform *platform, char out[SILT_PLATFORM_TEXT_SIZE]);

#endif
