/*
 * record.c: a result to bytes and back, field by field.
 */
#include "scan/record.h"

#include "base/error.h"
#include "image/footprint.h"
#include "scan/secret.h"

#include <endian.h>
#include <stdlib.h>

enum { IS_BARE = 1, IS_COMPLETE = 2, HAS_DIFF_ID = 4, HAS_FOOTPRINT = 8, FLAGS = 15 };
enum { IS_RAW = 1, HAS_CHECKSUMS = 2, SPOT_FLAGS = 3 };
enum { CHAIN_MAX = 256, SKIPS_MAX = 10000, MARK_SIZE = 8, CHECKSUM_SIZE = 8 };

static bool is_lasting_skip(const struct silt_skip *skip)
{
    switch (skip->reason) {
    case SILT_SKIP_DAMAGED:
    case SILT_SKIP_ENCRYPTED:
    case SILT_SKIP_UNSUPPORTED:
    case SILT_SKIP_DEPTH:
    case SILT_SKIP_ENTRY_SIZE:
    case SILT_SKIP_RATIO:
    case SILT_SKIP_HIDDEN:
    case SILT_SKIP_SPECIAL:
    case SILT_SKIP_LINK:
        return true;
    default:
        return false;
    }
}

static bool holds(struct silt_span place, struct silt_span secret)
{
    return secret.size > 0 && memmem(place.data, place.size, secret.data, secret.size) != NULL;
}

/* A comment that allows a hit may hold anything, secrets among it. */
static bool is_lasting_hit(const struct silt_hit *hit)
{
    const struct silt_spot *spot = hit->spot;
    if (hit->allowed != NULL)
        return false;
    bool is_named = holds(spot->path, hit->secret) || holds(spot->path_bytes, hit->secret);
    for (size_t i = 0; i < spot->chain_count && !is_named; i++)
        is_named = holds(spot->chain[i], hit->secret);
    return hit->origin == SILT_ORIGIN_FILE && !is_named && spot->chain_count <= CHAIN_MAX;
}

bool silt_record_is_lasting(const struct silt_result *result)
{
    bool is_lasting = result->has_digest && !result->is_fleeting && result->problems.count == 0;
    for (size_t i = 0; i < result->skips.count && is_lasting; i++) {
        const struct silt_skip *skip = silt_array_at(&result->skips, i);
        is_lasting = is_lasting_skip(skip) && skip->place.chain_count <= CHAIN_MAX;
    }
    for (size_t i = 0; i < result->hits.count && is_lasting; i++)
        is_lasting = is_lasting_hit(silt_result_hit(result, i));
    return is_lasting;
}

static void put_text(struct silt_pack *out, const char *text)
{
    silt_pack_put_span(out, silt_span_text(text));
}

static void put_chain(struct silt_pack *out, const struct silt_span *chain, size_t count)
{
    silt_pack_put_number(out, count);
    for (size_t i = 0; i < count; i++)
        silt_pack_put_span(out, chain[i]);
}

static void put_head(struct silt_pack *out, const struct silt_result *result)
{
    const struct silt_coverage *coverage = &result->coverage;
    silt_pack_put_number(out, SILT_RECORD_VERSION);
    silt_pack_put_number(out, result->size);
    silt_pack_put_number(out, (result->is_bare ? IS_BARE : 0) | (coverage->is_complete ? IS_COMPLETE : 0) |
                                  (result->has_diff_id ? HAS_DIFF_ID : 0) |
                                  (result->footprint != NULL ? HAS_FOOTPRINT : 0));
    silt_pack_put_bytes(out, silt_span_of(result->digest.bytes, SILT_DIGEST_SIZE));
    silt_pack_put_bytes(out, silt_span_of(result->diff_id.bytes, SILT_DIGEST_SIZE));
    silt_pack_put_number(out, coverage->entries);
    silt_pack_put_number(out, coverage->bytes);
    silt_pack_put_number(out, coverage->bytes_scanned);
    silt_pack_put_number(out, coverage->archives);
    silt_pack_put_number(out, coverage->max_depth);
}

