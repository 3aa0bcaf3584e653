/*
 * put_finding.c: a finding, where it stands in an image, and whether it is new. The columns are the members
 * of the report's FINDING (DESIGN.md): repaired text, and never the secret.
 */
#include "serve/store/inside.h"

#include "output/document.h"

#include <jansson.h>
#include <silt/signatures.h>
#include <stdlib.h>
#include <string.h>

/* A finding as the report has it, with its arrays and its whole path as text. */
struct row {
    json_t *object, *path;
    char *chain, *also_at, *decoded_from, *references;
};

static const char *word(const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));
    return value != NULL ? value : "";
}

static bool make_row(struct row *row, const struct silt_results_target *target,
                     const struct silt_finding *finding)
{
    row->object = silt_document_finding(target, finding, false);
    row->path = silt_document_path(&finding->place);
    if (row->object == NULL || row->path == NULL)
        return false;
    const struct {
        char **to;
        const char *key;
    } arrays[] = {{&row->chain, "chain"},
                  {&row->also_at, "also_at"},
                  {&row->decoded_from, "decoded_from"},
                  {&row->references, "references"}};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i].to = json_dumps(json_object_get(row->object, arrays[i].key), JSON_COMPACT);
        if (*arrays[i].to == NULL)
            return false;
    }
    return true;
}

static void clear_row(struct row *row)
{
    free(row->chain);
    free(row->also_at);
    free(row->decoded_from);
    free(row->references);
    json_decref(row->object);
    json_decref(row->path);
}

static enum silt_status put_signature(struct silt_put *put, const struct row *row, struct silt_error *error)
{
    const json_t *object = row->object;
    return silt_sql_run(
        put->sql,
        SILT_SQL_QUERY("INSERT INTO signature VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO UPDATE SET"
                       " name = ?2, provider = ?3, description = ?4, remediation = ?5, refs = ?6"
                       " WHERE name <> ?2 OR provider <> ?3 OR description <> ?4 OR remediation <> ?5 OR"
                       " refs <> ?6",
                       text(word(object, "signature")), text(word(object, "name")),
                       text(word(object, "provider")), text(word(object, "description")),
                       text(word(object, "remediation")), text(row->references)),
        error);
}

static enum silt_status insert(struct silt_put *put, const struct row *row,
                               const struct silt_finding *finding, int64_t *out, struct silt_error *error)
{
    const json_t *object = row->object, *allowed = json_object_get(object, "allowed");
    return silt_sql_ask(
        put->sql,
        SILT_SQL_QUERY(
            "INSERT INTO finding (repository, fingerprint, secret_hash, redacted, signature,"
            " severity, confidence, score, path, inner_path, chain, origin, first_seen, last_seen,"
            " state, allowed, ignored_by, ignored_reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
            " ?9, ?10, ?11, ?12, ?13, ?13, ?14, ?14, ?15, ?16) RETURNING id",
            integer(put->repository), text(word(object, "fingerprint")), text(word(object, "secret_hash")),
            text(word(object, "redacted")), text(word(object, "signature")), integer(finding->severity),
            integer(finding->confidence), silt_sql_real(finding->score), text(json_string_value(row->path)),
            text(word(object, "path")), text(row->chain), integer(finding->origin), integer(put->now_ms),
            integer(allowed != NULL), text(word(allowed, "by")), text(word(allowed, "reason"))),
        out, error);
}

/* One that is there is seen again; a rule that allows it comes, or goes: then it is as new. */
static enum silt_status renew(struct silt_put *put, const struct row *row, const struct silt_finding *finding,
                              int64_t id, struct silt_error *error)
{
    const json_t *allowed = json_object_get(row->object, "allowed");
    return silt_sql_run(
        put->sql,
        SILT_SQL_QUERY("UPDATE finding SET last_seen = ?2, severity = ?3, confidence = ?4, score = ?5,"
                       " state = iif(?6 AND state = 0, 1, state), ignored_by = iif(?6 AND state = 0, ?7,"
                       " ignored_by), ignored_reason = iif(?6 AND state = 0, ?8, ignored_reason),"
                       " allowed = iif(?6 AND state = 0, 1, allowed) WHERE id = ?1",
                       integer(id), integer(put->now_ms), integer(finding->severity),
                       integer(finding->confidence), silt_sql_real(finding->score), integer(allowed != NULL),
                       text(word(allowed, "by")), text(word(allowed, "reason"))),
        error);
}

static enum silt_status open_disallowed(struct silt_put *put, int64_t id, const struct silt_finding *finding,
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
    return silt_outbox_note(put, id, finding->severity, error);
}

static enum silt_status put_itself(struct silt_put *put, const struct row *row,
                                   const struct silt_finding *finding, int64_t *id, struct silt_error *error)
{
    bool is_allowed = silt_results_is_allowed(finding);
    enum silt_status status =
        silt_sql_ask(put->sql,
                     SILT_SQL_QUERY("SELECT id FROM finding WHERE repository = ?1 AND fingerprint = ?2",
                                    integer(put->repository), text(finding->fingerprint)),
                     id, error);
    if (status == SILT_ERR_NOT_FOUND) {
        status = insert(put, row, finding, id, error);
        return status == SILT_OK && !is_allowed ? silt_outbox_note(put, *id, finding->severity, error)
                                                : status;
    }
    if (status == SILT_OK)
        status = renew(put, row, finding, *id, error);
    return status == SILT_OK && !is_allowed ? open_disallowed(put, *id, finding, error) : status;
}

static enum silt_status put_occurrence(struct silt_put *put, int64_t image, int64_t id, const struct row *row,
                                       const struct silt_finding *finding, struct silt_error *error)
{
    const json_t *layer = json_object_get(row->object, "layer");
    const json_t *validation = json_object_get(row->object, "validation");
    return silt_sql_run(
        put->sql,
        SILT_SQL_QUERY("INSERT OR REPLACE INTO occurrence VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
                       " ?11, ?12, ?13)",
                       integer(image), integer(id), integer(finding->place.layer),
                       text(word(layer, "created_by")), integer(finding->place.state),
                       integer(finding->removed_in), size(finding->offset), size(finding->line),
                       size(finding->column), text(row->also_at), integer(finding->validation),
                       text(word(validation, "detail")), text(row->decoded_from)),
        error);
}

enum silt_status silt_put_finding(struct silt_put *put, int64_t image,
                                  const struct silt_results_target *target,
                                  const struct silt_finding *finding, struct silt_error *error)
{
    struct row row = {0};
    int64_t id = 0;
    enum silt_status status =
        make_row(&row, target, finding) ? put_signature(put, &row, error) : silt_store_memory(error);
    if (status == SILT_OK)
        status = put_itself(put, &row, finding, &id, error);
    if (status == SILT_OK)
        status = put_occurrence(put, image, id, &row, finding, error);
    clear_row(&row);
    return status;
}
