/*
 * put_finding.c: a finding, where it stands in an image, and whether it is new.
 */
#include "serve/store/inside.h"

#include <stdlib.h>
#include <string.h>

/* A finding as the report has it, its words as numbers, its arrays as text. */
struct row {
    const json_t *finding;
    int severity, confidence, origin, place_state, validation;
    bool is_allowed;
    char *chain, *also_at, *decoded_from, *references;
};

/* The number of a name, or 0. */
static int number_of(const char *name, const char *(*name_at)(int number), int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(name, name_at(i)) == 0)
            return i;
    return 0;
}

static const char *severity_at(int number)
{
    return silt_severity_name((enum silt_severity)number);
}

static const char *confidence_at(int number)
{
    return silt_confidence_name((enum silt_confidence)number);
}

static const char *origin_at(int number)
{
    return silt_origin_name((enum silt_origin)number);
}

static const char *state_at(int number)
{
    return silt_state_name((enum silt_state)number);
}

static bool print_array(const json_t *finding, const char *key, char **out)
{
    const json_t *array = json_object_get(finding, key);
    *out = array != NULL ? json_dumps(array, JSON_COMPACT | JSON_ENCODE_ANY) : strdup("[]");
    return *out != NULL;
}

static bool make_row(struct row *row, const json_t *finding)
{
    const json_t *validation = json_object_get(finding, "validation");
    *row = (struct row){
        .finding = finding,
        .severity = number_of(word(finding, "severity"), severity_at, SILT_CRITICAL + 1),
        .confidence = number_of(word(finding, "confidence"), confidence_at, SILT_CONFIDENCE_HIGH + 1),
        .origin = number_of(word(finding, "origin"), origin_at, SILT_ORIGIN_PATH + 1),
        .place_state = number_of(word(finding, "state"), state_at, SILT_OVERWRITTEN + 1),
        .is_allowed = json_object_get(finding, "allowed") != NULL,
    };
    if (strcmp(word(validation, "structure"), "valid") == 0)
        row->validation = SILT_VALIDATION_VALID;
    return print_array(finding, "chain", &row->chain) && print_array(finding, "also_at", &row->also_at) &&
           print_array(finding, "decoded_from", &row->decoded_from) &&
           print_array(finding, "references", &row->references);
}

static void clear_row(struct row *row)
{
    free(row->chain);
    free(row->also_at);
    free(row->decoded_from);
    free(row->references);
}

static enum silt_status put_signature(struct silt_put *put, const struct row *row, struct silt_error *error)
{
    const json_t *finding = row->finding;
    return silt_sql_run(
        put->sql,
        SILT_SQL_QUERY("INSERT INTO signature VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO UPDATE SET"
                       " name = ?2, provider = ?3, description = ?4, remediation = ?5, refs = ?6"
                       " WHERE name <> ?2 OR provider <> ?3 OR description <> ?4 OR remediation <> ?5 OR"
                       " refs <> ?6",
                       text(word(finding, "signature")), text(word(finding, "name")),
                       text(word(finding, "provider")), text(word(finding, "description")),
                       text(word(finding, "remediation")), text(row->references)),
        error);
}

static struct silt_sql_value score_of(const struct row *row)
{
    return silt_sql_real(json_number_value(json_object_get(row->finding, "score")));
}

static enum silt_status insert(struct silt_put *put, const struct row *row, int64_t *out,
                               struct silt_error *error)
{
    const json_t *finding = row->finding, *allowed = json_object_get(finding, "allowed");
    return silt_sql_ask(
        put->sql,
        SILT_SQL_QUERY("INSERT INTO finding (repository, fingerprint, secret_hash, redacted, signature,"
                       " severity, confidence, score, path, inner_path, chain, origin, first_seen, last_seen,"
                       " state, allowed, ignored_by, ignored_reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
                       " ?9, ?10, ?11, ?12, ?13, ?13, ?14, ?14, ?15, ?16) RETURNING id",
                       integer(put->repository), text(word(finding, "fingerprint")),
                       text(word(finding, "secret_hash")), text(word(finding, "redacted")),
                       text(word(finding, "signature")), integer(row->severity), integer(row->confidence),
                       score_of(row), text(word(finding, "full_path")), text(word(finding, "path")),
                       text(row->chain), integer(row->origin), integer(put->now_ms), integer(row->is_allowed),
                       text(word(allowed, "by")), text(word(allowed, "reason"))),
        out, error);
}

