/*
 * source.h: where blobs come from. One file a transport; sources.def lists them.
 *
 * A source either finds blobs by name, in any order and from several threads at once (find), or hands out
 * what it has in its own order, once, to one thread (next). Some do both. It knows nothing of images:
 * `layout` only says which documents lead to them.
 */
#ifndef SILT_SOURCE_SOURCE_H
#define SILT_SOURCE_SOURCE_H

#include "source/probe.h"
#include "stream/file.h"
#include "stream/stream.h"

#include <silt/registry.h>
#include <silt/sink.h>

enum silt_layout {
    SILT_LAYOUT_NONE,   /* plain files */
    SILT_LAYOUT_DOCKER, /* manifest.json names configs and layers by path */
    SILT_LAYOUT_OCI,    /* index.json, blobs/sha256/… */
    SILT_LAYOUT_STREAM, /* a single stream that may turn out to be an archive of one of the above */
};

struct silt_source_options {
    int stdin_fd;
    struct silt_patience patience; /* for standard input and the network; asked from any thread */
    const struct silt_registry_options *registry; /* NULL: the defaults */
};

struct silt_source;

/* A file or blob that `next` hands out; borrowed until the next call. In an archive, an entry that a later
 * one of the same name replaced is named NAME@OFFSET, and bytes that could not be read as entries are
 * @OFFSET. */
struct silt_blob {
    struct silt_span name;        /* clean path within the target */
    struct silt_stream *content;  /* NULL if there is nothing to read: see skip */
    uint64_t size;                /* bytes, 0 if unknown */
    const struct silt_skip *skip; /* not NULL: this was not opened, and why; hand it to the sink */
};

struct silt_source_ops {
    const char *transport; /* "docker-archive" */
    enum silt_target_kind kind;
    /* Opens a location (what follows the colon, without :REF). NOT_FOUND, IO, CORRUPT, UNSUPPORTED. */
    enum silt_status (*open)(const char *location, const struct silt_source_options *options,
                             struct silt_source **out, struct silt_error *error);
    /* The stream of a named blob, which the caller frees; NOT_FOUND if there is none. Thread-safe. NULL if
     * the source cannot. */
    enum silt_status (*find)(struct silt_source *source, const char *name, struct silt_stream **out,
                             uint64_t *size, struct silt_error *error);
    /* The next blob, END behind the last. NULL if the source cannot. */
    enum silt_status (*next)(struct silt_source *source, struct silt_blob *out, struct silt_error *error);
    void (*free)(struct silt_source *source);
    /* Whether a plain target, without a transport, is of this kind. NULL: never guessed. */
    bool (*is_target)(const struct silt_probe *probe);
    bool has_reference; /* a location may be followed by :REFERENCE */
};

struct silt_source {
    const struct silt_source_ops *ops;
    enum silt_layout layout;
    bool has_referrers; /* it finds "referrers/ALGORITHM/HEX", an index of what refers to a digest */
};

/* A target taken apart. Zero-initialise; all pointers are owned by the target; clear it. */
struct silt_target {
    const struct silt_source_ops *ops;
    char *location;
    char *reference; /* what follows the location in archives and layouts, NULL if nothing does */
};

/* Reads `transport:location[:reference]`, `-` or a plain path, which is looked at to tell what it holds. An
 * unknown transport is USAGE, a path that is not there NOT_FOUND. */
SILT_MUST_USE enum silt_status silt_target_parse(const char *text, struct silt_target *out,
                                                 struct silt_error *error);
void silt_target_clear(struct silt_target *target);

/* Opens the target's source. A compressed archive cannot be read out of order: it is opened as a plain file,
 * with layout STREAM. Free it with silt_source_free. */
SILT_MUST_USE enum silt_status silt_source_open(const struct silt_target *target,
                                                const struct silt_source_options *options,
                                                struct silt_source **out, struct silt_error *error);
void silt_source_free(struct silt_source *source);

#endif
