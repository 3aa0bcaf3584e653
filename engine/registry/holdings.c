/*
 * holdings.c: a tree by digest (tsearch: balanced, whatever digests a hostile manifest makes up).
 *
 * A hostile manifest must not hide what another one names: a digest said to be a manifest here and a blob
 * there is both, and of two sizes none is believed.
 */
#include "registry/holdings.h"

#include "base/arena.h"
#include "base/error.h"
#include "registry/image_name.h"

#include <pthread.h>
#include <search.h>
#include <stdlib.h>

enum { DIGESTS_MAX = 1000000, TEXTS_MAX = 32 * 1024 * 1024 };

struct silt_holdings {
    pthread_mutex_t mutex; /* guards all below */
    void *root;            /* tsearch's, of struct silt_holding */
    size_t count;
    size_t text_size;
    struct silt_arena arena;
};

static int by_digest(const void *a, const void *b)
{
    return strcmp(((const struct silt_holding *)a)->digest, ((const struct silt_holding *)b)->digest);
}

enum silt_status silt_holdings_new(struct silt_holdings **out, struct silt_error *error)
{
    struct silt_holdings *holdings = calloc(1, sizeof *holdings);
    if (holdings == NULL)
        return silt_error_memory(error);
    pthread_mutex_init(&holdings->mutex, NULL);
    *out = holdings;
    return SILT_OK;
}

static void keep(void *holding)
{
    (void)holding; /* the arena's */
}

void silt_holdings_free(struct silt_holdings *holdings)
{
    if (holdings == NULL)
        return;
    tdestroy(holdings->root, keep);
    silt_arena_clear(&holdings->arena);
    pthread_mutex_destroy(&holdings->mutex);
    free(holdings);
}

/* The holding of a digest, made if there is none. */
static enum silt_status put(struct silt_holdings *holdings, const char *digest, struct silt_holding **out,
                            struct silt_error *error)
{
    const struct silt_holding key = {.digest = digest};
    struct silt_holding **found = (struct silt_holding **)tfind(&key, &holdings->root, by_digest);
    if (found != NULL) {
        *out = *found;
        return SILT_OK;
    }
    if (holdings->count == DIGESTS_MAX)
        return silt_error_set(error, SILT_ERR_LIMIT, "the manifests name more than %d digests", DIGESTS_MAX);
    struct silt_holding *holding = silt_arena_take(&holdings->arena, sizeof *holding);
    char *copy = silt_arena_copy(&holdings->arena, silt_span_text(digest));
    if (holding == NULL || copy == NULL)
        return silt_error_memory(error);
    *holding = (struct silt_holding){.digest = copy, .media_type = "", .size = -1};
    if (tsearch(holding, &holdings->root, by_digest) == NULL)
        return silt_error_memory(error);
    holdings->count++;
    *out = holding;
    return SILT_OK;
}

static int64_t read_size(const struct silt_json *descriptor)
{
    const struct silt_json *size = silt_pull_member(descriptor, "size");
    double bytes = silt_json_is_number(size) ? silt_json_number(size, -1) : -1;
    return bytes >= 0 && bytes < 0x1p53 ? (int64_t)bytes : -1;
}

static enum silt_status fill(struct silt_holdings *holdings, struct silt_holding *holding,
                             const char *repository, const struct silt_json *descriptor,
                             struct silt_error *error)
{
    const char *type = silt_json_string(silt_pull_member(descriptor, "mediaType"), "");
    holding->repository = repository;
    holding->size = read_size(descriptor);
    holding->media_type = silt_arena_copy(&holdings->arena, silt_span_text(type));
    return holding->media_type != NULL ? SILT_OK : silt_error_memory(error);
}

static enum silt_status learn_descriptor(struct silt_holdings *holdings, const char *repository,
                                         const struct silt_json *descriptor, bool is_manifest,
                                         struct silt_error *error)
{
    const char *digest = silt_json_string(silt_pull_member(descriptor, "digest"), "");
    struct silt_holding *holding;
    if (!silt_image_name_is_digest(silt_span_text(digest)))
        return SILT_OK; /* the catalog says so */
    enum silt_status status = put(holdings, digest, &holding, error);
    if (status != SILT_OK)
        return status;
    if (holding->repository == NULL)
        status = fill(holdings, holding, repository, descriptor, error);
    else if (holding->size != read_size(descriptor))
        holding->size = -1;
    holding->is_manifest = holding->is_manifest || is_manifest;
    holding->is_blob = holding->is_blob || !is_manifest;
    return status;
}

