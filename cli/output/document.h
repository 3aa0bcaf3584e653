/*
 * document.h: findings and their places as JSON values, shared by the JSON formats.
 *
 * A function that cannot allocate answers NULL, and a NULL put into an object or array makes that NULL too,
 * so that failure is looked at once, where a value is written. Text from images is repaired (utf8.h).
 */
#ifndef SILT_CLI_OUTPUT_DOCUMENT_H
#define SILT_CLI_OUTPUT_DOCUMENT_H

#include "results.h"

#include <jansson.h>

/* How JSON is written: ASCII only, so that no control character or bidi control reaches a terminal, and
 * numbers short. */
enum { SILT_DOCUMENT_FLAGS = JSON_ENCODE_ANY | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(4) };

/* Puts a member into *object and takes the value; *object becomes NULL when either is NULL or memory is out.
 */
void silt_document_put(json_t **object, const char *key, json_t *value);

/* The same for the end of an array. */
void silt_document_append(json_t **array, json_t *value);

/* Strings; the second answers null for NULL. */
json_t *silt_document_text(struct silt_span text);
json_t *silt_document_string(const char *text);

/* The path with what it is nested in, `outer.jar!/inner`; null for an empty place. */
json_t *silt_document_path(const struct silt_place *place);

/* An index, or null for -1. */
json_t *silt_document_index(int index);

/* Whether text may stand as a link: https, and what RFC 3986 allows and nothing else. */
bool silt_document_is_uri(const char *text);

/* The package that owns the finding's file, or null. `unmodified` is null where nobody can tell. */
json_t *silt_document_package(const struct silt_package *package);

/* The report's image, with its layers. */
json_t *silt_document_image(const struct silt_image *image);

/* FINDING of the report's contract (DESIGN.md, JSON report). */
json_t *silt_document_finding(const struct silt_results_target *target, const struct silt_finding *finding,
                              bool shows_secret);

/* Writes a value in one line and takes it; false if it is NULL. */
bool silt_document_print(FILE *out, json_t *value);

#endif
