/*
 * result.h: what the scan of one blob (a layer, a file, a document) came to. Owns all it holds; secrets in it
 * are wiped when it is freed. Filled by one thread, then only read.
 */
#ifndef SILT_SCAN_RESULT_H
#define SILT_SCAN_RESULT_H

#include "archive/report.h"
#include "base/arena.h"
#include "base/array.h"
#include "base/digest.h"
#include "confirm/confirm.h"
#include "image/packages.h"
#include "image/timeline.h"

/* At most this many findings of one blob are kept; more is a skip. */
enum { SILT_RESULT_HITS_MAX = 50000 };

/* A file inside the blob. */
struct silt_spot {
    const struct silt_span *chain;
    size_t chain_count;
    struct silt_span path, path_bytes;
    bool is_raw; /* bytes that are no file's */
    const struct silt_checksums
        *checksums; /* of the file, or of the outermost archive around it; NULL if none */
};

/* A confirmed secret in the blob. */
struct silt_hit {
    const struct silt_spot *spot;
    struct silt_match match;   /* positions are those of its window */
    struct silt_span secret;   /* empty if the result comes from the cache */
    struct silt_span redacted; /* silt_secret_redact */
    uint64_t secret_size;
    uint8_t key[16]; /* keyed hash of the secret */
    uint64_t offset, line, column;
    enum silt_origin origin;
    const char *decoded_from; /* NULL, or the encoding */
    int history;              /* documents: the instruction, -1 if none */
    size_t mate; /* the other half of a pair: its index among the result's hits, plus 1; 0: none (pair.h) */
    const char *allowed; /* the reason in a comment that allows it, perhaps ""; NULL: none does */
};

/* Another name of a file that has hits: a hard link. */
struct silt_alias {
    struct silt_span target, path;
};

struct silt_result {
    struct silt_arena arena;
    struct silt_array hits;     /* struct silt_hit */
    struct silt_array skips;    /* struct silt_skip; place.layer is set when it is reported */
    struct silt_array problems; /* struct silt_problem */
    struct silt_array aliases;  /* struct silt_alias */
    struct silt_coverage coverage;
    struct silt_footprint *footprint;       /* of a layer; NULL otherwise */
    struct silt_packages *packages;         /* what package records in it say; NULL if there are none */
    struct silt_digest digest, diff_id;     /* of the bytes as stored, and uncompressed */
    const struct silt_checksums *checksums; /* of the blob, where that is a file with hits; NULL otherwise */
    bool has_digest, has_diff_id;
    bool is_fleeting; /* another scan may come to something else: memory was out, or timing played a part */
    bool is_cached;   /* it was not scanned in this run */
    bool is_bare;     /* entries stand without the blob's own name in their chains */
    size_t guessed;   /* password hashes that were tried (guess.h) */
    uint64_t size;    /* bytes as stored */
    struct silt_spot *spot; /* the latest spot made, to be shared by its hits */
};

/* An empty result; free it with silt_result_free, which wipes what it held and takes NULL. */
SILT_MUST_USE enum silt_status silt_result_new(struct silt_result **out, struct silt_error *error);
void silt_result_free(struct silt_result *result);

/* Copies an entry's names. Consecutive calls with the same entry should be avoided: each makes a copy. */
SILT_MUST_USE enum silt_status silt_result_put_spot(struct silt_result *result,
                                                    const struct silt_entry *entry, struct silt_spot **out,
                                                    struct silt_error *error);

/* Adds a skip or a problem, copying all that it points to. A skip of content, and every problem, makes the
 * result incomplete. Failure to get memory for it is kept as incompleteness. */
void silt_result_put_skip(struct silt_result *result, const struct silt_skip *skip);
void silt_result_put_problem(struct silt_result *result, enum silt_status status, struct silt_span path,
                             const char *message);

/* Notes a hard link, if its target is a file with hits. */
SILT_MUST_USE enum silt_status
silt_result_put_alias(struct silt_result *result, const struct silt_entry *entry, struct silt_error *error);

/* The hit at an index below hits.count; valid until the next one is added. */
static inline struct silt_hit *silt_result_hit(const struct silt_result *result, size_t index)
{
    return silt_array_at(&result->hits, index);
}

#endif