/* Hits of one file stand together and share their spot. */
static bool begins_spot(const struct silt_result *result, size_t hit)
{
    return hit == 0 || silt_result_hit(result, hit)->spot != silt_result_hit(result, hit - 1)->spot;
}

/* No more of them than facts about packages are compared by: a file may be nothing but its secret. */
static void put_checksums(struct silt_pack *out, const struct silt_checksums *checksums)
{
    silt_pack_put_bytes(out, silt_span_of(checksums->md5, CHECKSUM_SIZE));
    silt_pack_put_bytes(out, silt_span_of(checksums->sha1, CHECKSUM_SIZE));
    silt_pack_put_bytes(out, silt_span_of(checksums->sha256, CHECKSUM_SIZE));
}

static void put_spots(struct silt_pack *out, const struct silt_result *result)
{
    size_t count = 0;
    for (size_t i = 0; i < result->hits.count; i++)
        count += begins_spot(result, i);
    silt_pack_put_number(out, count);
    for (size_t i = 0; i < result->hits.count; i++) {
        const struct silt_spot *spot = silt_result_hit(result, i)->spot;
        if (!begins_spot(result, i))
            continue;
        bool has_checksums = spot->checksums != NULL && spot->checksums->is_known;
        silt_pack_put_number(out, (spot->is_raw ? IS_RAW : 0) | (has_checksums ? HAS_CHECKSUMS : 0));
        put_chain(out, spot->chain, spot->chain_count);
        silt_pack_put_span(out, spot->path);
        silt_pack_put_span(out, spot->path_bytes);
        if (has_checksums)
            put_checksums(out, spot->checksums);
    }
}

static void put_hit(struct silt_pack *out, const struct silt_hit *hit)
{
    uint64_t score;
    memcpy(&score, &hit->match.score, sizeof score);
    score = htole64(score);
    silt_pack_put_number(out, hit->match.signature);
    silt_pack_put_number(out, hit->match.severity);
    silt_pack_put_number(out, hit->match.confidence);
    silt_pack_put_number(out, hit->match.validation);
    put_text(out, hit->match.detail);
    silt_pack_put_bytes(out, silt_span_of(&score, sizeof score));
    silt_pack_put_bytes(out, silt_span_of(hit->key, sizeof hit->key));
    silt_pack_put_span(out, hit->redacted);
    silt_pack_put_number(out, hit->secret_size);
    silt_pack_put_number(out, hit->offset);
    silt_pack_put_number(out, hit->line);
    silt_pack_put_number(out, hit->column);
    put_text(out, hit->decoded_from);
    silt_pack_put_number(out, hit->mate);
}

static void put_hits(struct silt_pack *out, const struct silt_result *result)
{
    size_t spots = 0;
    silt_pack_put_number(out, result->hits.count);
    for (size_t i = 0; i < result->hits.count; i++) {
        spots += begins_spot(result, i);
        silt_pack_put_number(out, spots - 1);
        put_hit(out, silt_result_hit(result, i));
    }
}

static void put_skips(struct silt_pack *out, const struct silt_result *result)
{
    silt_pack_put_number(out, result->skips.count);
    for (size_t i = 0; i < result->skips.count; i++) {
        const struct silt_skip *skip = silt_array_at(&result->skips, i);
        silt_pack_put_number(out, skip->reason);
        put_chain(out, skip->place.chain, skip->place.chain_count);
        silt_pack_put_span(out, skip->place.path);
        silt_pack_put_number(out, skip->bytes);
        put_text(out, skip->detail);
    }
}

static void put_aliases(struct silt_pack *out, const struct silt_result *result)
{
    silt_pack_put_number(out, result->aliases.count);
    for (size_t i = 0; i < result->aliases.count; i++) {
        const struct silt_alias *alias = silt_array_at(&result->aliases, i);
        silt_pack_put_span(out, alias->target);
        silt_pack_put_span(out, alias->path);
    }
}

