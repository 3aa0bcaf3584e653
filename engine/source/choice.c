/*
 * choice.c: tags to manifests, and these to one index.
 */
#include "source/choice.h"

#include "base/error.h"
#include "registry/created.h"
#include "registry/listing.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

enum { NAME_SIZE = 704, IMAGES_MAX = 10000, LAPSES_MAX = 100000 };

struct entry {
    char digest[SILT_DIGEST_TEXT_SIZE];
    char media_type[SILT_PULL_TYPE_SIZE];
    const char *repository;
    uint64_t size;
    char name[NAME_SIZE]; /* "host/repository:tag,tag" */
};

struct chooser {
    struct silt_session *session;
    struct silt_holdings *holdings;
    const struct silt_registry_options *options;
    struct silt_choice *choice;
};

static enum silt_status put_lapse(struct chooser *chooser, const char *name, enum silt_skip_reason reason,
                                  const char *detail, struct silt_error *error)
{
    struct silt_choice *choice = chooser->choice;
    const char *name_copy = silt_arena_copy(&choice->arena, silt_span_text(name));
    const char *detail_copy = silt_arena_copy(&choice->arena, silt_span_text(detail));
    struct silt_choice_lapse *lapse =
        name_copy != NULL && detail_copy != NULL ? silt_array_put(&choice->lapses) : NULL;
    if (lapse == NULL)
        return silt_error_memory(error);
    *lapse = (struct silt_choice_lapse){name_copy, reason, detail_copy};
    return SILT_OK;
}

static struct entry *find_entry(const struct silt_choice *choice, const char *digest)
{
    for (size_t i = 0; i < choice->entries.count; i++) {
        struct entry *entry = silt_array_at(&choice->entries, i);
        if (strcmp(entry->digest, digest) == 0)
            return entry;
    }
    return NULL;
}

/* The choice is large enough: what follows is named together, and not scanned. */
static enum silt_status stop_choosing(struct chooser *chooser, const char *name, struct silt_error *error)
{
    char detail[96];
    snprintf(detail, sizeof detail, "more than %d images: this one and those behind it are left out",
             IMAGES_MAX);
    enum silt_status status = put_lapse(chooser, name, SILT_SKIP_TOTAL, detail, error);
    return status == SILT_OK ? SILT_END : status;
}

/* Another name of an image that is there already. */
static void put_alias(const struct chooser *chooser, struct entry *entry, const char *repository,
                      const char *reference)
{
    size_t used = strlen(entry->name);
    char more[NAME_SIZE];
    if (strcmp(entry->repository, repository) == 0)
        snprintf(more, sizeof more, ",%s", reference);
    else
        snprintf(more, sizeof more, ", %s/%s:%s", silt_session_host(chooser->session), repository, reference);
    if (used + strlen(more) + 8 < NAME_SIZE)
        strcpy(entry->name + used, more);
    else if (used + 8 < NAME_SIZE && strstr(entry->name, ",…") == NULL)
        strcpy(entry->name + used, ",…");
}

static enum silt_status put_entry(struct chooser *chooser, const char *repository, const char *reference,
                                  const struct silt_pulled *pulled, struct silt_error *error)
{
    struct silt_choice *choice = chooser->choice;
    struct entry *entry = find_entry(choice, pulled->digest);
    if (entry != NULL) {
        put_alias(chooser, entry, repository, reference);
        return SILT_OK;
    }
    if (choice->entries.count == IMAGES_MAX || choice->lapses.count > LAPSES_MAX)
        return stop_choosing(chooser, repository, error);
    const char *copy = silt_arena_copy(&choice->arena, silt_span_text(repository));
    entry = copy != NULL ? silt_array_put(&choice->entries) : NULL;
    if (entry == NULL)
        return silt_error_memory(error);
    strcpy(entry->digest, pulled->digest);
    strcpy(entry->media_type, pulled->media_type);
    entry->repository = copy;
    entry->size = pulled->text.size;
    snprintf(entry->name, sizeof entry->name, "%s/%s%s%s", silt_session_host(chooser->session), repository,
             strchr(reference, ':') != NULL ? "@" : ":", reference);
    return SILT_OK;
}

