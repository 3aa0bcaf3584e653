/*
 * recall.c: lookups in the cache and what is done with them. Values are sealed: the SHA-256 of key and value
 * stands in front, so that a damaged row, or one under another key, is no row.
 */
#include "scan/recall.h"

#include "base/error.h"
#include "base/hasher.h"
#include "scan/recall_key.h"
#include "scan/record.h"
#include "scan/watch.h"
#include "stream/tee.h"

#include <stdlib.h>

void silt_recall_begin(struct silt_recall *recall, struct silt_scan *scan, const struct silt_blob_task *task)
{
    const struct silt_cache *cache = scan->options->cache;
    *recall = (struct silt_recall){.scan = scan, .task = task};
    recall->has_identity = cache != NULL && cache->is_local &&
                           silt_identity_of(task->stream, &recall->identity) &&
                           silt_identity_is_settled(&recall->identity);
}

static enum silt_status seal(const struct silt_cache_key *key, struct silt_span value,
                             struct silt_digest *out)
{
    struct silt_hasher *hasher;
    enum silt_status status = silt_hasher_new(&hasher, NULL);
    if (status != SILT_OK)
        return status;
    silt_hasher_put(hasher, silt_span_of(key->bytes, sizeof key->bytes));
    silt_hasher_put(hasher, value);
    silt_hasher_take(hasher, out);
    silt_hasher_free(hasher);
    return SILT_OK;
}

/* A sealed value; *holder is to be freed. False if there is none that is whole. */
static bool find_value(struct silt_cache *cache, const struct silt_cache_key *key, struct silt_span *out,
                       uint8_t **holder)
{
    size_t size = 0;
    struct silt_digest digest;
    *holder = NULL;
    if (cache->ops->find(cache, key, holder, &size, NULL) != SILT_OK)
        return false;
    *out = silt_span_slice(silt_span_of(*holder, size), SILT_DIGEST_SIZE, size);
    return size >= SILT_DIGEST_SIZE && seal(key, *out, &digest) == SILT_OK &&
           memcmp(digest.bytes, *holder, SILT_DIGEST_SIZE) == 0;
}

/* Seals what stands behind the room for the seal. A failure only means that nothing is kept. */
static bool put_value(struct silt_cache *cache, const struct silt_cache_key *key, struct silt_pack *pack)
{
    struct silt_digest digest;
    struct silt_span whole = silt_buffer_span(&pack->bytes);
    if (pack->has_failed ||
        seal(key, silt_span_slice(whole, SILT_DIGEST_SIZE, whole.size), &digest) != SILT_OK)
        return false;
    memcpy(pack->bytes.data, digest.bytes, SILT_DIGEST_SIZE);
    return cache->ops->put(cache, key, whole, NULL) == SILT_OK;
}

static void leave_room(struct silt_pack *pack)
{
    static const uint8_t zeros[SILT_DIGEST_SIZE];
    silt_pack_put_bytes(pack, silt_span_of(zeros, sizeof zeros));
}

/* The digest that the file's bytes were found to have when it was last read. */
static bool find_digest(const struct silt_recall *recall, struct silt_digest *out)
{
    struct silt_cache_key key;
    struct silt_span value;
    uint8_t *holder;
    if (!recall->has_identity || !silt_recall_key_of_file(&recall->identity, &key))
        return false;
    bool is_found =
        find_value(recall->scan->options->cache, &key, &value, &holder) && value.size == SILT_DIGEST_SIZE;
    if (is_found)
        memcpy(out->bytes, value.data, SILT_DIGEST_SIZE);
    free(holder);
    return is_found;
}

/* Keeps it, if the file is still what it was before it was read. */
static void keep_digest(const struct silt_recall *recall, const struct silt_digest *digest)
{
    struct silt_cache_key key;
    struct silt_identity now;
    struct silt_pack pack = {0};
    bool is_untouched = recall->has_identity && silt_identity_of(recall->task->stream, &now) &&
                        silt_identity_equal(&recall->identity, &now);
    if (!is_untouched || !silt_recall_key_of_file(&now, &key))
        return;
    leave_room(&pack);
    silt_pack_put_bytes(&pack, silt_span_of(digest->bytes, SILT_DIGEST_SIZE));
    put_value(recall->scan->options->cache, &key, &pack);
    silt_buffer_clear(&pack.bytes);
}

/* The digest under which a result would be: the file's if it is known, else what was promised. The promise of
 * an uncompressed layer can be its diff_id. */
static bool guess_digest(const struct silt_recall *recall, struct silt_digest *out, bool *is_known)
{
    const struct silt_blob_task *task = recall->task;
    const char *promised = task->digest != NULL ? task->digest : task->diff_id;
    *is_known = find_digest(recall, out);
    return *is_known || silt_digest_parse(silt_span_text(promised), out);
}