/* One that is there is seen again; a rule that allows it comes, or goes: then it is as new. */
static enum silt_status renew(struct silt_put *put, const struct row *row, int64_t id,
                              struct silt_error *error)
{
    const json_t *allowed = json_object_get(row->finding, "allowed");
    return silt_sql_run(
        put->sql,
        SILT_SQL_QUERY("UPDATE finding SET last_seen = ?2, severity = ?3, confidence = ?4, score = ?5,"
                       " state = iif(?6 AND state = 0, 1, state), ignored_by = iif(?6 AND state = 0, ?7,"
                       " ignored_by), ignored_reason = iif(?6 AND state = 0, ?8, ignored_reason),"
                       " allowed = iif(?6 AND state = 0, 1, allowed) WHERE id = ?1",
                       integer(id), integer(put->now_ms), integer(row->severity), integer(row->confidence),
                       score_of(row), integer(row->is_allowed), text(word(allowed, "by")),
                       text(word(allowed, "reason"))),
        error);
}

static enum silt_status open_disallowed(struct silt_put *put, int64_t id, const struct row *row,
                                        struct silt_error *error)
{
    enum silt_status status = silt_sql_run(
        put->sql,
        SILT_SQL_QUERY("UPDATE finding SET state = 0, allowed = 0, ignored_by = '', ignored_reason = ''"
                       " WHERE id = ?1 AND state = 1 AND allowed",
                       integer(id)),
        error);
    if (status != SILT_OK || silt_sql_changes(put->sql) == 0)
        return status;
    return silt_outbox_note(put, id, row->severity, error);
}

static enum silt_status put_itself(struct silt_put *put, const struct row *row, int64_t *id,
                                   struct silt_error *error)
{
    enum silt_status status =
        silt_sql_ask(put->sql,
                     SILT_SQL_QUERY("SELECT id FROM finding WHERE repository = ?1 AND fingerprint = ?2",
                                    integer(put->repository), text(word(row->finding, "fingerprint"))),
                     id, error);
    if (status == SILT_ERR_NOT_FOUND) {
        status = insert(put, row, id, error);
        return status == SILT_OK && !row->is_allowed ? silt_outbox_note(put, *id, row->severity, error)
                                                     : status;
    }
    if (status == SILT_OK)
        status = renew(put, row, *id, error);
    return status == SILT_OK && !row->is_allowed ? open_disallowed(put, *id, row, error) : status;
}

/* An index, or -1 where the report has null. */
static struct silt_sql_value index_at(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return integer(json_is_integer(value) ? (int64_t)json_integer_value(value) : -1);
}

static enum silt_status put_occurrence(struct silt_put *put, int64_t image, int64_t id, const struct row *row,
                                       struct silt_error *error)
{
    const json_t *finding = row->finding, *layer = json_object_get(finding, "layer");
    return silt_sql_run(
        put->sql,
        SILT_SQL_QUERY("INSERT OR REPLACE INTO occurrence VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
                       " ?11, ?12, ?13)",
                       integer(image), integer(id), index_at(layer, "index"), text(word(layer, "created_by")),
                       integer(row->place_state), index_at(finding, "removed_in"), number(finding, "offset"),
                       number(finding, "line"), number(finding, "column"), text(row->also_at),
                       integer(row->validation), text(word(json_object_get(finding, "validation"), "detail")),
                       text(row->decoded_from)),
        error);
}

enum silt_status silt_put_finding(struct silt_put *put, int64_t image, const json_t *finding,
                                  struct silt_error *error)
{
    struct row row;
    int64_t id = 0;
    enum silt_status status =
        make_row(&row, finding) ? put_signature(put, &row, error) : silt_store_memory(error);
    if (status == SILT_OK)
        status = put_itself(put, &row, &id, error);
    if (status == SILT_OK)
        status = put_occurrence(put, image, id, &row, error);
    clear_row(&row);
    return status;
}