static void put_value(struct silt_pack *out, uint64_t value)
{
    value = htole64(value);
    silt_pack_put_bytes(out, silt_span_of(&value, sizeof value));
}

static void put_packages(struct silt_pack *out, const struct silt_result *result)
{
    const struct silt_packages *packages = result->packages;
    size_t names = packages != NULL ? packages->names.count : 0;
    size_t facts = packages != NULL ? packages->facts.count : 0;
    silt_pack_put_number(out, names);
    for (size_t i = 0; i < names; i++) {
        const struct silt_package_name *name = silt_array_at(&packages->names, i);
        silt_pack_put_number(out, name->manager);
        put_text(out, name->name);
        put_text(out, name->version);
    }
    silt_pack_put_number(out, facts);
    for (size_t i = 0; i < facts; i++) {
        const struct silt_package_fact *fact = silt_array_at(&packages->facts, i);
        put_value(out, fact->path);
        put_value(out, fact->value);
        silt_pack_put_number(out, fact->package);
        silt_pack_put_number(out, fact->kind);
    }
}

static void put_marks(struct silt_pack *out, const struct silt_result *result)
{
    size_t count = 0;
    const uint64_t *marks =
        result->footprint != NULL ? silt_footprint_marks(result->footprint, &count) : NULL;
    silt_pack_put_number(out, count);
    if (!out->has_failed)
        out->has_failed =
            silt_buffer_reserve(&out->bytes, out->bytes.size + count * MARK_SIZE, NULL) != SILT_OK;
    for (size_t i = 0; i < count; i++) {
        uint64_t mark = htole64(marks[i]);
        silt_pack_put_bytes(out, silt_span_of(&mark, sizeof mark));
    }
}

void silt_record_print(const struct silt_result *result, struct silt_pack *out)
{
    put_head(out, result);
    put_spots(out, result);
    put_hits(out, result);
    put_skips(out, result);
    put_aliases(out, result);
    put_packages(out, result);
    put_marks(out, result);
}

/* A record being read: what is left of it, and what has come of it. */
struct reading {
    struct silt_unpack in;
    struct silt_result *result;
    struct silt_coverage coverage;
    struct silt_spot **spots;
    size_t spot_count, hit_count, signature_count;
    bool has_footprint;
    struct silt_span chain[CHAIN_MAX]; /* the latest one */
};

static enum silt_status refuse(struct silt_error *error)
{
    return silt_error_set(error, SILT_ERR_CORRUPT, "not the record of a layer");
}

static size_t take_size(struct reading *reading, uint64_t most)
{
    return (size_t)silt_pack_take_number(&reading->in, most);
}

static void take_digest(struct reading *reading, struct silt_digest *out)
{
    struct silt_span bytes = silt_pack_take_bytes(&reading->in, SILT_DIGEST_SIZE);
    if (bytes.data != NULL)
        memcpy(out->bytes, bytes.data, SILT_DIGEST_SIZE);
}

static size_t take_chain(struct reading *reading)
{
    size_t count = take_size(reading, CHAIN_MAX);
    for (size_t i = 0; i < count; i++)
        reading->chain[i] = silt_pack_take_span(&reading->in);
    return count;
}

