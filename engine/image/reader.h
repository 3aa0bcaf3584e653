/*
 * reader.h: what the files of this folder share while one catalog is read.
 */
#ifndef SILT_IMAGE_READER_H
#define SILT_IMAGE_READER_H

#include "image/platform.h"
#include "image/texts.h"

/* A document that waits to be read: an index or a manifest. */
struct silt_lead {
    const char *digest, *name; /* "sha256:…" and the name for find */
    uint64_t size;             /* expected, 0 if unknown */
    const char *reference, *platform;
    unsigned depth;
    bool is_attestation;
    bool is_chosen; /* its platform was settled by the index */
};

struct silt_reader {
    struct silt_source *source;
    const struct silt_selection *selection;
    struct silt_catalog *catalog;
    size_t json_budget;
    uint64_t bytes;              /* of documents read so far */
    size_t documents;            /* number of documents read so far */
    struct silt_platform wanted; /* the selection's platform, or this machine's */
    struct silt_array leads;     /* struct silt_lead: a stack */
    struct silt_array seen;      /* const char *: digests of indexes and manifests met */
    struct silt_array offers;    /* const char *: references or platforms that are there but not wanted */
    struct silt_texts texts;     /* of the image being read, led by those of the indexes before it */
    size_t find_work;            /* bytes of history looked through for names so far */
    bool missed_platform;        /* an image was left out because of its platform */
    bool is_supplement;          /* index.json of a docker archive: what is not there is no news */
};

/* Begins; the catalog's arrays are set up. USAGE for a platform that is none. */
SILT_MUST_USE enum silt_status silt_reader_init(struct silt_reader *reader, struct silt_source *source,
                                                const struct silt_selection *selection,
                                                struct silt_catalog *catalog, struct silt_error *error);
void silt_reader_clear(struct silt_reader *reader);

/* Notes a problem with a document; MEMORY if that fails. */
SILT_MUST_USE enum silt_status silt_reader_problem(struct silt_reader *reader, struct silt_error *error,
                                                   enum silt_status status, const char *path,
                                                   const char *format, ...) SILT_PRINTF(5, 6);

/* Notes a reference or platform for the text of NOT_FOUND. */
SILT_MUST_USE enum silt_status silt_reader_offer(struct silt_reader *reader, const char *name,
                                                 struct silt_error *error);

/* NOT_FOUND with all offers in the text. */
enum silt_status silt_reader_not_found(const struct silt_reader *reader, const char *what, const char *wanted,
                                       struct silt_error *error);

/* "blobs/sha256/…" for a digest; *out stays NULL if it is not written as OCI descriptor.md says. MEMORY. */
SILT_MUST_USE enum silt_status silt_reader_blob_name(struct silt_reader *reader, const char *digest,
                                                     const char **out, struct silt_error *error);

#endif