/* Whether an image is too old for --since; then that is noted. */
static enum silt_status check_age(struct chooser *chooser, const char *name, const char *repository,
                                  const struct silt_pulled *pulled, bool *is_old, struct silt_error *error)
{
    int64_t created;
    char detail[64] = "";
    *is_old = false;
    if (chooser->options->since == 0 ||
        !silt_created_find(chooser->session, chooser->holdings, repository, pulled, &created) ||
        created >= chooser->options->since)
        return silt_client_check(silt_session_client(chooser->session), error);
    time_t seconds = (time_t)created;
    struct tm date;
    *is_old = true;
    if (gmtime_r(&seconds, &date) != NULL)
        strftime(detail, sizeof detail, "created %Y-%m-%d, before --since", &date);
    return put_lapse(chooser, name, SILT_SKIP_UNREFERENCED, detail, error);
}

/* Pulls one image's manifest and puts it into the choice. */
static enum silt_status choose(struct chooser *chooser, const char *repository, const char *reference,
                               struct silt_error *error)
{
    const struct silt_pull_want want = {repository, reference, ""};
    struct silt_pulled pulled = {0};
    bool is_old = false;
    char name[NAME_SIZE];
    snprintf(name, sizeof name, "%s/%s:%s", silt_session_host(chooser->session), repository, reference);
    enum silt_status status = silt_pull_manifest(chooser->session, &want, &pulled, error);
    if (status == SILT_OK)
        status = silt_holdings_learn(chooser->holdings, repository, &pulled, error);
    if (status == SILT_OK)
        status = check_age(chooser, name, repository, &pulled, &is_old, error);
    if (status == SILT_OK && !is_old)
        status = put_entry(chooser, repository, reference, &pulled, error);
    silt_pull_clear(&pulled);
    return status;
}

static bool ends_all(enum silt_status status)
{
    return status == SILT_ERR_MEMORY || status == SILT_ERR_CANCELLED || status == SILT_END;
}

/* One of several: if it cannot be had, the others still can. */
static enum silt_status choose_one_of(struct chooser *chooser, const char *repository, const char *tag,
                                      struct silt_error *error)
{
    struct silt_error why = {0};
    char name[NAME_SIZE];
    enum silt_status status =
        silt_image_name_is_tag(silt_span_text(tag))
            ? choose(chooser, repository, tag, &why)
            : silt_error_set(&why, SILT_ERR_CORRUPT, "the registry lists it, and it is no tag");
    if (status == SILT_OK)
        return SILT_OK;
    if (ends_all(status))
        return silt_error_set(error, status, "%s", why.message);
    snprintf(name, sizeof name, "%s/%s:%.128s", silt_session_host(chooser->session), repository, tag);
    return put_lapse(chooser, name, status == SILT_ERR_NOT_FOUND ? SILT_SKIP_MISSING : SILT_SKIP_UNREADABLE,
                     why.message, error);
}

static enum silt_status choose_tags(struct chooser *chooser, const char *repository, struct silt_error *error)
{
    struct silt_listing tags;
    enum silt_status status = silt_listing_read(chooser->session, repository, &tags, error);
    for (size_t i = 0; i < tags.names.count && status == SILT_OK; i++)
        status = choose_one_of(chooser, repository, silt_listing_at(&tags, i), error);
    silt_listing_clear(&tags);
    return status;
}

