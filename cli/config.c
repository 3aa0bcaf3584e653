/*
 * config.c: options from a file, as values that options.c puts between the fallbacks and the environment.
 */
#include "config.h"

#include "escape.h"
#include "jsonfile.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char file_name[] = "/.silt.json";

static bool is_trusted(const char *path, const struct stat *status)
{
    if (status->st_uid == geteuid() || status->st_uid == 0)
        return true;
    fputs("silt: ", stderr);
    silt_escape_print_text(stderr, path);
    fputs(" belongs to somebody else and is not used; --config names it all the same\n", stderr);
    return false;
}

bool silt_config_find(struct silt_config *config)
{
    char directory[PATH_MAX - sizeof file_name];
    struct stat status;
    if (getcwd(directory, sizeof directory) == NULL)
        return false;
    for (;;) {
        snprintf(config->path, sizeof config->path, "%s%s", directory, file_name);
        if (stat(config->path, &status) == 0)
            return is_trusted(config->path, &status);
        char *slash = strrchr(directory, '/');
        if (slash == NULL)
            return false;
        *slash = '\0';
    }
}

/* A value on its way to the presets. */
struct reading {
    struct silt_config *config;
    struct silt_jsonfile_place place;
    size_t count;
};

static const char *keep(struct reading *it, const char *text)
{
    struct silt_words *texts = &it->config->texts;
    return silt_words_put(texts, text, strlen(text)) ? texts->items[texts->count - 1] : NULL;
}

/* Beside the configuration, where the row names a file; a target may be something else. */
static const char *keep_value(struct reading *it, const struct silt_option *row, const char *text)
{
    const char *path = it->config->path, *slash = strrchr(path, '/'), *file = text;
    char joined[2 * PATH_MAX];
    if (row->file_behind != '\0')
        file = text + strcspn(text, (char[]){row->file_behind, '\0'});
    file += file > text && file[0] != '\0';
    bool names_file = row->is_file || row->is_target || file > text;
    if (!names_file || file[0] == '/' || slash == NULL || strcmp(file, "-") == 0)
        return keep(it, text);
    int before = (int)(file - text);
    snprintf(joined, sizeof joined, "%.*s%.*s/%s", before, text, (int)(slash - path), path, file);
    return keep(it, row->is_target && access(joined, F_OK) != 0 ? text : joined);
}

static bool put_text(struct reading *it, const struct silt_option *row, const char *text)
{
    char shown_as[PATH_MAX + 64];
    snprintf(shown_as, sizeof shown_as, "%s: %s", it->config->path, row->name);
    struct silt_option_preset *presets = realloc(it->config->presets, (it->count + 2) * sizeof *presets);
    if (presets == NULL)
        return silt_jsonfile_complain(&it->place, row->name, "out of memory");
    it->config->presets = presets;
    presets[it->count] =
        (struct silt_option_preset){row->name, keep_value(it, row, text), keep(it, shown_as)};
    presets[it->count + 1] = (struct silt_option_preset){0};
    if (presets[it->count].value == NULL || presets[it->count].shown_as == NULL)
        return silt_jsonfile_complain(&it->place, row->name, "out of memory");
    it->count++;
    return true;
}

static bool put_value(struct reading *it, const struct silt_option *row, json_t *value)
{
    bool is_list = row->kind == SILT_OPTION_WORDS || row->kind == SILT_OPTION_PARTS;
    bool is_flag = row->kind == SILT_OPTION_FLAG;
    char number[32];
    if (is_flag && json_is_boolean(value))
        return put_text(it, row, json_is_true(value) ? "true" : "false");
    if (is_flag)
        return silt_jsonfile_complain(&it->place, row->name, "it must be true or false");
    if (json_is_integer(value) && !is_list) {
        snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
        return put_text(it, row, number);
    }
    if (json_is_string(value))
        return put_text(it, row, json_string_value(value));
    return silt_jsonfile_complain(&it->place, row->name,
                                  is_list ? "it must be a string or an array of strings"
                                          : "it must be a string");
}

static bool put_member(struct reading *it, const struct silt_option *row, json_t *value)
{
    bool is_list = row->kind == SILT_OPTION_WORDS || row->kind == SILT_OPTION_PARTS;
    if (row->environment == NULL)
        return silt_jsonfile_complain(&it->place, row->name, "it is taken from the command line only");
    if (!is_list || !json_is_array(value))
        return put_value(it, row, value);
    size_t i;
    json_t *item;
    json_array_foreach(value, i, item) if (!put_value(it, row, item)) return false;
    return true;
}

/* All keys that a file may have: the options' names and "schema". */
static const char **list_keys(const struct silt_option *rows)
{
    size_t count = 0;
    while (rows[count].name != NULL)
        count++;
    const char **keys = calloc(count + 2, sizeof *keys);
    for (size_t i = 0; keys != NULL && i < count; i++)
        keys[i] = rows[i].name;
    if (keys != NULL)
        keys[count] = "schema";
    return keys;
}

static bool read_members(struct reading *it, const struct silt_option *rows, json_t *file)
{
    const char **keys = list_keys(rows);
    bool is_good = keys != NULL && silt_jsonfile_check_keys(&it->place, file, keys);
    free(keys);
    for (; is_good && rows->name != NULL; rows++) {
        json_t *value = json_object_get(file, rows->name);
        is_good = value == NULL || put_member(it, rows, value);
    }
    return is_good;
}

bool silt_config_load(struct silt_config *config, const struct silt_option *rows)
{
    struct reading it = {config, {config->path, NULL, 0}, 0};
    json_t *file = silt_jsonfile_load(config->path, NULL);
    bool is_good = file != NULL && read_members(&it, rows, file);
    json_decref(file);
    return is_good;
}

void silt_config_clear(struct silt_config *config)
{
    free(config->presets);
    silt_words_clear(&config->texts);
    config->presets = NULL;
}
