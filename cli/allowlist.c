/*
 * allowlist.c: rules that allow findings (allowlist.h).
 */
#include "allowlist.h"

#include "jsonfile.h"
#include "place.h"
#include "wildcard.h"

#include <silt/signatures.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All borrowed from the files; NULL: any. */
struct silt_allowlist_rule {
    const char *path, *signature, *secret_hash, *layer, *reason;
};

static bool read_rule(struct silt_allowlist *list, const struct silt_jsonfile_place *place, json_t *object)
{
    static const char *const keys[] = {"path",   "signature", "secret_hash", "layer",
                                       "reason", "author",    "expires",     NULL};
    struct silt_allowlist_rule rule = {0};
    const char *author, *expires;
    bool is_expired;
    if (!silt_jsonfile_check_keys(place, object, keys) ||
        !silt_jsonfile_text(place, object, "path", &rule.path) ||
        !silt_jsonfile_text(place, object, "signature", &rule.signature) ||
        !silt_jsonfile_text(place, object, "secret_hash", &rule.secret_hash) ||
        !silt_jsonfile_text(place, object, "layer", &rule.layer) ||
        !silt_jsonfile_text(place, object, "reason", &rule.reason) ||
        !silt_jsonfile_text(place, object, "author", &author) ||
        !silt_jsonfile_date(place, object, "expires", &expires, &is_expired))
        return false;
    if (rule.reason == NULL || rule.reason[0] == '\0')
        return silt_jsonfile_complain(place, "reason", "a rule says why it is there");
    if (rule.path == NULL && rule.signature == NULL && rule.secret_hash == NULL && rule.layer == NULL)
        return silt_jsonfile_complain(
            place, NULL, "it would allow everything: give path, signature, secret_hash or layer");
    if (is_expired) {
        list->expired++;
        silt_jsonfile_complain(place, "expires", "the day is over; the rule allows nothing any more");
    } else {
        list->rules[list->count++] = rule;
    }
    return true;
}

static bool read_file(struct silt_allowlist *list, const char *path, json_t *file)
{
    static const char *const keys[] = {"schema", "allow", NULL};
    struct silt_jsonfile_place place = {path, NULL, 0};
    if (!silt_jsonfile_check_keys(&place, file, keys))
        return false;
    json_t *rules = json_object_get(file, "allow"), *rule;
    if (!json_is_array(rules))
        return silt_jsonfile_complain(&place, "allow", "it must be an array of rules");
    struct silt_allowlist_rule *grown =
        realloc(list->rules, (list->count + json_array_size(rules) + 1) * sizeof *grown);
    if (grown == NULL)
        return silt_jsonfile_complain(&place, NULL, "out of memory");
    list->rules = grown;
    size_t i;
    json_array_foreach(rules, i, rule)
    {
        place = (struct silt_jsonfile_place){path, "rule", i + 1};
        if (!read_rule(list, &place, rule))
            return false;
    }
    return true;
}

bool silt_allowlist_load(struct silt_allowlist *list, const struct silt_words *paths)
{
    list->files = calloc(paths->count + 1, sizeof(json_t *));
    if (list->files == NULL) {
        fputs("silt: out of memory for the allow rules\n", stderr);
        return false;
    }
    bool is_good = true;
    for (size_t i = 0; i < paths->count && is_good; i++) {
        json_t *file = silt_jsonfile_load(paths->items[i], "silt.allow/1");
        is_good = file != NULL;
        if (is_good)
            list->files[list->file_count++] = file;
        is_good = is_good && read_file(list, paths->items[i], file);
    }
    return is_good;
}

/* `github.*` fits all of a provider's. */
static bool fits_signature(const char *wanted, const char *id)
{
    size_t size = strlen(wanted);
    if (size > 0 && wanted[size - 1] == '*')
        return strncmp(wanted, id, size - 1) == 0;
    return strcmp(wanted, id) == 0;
}

static bool fits_path(const char *glob, const struct silt_place *place)
{
    size_t size;
    char *path = silt_place_path_new(place, &size);
    bool fits = path != NULL && silt_wildcard_match(glob, (struct silt_span){(const uint8_t *)path, size});
    free(path);
    return fits;
}

static bool fits_layer(const char *digest, const struct silt_results_target *target, int index)
{
    const struct silt_image_layer *layer = silt_results_layer(&target->info, index);
    return layer != NULL && ((layer->digest != NULL && strcmp(layer->digest, digest) == 0) ||
                             (layer->diff_id != NULL && strcmp(layer->diff_id, digest) == 0));
}

const char *silt_allowlist_find(const struct silt_allowlist *list, const struct silt_results_target *target,
                                const struct silt_finding *finding)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct silt_allowlist_rule *rule = &list->rules[i];
        if ((rule->signature == NULL || fits_signature(rule->signature, finding->signature->id)) &&
            (rule->secret_hash == NULL || strcmp(rule->secret_hash, finding->secret_hash) == 0) &&
            (rule->layer == NULL || fits_layer(rule->layer, target, finding->place.layer)) &&
            (rule->path == NULL || fits_path(rule->path, &finding->place)))
            return rule->reason;
    }
    return NULL;
}

void silt_allowlist_clear(struct silt_allowlist *list)
{
    for (size_t i = 0; i < list->file_count; i++)
        json_decref(list->files[i]);
    free(list->files);
    free(list->rules);
    *list = (struct silt_allowlist){0};
}
