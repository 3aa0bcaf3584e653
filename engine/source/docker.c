/*
 * docker.c: transport "docker": images in a registry, shown as an OCI layout.
 *
 * Its index.json is made here, of the images that the target means; blobs come from the network when they are
 * asked for, several at once. "referrers/ALGORITHM/HEX" is the list of what refers to a digest.
 */
#include "source/docker.h"

#include "base/error.h"
#include "registry/blob_stream.h"
#include "source/choice.h"
#include "source/sources.h"
#include "stream/memory.h"

#include <stdio.h>
#include <stdlib.h>

enum { PAGES_MAX = 1000 };

struct docker {
    struct silt_source source;
    struct silt_registry_options defaults; /* where the scan has none */
    struct silt_session *session;
    struct silt_holdings *holdings;
    struct silt_choice choice;
    size_t lapse;          /* that `next` tells next */
    struct silt_skip skip; /* that it told last */
};

enum silt_status silt_docker_parse(const char *location, bool is_catalog, struct silt_image_name *out,
                                   struct silt_error *error)
{
    struct silt_span text = silt_span_text(location);
    if (silt_span_has_prefix(text, "//"))
        text = silt_span_slice(text, 2, text.size);
    if (is_catalog && silt_span_has_suffix(text, "/"))
        text.size--;
    return is_catalog ? silt_image_name_parse_host(text, out, error)
                      : silt_image_name_parse(text, out, error);
}

static void docker_free(struct silt_source *source)
{
    struct docker *docker = (struct docker *)source;
    silt_choice_clear(&docker->choice);
    silt_holdings_free(docker->holdings);
    silt_session_free(docker->session);
    free(docker);
}

static enum silt_status connect(struct docker *docker, const char *location,
                                const struct silt_source_options *options, struct silt_error *error)
{
    const struct silt_registry_options *registry =
        options->registry != NULL ? options->registry : &docker->defaults;
    struct silt_image_name name;
    enum silt_status status = silt_docker_parse(location, registry->catalog, &name, error);
    if (status == SILT_OK && registry->all_tags && (name.tag[0] != '\0' || name.digest[0] != '\0'))
        status = silt_error_set(error, SILT_ERR_USAGE, "--all-tags, and the target names one already");
    if (status == SILT_OK)
        status = silt_session_new(registry, &options->patience, name.host, &docker->session, error);
    if (status == SILT_OK)
        status = silt_holdings_new(&docker->holdings, error);
    docker->source.has_referrers = registry->referrers;
    return status == SILT_OK
               ? silt_choice_make(docker->session, docker->holdings, registry, &name, &docker->choice, error)
               : status;
}

/* A short name that was perhaps meant as a file: then it helps to know where it was looked for. */
static void explain_guess(const char *location, struct silt_error *error)
{
    bool is_plain = strncmp(location, "//", 2) != 0;
    if (is_plain && strncmp(location, "docker.io/", strlen("docker.io/")) != 0 && error != NULL &&
        strncmp(error->message, "docker.io/", strlen("docker.io/")) == 0)
        silt_error_prefix(error, "no file is called '%.150s', and as an image", location);
}

static enum silt_status docker_open(const char *location, const struct silt_source_options *options,
                                    struct silt_source **out, struct silt_error *error)
{
    struct docker *docker = calloc(1, sizeof *docker);
    if (docker == NULL)
        return silt_error_memory(error);
    docker->source = (struct silt_source){.ops = &silt_docker_source, .layout = SILT_LAYOUT_OCI};
    silt_registry_options_init(&docker->defaults);
    enum silt_status status = connect(docker, location, options, error);
    if (status == SILT_OK) {
        *out = &docker->source;
        return SILT_OK;
    }
    explain_guess(location, error);
    docker_free(&docker->source);
    return status;
}

/* The digest that a name such as "blobs/sha256/abc" means; false for other names. */
static bool read_digest(const char *name, const char *folder, char out[SILT_IMAGE_NAME_DIGEST_SIZE])
{
    size_t size = strlen(folder);
    const char *algorithm = name + size, *slash;
    if (strncmp(name, folder, size) != 0 || (slash = strchr(algorithm, '/')) == NULL ||
        strlen(algorithm) >= SILT_IMAGE_NAME_DIGEST_SIZE)
        return false;
    snprintf(out, SILT_IMAGE_NAME_DIGEST_SIZE, "%.*s:%s", (int)(slash - algorithm), algorithm, slash + 1);
    return silt_image_name_is_digest(silt_span_text(out));
}

static enum silt_status open_manifest(struct docker *docker, const struct silt_holding *holding,
                                      struct silt_stream **out, uint64_t *size, struct silt_error *error)
{
    *size = holding->text.size;
    if (holding->text.size > 0)
        return silt_memory_open(holding->text, out, error);
    const struct silt_pull_want want = {holding->repository, holding->digest, holding->media_type};
    struct silt_pulled pulled = {0};
    enum silt_status status = silt_pull_manifest(docker->session, &want, &pulled, error);
    if (status == SILT_OK)
        status = silt_holdings_learn(docker->holdings, holding->repository, &pulled, error);
    if (status == SILT_OK)
        status = silt_memory_open_copy(silt_buffer_span(&pulled.text), out, error);
    *size = pulled.text.size;
    silt_pull_clear(&pulled);
    return status;
}

static enum silt_status open_blob(struct docker *docker, const struct silt_holding *holding,
                                  struct silt_stream **out, uint64_t *size, struct silt_error *error)
{
    const struct silt_blob_stream_want want = {holding->repository, holding->digest, holding->size};
    *size = holding->size > 0 ? (uint64_t)holding->size : 0;
    return silt_blob_stream_open(docker->session, &want, out, error);
}

