/*
 * holdings.h: which digest is where in a registry, and what it is said to be. Learnt from the manifests that
 * were pulled; what no manifest names is not asked for.
 */
#ifndef SILT_REGISTRY_HOLDINGS_H
#define SILT_REGISTRY_HOLDINGS_H

#include "registry/pull.h"

/* Thread-safe. */
struct silt_holdings;

/* Lives until the holdings are freed. */
struct silt_holding {
    const char *digest;
    const char *repository;
    const char *media_type; /* "" if unknown */
    int64_t size;           /* -1 if unknown, or if manifests disagree */
    bool is_manifest;       /* named as a manifest or an index: had from another address than blobs */
    bool is_blob;           /* named as a layer or a config */
    struct silt_span text;  /* of a manifest that was kept; empty if it was not */
};

/* Begins with nothing. Free it with silt_holdings_free. */
SILT_MUST_USE enum silt_status silt_holdings_new(struct silt_holdings **out, struct silt_error *error);
void silt_holdings_free(struct silt_holdings *holdings);

/* Learns what a manifest or an index names, and keeps its text while there is room. LIMIT beyond a million
 * digests. */
SILT_MUST_USE enum silt_status silt_holdings_learn(struct silt_holdings *holdings, const char *repository,
                                                   const struct silt_pulled *pulled,
                                                   struct silt_error *error);

/* Learns what a list of referrers names, but not the list itself. */
SILT_MUST_USE enum silt_status silt_holdings_learn_list(struct silt_holdings *holdings,
                                                        const char *repository, const struct silt_json *root,
                                                        struct silt_error *error);

/* What is known of a digest; false if nothing is. */
bool silt_holdings_find(struct silt_holdings *holdings, const char *digest, struct silt_holding *out);

#endif
