/*
 * scanner.h: compile signatures into a ruleset and scan targets with it.
 *
 * A ruleset is immutable and shared; a scanner belongs to one thread at a time (it starts worker threads of
 * its own); several scanners may live in one process.
 */
#ifndef SILT_SCANNER_H
#define SILT_SCANNER_H

#include <silt/signatures.h>
#include <silt/sink.h>

/* Signatures compiled for matching. Borrows the set, which must outlive it. */
struct silt_ruleset;

/* Where compiled databases are looked for and kept. Both may be NULL. */
struct silt_ruleset_paths {
    const char *prebuilt_dir; /* databases made at build time, *.hsdb, read only */
    const char *cache_dir;    /* where a database compiled on first use is kept, made if it is not there */
};

/* Finds a compiled database for exactly these signatures and this processor, or compiles one (seconds for a
 * large set) and keeps it in the cache directory. A pattern that does not compile, or that is unbounded, is
 * SILT_ERR_USAGE with file and id. */
SILT_API SILT_MUST_USE enum silt_status silt_ruleset_open(const struct silt_signatures *set,
                                                          const struct silt_ruleset_paths *paths,
                                                          struct silt_ruleset **out,
                                                          struct silt_error *error);
SILT_API void silt_ruleset_free(struct silt_ruleset *ruleset);

/* Compiles the set for the three processor levels (x86-64-v2, -v3, -v4) and writes DIR/LEVEL-*.hsdb. */
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
    bool all_matches; /* report every signature that matches a secret, not only the best one */
    int stdin_fd;     /* what target "-" reads */
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

/* Tells the sink's target_begin, and nothing else, of each image that a target is, without looking into its layers.
 * UNSUPPORTED for a target that is no image, or that would have to be read whole to know. */
SILT_API SILT_MUST_USE enum silt_status silt_scanner_describe(struct silt_scanner *scanner,
                                                              const char *target,
                                                              const struct silt_sink *sink,
                                                              struct silt_error *error);

/* Scans bytes in memory as one file called `name`. */
SILT_API SILT_MUST_USE enum silt_status silt_scanner_scan_buffer(struct silt_scanner *scanner,
                                                                 const char *name, struct silt_span bytes,
                                                                 const struct silt_sink *sink,
                                                                 struct silt_error *error);

/* Asks a running scan to stop soon. May be called from any thread and from a signal handler. */
SILT_API void silt_scanner_cancel(struct silt_scanner *scanner);

#endif
