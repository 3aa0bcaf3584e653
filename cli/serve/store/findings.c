/*
 * findings.c: findings, for reading. Where one stands is told of the image that was asked for, else of the
 * last one that has it.
 */
#include "serve/store/filter.h"

#include <string.h>

#define FROM                                                                                                 \
    " FROM finding f JOIN repository r ON r.id = f.repository JOIN signature s ON s.id = f.signature LEFT "  \
    "JOIN"                                                                                                   \
    " occurrence o ON o.finding = f.id AND o.image = iif(?7 > 0, ?7, (SELECT max(image) FROM occurrence "    \
    "WHERE"                                                                                                  \
    " finding = f.id)) LEFT JOIN image i ON i.id = o.image"

static const char columns[] =
    "SELECT f.id, coalesce(i.id, 0), r.registry, r.name, coalesce(i.digest, ''), f.fingerprint, "
    "f.secret_hash,"
    " f.redacted, f.signature, s.name, s.provider, s.description, s.remediation, s.refs, f.severity,"
    " f.confidence, f.score, f.path, f.inner_path, f.chain, coalesce(o.offset, 0), coalesce(o.line, 0),"
    " coalesce(o.col, 0), f.origin, coalesce(o.layer, -1), coalesce(l.digest, ''), coalesce(l.diff_id, ''),"
    " coalesce(o.created_by, ''), coalesce(o.place_state, 0), coalesce(o.removed_in, -1),"
    " coalesce(o.also_at, '[]'), coalesce(o.validation, 0), coalesce(o.validation_detail, ''),"
    " coalesce(o.decoded_from, '[]'), f.state, f.first_seen, f.last_seen, f.fixed, f.ignored_until,"
    " f.ignored_reason, f.ignored_by, (SELECT count(*) FROM occurrence WHERE finding = f.id)" FROM
    " LEFT JOIN image_layer il ON il.image = o.image AND il.number = o.layer AND il.layer IS NOT NULL"
    " LEFT JOIN layer l ON l.id = il.layer";

#define WHERE                                                                                                \
    " WHERE (?1 = '' OR r.registry = ?1) AND (?2 = '' OR r.name = ?2) AND (?3 = '' OR EXISTS (SELECT 1 FROM" \
    " occurrence a JOIN image b ON b.id = a.image WHERE a.finding = f.id AND (b.digest = ?3 OR EXISTS "      \
    "(SELECT"                                                                                                \
    " 1 FROM pushed p WHERE p.image = b.id AND p.digest = ?3)))) AND (?4 = '' OR EXISTS (SELECT 1 FROM"      \
    " occurrence a JOIN pushed p ON p.image = a.image JOIN tag t ON t.repository = p.repository AND "        \
    "t.digest"                                                                                               \
    " = p.digest WHERE a.finding = f.id AND t.name = ?4)) AND (?5 = '' OR f.path LIKE ?5 ESCAPE '\\' OR"     \
    " f.signature LIKE ?5 ESCAPE '\\' OR s.name LIKE ?5 ESCAPE '\\' OR r.name LIKE ?5 ESCAPE '\\') AND"      \
    " (?6 = '' OR f.signature = ?6) AND (?7 = 0 OR o.image IS NOT NULL) AND (?8 = 0 OR EXISTS (SELECT 1 "    \
    "FROM"                                                                                                   \
    " event_finding e WHERE e.event = ?8 AND e.finding = f.id)) AND f.severity >= ?9 AND (?10 < 0 OR "       \
    "f.state"                                                                                                \
    " = ?10) AND (?11 = 0 OR EXISTS (SELECT 1 FROM occurrence a JOIN image b ON b.id = a.image WHERE"        \
    " a.finding = f.id AND b.current))"

struct reader {
    bool (*each)(void *context, const struct silt_store_finding *finding);
    void *context;
};

static void read_place(const struct silt_sql_rows *rows, struct silt_store_finding *out)
{
    out->path = silt_sql_text_at(rows, 17);
    out->inner_path = silt_sql_text_at(rows, 18);
    out->chain = silt_sql_text_at(rows, 19);
    out->offset = (uint64_t)silt_sql_integer_at(rows, 20);
    out->line = (uint64_t)silt_sql_integer_at(rows, 21);
    out->column = (uint64_t)silt_sql_integer_at(rows, 22);
    out->origin = (enum silt_origin)silt_sql_integer_at(rows, 23);
    out->layer = (int)silt_sql_integer_at(rows, 24);
    out->layer_digest = silt_sql_text_at(rows, 25);
    out->layer_diff_id = silt_sql_text_at(rows, 26);
    out->created_by = silt_sql_text_at(rows, 27);
    out->place_state = (enum silt_state)silt_sql_integer_at(rows, 28);
    out->removed_in = (int)silt_sql_integer_at(rows, 29);
    out->also_at = silt_sql_text_at(rows, 30);
    out->validation = (enum silt_validation)silt_sql_integer_at(rows, 31);
    out->validation_detail = silt_sql_text_at(rows, 32);
    out->decoded_from = silt_sql_text_at(rows, 33);
}

