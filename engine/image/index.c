/*
 * index.c: choosing among the manifests of an index.
 */
#include "image/index.h"

#include "base/error.h"
#include "image/member.h"
#include "image/reference.h"

#include <stdlib.h>

enum { CHILDREN_MAX = 4096 };

/* One entry of an index while it is looked at. Strings belong to the JSON document. */
struct child {
    const struct silt_json *descriptor;
    const char *digest, *name,
        *familiar;     /* name: of the image; familiar: what else it goes by; NULL if none */
    const char *about; /* the digest that an attestation speaks of */
    struct silt_platform platform;
    bool has_platform, is_attestation, is_wanted;
    int score;
};

struct children {
    struct child *items;
    size_t count;
    bool is_top;
};

bool silt_index_is_one(const struct silt_json *root)
{
    return silt_json_is_array(silt_member_get(root, "manifests"));
}

static void look_at(struct silt_reader *reader, struct child *out, const struct silt_json *descriptor)
{
    const struct silt_json *notes = silt_member_get(descriptor, "annotations");
    const struct silt_json *platform = silt_member_get(descriptor, "platform");
    const char *kind = silt_member_string(notes, "vnd.docker.reference.type");
    out->descriptor = descriptor;
    out->digest = silt_member_string(descriptor, "digest");
    out->familiar = silt_member_string(notes, "org.opencontainers.image.ref.name");
    out->name = silt_member_string(notes, "io.containerd.image.name");
    out->name = out->name != NULL ? out->name : out->familiar;
    out->is_attestation = kind != NULL && strcmp(kind, "attestation-manifest") == 0;
    out->about = silt_member_string(notes, "vnd.docker.reference.digest");
    silt_platform_init(&out->platform, silt_member_string(platform, "os"),
                       silt_member_string(platform, "architecture"), silt_member_string(platform, "variant"));
    out->has_platform = !out->is_attestation && silt_platform_is_known(&out->platform);
    out->score = out->has_platform ? silt_platform_score(&reader->wanted, &out->platform) : 0;
}

