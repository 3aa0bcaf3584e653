/*
 * scanner.h: compile signatures into a ruleset and scan targets with it.
 *
 * A ruleset is immutable and shared; a scanner belongs to one thread at a time (it starts worker threads of
 * its own); several scanners may live in one process.
 */
#ifndef SILT_SCANNER_H
#define SILT_SCANNER_H

#include <silt/cache.h>
#include <silt/registry.h>
#include <silt/signatures.h>
#include <silt/sink.h>
#include <stdbool.h>

/* Signatures compiled for matching. Borrows the set, which must outlive it. */
struct silt_ruleset;

/* Where compiled databases are looked for and kept. Both may be NULL. */
struct silt_ruleset_paths {
    const char *prebuilt_dir; /* what silt_ruleset_build made, read only */
    const char *cache_dir;    /* where what is compiled on first use is kept, made if it is not there */
};

/* Finds compiled databases for exactly these signatures and this processor, or compiles them (seconds for a
 * large set) and keeps them in the cache directory. A pattern that does not compile, or that is unbounded, is
 * SILT_ERR_USAGE with file and id. */
SILT_API SILT_MUST_USE enum silt_status silt_ruleset_open(const struct silt_signatures *set,
                                                          const struct silt_ruleset_paths *paths,
                                                          struct silt_ruleset **out,
                                                          struct silt_error *error);
SILT_API void silt_ruleset_free(struct silt_ruleset *ruleset);

/* Compiles the set for the three processor levels (x86-64-v2, -v3, -v4) and writes DIR/LEVEL-KEY.hsdb; what
 * they all need beside it is in DIR/KEY.plan. */
SILT_API SILT_MUST_USE enum silt_status silt_ruleset_build(const struct silt_signatures *set, const char *dir,
                                                           struct silt_error *error);

/* Something that is wrong, or not good, about a signature. Borrowed until the callback returns. */
struct silt_lint {
    const struct silt_signature *signature;
    bool is_error; /* it does not work or breaks the schema's rules; otherwise it could be better */
    const char *message;
};

/* Looks at each signature by itself and reports what it finds: patterns that do not compile, are unbounded or
 * too wide; prefilters that select too little; examples that are missing or give no candidate; a companion
 * that is not there; missing references. `report` answers false to stop. OK when all were looked at, whatever
 * was found; CANCELLED when stopped. */
SILT_API SILT_MUST_USE enum silt_status silt_ruleset_lint(const struct silt_signatures *set,
                                                          bool (*report)(void *context,
                                                                         const struct silt_lint *lint),
                                                          void *context, struct silt_error *error);

struct silt_scan_options {
    unsigned jobs;           /* worker threads; 0: one a processor */
    unsigned max_depth;      /* nested archives; default 8 */
    uint64_t max_entry_size; /* bytes of one file, decompressed; 0: no limit */
    uint64_t max_total_size; /* bytes of one target, decompressed; 0: no limit */
    unsigned max_ratio;      /* expansion of compressed content, beyond a first GiB; default 1000; 0: none */
    uint64_t max_memory;     /* ceiling for the process's buffers in bytes; default 256 MiB */
    uint64_t timeout_ms;     /* 0: none */
    const char *platform;    /* "os/arch[/variant]"; NULL: this machine's, else the only one */
    bool all_platforms;
    bool all_matches;         /* report every signature that matches a secret, not only the best one */
    int stdin_fd;             /* what target "-" reads */
    struct silt_cache *cache; /* borrowed: where layers' results are looked for and kept; NULL: nowhere */
    bool wants_secrets;       /* findings hold the secrets: every layer is scanned, whatever the cache has */
    const struct silt_registry_options *registry; /* borrowed; NULL: silt_registry_options_init */
};

/* The defaults named above. */
SILT_API void silt_scan_options_init(struct silt_scan_options *options);

struct silt_scanner;

