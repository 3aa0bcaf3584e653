/*
 * images.c: images, their layers and reports, for reading.
 */
#include "serve/store/filter.h"

#include <stdlib.h>
#include <string.h>

#define OPEN(severity)                                                                                       \
    " (SELECT count(*) FROM occurrence o JOIN finding f ON f.id = o.finding WHERE o.image = i.id AND "       \
    "f.state"                                                                                                \
    " = 0 AND f.severity = " #severity "),"

#define FROM " FROM image i JOIN repository r ON r.id = i.repository"

static const char columns[] =
    "SELECT i.id, r.registry, r.name, i.digest, i.pushed_digest, coalesce((SELECT group_concat(name, ' ') "
    "FROM"
    " (SELECT DISTINCT t.name FROM pushed p JOIN tag t ON t.repository = p.repository AND t.digest = p.digest"
    " WHERE p.image = i.id ORDER BY t.name)), ''), i.platform, i.created, i.config_digest, i.origin,"
    " i.signatures, i.first_seen, i.last_seen, i.current, i.complete, i.problem, i.layer_count, i.size,"
    " i.entries, i.bytes, i.bytes_scanned, i.skipped, i.cached_layers, i.duration," OPEN(0) OPEN(1) OPEN(2)
        OPEN(3)
            OPEN(4) " (SELECT count(*) FROM occurrence o JOIN finding f ON f.id = o.finding WHERE o.image ="
                    " i.id AND f.state = 1)" FROM;

#define WHERE                                                                                                \
    " WHERE (?1 = '' OR r.registry = ?1) AND (?2 = '' OR r.name = ?2) AND (?3 = '' OR i.digest = ?3 OR "     \
    "EXISTS"                                                                                                 \
    " (SELECT 1 FROM pushed p WHERE p.image = i.id AND p.digest = ?3)) AND (?4 = '' OR EXISTS (SELECT 1 "    \
    "FROM"                                                                                                   \
    " pushed p JOIN tag t ON t.repository = p.repository AND t.digest = p.digest WHERE p.image = i.id AND"   \
    " t.name = ?4)) AND (?5 = '' OR r.name LIKE ?5 ESCAPE '\\' OR r.registry LIKE ?5 ESCAPE '\\' OR EXISTS"  \
    " (SELECT 1 FROM pushed p JOIN tag t ON t.repository = p.repository AND t.digest = p.digest WHERE "      \
    "p.image"                                                                                                \
    " = i.id AND t.name LIKE ?5 ESCAPE '\\')) AND (?7 = 0 OR i.id = ?7) AND (?11 = 0 OR i.current)"

struct reader {
    bool (*each)(void *context, const struct silt_store_image *image);
    void *context;
};

static struct silt_store_image read_texts(const struct silt_sql_rows *rows)
{
    return (struct silt_store_image){.id = silt_sql_integer_at(rows, 0),
                                     .registry = silt_sql_text_at(rows, 1),
                                     .repository = silt_sql_text_at(rows, 2),
                                     .digest = silt_sql_text_at(rows, 3),
                                     .pushed_digest = silt_sql_text_at(rows, 4),
                                     .tags = silt_sql_text_at(rows, 5),
                                     .platform = silt_sql_text_at(rows, 6),
                                     .created = silt_sql_text_at(rows, 7),
                                     .config_digest = silt_sql_text_at(rows, 8),
                                     .origin = silt_sql_text_at(rows, 9),
                                     .signatures = silt_sql_text_at(rows, 10),
                                     .first_seen_ms = silt_sql_integer_at(rows, 11),
                                     .last_seen_ms = silt_sql_integer_at(rows, 12),
                                     .is_current = silt_sql_integer_at(rows, 13) != 0,
                                     .is_complete = silt_sql_integer_at(rows, 14) != 0,
                                     .problem = silt_sql_text_at(rows, 15)};
}

static bool read_image(const struct silt_sql_rows *rows, void *context)
{
    const struct reader *reader = context;
    struct silt_store_image image = read_texts(rows);
    uint64_t *const numbers[] = {
        &image.layer_count, &image.size_bytes,    &image.entries,     &image.bytes,   &image.bytes_scanned,
        &image.skipped,     &image.cached_layers, &image.duration_ms, &image.open[0], &image.open[1],
        &image.open[2],     &image.open[3],       &image.open[4],     &image.ignored};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        *numbers[i] = (uint64_t)silt_sql_integer_at(rows, 16 + (int)i);
    return reader->each(reader->context, &image);
}