static enum silt_status take_head(struct reading *reading, struct silt_error *error)
{
    struct silt_result *result = reading->result;
    if (silt_pack_take_number(&reading->in, SILT_RECORD_VERSION) != SILT_RECORD_VERSION)
        return refuse(error);
    result->size = silt_pack_take_number(&reading->in, UINT64_MAX);
    uint64_t flags = silt_pack_take_number(&reading->in, FLAGS);
    take_digest(reading, &result->digest);
    take_digest(reading, &result->diff_id);
    result->has_digest = true;
    result->has_diff_id = (flags & HAS_DIFF_ID) != 0;
    result->is_bare = (flags & IS_BARE) != 0;
    reading->has_footprint = (flags & HAS_FOOTPRINT) != 0;
    reading->coverage.is_complete = (flags & IS_COMPLETE) != 0;
    reading->coverage.entries = silt_pack_take_number(&reading->in, UINT64_MAX);
    reading->coverage.bytes = silt_pack_take_number(&reading->in, UINT64_MAX);
    reading->coverage.bytes_scanned = silt_pack_take_number(&reading->in, UINT64_MAX);
    reading->coverage.archives = silt_pack_take_number(&reading->in, UINT64_MAX);
    reading->coverage.max_depth = silt_pack_take_number(&reading->in, UINT64_MAX);
    return reading->in.has_failed ? refuse(error) : SILT_OK;
}

static void take_bytes(struct reading *reading, uint8_t *out, size_t size)
{
    struct silt_span bytes = silt_pack_take_bytes(&reading->in, size);
    if (bytes.data != NULL)
        memcpy(out, bytes.data, size);
}

static enum silt_status take_checksums(struct reading *reading, struct silt_spot *spot,
                                       struct silt_error *error)
{
    struct silt_checksums *checksums = silt_arena_take(&reading->result->arena, sizeof *checksums);
    if (checksums == NULL)
        return silt_error_memory(error);
    take_bytes(reading, checksums->md5, CHECKSUM_SIZE);
    take_bytes(reading, checksums->sha1, CHECKSUM_SIZE);
    take_bytes(reading, checksums->sha256, CHECKSUM_SIZE);
    checksums->is_known = true;
    spot->checksums = checksums;
    return SILT_OK;
}

static enum silt_status take_spots(struct reading *reading, struct silt_error *error)
{
    size_t count = take_size(reading, SILT_RESULT_HITS_MAX);
    reading->spots = silt_arena_take(&reading->result->arena, (count + 1) * sizeof *reading->spots);
    if (reading->spots == NULL)
        return silt_error_memory(error);
    for (size_t i = 0; i < count; i++) {
        uint64_t flags = silt_pack_take_number(&reading->in, SPOT_FLAGS);
        struct silt_entry entry = {.kind = flags & IS_RAW ? SILT_ENTRY_RAW : SILT_ENTRY_FILE};
        entry.chain = reading->chain;
        entry.chain_count = take_chain(reading);
        entry.path = silt_pack_take_span(&reading->in);
        entry.path_bytes = silt_pack_take_span(&reading->in);
        if (reading->in.has_failed)
            return refuse(error);
        enum silt_status status = silt_result_put_spot(reading->result, &entry, &reading->spots[i], error);
        if (status == SILT_OK && (flags & HAS_CHECKSUMS) != 0)
            status = take_checksums(reading, reading->spots[i], error);
        if (status != SILT_OK)
            return status;
    }
    reading->spot_count = count;
    return SILT_OK;
}

static void take_match(struct reading *reading, struct silt_match *match)
{
    uint64_t score = 0;
    match->signature = take_size(reading, reading->signature_count - 1);
    match->severity = (enum silt_severity)take_size(reading, SILT_CRITICAL);
    match->confidence = (enum silt_confidence)take_size(reading, SILT_CONFIDENCE_HIGH);
    match->validation = (enum silt_validation)take_size(reading, SILT_VALIDATION_INVALID);
    struct silt_span detail = silt_pack_take_span(&reading->in);
    if (detail.size >= sizeof match->detail)
        reading->in.has_failed = true;
    else if (detail.size > 0)
        memcpy(match->detail, detail.data, detail.size);
    struct silt_span bytes = silt_pack_take_bytes(&reading->in, sizeof score);
    if (bytes.data != NULL)
        memcpy(&score, bytes.data, sizeof score);
    score = le64toh(score);
    memcpy(&match->score, &score, sizeof score);
    if (!(match->score >= 0 && match->score <= 1))
        reading->in.has_failed = true;
}