static enum silt_status learn_list(struct silt_holdings *holdings, const char *repository,
                                   const struct silt_json *list, bool is_manifest, struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    for (size_t i = 0; silt_json_is_array(list) && i < silt_json_count(list) && status == SILT_OK; i++)
        status = learn_descriptor(holdings, repository, silt_json_at(list, i), is_manifest, error);
    return status;
}

static enum silt_status learn_root(struct silt_holdings *holdings, const char *repository,
                                   const struct silt_json *root, struct silt_error *error)
{
    enum silt_status status =
        learn_list(holdings, repository, silt_pull_member(root, "manifests"), true, error);
    if (status == SILT_OK)
        status = learn_list(holdings, repository, silt_pull_member(root, "layers"), false, error);
    if (status == SILT_OK)
        status = learn_list(holdings, repository, silt_pull_member(root, "blobs"), false, error);
    const struct silt_json *config = silt_pull_member(root, "config");
    if (status == SILT_OK && silt_json_is_object(config))
        status = learn_descriptor(holdings, repository, config, false, error);
    return status;
}

/* The manifest itself, with its text while there is room. */
static enum silt_status learn_self(struct silt_holdings *holdings, const char *repository,
                                   const struct silt_pulled *pulled, struct silt_error *error)
{
    struct silt_holding *holding;
    enum silt_status status = put(holdings, pulled->digest, &holding, error);
    if (status != SILT_OK)
        return status;
    struct silt_span text = silt_buffer_span(&pulled->text);
    if (holding->repository == NULL) {
        holding->repository = repository;
        holding->media_type = silt_arena_copy(&holdings->arena, silt_span_text(pulled->media_type));
        holding->size = (int64_t)text.size;
    }
    holding->is_manifest = true;
    if (holding->text.size > 0 || holdings->text_size + text.size > TEXTS_MAX)
        return holding->media_type != NULL ? SILT_OK : silt_error_memory(error);
    const char *copy = silt_arena_copy(&holdings->arena, text);
    if (copy == NULL || holding->media_type == NULL)
        return silt_error_memory(error);
    holding->text = silt_span_of(copy, text.size);
    holdings->text_size += text.size;
    return SILT_OK;
}

/* A copy of the name that lives as long as the holdings. */
static const char *keep_name(struct silt_holdings *holdings, const char *repository)
{
    return silt_arena_copy(&holdings->arena, silt_span_text(repository));
}

enum silt_status silt_holdings_learn(struct silt_holdings *holdings, const char *repository,
                                     const struct silt_pulled *pulled, struct silt_error *error)
{
    pthread_mutex_lock(&holdings->mutex);
    const char *name = keep_name(holdings, repository);
    enum silt_status status = name != NULL ? SILT_OK : silt_error_memory(error);
    if (status == SILT_OK)
        status = learn_self(holdings, name, pulled, error);
    if (status == SILT_OK)
        status = learn_root(holdings, name, pulled->root, error);
    pthread_mutex_unlock(&holdings->mutex);
    return status;
}

enum silt_status silt_holdings_learn_list(struct silt_holdings *holdings, const char *repository,
                                          const struct silt_json *root, struct silt_error *error)
{
    pthread_mutex_lock(&holdings->mutex);
    const char *name = keep_name(holdings, repository);
    enum silt_status status = name != NULL ? SILT_OK : silt_error_memory(error);
    if (status == SILT_OK)
        status = learn_list(holdings, name, silt_pull_member(root, "manifests"), true, error);
    pthread_mutex_unlock(&holdings->mutex);
    return status;
}

bool silt_holdings_find(struct silt_holdings *holdings, const char *digest, struct silt_holding *out)
{
    const struct silt_holding key = {.digest = digest};
    pthread_mutex_lock(&holdings->mutex);
    struct silt_holding **found = (struct silt_holding **)tfind(&key, &holdings->root, by_digest);
    if (found != NULL)
        *out = **found;
    pthread_mutex_unlock(&holdings->mutex);
    return found != NULL;
}