/* One repository of the catalog: if its tags cannot be had, the other repositories' still can. */
static enum silt_status choose_repository(struct chooser *chooser, const char *repository,
                                          struct silt_error *error)
{
    struct silt_error why = {0};
    char name[NAME_SIZE];
    enum silt_status status =
        silt_image_name_is_repository(silt_span_text(repository))
            ? choose_tags(chooser, repository, &why)
            : silt_error_set(&why, SILT_ERR_CORRUPT, "the registry lists it, and it is no repository's name");
    if (status == SILT_OK)
        return SILT_OK;
    if (ends_all(status))
        return silt_error_set(error, status, "%s", why.message);
    snprintf(name, sizeof name, "%s/%.255s", silt_session_host(chooser->session), repository);
    bool is_gone = status == SILT_ERR_NOT_FOUND; /* a catalog keeps names whose last tag was deleted */
    return put_lapse(chooser, name, is_gone ? SILT_SKIP_UNREFERENCED : SILT_SKIP_UNREADABLE,
                     is_gone ? "it has no tags" : why.message, error);
}

static enum silt_status choose_catalog(struct chooser *chooser, struct silt_error *error)
{
    struct silt_listing repositories;
    enum silt_status status = silt_listing_read(chooser->session, NULL, &repositories, error);
    for (size_t i = 0; i < repositories.names.count && status == SILT_OK; i++)
        status = choose_repository(chooser, silt_listing_at(&repositories, i), error);
    silt_listing_clear(&repositories);
    return status;
}

static enum silt_status choose_all(struct chooser *chooser, const struct silt_image_name *name,
                                   struct silt_error *error)
{
    bool names_one = name->tag[0] != '\0' || name->digest[0] != '\0';
    if (chooser->options->catalog)
        return choose_catalog(chooser, error);
    if (!names_one && (chooser->options->all_tags || chooser->options->since != 0))
        return choose_tags(chooser, name->repository, error);
    const char *reference = names_one ? name->tag : "latest";
    return choose(chooser, name->repository, name->digest[0] != '\0' ? name->digest : reference, error);
}

/* None of the strings holds anything that JSON would want escaped: all were checked. */
static enum silt_status print_entry(const struct entry *entry, bool is_first, struct silt_buffer *out,
                                    struct silt_error *error)
{
    char text[NAME_SIZE + 512];
    int size = snprintf(text, sizeof text,
                        "%s{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%" PRIu64
                        ",\"annotations\":{\"io.containerd.image.name\":\"%s\"}}",
                        is_first ? "" : ",", entry->media_type, entry->digest, entry->size, entry->name);
    return silt_buffer_append(out, silt_span_of(text, (size_t)size), error);
}

static enum silt_status print_index(struct silt_choice *choice, struct silt_error *error)
{
    struct silt_buffer *out = &choice->index;
    enum silt_status status =
        silt_buffer_append(out, silt_span_text("{\"schemaVersion\":2,\"manifests\":["), error);
    for (size_t i = 0; i < choice->entries.count && status == SILT_OK; i++)
        status = print_entry(silt_array_at(&choice->entries, i), i == 0, out, error);
    return status == SILT_OK ? silt_buffer_append(out, silt_span_text("]}"), error) : status;
}

enum silt_status silt_choice_make(struct silt_session *session, struct silt_holdings *holdings,
                                  const struct silt_registry_options *options,
                                  const struct silt_image_name *name, struct silt_choice *out,
                                  struct silt_error *error)
{
    struct chooser chooser = {session, holdings, options, out};
    out->lapses.item_size = sizeof(struct silt_choice_lapse);
    out->entries.item_size = sizeof(struct entry);
    enum silt_status status = choose_all(&chooser, name, error);
    if (status == SILT_OK && out->entries.count + out->lapses.count == 0)
        status = silt_error_set(error, SILT_ERR_NOT_FOUND, "%s%s%s has no %s", name->host,
                                name->repository[0] != '\0' ? "/" : "", name->repository,
                                name->repository[0] != '\0' ? "tags" : "repositories");
    if (status == SILT_OK || status == SILT_END)
        status = print_index(out, error);
    silt_array_clear(&out->entries);
    return status;
}

void silt_choice_clear(struct silt_choice *choice)
{
    silt_buffer_clear(&choice->index);
    silt_array_clear(&choice->lapses);
    silt_array_clear(&choice->entries);
    silt_arena_clear(&choice->arena);
}