/* What is known of the secret. */
static enum silt_status take_secret(struct reading *reading, struct silt_hit *hit, struct silt_error *error)
{
    struct silt_span key = silt_pack_take_bytes(&reading->in, sizeof hit->key);
    struct silt_span redacted = silt_pack_take_span(&reading->in);
    hit->secret_size = silt_pack_take_number(&reading->in, SIZE_MAX);
    if (reading->in.has_failed || !silt_secret_is_redacted(redacted, (size_t)hit->secret_size))
        return refuse(error);
    memcpy(hit->key, key.data, sizeof hit->key);
    hit->redacted = silt_span_of(silt_arena_copy(&reading->result->arena, redacted), redacted.size);
    return hit->redacted.data != NULL ? SILT_OK : silt_error_memory(error);
}

static enum silt_status take_hit(struct reading *reading, struct silt_error *error)
{
    struct silt_hit hit = {.origin = SILT_ORIGIN_FILE, .history = -1};
    size_t spot = take_size(reading, SILT_RESULT_HITS_MAX);
    take_match(reading, &hit.match);
    enum silt_status status = take_secret(reading, &hit, error);
    if (status != SILT_OK)
        return status;
    hit.offset = silt_pack_take_number(&reading->in, UINT64_MAX);
    hit.line = silt_pack_take_number(&reading->in, UINT64_MAX);
    hit.column = silt_pack_take_number(&reading->in, UINT64_MAX);
    struct silt_span decoded_from = silt_pack_take_span(&reading->in);
    hit.mate = take_size(reading, reading->hit_count);
    if (reading->in.has_failed || spot >= reading->spot_count)
        return refuse(error);
    hit.spot = reading->spots[spot];
    if (decoded_from.size > 0)
        hit.decoded_from = silt_arena_copy(&reading->result->arena, decoded_from);
    struct silt_hit *slot = silt_array_put(&reading->result->hits);
    if (slot == NULL || (decoded_from.size > 0 && hit.decoded_from == NULL))
        return silt_error_memory(error);
    *slot = hit;
    return SILT_OK;
}

static enum silt_status take_hits(struct reading *reading, struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    reading->hit_count = take_size(reading, reading->signature_count > 0 ? SILT_RESULT_HITS_MAX : 0);
    for (size_t i = 0; i < reading->hit_count && status == SILT_OK; i++)
        status = take_hit(reading, error);
    return status;
}

static enum silt_status take_skips(struct reading *reading, struct silt_error *error)
{
    size_t count = take_size(reading, SKIPS_MAX);
    for (size_t i = 0; i < count; i++) {
        struct silt_skip skip = {.place = {.layer = -1, .chain = reading->chain}};
        skip.reason = (enum silt_skip_reason)take_size(reading, SILT_SKIP_UNREFERENCED);
        skip.place.chain_count = take_chain(reading);
        skip.place.path = silt_pack_take_span(&reading->in);
        skip.bytes = silt_pack_take_number(&reading->in, UINT64_MAX);
        char *detail = silt_arena_copy(&reading->result->arena, silt_pack_take_span(&reading->in));
        if (detail == NULL)
            return silt_error_memory(error);
        skip.detail = detail;
        if (reading->in.has_failed || !is_lasting_skip(&skip))
            return refuse(error);
        silt_result_put_skip(reading->result, &skip);
    }
    return SILT_OK;
}

static enum silt_status take_aliases(struct reading *reading, struct silt_error *error)
{
    size_t count = take_size(reading, SKIPS_MAX);
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < count && status == SILT_OK; i++) {
        struct silt_entry entry = {.kind = SILT_ENTRY_HARDLINK};
        entry.link_target = silt_pack_take_span(&reading->in);
        entry.path = silt_pack_take_span(&reading->in);
        status =
            reading->in.has_failed ? refuse(error) : silt_result_put_alias(reading->result, &entry, error);
    }
    return status;
}

