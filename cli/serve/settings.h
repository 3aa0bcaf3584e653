/*
 * settings.h: what a running service was told: options, environment and the file of --config in one struct.
 *
 * Read once at start, checked, then constant and shared by all threads. Strings belong to the settings, are
 * never NULL where a comment does not say so, and secrets among them are wiped when it is cleared. Numbers
 * are never zero where zero would mean "none" by accident: defaults are filled in. Loading is
 * settings_load.h.
 */
#ifndef SILT_CLI_SERVE_SETTINGS_H
#define SILT_CLI_SERVE_SETTINGS_H

#include "words.h"

#include <silt/finding.h>
#include <stdint.h>

/* A registry that may be contacted. No other ever is. */
struct silt_settings_registry {
    const char *host;                /* "registry.example.com:5000", as image references have it */
    struct silt_words aliases;       /* what notifications call it: names and host:port */
    const char *username, *password; /* NULL: anonymous */
    const char *ca;                  /* PEM file, NULL: the system's authorities only */
    bool plain_http, insecure;
    unsigned concurrency; /* images pulled from it at once */
    uint64_t sweep_ms;    /* between two looks at its catalogue; 0: never */
};

/* A sender of notifications. Several may use one dialect: the one whose secret fits is meant. */
struct silt_settings_hook {
    const char *dialect; /* a name of hooks.def; "*": any */
    const char *secret;
    const char *registry; /* host that its pushes are of, where payloads do not say; NULL: they must */
};

/* Where new findings are announced. */
struct silt_settings_announcement {
    const char *kind;   /* "webhook", "slack", "cloudevents", "referrer" */
    const char *url;    /* NULL for referrer: it goes to the image's own registry */
    const char *secret; /* HMAC key; NULL: unsigned */
    const char *ca;     /* PEM file, NULL: the system's authorities only */
    enum silt_severity min_severity;
};

struct silt_settings {
    const char *listen;                /* HOST:PORT; port 0: any free one */
    const char *tls_cert, *tls_key;    /* PEM files; NULL: plain HTTP */
    struct silt_words trusted_proxies; /* addresses whose X-Forwarded-For and -Proto count */
    const char *public_url; /* "https://silt.example.com", for links in announcements; NULL: none */
    const char *state_dir;
    const char *nats; /* nats://HOST:PORT; NULL: everything in state_dir */

    struct silt_settings_registry *registries;
    size_t registry_count;
    struct silt_settings_hook *hooks;
    size_t hook_count;
    struct silt_words tokens; /* for the API and the dashboard's login */
    struct silt_settings_announcement *announcements;
    size_t announcement_count;

    uint64_t retention_ms; /* results of images not seen for longer are forgotten; 0: kept */
    unsigned workers;      /* images scanned at once; 0: this process only takes notifications */
    uint64_t max_memory;   /* of all scans together, bytes */
    uint64_t max_body;     /* of a request, bytes */
    unsigned max_connections;
    unsigned max_queue;                          /* jobs that wait; above: 429 */
    uint64_t min_free_disk;                      /* bytes free in state_dir; below: 429 */
    unsigned max_attempts;                       /* of a job, then it is a dead letter */
    uint64_t job_timeout_ms;                     /* of one scan */
    uint64_t cache_size;                         /* of layers' results, bytes */
    bool referrers;                              /* what is attached to an image is scanned too */
    int min_confidence;                          /* enum silt_confidence: findings below are not stored */
    struct silt_words signatures, only, disable; /* as those of silt scan */

    struct silt_words kept; /* texts that the above borrow: what came from files and the environment */
};

/* The registry that a name in a notification means: its host or one of its aliases, without case. NULL if it
 * is none that may be contacted. */
const struct silt_settings_registry *silt_settings_find_registry(const struct silt_settings *settings,
                                                                 const char *name);

/* Wipes and frees what settings hold. */
void silt_settings_clear(struct silt_settings *settings);

#endif
