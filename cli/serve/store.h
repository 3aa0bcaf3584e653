/*
 * store.h: what was found: images, their layers and findings, what became of each finding, and the news that
 * are to be announced. One SQLite file.
 *
 * Nothing in it holds a secret: a finding has its redacted form and keyed hashes. Strings from images are
 * kept as valid UTF-8 (other bytes are U+FFFD), but may hold anything else: who shows them escapes them.
 *
 * All functions but free may be called from several threads at once; readers do not wait for the writer. Rows
 * are lent to a callback until it returns; it answers false to end, and must not call the store. Strings in
 * rows are never NULL where no comment says so. Times are milliseconds since 1970, 0: never. Ids grow: what
 * came later has the larger one, and a page goes on below the last id of the one before.
 */
#ifndef SILT_CLI_SERVE_STORE_H
#define SILT_CLI_SERVE_STORE_H

#include "results.h"

#include <silt/finding.h>

struct silt_store;

/* An announcer has a name of its own, such as "webhook https://…": what it has sent is remembered by it. */
struct silt_store_channel {
    const char *name;
    enum silt_severity min_severity; /* news without a finding of at least this severity are not for it */
    bool wants_all; /* also of scans without a new finding (to put a report to the registry) */
};

struct silt_store_settings {
    const char *path;                          /* made if it is not there */
    const struct silt_store_channel *channels; /* copied */
    size_t channel_count;
    int64_t (*now_ms)(void); /* NULL: the machine's clock */
};

/* Opens it, and brings an older one up to this version. UNSUPPORTED: of a newer silt, or not ours; CORRUPT;
 * IO. */
SILT_MUST_USE enum silt_status silt_store_new(const struct silt_store_settings *settings,
                                              struct silt_store **out, struct silt_error *error);

/* Closes it; NULL is allowed. */
void silt_store_free(struct silt_store *store);

/* ---- Writing ---- */

/* A report to be kept with an image, as one of the formats of output/ wrote it. */
struct silt_store_report {
    const char *format; /* "json", "sarif" */
    const void *data;
    size_t size;
};

/* What a scan of one pushed image brought, all borrowed. */
struct silt_store_scan {
    const char *registry, *repository;
    const char *digest;     /* what was pushed: of a manifest, or of an index with several images */
    const char *tag;        /* "", or several with a blank between, as a job has them */
    const char *tag_times;  /* as a job has them: when each was pushed; NULL: pushed_ms is for all */
    const char *origin;     /* as a job has it */
    const char *signatures; /* silt_signatures_digest */
    int64_t pushed_ms;      /* 0: now. A tag is not moved back by what was pushed earlier. */
    const struct silt_results_target *targets; /* a target for each image of an index */
    size_t target_count;
    const struct silt_store_report *reports; /* of all targets together */
    size_t report_count;
};

/* What is new by it. */
struct silt_store_news {
    int64_t image; /* id of the first target's image */
    int64_t event; /* id of the event to be announced; 0: there is none */
    uint64_t found, fixed;
};

/* Keeps a scan, in one transaction: image, layers, findings, tags, which findings are new (a place in a
 * repository that was not there, or was fixed), which are fixed (no image that a tag of the repository now
 * points to has it, and the scans of these are complete), and the event that tells. The same once more
 * changes nothing and tells nothing new. OK: it is on the disk. IO: it is not; again later. */
SILT_MUST_USE enum silt_status silt_store_put_scan(struct silt_store *store,
                                                   const struct silt_store_scan *scan,
                                                   struct silt_store_news *news, struct silt_error *error);

/* Whether a pushed digest was scanned completely with these signatures; moves the scan's tags to it if so
 * (targets and reports are not looked at). Then there is nothing to scan. NOT_FOUND if not. */
SILT_MUST_USE enum silt_status silt_store_know_scan(struct silt_store *store,
                                                    const struct silt_store_scan *scan,
                                                    struct silt_store_news *news, struct silt_error *error);

/* Either of these for a scan that was made elsewhere (parcel.h): with its results, or only to be known.
 * UNSUPPORTED: it is no scan, or one of a newer silt. */
struct json_t;
SILT_MUST_USE enum silt_status silt_store_put_parcel(struct silt_store *store, const struct json_t *parcel,
                                                     struct silt_store_news *news, struct silt_error *error);

/* Ignores a finding, or all of the same secret in its repository; until a time, or for good (0). NOT_FOUND.
 */
struct silt_store_ignore {
    int64_t finding;
    const char *reason, *by;
    int64_t until_ms;
    bool whole_secret;
};
SILT_MUST_USE enum silt_status
silt_store_ignore(struct silt_store *store, const struct silt_store_ignore *ignore, struct silt_error *error);

