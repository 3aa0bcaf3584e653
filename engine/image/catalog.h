/*
 * catalog.h: the images of a source: index, manifest and config read and brought to one form.
 */
#ifndef SILT_IMAGE_CATALOG_H
#define SILT_IMAGE_CATALOG_H

#include "base/arena.h"
#include "base/array.h"
#include "base/digest.h"
#include "source/source.h"

#include <silt/image.h>

/* How a layer or other blob of a manifest is to be taken. */
enum silt_blob_role {
    SILT_BLOB_LAYER,   /* a file system layer: a tar, perhaps compressed */
    SILT_BLOB_FILE,    /* content of an artifact or attestation: any file */
    SILT_BLOB_FOREIGN, /* non-distributable: not there by design */
    SILT_BLOB_ENCRYPTED,
};

struct silt_blob_ref {
    enum silt_blob_role role;
    const char *name;       /* for the source's find */
    const char *digest;     /* expected, "sha256:…", NULL if the layout has none */
    const char *diff_id;    /* expected, NULL if the config has none */
    const char *media_type; /* NULL if none */
    uint64_t size;          /* as the descriptor says, 0 if it does not */
    int history;            /* index into `history`, -1 if unknown */
};

struct silt_history {
    const char *created_by, *comment, *created, *author; /* NULL if absent */
    bool is_empty;
    int layer; /* index of the blob that it made; the last one before it if it is empty; -1 if none */
};

/* A piece of metadata text that is matched like a file. */
struct silt_document {
    enum silt_origin origin;
    const char *path;      /* such as "config:Env/DB_PASSWORD", "history:3", "config:Labels/org.x" */
    struct silt_span text; /* such as "DB_PASSWORD=hunter2" */
    int history;           /* the instruction that it stands in or comes from, -1 if unknown */
};

/* One image (or artifact, or attestation manifest) as found. All memory is the catalog's. */
struct silt_manifest {
    const char *reference;
    const char *digest, *config_digest; /* NULL where the layout has none */
    const char *platform, *created;
    const char *revision; /* label org.opencontainers.image.revision, NULL if absent */
    struct silt_blob_ref *blobs;
    size_t blob_count;
    struct silt_history *history;
    size_t history_count;
    struct silt_document *documents;
    size_t document_count;
};

struct silt_selection {
    const char *reference; /* NULL: all */
    const char *platform;  /* "os/arch[/variant]", NULL: this machine's, else the only one */
    bool all_platforms;
    size_t json_budget; /* memory for one document */
};

/* Something that went wrong with one document; the rest was read all the same. */
struct silt_catalog_problem {
    enum silt_status status;
    const char *message;
    const char *path;
};

struct silt_catalog {
    struct silt_arena arena;
    struct silt_array manifests; /* struct silt_manifest */
    struct silt_array problems;  /* struct silt_catalog_problem */
    struct silt_array raw; /* struct silt_document: documents that did not parse, to be matched as text */
};

/* Reads the documents of a source with `find` and layout DOCKER or OCI. NOT_FOUND when the reference or
 * platform is not there: the text lists what is. A broken document is a problem, and the other images still
 * come. */
SILT_MUST_USE enum silt_status silt_catalog_read(struct silt_source *source,
                                                 const struct silt_selection *selection,
                                                 struct silt_catalog *out, struct silt_error *error);
void silt_catalog_clear(struct silt_catalog *catalog);

#endif
