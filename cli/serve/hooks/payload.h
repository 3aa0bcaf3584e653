/*
 * payload.h: what all dialects need: members of a JSON body by their path, and pushes put together and
 * checked.
 */
#ifndef SILT_CLI_SERVE_HOOKS_PAYLOAD_H
#define SILT_CLI_SERVE_HOOKS_PAYLOAD_H

#include "serve/hook.h"

/* Parses a body that was not yet looked at: bounded in depth and in values, so that what it costs is known.
 * CORRUPT, LIMIT, MEMORY. The caller lets *out go. */
SILT_MUST_USE enum silt_status silt_payload_parse(struct silt_span text, json_t **out,
                                                  struct silt_error *error);

/* The member that a path with dots leads to ("target.repository"), or NULL. */
const json_t *silt_payload_get(const json_t *value, const char *path);

/* The string there; "" if there is none. */
const char *silt_payload_text(const json_t *value, const char *path);

/* A time of RFC 3339 in milliseconds since 1970; 0 if it is none. */
int64_t silt_payload_time(const char *text);

/* A number of seconds since 1970 in milliseconds; 0 if it is none. */
int64_t silt_payload_seconds(const json_t *value);

/* Decodes base64 of either alphabet up to what is none; answers how many bytes that made, at most `size`. */
size_t silt_payload_decode(const char *text, char *out, size_t size);

/* Fills the error, answers CORRUPT. */
enum silt_status silt_payload_refuse(struct silt_error *error, const char *format, ...) SILT_PRINTF(2, 3);

/* Adds a copy of a push; its strings may be NULL. Names of repositories are made lower case, as registries
 * have them, a digest that stands for a tag becomes one, and the delivery gets the dialect's name. CORRUPT if
 * something has not its shape; LIMIT; MEMORY. */
SILT_MUST_USE enum silt_status silt_payload_put(struct silt_pushes *pushes, const struct silt_push *push,
                                                struct silt_error *error);

/* The same with host, repository, tag and digest out of an image reference: [HOST/]NAME[:TAG][@DIGEST], as
 * docker reads it. What the push itself says of tag and digest goes first. */
SILT_MUST_USE enum silt_status silt_payload_put_reference(struct silt_pushes *pushes, const char *reference,
                                                          const struct silt_push *push,
                                                          struct silt_error *error);

/* The HOST[:PORT] of an http address, or of a reference that begins with it, kept with the pushes; "" if
 * there is none. NULL when memory is out. */
const char *silt_payload_host(struct silt_pushes *pushes, const char *address);

#endif