/* Opens an ignored finding again. NOT_FOUND if it is not ignored. */
SILT_MUST_USE enum silt_status silt_store_reopen(struct silt_store *store, int64_t finding,
                                                 struct silt_error *error);

/* To be called every few minutes: ends what was ignored until now, forgets images that no tag points to and
 * that were last pushed more than `retention_ms` ago (0: none), and what hangs on them alone. */
SILT_MUST_USE enum silt_status silt_store_tidy(struct silt_store *store, uint64_t retention_ms,
                                               struct silt_error *error);

/* ---- News: each event goes to each channel at least once ---- */

struct silt_store_event {
    int64_t id;
    const char *uid; /* the same at every attempt: who receives it tells repeats by it */
    int64_t created_ms, image;
    const char *registry, *repository, *digest, *tag;
    uint64_t new_findings;    /* of all severities: list them by silt_store_filter.event */
    enum silt_severity worst; /* of these; INFO if there is none */
    unsigned attempts;        /* this one included */
    struct silt_stash stash;
};

/* The oldest event that is due for a channel, which is then not due again for two minutes. END: none. Clear
 * it after use. */
SILT_MUST_USE enum silt_status silt_store_take_event(struct silt_store *store, const char *channel,
                                                     struct silt_store_event *out, struct silt_error *error);
void silt_store_event_clear(struct silt_store_event *event);

/* It was sent. */
SILT_MUST_USE enum silt_status silt_store_event_sent(struct silt_store *store, const char *channel,
                                                     int64_t event, struct silt_error *error);

/* It was not: again after 10 s, 20 s, … at most an hour (or later, if the receiver asks for that), for three
 * days in all; `is_final`: never. */
struct silt_store_unsent {
    const char *reason;
    uint64_t retry_after_ms;
    bool is_final;
};
SILT_MUST_USE enum silt_status silt_store_event_unsent(struct silt_store *store, const char *channel,
                                                       int64_t event, const struct silt_store_unsent *unsent,
                                                       struct silt_error *error);

/* How a channel is doing. */
struct silt_store_channel_state {
    const char *name;
    uint64_t due, sent, given_up;
    const char *reason;     /* of the last failure, "" if there was none */
    int64_t last_failed_ms; /* 0: never */
};
SILT_MUST_USE enum silt_status
silt_store_channels(struct silt_store *store,
                    bool (*each)(void *context, const struct silt_store_channel_state *channel),
                    void *context, struct silt_error *error);

/* ---- Reading ---- */

enum silt_store_state { SILT_STORE_OPEN, SILT_STORE_IGNORED, SILT_STORE_FIXED };
enum { SILT_STORE_STATES = SILT_STORE_FIXED + 1 };

/* "open", "ignored", "fixed"; never NULL. */
const char *silt_store_state_name(enum silt_store_state state);

/* What to list; all conditions together. Zero-initialise, then set `limit`. NULL and 0 stand for all. */
struct silt_store_filter {
    const char *registry, *repository, *digest, *tag;
    const char *text;      /* somewhere in path, signature, name or repository; ASCII letters without case */
    const char *signature; /* findings only, as all below */
    int64_t image, event;  /* those in an image; those that an event tells of */
    enum silt_severity min_severity;
    bool has_state;
    enum silt_store_state state;
    bool only_current; /* images too: only what a tag points to now */
    int64_t before;    /* only ids below */
    unsigned limit;
};

/* One image of one repository. */
struct silt_store_image {
    int64_t id;
    const char *registry, *repository;
    const char *digest;                             /* of its manifest */
    const char *pushed_digest;                      /* what was pushed: the same, or that of an index */
    const char *tags;                               /* those that point to it now, with a blank between */
    const char *platform, *created, *config_digest; /* "" where unknown */
    const char *origin, *signatures;
    int64_t first_seen_ms, last_seen_ms; /* first scanned; last pushed or scanned */
    bool is_current;                     /* a tag points to it, or it never had one */
    bool is_complete;
    const char *problem; /* the first that kept the scan from being complete, or "" */
    uint64_t layer_count, size_bytes, entries, bytes, bytes_scanned, skipped, cached_layers, duration_ms;
    uint64_t open[SILT_RESULTS_SEVERITIES]; /* open findings in it */
    uint64_t ignored;
};

