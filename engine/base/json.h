/*
 * json.h: read JSON (RFC 8259) from untrusted bytes under a memory budget. The engine's only user of jansson.
 *
 * Values are borrowed from the document and live as long as it. Functions on values take NULL and a value of
 * another type alike and answer "nothing", so that a path into a document reads without checks.
 */
#ifndef SILT_BASE_JSON_H
#define SILT_BASE_JSON_H

#include "base/buffer.h"

struct silt_json; /* a value; the root is the document */

/* Parses one document. Refuses, before memory is spent, text whose parsed form would take more than about
 * budget_bytes (SILT_ERR_LIMIT), or that nests deeper than 512; bad syntax is SILT_ERR_CORRUPT with line and
 * column. Free the root with silt_json_free. */
SILT_MUST_USE enum silt_status silt_json_parse(struct silt_span text, size_t budget_bytes,
                                               struct silt_json **out, struct silt_error *error);
void silt_json_free(struct silt_json *root);

/* Appends a value as JSON in one line, without a NUL. */
SILT_MUST_USE enum silt_status silt_json_print(const struct silt_json *value, struct silt_buffer *out,
                                               struct silt_error *error);

/* A member of an object, an item of an array, or NULL. */
const struct silt_json *silt_json_get(const struct silt_json *object, const char *key);
const struct silt_json *silt_json_at(const struct silt_json *array, size_t index);

/* How many items an array or members an object has; 0 for all else. */
size_t silt_json_count(const struct silt_json *value);

/* Whether a value is an object; false for NULL. */
bool silt_json_is_object(const struct silt_json *value);
/* Whether a value is an array; false for NULL. */
bool silt_json_is_array(const struct silt_json *value);
/* Whether a value is a string; false for NULL. */
bool silt_json_is_string(const struct silt_json *value);
/* Whether a value is a number; false for NULL. */
bool silt_json_is_number(const struct silt_json *value);

/* A string's bytes (may hold NUL), an empty span otherwise. Always NUL-terminated behind the span. */
struct silt_span silt_json_text(const struct silt_json *value);

/* A string's bytes if it holds no NUL, else (or if it is no string) the fallback. */
const char *silt_json_string(const struct silt_json *value, const char *fallback);

/* A number (or boolean as 0 and 1), the fallback otherwise. */
double silt_json_number(const struct silt_json *value, double fallback);
bool silt_json_boolean(const struct silt_json *value, bool fallback);

/* Walks the members of an object: start with *iterator NULL; false at the end. */
bool silt_json_next(const struct silt_json *object, void **iterator, const char **key,
                    const struct silt_json **value);

#endif
