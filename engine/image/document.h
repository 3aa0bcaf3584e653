/*
 * document.h: one JSON document of an image, read whole under bounds and checked against its digest.
 */
#ifndef SILT_IMAGE_DOCUMENT_H
#define SILT_IMAGE_DOCUMENT_H

#include "base/buffer.h"
#include "base/json.h"
#include "image/reader.h"

struct silt_document_want {
    const char *name;    /* for the source's find */
    const char *digest;  /* expected, NULL if unknown */
    uint64_t size;       /* expected, 0 if unknown */
    bool may_be_missing; /* then its absence is no problem */
};

/* Zero-initialise; clear it when done. */
struct silt_document_json {
    struct silt_json *root; /* NULL if it could not be used: problem and raw text are noted */
    struct silt_buffer text;
    char digest[SILT_DIGEST_TEXT_SIZE]; /* of the text */
};

/* Reads and parses. What is wrong with the document is noted as a problem and OK is answered; so a failure
 * means MEMORY, CANCELLED or LIMIT (too many documents for one target). */
SILT_MUST_USE enum silt_status silt_document_read(struct silt_reader *reader,
                                                  const struct silt_document_want *want,
                                                  struct silt_document_json *out, struct silt_error *error);

/* Puts a document's text into the catalog's raw ones, cut at 4 MiB: it parses but makes no sense. */
SILT_MUST_USE enum silt_status silt_document_keep_raw(struct silt_reader *reader, const char *name,
                                                      const struct silt_document_json *document,
                                                      struct silt_error *error);
void silt_document_clear(struct silt_document_json *document);

#endif