static bool find_result(const struct silt_recall *recall, const struct silt_digest *digest,
                        struct silt_result **out)
{
    struct silt_cache_key key;
    struct silt_span value;
    uint8_t *holder;
    const struct silt_scan *scan = recall->scan;
    if (!silt_recall_key_of_blob(scan, recall->task, digest, &key))
        return false;
    size_t signatures = silt_signatures_count(silt_ruleset_signatures(scan->ruleset));
    bool is_found = find_value(scan->options->cache, &key, &value, &holder) &&
                    silt_record_parse(value, signatures, out, NULL) == SILT_OK;
    free(holder);
    return is_found;
}

static bool is_promised(const char *promised, bool has_digest, const struct silt_digest *digest)
{
    struct silt_digest wanted;
    return promised == NULL || (has_digest && silt_digest_parse(silt_span_text(promised), &wanted) &&
                                silt_digest_equal(&wanted, digest));
}

/* Whether a scan would come to just this: what breaks a promise, and what exceeds --max-total-size, is
 * scanned, so that it is told in the same words. */
static bool fits(const struct silt_recall *recall, const struct silt_result *result,
                 const struct silt_digest *digest)
{
    const struct silt_blob_task *task = recall->task;
    uint64_t limit = recall->scan->options->max_total_size;
    uint64_t scanned = atomic_load(&recall->scan->scanned);
    bool has_room = limit == 0 || (scanned <= limit && result->coverage.bytes_scanned <= limit - scanned);
    return has_room && silt_digest_equal(&result->digest, digest) &&
           is_promised(task->digest, result->has_digest, &result->digest) &&
           is_promised(task->diff_id, result->has_diff_id, &result->diff_id);
}

/* Reads the stream to its end. DIGEST if its bytes are others, or cannot be read: the scan tells which. */
static enum silt_status verify(const struct silt_recall *recall, const struct silt_digest *digest,
                               struct silt_error *error)
{
    struct silt_stream *watch = NULL, *tee = NULL;
    struct silt_digest found;
    enum silt_status status = silt_watch_open(recall->task->stream, recall->scan, &watch, error);
    if (status == SILT_OK)
        status = silt_tee_open(watch, &tee, error);
    if (status == SILT_OK)
        status = silt_stream_drain(tee, error);
    if (status == SILT_OK) {
        silt_tee_take(tee, &found);
        if (!silt_digest_equal(&found, digest))
            status = silt_error_set(error, SILT_ERR_DIGEST, "other bytes than promised");
    } else if (status != SILT_ERR_MEMORY && status != SILT_ERR_CANCELLED) {
        status = SILT_ERR_DIGEST;
    }
    silt_stream_free(tee);
    silt_stream_free(watch);
    return status;
}

/* Progress goes on as if it had been scanned. */
static void count(struct silt_scan *scan, const struct silt_result *result, bool was_read)
{
    if (!was_read)
        atomic_fetch_add(&scan->stored, result->size);
    atomic_fetch_add(&scan->scanned, result->coverage.bytes_scanned);
    atomic_fetch_add(&scan->findings, result->hits.count);
}

enum silt_status silt_recall_find(const struct silt_recall *recall, struct silt_result **out,
                                  struct silt_error *error)
{
    struct silt_digest digest;
    struct silt_result *result = NULL;
    bool is_known = false;
    const struct silt_scan_options *options = recall->scan->options;
    if (options->cache == NULL || options->wants_secrets || !guess_digest(recall, &digest, &is_known) ||
        !find_result(recall, &digest, &result))
        return SILT_ERR_NOT_FOUND;
    enum silt_status status = fits(recall, result, &digest) ? SILT_OK : SILT_ERR_NOT_FOUND;
    if (status == SILT_OK && !is_known) {
        status = verify(recall, &digest, error);
        if (status == SILT_OK)
            keep_digest(recall, &digest);
    }
    if (status != SILT_OK) {
        silt_result_free(result);
        return status;
    }
    count(recall->scan, result, !is_known);
    result->is_cached = true;
    *out = result;
    return SILT_OK;
}

void silt_recall_keep(const struct silt_recall *recall, const struct silt_result *result)
{
    struct silt_cache_key key;
    struct silt_pack pack = {0};
    struct silt_cache *cache = recall->scan->options->cache;
    if (cache == NULL || !silt_record_is_lasting(result) ||
        !silt_recall_key_of_blob(recall->scan, recall->task, &result->digest, &key))
        return;
    leave_room(&pack);
    silt_record_print(result, &pack);
    if (put_value(cache, &key, &pack))
        keep_digest(recall, &result->digest);
    silt_buffer_clear(&pack.bytes);
}
