/*
 * shared.h: a scanner over a few built-in signatures, for the targets that need the whole engine.
 */
#ifndef SILT_FUZZ_SHARED_H
#define SILT_FUZZ_SHARED_H

#include <silt/silt.h>

#include <stdlib.h>

/* Made at the first call and kept. Only the families that exercise the parsers of confirm are loaded, since
 * compiling all takes seconds. */
static inline struct silt_scanner *shared_scanner(void)
{
    static struct silt_scanner *scanner;
    if (scanner != NULL)
        return scanner;
    static const char *const files[] = {"keys.json", "identity.json", "containers.json"};
    struct silt_signatures *set;
    struct silt_ruleset *ruleset;
    struct silt_scan_options options;
    silt_scan_options_init(&options);
    options.jobs = 1;
    options.max_total_size = 64 << 20;
    if (silt_signatures_new(&set, NULL) != SILT_OK)
        abort();
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/signatures/%s", SILT_SOURCE_DIR, files[i]);
        if (silt_signatures_add(set, path, NULL) != SILT_OK)
            abort();
    }
    const struct silt_ruleset_paths paths = {NULL, NULL};
    if (silt_ruleset_open(set, &paths, &ruleset, NULL) != SILT_OK ||
        silt_scanner_new(ruleset, &options, &scanner, NULL) != SILT_OK)
        abort();
    return scanner;
}

#endif