static enum silt_status take_name(struct reading *reading, struct silt_error *error)
{
    uint32_t index;
    struct silt_arena *arena = &reading->result->arena;
    enum silt_package_manager manager = (enum silt_package_manager)take_size(reading, SILT_PACKAGE_NPM);
    const char *name = silt_arena_copy(arena, silt_pack_take_span(&reading->in));
    const char *version = silt_arena_copy(arena, silt_pack_take_span(&reading->in));
    if (name == NULL || version == NULL)
        return silt_error_memory(error);
    if (reading->in.has_failed)
        return refuse(error);
    const struct silt_package_name entry = {manager, name, version};
    return silt_packages_put_name(reading->result->packages, &entry, &index, error);
}

static uint64_t take_value(struct reading *reading)
{
    uint64_t value = 0;
    take_bytes(reading, (uint8_t *)&value, sizeof value);
    return le64toh(value);
}

static enum silt_status take_fact(struct reading *reading, struct silt_error *error)
{
    struct silt_package_fact fact = {take_value(reading), take_value(reading), 0, 0};
    fact.package = (uint32_t)take_size(reading, SILT_PACKAGES_MAX);
    fact.kind = (uint32_t)take_size(reading, SILT_PACKAGE_TREE);
    if (reading->in.has_failed || fact.package >= reading->result->packages->names.count)
        return refuse(error);
    return silt_packages_put_fact(reading->result->packages, &fact, error);
}

static enum silt_status take_packages(struct reading *reading, struct silt_error *error)
{
    struct silt_packages **packages = &reading->result->packages;
    enum silt_status status = silt_packages_new(packages, error);
    size_t names = take_size(reading, SILT_PACKAGES_MAX);
    for (size_t i = 0; i < names && status == SILT_OK; i++)
        status = take_name(reading, error);
    size_t facts = status == SILT_OK ? take_size(reading, SILT_PACKAGES_FACTS_MAX) : 0;
    for (size_t i = 0; i < facts && status == SILT_OK; i++)
        status = take_fact(reading, error);
    return status == SILT_OK ? silt_packages_finish(*packages, error) : status;
}

static enum silt_status take_marks(struct reading *reading, struct silt_error *error)
{
    size_t count = take_size(reading, reading->in.rest.size / MARK_SIZE);
    struct silt_span bytes = silt_pack_take_bytes(&reading->in, count * MARK_SIZE);
    if (reading->in.has_failed || reading->in.rest.size > 0 || (count > 0 && !reading->has_footprint))
        return refuse(error);
    if (!reading->has_footprint)
        return SILT_OK;
    uint64_t *marks = calloc(count + 1, sizeof *marks);
    if (marks == NULL)
        return silt_error_memory(error);
    if (count > 0)
        memcpy(marks, bytes.data, bytes.size);
    for (size_t i = 0; i < count; i++)
        marks[i] = le64toh(marks[i]);
    enum silt_status status = silt_footprint_load(marks, count, &reading->result->footprint, error);
    free(marks);
    return status;
}

static enum silt_status take_all(struct reading *reading, struct silt_error *error)
{
    enum silt_status (*const parts[])(struct reading *, struct silt_error *) = {
        take_head, take_spots, take_hits, take_skips, take_aliases, take_packages, take_marks};
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < sizeof parts / sizeof *parts && status == SILT_OK; i++)
        status = parts[i](reading, error);
    if (status == SILT_OK && reading->result->is_fleeting)
        status = silt_error_memory(error);
    reading->result->coverage = reading->coverage;
    return status;
}

enum silt_status silt_record_parse(struct silt_span bytes, size_t signature_count, struct silt_result **out,
                                   struct silt_error *error)
{
    struct reading reading = {.in = {.rest = bytes}, .signature_count = signature_count};
    enum silt_status status = silt_result_new(&reading.result, error);
    if (status != SILT_OK)
        return status;
    status = take_all(&reading, error);
    if (status == SILT_OK)
        *out = reading.result;
    else
        silt_result_free(reading.result);
    return status;
}
