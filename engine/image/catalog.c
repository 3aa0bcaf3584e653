/*
 * catalog.c: from a source's first document to all its images.
 *
 * Indexes may nest and name each other: they are taken from a stack, each digest once, to a depth of 8.
 */
#include "image/catalog.h"

#include "base/error.h"
#include "image/docker_save.h"
#include "image/index.h"
#include "image/manifest.h"
#include "image/member.h"

#include <stdio.h>

enum { DEPTH_MAX = 8 };

static const char index_name[] = "index.json";

/* Remembers a digest; false if it was there. */
static enum silt_status note_digest(struct silt_reader *reader, const char *digest, bool *is_new,
                                    struct silt_error *error)
{
    *is_new = false;
    for (size_t i = 0; i < reader->seen.count; i++)
        if (strcmp(*(const char **)silt_array_at(&reader->seen, i), digest) == 0)
            return SILT_OK;
    const char **seen = silt_array_put(&reader->seen);
    if (seen == NULL)
        return silt_error_memory(error);
    *seen = digest;
    *is_new = true;
    return SILT_OK;
}

/* A document is what it holds, not what its media type says. One that is both index and manifest
 * (CVE-2021-41190) is taken as both: different clients see different images in it. */
static enum silt_status take_document(struct silt_reader *reader, const struct silt_lead *lead,
                                      const struct silt_document_json *document, struct silt_error *error)
{
    bool is_index = silt_index_is_one(document->root), is_manifest = silt_manifest_is_one(document->root);
    enum silt_status status = SILT_OK;
    if (is_index && is_manifest)
        status = silt_reader_problem(reader, error, SILT_ERR_CORRUPT, lead->name,
                                     "it is an index and a manifest at once");
    if (status == SILT_OK && is_manifest)
        status = silt_manifest_take(reader, lead, document, error);
    if (status == SILT_OK && is_index)
        status = silt_index_take(reader, lead, document->root, error);
    if (status != SILT_OK || is_index || is_manifest)
        return status;
    bool is_schema_1 = silt_member_get(document->root, "fsLayers") != NULL;
    status = silt_reader_problem(
        reader, error, is_schema_1 ? SILT_ERR_UNSUPPORTED : SILT_ERR_CORRUPT, lead->name,
        is_schema_1 ? "Docker manifest schema 1 is not supported" : "neither an index nor a manifest");
    return status == SILT_OK ? silt_document_keep_raw(reader, lead->name, document, error) : status;
}

/* Puts on the stack what the source says refers to a manifest (OCI distribution spec 1.1). */
static enum silt_status read_referrers(struct silt_reader *reader, const struct silt_lead *lead,
                                       struct silt_error *error)
{
    static const char folder[] = "blobs";
    char name[320]; /* of a blob: 300 at most */
    if (!reader->source->has_referrers)
        return SILT_OK;
    snprintf(name, sizeof name, "referrers%s", lead->name + strlen(folder));
    const struct silt_document_want want = {name, NULL, 0, true};
    struct silt_document_json document = {0};
    enum silt_status status = silt_document_read(reader, &want, &document, error);
    if (status == SILT_OK && document.root != NULL)
        status = silt_index_take(reader, lead, document.root, error);
    silt_document_clear(&document);
    return status;
}

static enum silt_status read_lead(struct silt_reader *reader, const struct silt_lead *lead,
                                  struct silt_error *error)
{
    bool is_new;
    enum silt_status status = note_digest(reader, lead->digest, &is_new, error);
    if (status != SILT_OK || !is_new)
        return status;
    if (lead->depth > DEPTH_MAX)
        return silt_reader_problem(reader, error, SILT_ERR_LIMIT, lead->name, "indexes nest deeper than %d",
                                   DEPTH_MAX);
    const struct silt_document_want want = {lead->name, lead->digest, lead->size, reader->is_supplement};
    struct silt_document_json document = {0};
    status = silt_document_read(reader, &want, &document, error);
    if (status == SILT_OK && document.root != NULL)
        status = take_document(reader, lead, &document, error);
    bool is_read = document.root != NULL;
    silt_document_clear(&document);
    return status == SILT_OK && is_read ? read_referrers(reader, lead, error) : status;
}

static enum silt_status read_leads(struct silt_reader *reader, struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    while (reader->leads.count > 0 && status == SILT_OK) {
        struct silt_lead lead = *(struct silt_lead *)silt_array_at(&reader->leads, --reader->leads.count);
        status = read_lead(reader, &lead, error);
    }
    return status;
}

static enum silt_status read_index(struct silt_reader *reader, struct silt_error *error)
{
    const struct silt_lead top = {.name = index_name};
    const struct silt_document_want want = {.name = index_name, .may_be_missing = reader->is_supplement};
    struct silt_document_json document = {0};
    enum silt_status status = silt_document_read(reader, &want, &document, error);
    if (status == SILT_OK && document.root != NULL)
        status = take_document(reader, &top, &document, error);
    silt_document_clear(&document);
    return status == SILT_OK ? read_leads(reader, error) : status;
}