/* A layer where it stands in an image. */
struct silt_store_layer {
    int index;
    const char *digest, *diff_id, *media_type, *created_by; /* "" where unknown */
    uint64_t size_bytes;
    bool is_empty;
    int64_t first_seen_ms;
    uint64_t image_count;   /* how many images have it */
    uint64_t finding_count; /* findings of this image that stand in it and are not fixed */
};

/* A finding of a repository: one secret at one place. Where it stands in an image is that of the image asked
 * for by the filter, else of the last image that had it. */
struct silt_store_finding {
    int64_t id, image;
    const char *registry, *repository, *digest; /* of the image */
    const char *fingerprint, *secret_hash, *redacted;
    const char *signature, *name, *provider, *description, *remediation;
    const char *references; /* a JSON array of strings */
    enum silt_severity severity;
    enum silt_confidence confidence;
    double score;
    const char *path;       /* with what it is nested in: "app.jar!/conf/a.yml" */
    const char *inner_path; /* the part after the last "!/" */
    const char *chain;      /* a JSON array of strings, outermost first */
    uint64_t offset, line, column;
    enum silt_origin origin;
    int layer;                                             /* -1: outside of layers */
    const char *layer_digest, *layer_diff_id, *created_by; /* "" where unknown */
    enum silt_state place_state;
    int removed_in;
    const char *also_at; /* JSON array of {"path", "layer", "state"} */
    const char *validation_detail;
    enum silt_validation validation;
    const char *decoded_from; /* JSON array of strings */
    enum silt_store_state state;
    int64_t first_seen_ms, last_seen_ms, fixed_ms, ignored_until_ms;
    const char *ignored_reason, *ignored_by;
    uint64_t image_count; /* images that have it */
};

/* Lists, newest first; layers from the base on. */
SILT_MUST_USE enum silt_status
silt_store_images(struct silt_store *store, const struct silt_store_filter *filter,
                  bool (*each)(void *context, const struct silt_store_image *image), void *context,
                  struct silt_error *error);
SILT_MUST_USE enum silt_status
silt_store_findings(struct silt_store *store, const struct silt_store_filter *filter,
                    bool (*each)(void *context, const struct silt_store_finding *finding), void *context,
                    struct silt_error *error);
SILT_MUST_USE enum silt_status silt_store_layers(struct silt_store *store, int64_t image,
                                                 bool (*each)(void *context,
                                                              const struct silt_store_layer *layer),
                                                 void *context, struct silt_error *error);

/* One by its id; `each` is called once. NOT_FOUND. */
SILT_MUST_USE enum silt_status silt_store_image(struct silt_store *store, int64_t id,
                                                bool (*each)(void *context,
                                                             const struct silt_store_image *image),
                                                void *context, struct silt_error *error);
SILT_MUST_USE enum silt_status silt_store_finding(struct silt_store *store, int64_t id,
                                                  bool (*each)(void *context,
                                                               const struct silt_store_finding *finding),
                                                  void *context, struct silt_error *error);

/* How many images or findings a filter lets through (limit and before are not looked at). */
SILT_MUST_USE enum silt_status silt_store_count_images(struct silt_store *store,
                                                       const struct silt_store_filter *filter, uint64_t *out,
                                                       struct silt_error *error);
SILT_MUST_USE enum silt_status silt_store_count_findings(struct silt_store *store,
                                                         const struct silt_store_filter *filter,
                                                         uint64_t *out, struct silt_error *error);

/* A report as it was put with an image: *out is made by malloc, and the caller's. NOT_FOUND. */
SILT_MUST_USE enum silt_status silt_store_report(struct silt_store *store, int64_t image, const char *format,
                                                 char **out, size_t *size, struct silt_error *error);

/* Figures of all that is kept. */
struct silt_store_stats {
    uint64_t registries, repositories, images, current_images, incomplete_images, layers, layer_bytes;
    uint64_t findings[SILT_STORE_STATES][SILT_RESULTS_SEVERITIES];
};

/* All of it, counted now. */
SILT_MUST_USE enum silt_status silt_store_stats(struct silt_store *store, struct silt_store_stats *out,
                                                struct silt_error *error);

/* A day's figures, oldest first, for the last `days` days (UTC), today included; a day without any is there
 * too. */
struct silt_store_day {
    int64_t begin_ms;
    uint64_t images;       /* first scanned on that day */
    uint64_t found, fixed; /* findings first seen, or fixed */
    uint64_t open_at_end;  /* found until then and not fixed until then, ignored ones left out */
};
SILT_MUST_USE enum silt_status silt_store_trend(struct silt_store *store, unsigned days,
                                                bool (*each)(void *context, const struct silt_store_day *day),
                                                void *context, struct silt_error *error);

#endif
