/*
 * scan_options.h: the options of `silt scan`.
 */
#ifndef SILT_CLI_SCAN_OPTIONS_H
#define SILT_CLI_SCAN_OPTIONS_H

#include "options.h"

/* Strings are borrowed from the command line or the environment. */
struct silt_scan_settings {
    int format; /* index into silt_output_names */
    const char *output;
    struct silt_words reports;
    const char *commit;
    bool show_secrets, show_allowed, quiet, no_progress, no_color;
    struct silt_words fail_on; /* the last severity, and the last of new and any, count */
    int min_confidence;        /* enum silt_confidence */
    bool allow_incomplete;
    struct silt_words allow;
    bool no_allow_comments;
    const char *baseline, *write_baseline, *baseline_reason, *baseline_author, *baseline_expires;
    struct silt_words base;
    bool ignore_base;
    struct silt_words signatures, only, disable;
    const char *config;
    bool no_config;
    const char *cache_dir;
    uint64_t cache_size;
    bool no_cache;
    const char *platform;
    bool all_platforms;
    unsigned jobs, max_depth, max_ratio;
    uint64_t max_memory, max_entry_size, max_total_size, timeout_ms;
    const char *username, *ca, *client_cert, *client_key, *since;
    bool password_stdin, all_tags, catalog, referrers;
    struct silt_words plain_http, insecure_registry;
    uint64_t stall_timeout_ms;
};

extern const struct silt_option silt_scan_options_rows[];

#endif
