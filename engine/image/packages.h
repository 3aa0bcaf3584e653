/*
 * packages.h: what the package records of one layer say (or of one directory, or one root in a tar): which
 * package put a file there, and the checksum it had then.
 *
 * A fact is 24 bytes: 64 bits of the path's SHA-256, 64 bits of the recorded checksum, the package. So the
 * records of a Debian root with 30,000 files take less than a megabyte, and no path has to be kept. Records
 * and files are met in any order and in different layers: facts are gathered while a layer is read and
 * looked at when all layers are known.
 *
 * A record is the image's own word. Whoever makes an image can write into it what he likes, and so lower
 * the severity of findings in his own image; they are told all the same.
 */
#ifndef SILT_IMAGE_PACKAGES_H
#define SILT_IMAGE_PACKAGES_H

#include "base/arena.h"
#include "base/array.h"
#include "base/summer.h"

/* At most so many are kept of one layer: 24 MiB. Files that more records speak of have no package. */
enum { SILT_PACKAGES_FACTS_MAX = 1 << 20, SILT_PACKAGES_MAX = 1 << 17 };

enum silt_package_fact_kind {
    SILT_PACKAGE_FILE, /* the path belongs to the package; no checksum */
    SILT_PACKAGE_MD5,  /* value: the beginning of the file's checksum, here and in the next two */
    SILT_PACKAGE_SHA1,
    SILT_PACKAGE_SHA256,
    SILT_PACKAGE_DIVERTED, /* value: the mark of the path that other packages name this file by */
    SILT_PACKAGE_TREE,     /* all below this directory belongs to the package */
};

struct silt_package_fact {
    uint64_t path; /* silt_packages_mark */
    uint64_t value;
    uint32_t package; /* index in packages */
    uint32_t kind;
};

struct silt_package_name {
    enum silt_package_manager manager;
    const char *name, *version; /* version "": another record tells it */
};

struct silt_packages {
    struct silt_arena arena;
    struct silt_array names;   /* struct silt_package_name */
    struct silt_array facts;   /* struct silt_package_fact; sorted by path once finished */
    struct silt_array by_name; /* uint32_t: names with a version, sorted, once finished */
};

/* Nothing yet. Free it with silt_packages_free, which takes NULL. */
SILT_MUST_USE enum silt_status silt_packages_new(struct silt_packages **out, struct silt_error *error);
void silt_packages_free(struct silt_packages *packages);

/* Adds a package and answers its index, to be named by facts. LIMIT if there are too many. */
SILT_MUST_USE enum silt_status silt_packages_put_name(struct silt_packages *packages,
                                                      const struct silt_package_name *name, uint32_t *out,
                                                      struct silt_error *error);

/* Adds a fact. One more than are kept is passed over. MEMORY. */
SILT_MUST_USE enum silt_status silt_packages_put_fact(struct silt_packages *packages,
                                                      const struct silt_package_fact *fact,
                                                      struct silt_error *error);

/* Sorts, and drops what says nothing new; after this they are only read. Takes NULL. MEMORY. */
SILT_MUST_USE enum silt_status silt_packages_finish(struct silt_packages *packages, struct silt_error *error);

/* What stands for a clean path. `/lib` and `usr/lib` are one (as are `bin` and `sbin`): records name files by
 * the one where the image has the other. */
uint64_t silt_packages_mark(struct silt_span path);

/* The beginning of a checksum as a fact has it; 0 for one that is shorter. */
uint64_t silt_packages_value(struct silt_span checksum);

struct silt_package_question {
    const struct silt_packages *const *layers; /* base first; NULL where a layer has none */
    size_t count;
    size_t layer;                           /* the layer that the file is in */
    struct silt_span path;                  /* clean */
    const struct silt_checksums *checksums; /* of this very version of the file; NULL if not known */
};

/* Which package owns a file. The record may stand in any layer: one whose checksum is the file's speaks of
 * this version of it. False if no record speaks of the path. */
bool silt_packages_find(const struct silt_package_question *question, struct silt_package *out);

/* Whether the file is just what a distribution ships (dpkg, apk, rpm): what is found in it is known to
 * everybody. On PyPI and npm anybody publishes anything, so that says nothing there. */
bool silt_packages_is_public(const struct silt_package *package);

#endif