/* A scanner over a ruleset, which must outlive it. Options are copied. */
SILT_API SILT_MUST_USE enum silt_status silt_scanner_new(const struct silt_ruleset *ruleset,
                                                         const struct silt_scan_options *options,
                                                         struct silt_scanner **out, struct silt_error *error);
SILT_API void silt_scanner_free(struct silt_scanner *scanner);

/* Scans one target, `transport:location` or a path, and tells the sink. Answers OK when the scan ran to its
 * end, complete or not (the sink's target_end says which), CANCELLED when it was stopped (findings so far
 * were handed out, target_end was called), and an error when the target could not be opened at all. One
 * target may be several images: then target_begin … target_end come once for each. */
SILT_API SILT_MUST_USE enum silt_status silt_scanner_scan(struct silt_scanner *scanner, const char *target,
                                                          const struct silt_sink *sink,
                                                          struct silt_error *error);

/* Tells the sink's target_begin, and nothing else, of each image that a target is, without looking into its
 * layers. UNSUPPORTED for a target that is no image, or that would have to be read whole to know. */
SILT_API SILT_MUST_USE enum silt_status silt_scanner_describe(struct silt_scanner *scanner,
                                                              const char *target,
                                                              const struct silt_sink *sink,
                                                              struct silt_error *error);

/* Scans bytes in memory as one file called `name`. */
SILT_API SILT_MUST_USE enum silt_status silt_scanner_scan_buffer(struct silt_scanner *scanner,
                                                                 const char *name, struct silt_span bytes,
                                                                 const struct silt_sink *sink,
                                                                 struct silt_error *error);

/* What one signature adds to matching, over some corpus. All per MB (10^6 bytes) of content. */
struct silt_cost {
    const struct silt_signature *signature;
    double candidates, confirmed; /* places to look at, and matches among them */
    double confirm_ns;            /* looking at them: pattern, keywords, validators, score */
    double match_ns;              /* finding them: what its group adds, divided by the group */
    double group_ns;              /* what its group adds; no signature in it adds more */
    double error_ns;              /* of group_ns: half of what lies between the quartiles of its runs */
    unsigned group;               /* how many signatures were measured together; 1: this one alone */
    double share;                 /* of match_ns and confirm_ns in those of the whole set, 0 to 1 */
};

struct silt_costs {
    struct silt_cost *items; /* one a signature, the dearest first */
    size_t count;
    uint64_t bytes;              /* of the corpus's content */
    uint64_t sample_bytes;       /* of it that matching was timed on */
    double match_ns, confirm_ns; /* of the whole set, per MB */
};

/* Measures what each signature of a ruleset costs on a target, on one processor. Times are processor times.
 *
 * Candidates, matches and the time that confirming takes are counted for each signature in one scan. Matching
 * is timed on a sample of up to 16 MiB of what that scan matched, spread evenly over it. What signatures add
 * to it is the time of the whole set less that of the set without them, both taken in turns, five times; the
 * median counts. To do so for each of a thousand would take half an hour, so groups are left out, and the
 * dearest group is halved until none of more than one signature adds over 1 % of the whole, and more than its
 * error, or `trials` (0: 150) sets were timed. Signatures share work, so a group adds at least what its
 * members add one by one: what is said of a group bounds each of them. It also means that two that share
 * their cost (the same dear prefix) look cheap each: without one, the other pays.
 *
 * `progress` (NULL: none) is told the part done, from 0 to 1, and answers false to stop: CANCELLED. */
SILT_API SILT_MUST_USE enum silt_status silt_cost_measure(const struct silt_ruleset *ruleset,
                                                          const char *target, unsigned trials,
                                                          bool (*progress)(void *context, double part),
                                                          void *context, struct silt_costs *out,
                                                          struct silt_error *error);

/* Frees what costs hold and leaves them zero. */
SILT_API void silt_costs_clear(struct silt_costs *costs);

/* Asks a running scan to stop soon. May be called from any thread and from a signal handler. */
SILT_API void silt_scanner_cancel(struct silt_scanner *scanner);

#endif