static void read_life(const struct silt_sql_rows *rows, struct silt_store_finding *out)
{
    out->state = (enum silt_store_state)silt_sql_integer_at(rows, 34);
    out->first_seen_ms = silt_sql_integer_at(rows, 35);
    out->last_seen_ms = silt_sql_integer_at(rows, 36);
    out->fixed_ms = silt_sql_integer_at(rows, 37);
    out->ignored_until_ms = silt_sql_integer_at(rows, 38);
    out->ignored_reason = silt_sql_text_at(rows, 39);
    out->ignored_by = silt_sql_text_at(rows, 40);
    out->image_count = (uint64_t)silt_sql_integer_at(rows, 41);
}

static bool read_finding(const struct silt_sql_rows *rows, void *context)
{
    const struct reader *reader = context;
    struct silt_store_finding finding = {.id = silt_sql_integer_at(rows, 0),
                                         .image = silt_sql_integer_at(rows, 1),
                                         .registry = silt_sql_text_at(rows, 2),
                                         .repository = silt_sql_text_at(rows, 3),
                                         .digest = silt_sql_text_at(rows, 4),
                                         .fingerprint = silt_sql_text_at(rows, 5),
                                         .secret_hash = silt_sql_text_at(rows, 6),
                                         .redacted = silt_sql_text_at(rows, 7),
                                         .signature = silt_sql_text_at(rows, 8),
                                         .name = silt_sql_text_at(rows, 9),
                                         .provider = silt_sql_text_at(rows, 10),
                                         .description = silt_sql_text_at(rows, 11),
                                         .remediation = silt_sql_text_at(rows, 12),
                                         .references = silt_sql_text_at(rows, 13),
                                         .severity = (enum silt_severity)silt_sql_integer_at(rows, 14),
                                         .confidence = (enum silt_confidence)silt_sql_integer_at(rows, 15),
                                         .score = silt_sql_real_at(rows, 16)};
    read_place(rows, &finding);
    read_life(rows, &finding);
    return reader->each(reader->context, &finding);
}

enum silt_status silt_store_findings(struct silt_store *store, const struct silt_store_filter *filter,
                                     bool (*each)(void *context, const struct silt_store_finding *finding),
                                     void *context, struct silt_error *error)
{
    char query[sizeof columns + sizeof WHERE + 64] = "";
    strcat(strcat(strcpy(query, columns), WHERE), " AND f.id < ?12 ORDER BY f.id DESC LIMIT ?13");
    struct silt_filter values;
    enum silt_status status = silt_filter_init(&values, filter, error);
    if (status == SILT_OK)
        status = silt_filter_run(store, &(struct silt_sql_query){query, values.values, SILT_FILTER_VALUES},
                                 read_finding, &(struct reader){each, context}, NULL, error);
    silt_filter_clear(&values);
    return status;
}

enum silt_status silt_store_finding(struct silt_store *store, int64_t id,
                                    bool (*each)(void *context, const struct silt_store_finding *finding),
                                    void *context, struct silt_error *error)
{
    size_t count = 0;
    struct silt_store_filter none = {0};
    struct silt_filter values;
    char query[sizeof columns + 32] = "";
    strcat(strcpy(query, columns), " WHERE f.id = ?12");
    enum silt_status status = silt_filter_init(&values, &none, error);
    values.values[11] = integer(id);
    if (status == SILT_OK)
        status = silt_filter_run(store, &(struct silt_sql_query){query, values.values, 12}, read_finding,
                                 &(struct reader){each, context}, &count, error);
    silt_filter_clear(&values);
    return status == SILT_OK && count == 0 ? silt_store_missing(error, "finding", id) : status;
}

static bool read_count(const struct silt_sql_rows *rows, void *context)
{
    *(uint64_t *)context = (uint64_t)silt_sql_integer_at(rows, 0);
    return false;
}

enum silt_status silt_store_count_findings(struct silt_store *store, const struct silt_store_filter *filter,
                                           uint64_t *out, struct silt_error *error)
{
    struct silt_filter values;
    enum silt_status status = silt_filter_init(&values, filter, error);
    if (status == SILT_OK)
        status =
            silt_filter_run(store, &(struct silt_sql_query){"SELECT count(*)" FROM WHERE, values.values, 11},
                            read_count, out, NULL, error);
    silt_filter_clear(&values);
    return status;
}