static bool is_same_name(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Whether the user's reference, if there is one, means this entry of index.json. */
static bool is_meant(const struct silt_reader *reader, const struct child *child)
{
    const char *wanted = reader->selection->reference;
    if (wanted == NULL || (child->digest != NULL && strcmp(wanted, child->digest) == 0))
        return true;
    return (child->name != NULL && silt_reference_match(wanted, child->name)) ||
           (child->familiar != NULL && silt_reference_match(wanted, child->familiar));
}

/* The entries that one with a platform competes with: those of the same name in index.json, all below it. */
static bool is_rival(const struct children *children, const struct child *a, const struct child *b)
{
    return b->has_platform && (!children->is_top || is_same_name(a->name, b->name));
}

static bool is_best(const struct silt_reader *reader, const struct children *children,
                    const struct child *child)
{
    const struct silt_selection *selection = reader->selection;
    if (selection->all_platforms || (reader->is_supplement && selection->platform == NULL))
        return true;
    size_t rivals = 0;
    int best = 0;
    for (size_t i = 0; i < children->count; i++) {
        const struct child *other = &children->items[i];
        if (!is_rival(children, child, other))
            continue;
        rivals++;
        best = other->score > best ? other->score : best;
    }
    bool is_only = rivals == 1 && selection->platform == NULL;
    return (best > 0 && child->score == best) || (best == 0 && is_only);
}

/* An attestation is wanted with its image, and if nobody knows which that is. */
static bool is_with_image(const struct children *children, const struct child *attestation)
{
    bool is_known = false;
    for (size_t i = 0; attestation->about != NULL && i < children->count; i++) {
        const struct child *other = &children->items[i];
        if (other->is_attestation || other->digest == NULL || strcmp(other->digest, attestation->about) != 0)
            continue;
        if (other->is_wanted)
            return true;
        is_known = true;
    }
    return !is_known;
}

static enum silt_status offer_platform(struct silt_reader *reader, const struct child *child,
                                       struct silt_error *error)
{
    char text[SILT_PLATFORM_TEXT_SIZE];
    silt_platform_print(&child->platform, text);
    return silt_reader_offer(reader, text, error);
}

static enum silt_status choose(struct silt_reader *reader, struct children *children,
                               struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    bool any_platform = false, any_chosen = false;
    for (size_t i = 0; i < children->count && status == SILT_OK; i++) {
        struct child *child = &children->items[i];
        if (child->is_attestation || (children->is_top && !is_meant(reader, child)))
            continue;
        child->is_wanted = !child->has_platform || is_best(reader, children, child);
        any_platform = any_platform || child->has_platform;
        any_chosen = any_chosen || (child->has_platform && child->is_wanted);
        if (!child->is_wanted)
            status = offer_platform(reader, child, error);
    }
    for (size_t i = 0; i < children->count; i++) {
        struct child *child = &children->items[i];
        if (child->is_attestation)
            child->is_wanted =
                is_with_image(children, child) && (!children->is_top || is_meant(reader, child));
    }
    reader->missed_platform = reader->missed_platform || (any_platform && !any_chosen);
    return status;
}

static enum silt_status fill_lead(struct silt_reader *reader, struct silt_lead *out,
                                  const struct silt_lead *parent, const struct child *child,
                                  struct silt_error *error)
{
    struct silt_arena *arena = &reader->catalog->arena;
    out->depth = parent->depth + 1;
    out->is_attestation = child->is_attestation;
    out->is_chosen = child->has_platform;
    out->reference = parent->reference;
    out->digest = silt_arena_copy(arena, silt_span_text(child->digest));
    bool ok = out->digest != NULL;
    if (child->name != NULL) {
        out->reference = silt_arena_copy(arena, silt_span_text(child->name));
        ok = ok && out->reference != NULL;
    }
    if (child->has_platform) {
        char text[SILT_PLATFORM_TEXT_SIZE];
        silt_platform_print(&child->platform, text);
        out->platform = silt_arena_copy(arena, silt_span_text(text));
        ok = ok && out->platform != NULL;
    }
    if (!ok)
        return silt_error_memory(error);
    if (!silt_member_size(child->descriptor, "size", &out->size))
        return silt_reader_problem(reader, error, SILT_ERR_CORRUPT, parent->name,
                                   "the size of %.100s is absurd", child->digest);
    return SILT_OK;
}

static enum silt_status push(struct silt_reader *reader, const struct silt_lead *parent,
                             const struct child *child, struct silt_error *error)
{
    struct silt_lead lead = {0};
    enum silt_status status = SILT_OK;
    if (child->digest != NULL)
        status = fill_lead(reader, &lead, parent, child, error);
    if (status == SILT_OK && lead.digest != NULL)
        status = silt_reader_blob_name(reader, lead.digest, &lead.name, error);
    if (status != SILT_OK)
        return status;
    if (lead.name == NULL)
        return silt_reader_problem(reader, error, SILT_ERR_CORRUPT, parent->name, "'%.100s' is not a digest",
                                   child->digest != NULL ? child->digest : "");
    struct silt_lead *place = silt_array_put(&reader->leads);
    if (place == NULL)
        return silt_error_memory(error);
    *place = lead;
    return SILT_OK;
}

/* Names of index.json that the reference did not mean, for the text of NOT_FOUND. */
static enum silt_status offer_names(struct silt_reader *reader, const struct children *children,
                                    struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < children->count && status == SILT_OK; i++) {
        const struct child *child = &children->items[i];
        const char *name = child->name != NULL ? child->name : child->digest;
        if (name != NULL && !is_meant(reader, child))
            status = silt_reader_offer(reader, name, error);
    }
    return status;
}

enum silt_status silt_index_take(struct silt_reader *reader, const struct silt_lead *lead,
                                 const struct silt_json *root, struct silt_error *error)
{
    const struct silt_document texts = {SILT_ORIGIN_ANNOTATION, "index:", {0}, -1};
    enum silt_status status = silt_texts_walk(&reader->texts, &texts, root, NULL, error);
    const struct silt_json *list = silt_member_get(root, "manifests");
    size_t count = silt_json_count(list);
    if (status == SILT_OK && count > CHILDREN_MAX) {
        status = silt_reader_problem(reader, error, SILT_ERR_LIMIT, lead->name,
                                     "it lists %zu manifests; the first %d are read", count, CHILDREN_MAX);
        count = CHILDREN_MAX;
    }
    if (status != SILT_OK)
        return status;
    struct children children = {calloc(count + 1, sizeof *children.items), count, lead->depth == 0};
    if (children.items == NULL)
        return silt_error_memory(error);
    for (size_t i = 0; i < count; i++)
        look_at(reader, &children.items[i], silt_json_at(list, i));
    status = choose(reader, &children, error);
    if (status == SILT_OK && children.is_top)
        status = offer_names(reader, &children, error);
    for (size_t i = count; i-- > 0 && status == SILT_OK;)
        if (children.items[i].is_wanted)
            status = push(reader, lead, &children.items[i], error);
    free(children.items);
    return status;
}
