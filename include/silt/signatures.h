/*
 * signatures.h: load, look at, check and compile signatures (schema silt.signatures/1).
 *
 * A set of signatures is built once and then never changes: after silt_signatures_finish it may be shared
 * by any number of threads and scanners, and must outlive them.
 */
#ifndef SILT_SIGNATURES_H
#define SILT_SIGNATURES_H

#include <silt/finding.h>
#include <stdio.h>

/* One signature, as its file has it. All strings are UTF-8, NUL-terminated, never NULL ("" if absent). */
struct silt_signature {
    const char *id;
    const char *name;
    const char *provider;
    enum silt_severity severity;
    enum silt_confidence confidence;
    const char *pattern; /* PCRE; group 1 or the group named secret is the secret; "" for a file signature */
    const char *prefilter;         /* "" if derived */
    const char *path;              /* glob, "" for all files */
    const char *const *keywords;   /* NULL-terminated */
    unsigned within;               /* bytes around the match in which a keyword must stand; default 64 */
    const char *const *validators; /* NULL-terminated */
    double min_score;
    const char *companion; /* id of the other half, or a glob of ids; "" if none */
    unsigned companion_within;
    const char *const *allow; /* NULL-terminated patterns of values that are no secrets */
    const char *description;
    const char *remediation;
    const char *const *references;     /* NULL-terminated */
    const char *const *examples_match; /* NULL-terminated, pieces joined */
    const char *const *examples_no_match;
    const char *file; /* the file that it came from */
};

struct silt_signatures;

/* An empty set. Free it with silt_signatures_free. */
SILT_API SILT_MUST_USE enum silt_status silt_signatures_new(struct silt_signatures **out,
                                                            struct silt_error *error);

/* A new set of all *.json files of a directory, as silt_signatures_new and silt_signatures_add make it. It is
 * there in a tenth of the time where `snapshot_dir` (NULL: nowhere) holds what silt_signatures_build made of
 * exactly these files with this build of silt. Where it does not, or what it holds is damaged, the files are
 * read. */
SILT_API SILT_MUST_USE enum silt_status silt_signatures_open(const char *directory, const char *snapshot_dir,
                                                             struct silt_signatures **out,
                                                             struct silt_error *error);

/* Writes the snapshot of a directory's *.json files, SNAPSHOT_DIR/signatures.snapshot. */
SILT_API SILT_MUST_USE enum silt_status silt_signatures_build(const char *directory, const char *snapshot_dir,
                                                              struct silt_error *error);

/* Frees a set; NULL is allowed. */
SILT_API void silt_signatures_free(struct silt_signatures *set);

/* Adds a *.json file, or all *.json files of a directory in the order of their names. A signature whose id is
 * there already replaces the older one. Errors name file, id and position. Not after finish. */
SILT_API SILT_MUST_USE enum silt_status silt_signatures_add(struct silt_signatures *set, const char *path,
                                                            struct silt_error *error);

/* Keeps only (or leaves out) the ids in a NULL-terminated list; `github.*` names a provider's all. An id that
 * names nothing is SILT_ERR_USAGE. Not after finish. */
SILT_API SILT_MUST_USE enum silt_status
silt_signatures_only(struct silt_signatures *set, const char *const *ids, struct silt_error *error);
SILT_API SILT_MUST_USE enum silt_status
silt_signatures_disable(struct silt_signatures *set, const char *const *ids, struct silt_error *error);

/* How many there are, the one at an index (borrowed), and the one with an id (NULL if none). */
SILT_API size_t silt_signatures_count(const struct silt_signatures *set);
SILT_API const struct silt_signature *silt_signatures_at(const struct silt_signatures *set, size_t index);
SILT_API const struct silt_signature *silt_signatures_find(const struct silt_signatures *set, const char *id);

/* "sha256:…" over everything that decides what is found; valid while the set lives. */
SILT_API const char *silt_signatures_digest(const struct silt_signatures *set);

#endif