/* A digest may name a manifest that index.json does not list itself. */
static enum silt_status read_by_digest(struct silt_reader *reader, struct silt_error *error)
{
    struct silt_digest digest;
    const char *wanted = reader->selection->reference;
    if (wanted == NULL || !silt_digest_parse(silt_span_text(wanted), &digest) ||
        reader->catalog->manifests.count > 0)
        return SILT_OK;
    struct silt_lead lead = {.digest = wanted, .depth = 1, .is_chosen = true};
    enum silt_status status = silt_reader_blob_name(reader, wanted, &lead.name, error);
    reader->is_supplement = true; /* if it is not there, that is said as a missing reference */
    if (status == SILT_OK)
        status = read_lead(reader, &lead, error);
    if (status == SILT_OK)
        status = read_leads(reader, error);
    reader->is_supplement = false;
    return status;
}

static enum silt_status read_oci(struct silt_reader *reader, struct silt_error *error)
{
    enum silt_status status = read_index(reader, error);
    return status == SILT_OK ? read_by_digest(reader, error) : status;
}

/* Since engine 25 docker save writes an OCI layout too: it has the manifests' digests, the media types and
 * the attestations, and perhaps images that manifest.json does not name. */
static enum silt_status read_docker(struct silt_reader *reader, struct silt_error *error)
{
    enum silt_status status = silt_docker_save_read(reader, error);
    reader->is_supplement = true;
    if (status == SILT_OK)
        status = read_index(reader, error);
    reader->is_supplement = false;
    return status;
}

/* Texts of indexes that led to no image are matched all the same. */
static enum silt_status keep_orphans(struct silt_reader *reader, struct silt_error *error)
{
    for (size_t i = 0; i < reader->texts.items.count; i++) {
        struct silt_document *raw = silt_array_put(&reader->catalog->raw);
        if (raw == NULL)
            return silt_error_memory(error);
        *raw = *(const struct silt_document *)silt_array_at(&reader->texts.items, i);
    }
    return reader->texts.is_full ? silt_reader_problem(reader, error, SILT_ERR_LIMIT, "config",
                                                       "more than %d MiB of metadata text: the rest of it is "
                                                       "not scanned",
                                                       SILT_TEXTS_MAX >> 20)
                                 : SILT_OK;
}

/* What the user asked for and did not get. Nothing at all, without asking, is told by the problems. */
static enum silt_status check_found(struct silt_reader *reader, struct silt_error *error)
{
    const struct silt_selection *selection = reader->selection;
    bool is_empty = reader->catalog->manifests.count == 0;
    char host[SILT_PLATFORM_TEXT_SIZE];
    silt_platform_print(&reader->wanted, host);
    if (reader->missed_platform && is_empty)
        return silt_reader_not_found(reader, "image for platform",
                                     selection->platform != NULL ? selection->platform : host, error);
    if (selection->reference != NULL && is_empty && reader->catalog->problems.count == 0)
        return silt_reader_not_found(reader, "image", selection->reference, error);
    if (reader->missed_platform)
        return silt_reader_problem(reader, error, SILT_ERR_NOT_FOUND, index_name,
                                   "an image has no variant for platform %s and was left out", host);
    return SILT_OK;
}

static enum silt_status read_all(struct silt_reader *reader, struct silt_error *error)
{
    struct silt_error why = {0};
    enum silt_status status =
        reader->source->layout == SILT_LAYOUT_DOCKER ? read_docker(reader, &why) : read_oci(reader, &why);
    if (status == SILT_ERR_LIMIT)
        status = silt_reader_problem(reader, &why, SILT_ERR_LIMIT, index_name, "%s", why.message);
    if (status != SILT_OK)
        return silt_error_set(error, status, "%s", why.message);
    status = keep_orphans(reader, error);
    return status == SILT_OK ? check_found(reader, error) : status;
}

enum silt_status silt_catalog_read(struct silt_source *source, const struct silt_selection *selection,
                                   struct silt_catalog *out, struct silt_error *error)
{
    struct silt_reader reader;
    if (source->ops->find == NULL ||
        (source->layout != SILT_LAYOUT_DOCKER && source->layout != SILT_LAYOUT_OCI))
        return silt_error_set(error, SILT_ERR_USAGE, "the target holds no images");
    memset(out, 0, sizeof *out);
    enum silt_status status = silt_reader_init(&reader, source, selection, out, error);
    if (status == SILT_OK)
        status = read_all(&reader, error);
    silt_reader_clear(&reader);
    return status;
}

void silt_catalog_clear(struct silt_catalog *catalog)
{
    silt_array_clear(&catalog->manifests);
    silt_array_clear(&catalog->problems);
    silt_array_clear(&catalog->raw);
    silt_arena_clear(&catalog->arena);
}
