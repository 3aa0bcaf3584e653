/*
 * platform.c: names of platforms (containerd platforms/database.go has the same aliases).
 */
#include "image/platform.h"

#include "base/error.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

struct alias {
    const char *name, *architecture, *variant; /* variant: NULL leaves what is said */
};

static const struct alias aliases[] = {
    {"x86_64", "amd64", NULL}, {"x86-64", "amd64", NULL}, {"i386", "386", NULL},      {"i486", "386", NULL},
    {"i586", "386", NULL},     {"i686", "386", NULL},     {"aarch64", "arm64", NULL}, {"armhf", "arm", "v7"},
    {"armv7l", "arm", "v7"},   {"armv6l", "arm", "v6"},   {"armel", "arm", "v6"},
};

/* Variants that include each other, as numbers; the default is what an unnamed variant means. */
struct ladder {
    const char *architecture;
    int fallback;
};

static const struct ladder ladders[] = {{"arm", 7}, {"arm64", 8}, {"amd64", 1}};

static void copy_lower(char *out, size_t size, const char *text)
{
    size_t i = 0;
    for (; text != NULL && text[i] != '\0' && i + 1 < size; i++)
        out[i] = (char)tolower((unsigned char)text[i]);
    out[i] = '\0';
}

static void apply_alias(struct silt_platform *platform)
{
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++) {
        if (strcmp(platform->architecture, aliases[i].name) != 0)
            continue;
        copy_lower(platform->architecture, sizeof platform->architecture, aliases[i].architecture);
        if (aliases[i].variant != NULL && platform->variant[0] == '\0')
            copy_lower(platform->variant, sizeof platform->variant, aliases[i].variant);
        return;
    }
}

void silt_platform_init(struct silt_platform *out, const char *os, const char *architecture,
                        const char *variant)
{
    copy_lower(out->os, sizeof out->os, os);
    copy_lower(out->architecture, sizeof out->architecture, architecture);
    copy_lower(out->variant, sizeof out->variant, variant);
    if (strcmp(out->os, "macos") == 0)
        copy_lower(out->os, sizeof out->os, "darwin");
    apply_alias(out);
    if (isdigit((unsigned char)out->variant[0]) && out->variant[1] == '\0') {
        out->variant[1] = out->variant[0]; /* "7" is "v7" */
        out->variant[0] = 'v';
        out->variant[2] = '\0';
    }
}

enum silt_status silt_platform_parse(const char *text, struct silt_platform *out, struct silt_error *error)
{
    char copy[SILT_PLATFORM_TEXT_SIZE];
    char *parts[3] = {NULL};
    size_t count = 0;
    bool is_good = strlen(text) < sizeof copy;
    snprintf(copy, sizeof copy, "%s", text);
    for (char *p = copy; p != NULL && is_good;) {
        char *slash = strchr(p, '/');
        if (slash != NULL)
            *slash = '\0';
        is_good = count < 3 && *p != '\0';
        if (is_good)
            parts[count++] = p;
        p = slash != NULL ? slash + 1 : NULL;
    }
    if (!is_good || count < 2)
        return silt_error_set(error, SILT_ERR_USAGE, "'%s' is not a platform: os/arch or os/arch/variant",
                              text);
    silt_platform_init(out, parts[0], parts[1], parts[2]);
    return SILT_OK;
}

void silt_platform_host(struct silt_platform *out)
{
    struct utsname name;
    silt_platform_init(out, "linux", uname(&name) == 0 ? name.machine : "amd64", NULL);
}

bool silt_platform_is_known(const struct silt_platform *platform)
{
    return platform->os[0] != '\0' && platform->architecture[0] != '\0' &&
           strcmp(platform->os, "unknown") != 0 && strcmp(platform->architecture, "unknown") != 0;
}

/* The step of a variant on its architecture's ladder, -1 if there is none. */
static int step_of(const struct silt_platform *platform)
{
    for (size_t i = 0; i < sizeof ladders / sizeof ladders[0]; i++) {
        if (strcmp(platform->architecture, ladders[i].architecture) != 0)
            continue;
        if (platform->variant[0] == '\0')
            return ladders[i].fallback;
        return platform->variant[0] == 'v' ? (int)strtol(platform->variant + 1, NULL, 10) : -1;
    }
    return -1;
}

int silt_platform_score(const struct silt_platform *wanted, const struct silt_platform *offered)
{
    enum { EXACT = 1000, OLDER = 500, NEWER = 200, ANY = 1 };
    if (strcmp(wanted->os, offered->os) != 0 || strcmp(wanted->architecture, offered->architecture) != 0)
        return 0;
    bool any = wanted->variant[0] == '\0';
    int want = step_of(wanted), have = step_of(offered);
    if (strcmp(wanted->variant, offered->variant) == 0 || (want >= 0 && want == have))
        return EXACT;
    if (want < 0 || have < 0 || have > 100)
        return any ? ANY : 0;
    if (have < want)
        return OLDER + have;
    return any ? NEWER - have : 0;
}

void silt_platform_print(const struct silt_platform *platform, char out[SILT_PLATFORM_TEXT_SIZE])
{
    snprintf(out, SILT_PLATFORM_TEXT_SIZE, "%s/%s%s%s", platform->os, platform->architecture,
             platform->variant[0] != '\0' ? "/" : "", platform->variant);
}