static enum silt_status find_digest(struct docker *docker, const char *digest, struct silt_stream **out,
                                    uint64_t *size, struct silt_error *error)
{
    struct silt_holding holding;
    if (!silt_holdings_find(docker->holdings, digest, &holding))
        return silt_error_set(error, SILT_ERR_NOT_FOUND, "no manifest names %s", digest);
    enum silt_status status = SILT_ERR_NOT_FOUND;
    if (holding.is_manifest)
        status = open_manifest(docker, &holding, out, size, error);
    bool is_final = status == SILT_OK || status == SILT_ERR_CANCELLED || status == SILT_ERR_MEMORY;
    return holding.is_blob && !is_final ? open_blob(docker, &holding, out, size, error) : status;
}

/* Puts a page's descriptors into a list of ours: digest, size and type, which is all that leads on. What else
 * a referrers list says is repeated from the manifests. */
static enum silt_status put_page(struct silt_buffer *list, const struct silt_json *root,
                                 struct silt_error *error)
{
    const struct silt_json *page = silt_pull_member(root, "manifests");
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < silt_json_count(page) && status == SILT_OK; i++) {
        char text[SILT_IMAGE_NAME_DIGEST_SIZE + 64];
        const char *digest = silt_json_string(silt_pull_member(silt_json_at(page, i), "digest"), "");
        if (!silt_image_name_is_digest(silt_span_text(digest)))
            return silt_error_set(error, SILT_ERR_CORRUPT, "the list of referrers names '%.100s'", digest);
        int size = snprintf(text, sizeof text, "%s{\"digest\":\"%s\"}",
                            list->data[list->size - 1] == '[' ? "" : ",", digest);
        status = silt_buffer_append(list, silt_span_of(text, (size_t)size), error);
    }
    return status;
}

static enum silt_status read_referrers(struct docker *docker, const char *digest, struct silt_buffer *list,
                                       struct silt_error *error)
{
    struct silt_holding holding;
    struct silt_buffer path = {0};
    enum silt_status status = silt_buffer_append(list, silt_span_text("{\"manifests\":["), error);
    if (!silt_holdings_find(docker->holdings, digest, &holding))
        return silt_error_set(error, SILT_ERR_NOT_FOUND, "no manifest names %s", digest);
    const struct silt_pull_want want = {holding.repository, digest, ""};
    for (size_t page = 0; status == SILT_OK && (page == 0 || path.data[0] != '\0'); page++) {
        struct silt_pulled pulled = {0};
        status = page < PAGES_MAX ? silt_pull_referrers(docker->session, &want, &path, &pulled, error)
                                  : silt_error_set(error, SILT_ERR_LIMIT, "too many pages of referrers");
        if (status == SILT_OK)
            status = silt_holdings_learn_list(docker->holdings, holding.repository, pulled.root, error);
        if (status == SILT_OK)
            status = put_page(list, pulled.root, error);
        silt_pull_clear(&pulled);
    }
    silt_buffer_clear(&path);
    if (status != SILT_OK && status != SILT_END)
        return status;
    return silt_buffer_append(list, silt_span_text("]}"), error);
}

static enum silt_status find_referrers(struct docker *docker, const char *digest, struct silt_stream **out,
                                       uint64_t *size, struct silt_error *error)
{
    struct silt_buffer list = {0};
    enum silt_status status = read_referrers(docker, digest, &list, error);
    if (status == SILT_OK)
        status = silt_memory_open_copy(silt_buffer_span(&list), out, error);
    *size = list.size;
    silt_buffer_clear(&list);
    return status;
}

static enum silt_status docker_find(struct silt_source *source, const char *name, struct silt_stream **out,
                                    uint64_t *size, struct silt_error *error)
{
    struct docker *docker = (struct docker *)source;
    char digest[SILT_IMAGE_NAME_DIGEST_SIZE];
    if (strcmp(name, "index.json") == 0) {
        *size = docker->choice.index.size;
        return silt_memory_open(silt_buffer_span(&docker->choice.index), out, error);
    }
    if (read_digest(name, "blobs/", digest))
        return find_digest(docker, digest, out, size, error);
    if (docker->source.has_referrers && read_digest(name, "referrers/", digest))
        return find_referrers(docker, digest, out, size, error);
    return silt_error_set(error, SILT_ERR_NOT_FOUND, "'%s' is not there", name);
}

/* Tells which images are not there for the scan. All that is there has a name. */
static enum silt_status docker_next(struct silt_source *source, struct silt_blob *out,
                                    struct silt_error *error)
{
    (void)error;
    struct docker *docker = (struct docker *)source;
    if (docker->lapse == docker->choice.lapses.count)
        return SILT_END;
    const struct silt_choice_lapse *lapse = silt_array_at(&docker->choice.lapses, docker->lapse++);
    docker->skip = (struct silt_skip){
        .reason = lapse->reason,
        .place = {.path = silt_span_text(lapse->name), .layer = -1},
        .detail = lapse->detail,
    };
    *out = (struct silt_blob){.name = silt_span_text(lapse->name), .skip = &docker->skip};
    return SILT_OK;
}

/* What is no path. That it was meant as one is found out before. */
static bool is_docker(const struct silt_probe *probe)
{
    return !probe->is_there;
}

const struct silt_source_ops silt_docker_source = {
    .transport = "docker",
    .kind = SILT_TARGET_IMAGE,
    .open = docker_open,
    .find = docker_find,
    .next = docker_next,
    .free = docker_free,
    .is_target = is_docker,
};
