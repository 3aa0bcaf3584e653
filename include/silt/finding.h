/*
 * finding.h: what silt reports: one secret at one place.
 *
 * All spans and pointers are borrowed: they are valid until the callback that was handed the finding
 * returns. Bytes come from hostile input: paths and values may hold anything, control characters included;
 * whoever prints them escapes them.
 */
#ifndef SILT_FINDING_H
#define SILT_FINDING_H

#include <silt/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that belong to somebody else. Not NUL-terminated. */
struct silt_span {
    const uint8_t *data;
    size_t size;
};

enum silt_severity { SILT_INFO, SILT_LOW, SILT_MEDIUM, SILT_HIGH, SILT_CRITICAL };

enum silt_confidence { SILT_CONFIDENCE_LOW, SILT_CONFIDENCE_MEDIUM, SILT_CONFIDENCE_HIGH };

/* Where in a target the secret stands. */
enum silt_origin {
    SILT_ORIGIN_FILE,       /* content of a file (or of raw layer bytes that no file owns) */
    SILT_ORIGIN_ENV,        /* image config Env */
    SILT_ORIGIN_LABEL,      /* image config Labels */
    SILT_ORIGIN_HISTORY,    /* image history: created_by, comment; Cmd, Entrypoint and friends as well */
    SILT_ORIGIN_ANNOTATION, /* annotations of index, manifest, descriptors */
    SILT_ORIGIN_PATH,       /* the name of a file */
};

/* What became of the file by the image's last layer. */
enum silt_state { SILT_PRESENT, SILT_DELETED, SILT_OVERWRITTEN };

enum silt_validation { SILT_VALIDATION_NONE, SILT_VALIDATION_VALID, SILT_VALIDATION_INVALID };

enum silt_package_manager {
    SILT_PACKAGE_DPKG,
    SILT_PACKAGE_APK,
    SILT_PACKAGE_RPM,
    SILT_PACKAGE_PYPI,
    SILT_PACKAGE_NPM,
};

/* Whether a file is as its package brought it. */
enum silt_integrity {
    SILT_INTEGRITY_UNKNOWN,    /* the record has no checksum of it, or it was not seen whole */
    SILT_INTEGRITY_UNMODIFIED, /* its checksum is the record's */
    SILT_INTEGRITY_MODIFIED,   /* it is another */
};

/* The package that put a file (or the archive around it) there, as the target's own records say. */
struct silt_package {
    enum silt_package_manager manager;
    const char *name;
    const char *version; /* "" where no record tells */
    enum silt_integrity integrity;
};

/* A place: chain of containers, path inside the innermost, and the layer (-1 outside of layers). */
struct silt_place {
    const struct silt_span *chain; /* outermost first */
    size_t chain_count;
    struct silt_span path;
    int layer; /* index into the image's layers, or -1 */
    enum silt_state state;
};

struct silt_signature; /* signatures.h */

struct silt_finding {
    const struct silt_signature *signature;
    enum silt_severity severity; /* the signature's, or lower where the place says so: INFO in an unmodified
                                    file of a distribution's package */
    enum silt_confidence confidence;
    double score;              /* 0.0 to 1.0 */
    char fingerprint[33];      /* hex; same secret and place: same fingerprint, in every run */
    char related[33];          /* fingerprint of the other half of a pair (key id and secret); "": none */
    char secret_hash[33];      /* hex; keyed hash of the secret alone */
    struct silt_span redacted; /* first and last characters, the rest masked */
    struct silt_span secret;   /* the secret itself; hand on only if the user asked to see it. Empty if the
                                  layer's result was cached: see silt_scan_options.wants_secrets */
    struct silt_place place;
    struct silt_span path_bytes; /* the path as it stands in the archive */
    uint64_t offset;             /* bytes from the start of the file's content */
    uint64_t line, column;       /* 1-based; column in bytes */
    enum silt_origin origin;
    int removed_in;         /* layer that deleted or overwrote the file, or -1 */
    const char *created_by; /* the instruction that brought it in, secrets masked; NULL if unknown */
    const struct silt_package *package; /* that owns the file; NULL if no record speaks of it */
    const struct silt_place *also_at;
    size_t also_at_count;
    enum silt_validation validation;
    const char *validation_detail; /* "" if there is nothing to say */
    const char *const
        *decoded_from; /* names of decodings on the way, outermost first: "utf-16le", "base64" */
    size_t decoded_from_count;
    const char
        *allowed_by; /* why it need not be acted on: "comment", a `silt:allow` beside it; NULL: it counts */
    const char *allowed_reason; /* the comment's words, perhaps ""; NULL where allowed_by is */
};

/* Lower-case words for the JSON report; never NULL. Thread-safe. */
SILT_API const char *silt_severity_name(enum silt_severity severity);
SILT_API const char *silt_confidence_name(enum silt_confidence confidence);
SILT_API const char *silt_origin_name(enum silt_origin origin);
SILT_API const char *silt_state_name(enum silt_state state);
SILT_API const char *silt_package_manager_name(enum silt_package_manager manager);

#endif
