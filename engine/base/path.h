/*
 * path.h: names of entries as archives write them, brought to one form.
 */
#ifndef SILT_BASE_PATH_H
#define SILT_BASE_PATH_H

#include "base/buffer.h"

/* Appends the canonical form: no leading "/" or "./", no empty or "." parts, ".." resolved without leaving
 * the root, no trailing "/". This is how container runtimes place an entry. The empty path is the root
 * itself. */
SILT_MUST_USE enum silt_status silt_path_clean(struct silt_span raw, struct silt_buffer *out,
                                               struct silt_error *error);

/* The part behind the last slash, and the part before it (empty if there is none). */
struct silt_span silt_path_name(struct silt_span path);
struct silt_span silt_path_parent(struct silt_span path);

#endif