enum silt_status silt_store_images(struct silt_store *store, const struct silt_store_filter *filter,
                                   bool (*each)(void *context, const struct silt_store_image *image),
                                   void *context, struct silt_error *error)
{
    char query[sizeof columns + sizeof WHERE + 64] = "";
    strcat(strcat(strcpy(query, columns), WHERE), " AND i.id < ?12 ORDER BY i.id DESC LIMIT ?13");
    struct silt_filter values;
    enum silt_status status = silt_filter_init(&values, filter, error);
    if (status == SILT_OK)
        status = silt_filter_run(store, &(struct silt_sql_query){query, values.values, SILT_FILTER_VALUES},
                                 read_image, &(struct reader){each, context}, NULL, error);
    silt_filter_clear(&values);
    return status;
}

enum silt_status silt_store_image(struct silt_store *store, int64_t id,
                                  bool (*each)(void *context, const struct silt_store_image *image),
                                  void *context, struct silt_error *error)
{
    size_t count = 0;
    struct silt_store_filter filter = {.image = id, .limit = 1};
    struct silt_filter values;
    char query[sizeof columns + 32] = "";
    strcat(strcpy(query, columns), " WHERE i.id = ?7");
    enum silt_status status = silt_filter_init(&values, &filter, error);
    if (status == SILT_OK)
        status = silt_filter_run(store, &(struct silt_sql_query){query, values.values, 7}, read_image,
                                 &(struct reader){each, context}, &count, error);
    silt_filter_clear(&values);
    return status == SILT_OK && count == 0 ? silt_store_missing(error, "image", id) : status;
}

static bool read_count(const struct silt_sql_rows *rows, void *context)
{
    *(uint64_t *)context = (uint64_t)silt_sql_integer_at(rows, 0);
    return false;
}

enum silt_status silt_store_count_images(struct silt_store *store, const struct silt_store_filter *filter,
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

struct layer_reader {
    bool (*each)(void *context, const struct silt_store_layer *layer);
    void *context;
};

static bool read_layer(const struct silt_sql_rows *rows, void *context)
{
    const struct layer_reader *reader = context;
    struct silt_store_layer layer = {.index = (int)silt_sql_integer_at(rows, 0),
                                     .digest = silt_sql_text_at(rows, 1),
                                     .diff_id = silt_sql_text_at(rows, 2),
                                     .media_type = silt_sql_text_at(rows, 3),
                                     .created_by = silt_sql_text_at(rows, 4),
                                     .size_bytes = (uint64_t)silt_sql_integer_at(rows, 5),
                                     .is_empty = silt_sql_integer_at(rows, 6) != 0,
                                     .first_seen_ms = silt_sql_integer_at(rows, 7),
                                     .image_count = (uint64_t)silt_sql_integer_at(rows, 8),
                                     .finding_count = (uint64_t)silt_sql_integer_at(rows, 9)};
    return reader->each(reader->context, &layer);
}

/* An empty one shares its number with the layer below: findings are counted with that. */
enum silt_status silt_store_layers(struct silt_store *store, int64_t image,
                                   bool (*each)(void *context, const struct silt_store_layer *layer),
                                   void *context, struct silt_error *error)
{
    return silt_filter_run(
        store,
        SILT_SQL_QUERY(
            "SELECT p.number, l.digest, l.diff_id, l.media_type, p.created_by, l.size, l.id IS NULL,"
            " l.first_seen, (SELECT count(DISTINCT image) FROM image_layer WHERE layer = l.id),"
            " iif(l.id IS NULL, 0, (SELECT count(*) FROM occurrence o JOIN finding f ON f.id ="
            " o.finding WHERE o.image = ?1 AND o.layer = p.number AND f.state < 2)) FROM image_layer"
            " p LEFT JOIN layer l ON l.id = p.layer WHERE p.image = ?1 ORDER BY p.position",
            integer(image)),
        read_layer, &(struct layer_reader){each, context}, NULL, error);
}

struct report_reader {
    char *data;
    size_t size;
};

static bool read_report(const struct silt_sql_rows *rows, void *context)
{
    struct report_reader *report = context;
    const void *data = silt_sql_blob_at(rows, 0, &report->size);
    report->data = malloc(report->size + 1);
    if (report->data == NULL)
        return false;
    memcpy(report->data, data, report->size);
    report->data[report->size] = '\0';
    return false;
}

enum silt_status silt_store_report(struct silt_store *store, int64_t image, const char *format, char **out,
                                   size_t *report_size, struct silt_error *error)
{
    struct report_reader report = {0};
    size_t count = 0;
    enum silt_status status = silt_filter_run(
        store,
        SILT_SQL_QUERY("SELECT p.data FROM report p JOIN image i ON i.repository = p.repository AND"
                       " i.pushed_digest = p.digest WHERE i.id = ?1 AND p.format = ?2",
                       integer(image), text(format)),
        read_report, &report, &count, error);
    if (status != SILT_OK || count == 0)
        return status == SILT_OK ? silt_store_missing(error, "such report of image", image) : status;
    if (report.data == NULL)
        return silt_store_memory(error);
    *out = report.data;
    *report_size = report.size;
    return SILT_OK;
}
