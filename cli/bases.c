/*
 * bases.c: base images and their layers.
 */
#include "bases.h"

#include "escape.h"

#include <stdlib.h>
#include <string.h>

struct silt_base {
    const char *name;
    const struct silt_image_layer *layers; /* digest and diff_id only */
    size_t layer_count;
};

/* The base that is being read. */
struct reading {
    struct silt_bases *bases;
    const char *name;
};

static bool take_layers(struct silt_stash *stash, const struct silt_image *image, struct silt_base *base)
{
    struct silt_image_layer *layers = silt_stash_take(stash, image->layer_count, sizeof *layers);
    if (layers == NULL)
        return false;
    for (size_t i = 0; i < image->layer_count; i++)
        if (!silt_stash_copy_text(stash, image->layers[i].digest, &layers[i].digest) ||
            !silt_stash_copy_text(stash, image->layers[i].diff_id, &layers[i].diff_id))
            return false;
    base->layers = layers;
    base->layer_count = image->layer_count;
    return true;
}

static bool take_image(void *context, const struct silt_target_info *info)
{
    const struct reading *it = context;
    struct silt_bases *bases = it->bases;
    struct silt_base *items = realloc(bases->items, (bases->count + 1) * sizeof *items);
    if (items == NULL)
        return false;
    bases->items = items;
    items[bases->count] = (struct silt_base){.name = it->name};
    if (!take_layers(&bases->stash, info->image, &items[bases->count]))
        return false;
    bases->count++;
    return true;
}

static bool load_one(struct silt_bases *bases, struct silt_scanner *scanner, const char *name)
{
    struct reading it = {bases, name};
    const struct silt_sink sink = {.context = &it, .target_begin = take_image};
    struct silt_error error = {0};
    if (silt_scanner_describe(scanner, name, &sink, &error) == SILT_OK)
        return true;
    fputs("silt: --base ", stderr);
    silt_escape_print_text(stderr, name);
    fputs(": ", stderr);
    silt_escape_print_text(stderr, error.message[0] != '\0' ? error.message : "it cannot be read");
    fputc('\n', stderr);
    return false;
}

bool silt_bases_load(struct silt_bases *bases, struct silt_scanner *scanner, const struct silt_words *targets)
{
    for (size_t i = 0; i < targets->count; i++)
        if (!load_one(bases, scanner, targets->items[i]))
            return false;
    return true;
}

/* The diff_id is the content's; a layer compressed in another way has another digest. */
static bool is_same_layer(const struct silt_image_layer *a, const struct silt_image_layer *b)
{
    if (a->diff_id != NULL && b->diff_id != NULL)
        return strcmp(a->diff_id, b->diff_id) == 0;
    return a->digest != NULL && b->digest != NULL && strcmp(a->digest, b->digest) == 0;
}

/* Layers that made no blob are no layers here. */
static const struct silt_image_layer *find_layer(const struct silt_image *image, size_t index)
{
    for (size_t i = 0; i < image->layer_count; i++)
        if ((size_t)image->layers[i].index == index &&
            (image->layers[i].digest != NULL || image->layers[i].diff_id != NULL))
            return &image->layers[i];
    return NULL;
}

static size_t count_shared(const struct silt_base *base, const struct silt_image *image)
{
    for (size_t i = 0; i < base->layer_count; i++) {
        const struct silt_image_layer *layer = find_layer(image, i);
        if (layer == NULL || !is_same_layer(layer, &base->layers[i]))
            return i;
    }
    return base->layer_count;
}

size_t silt_bases_match(const struct silt_bases *bases, const struct silt_image *image, const char **name)
{
    size_t most = 0;
    *name = NULL;
    for (size_t i = 0; i < bases->count && image != NULL; i++) {
        size_t count = count_shared(&bases->items[i], image);
        if (count > most)
            *name = bases->items[i].name;
        most = count > most ? count : most;
    }
    return most;
}

void silt_bases_clear(struct silt_bases *bases)
{
    free(bases->items);
    silt_stash_clear(&bases->stash);
    *bases = (struct silt_bases){0};
}
