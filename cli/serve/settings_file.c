/*
 * settings_file.c: --config's file: options as presets, lists by tables of fields. Files that it names are
 * meant beside it.
 */
#include "serve/settings_file.h"

#include "jsonfile.h"
#include "serve/settings_secret.h"
#include "units.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_SIZE = 96, ITEMS_MAX = 1000 };

enum kind { TEXT, PATH, SECRET, FLAG, NUMBER, DURATION, WORDS, CHOICE };

/* A member of an object of a list. */
struct field {
    const char *key;
    enum kind kind;
    size_t offset;
    bool is_required;
    unsigned least, most;       /* of a NUMBER; `least` is the least length of a SECRET */
    const char *const *choices; /* of a CHOICE whose field is an int; NULL in `texts` */
    bool is_text;               /* a CHOICE that is kept as its text */
};

/* One value on its way into its field. */
struct reading {
    const struct silt_settings_file *file;
    struct silt_words *kept;
    const char *key; /* "registries[0].host" */
    json_t *value;
};

static bool complain(const struct reading *it, const char *format, ...) SILT_PRINTF(2, 3);
static bool complain(const struct reading *it, const char *format, ...)
{
    const struct silt_jsonfile_place place = {it->file->path, NULL, 0};
    char why[256];
    va_list list;
    va_start(list, format);
    vsnprintf(why, sizeof why, format, list);
    va_end(list);
    return silt_jsonfile_complain(&place, it->key, why);
}

static const char *keep(const struct reading *it, const char *text)
{
    if (!silt_words_put(it->kept, text, strlen(text))) {
        complain(it, "out of memory");
        return NULL;
    }
    return it->kept->items[it->kept->count - 1];
}

static const char *keep_path(const struct reading *it, const char *text)
{
    const char *path = it->file->path, *slash = strrchr(path, '/');
    char joined[2 * PATH_MAX];
    if (text[0] == '/' || slash == NULL)
        return keep(it, text);
    snprintf(joined, sizeof joined, "%.*s/%s", (int)(slash - path), path, text);
    return keep(it, joined);
}

/* Fields of lists */

static bool read_text(const struct reading *it, bool is_path, const char **out)
{
    const char *text = json_string_value(it->value);
    if (text == NULL || text[0] == '\0')
        return complain(it, "it must be a string that is not empty");
    *out = is_path ? keep_path(it, text) : keep(it, text);
    return *out != NULL;
}

static bool read_secret(const struct reading *it, unsigned least, const char **out)
{
    const char *file = json_string_value(json_object_get(it->value, "file"));
    const char *variable = json_string_value(json_object_get(it->value, "env"));
    char why[256] = "";
    char *secret = NULL;
    if (json_is_string(it->value))
        secret = strdup(json_string_value(it->value));
    else if (file != NULL && json_object_size(it->value) == 1 && (file = keep_path(it, file)) != NULL)
        secret = silt_settings_secret_read(file, why, sizeof why);
    else if (variable != NULL && json_object_size(it->value) == 1)
        secret = silt_settings_secret_variable(variable, why, sizeof why);
    else
        return complain(it, "it must be a string, {\"file\": PATH} or {\"env\": NAME}");
    if (secret == NULL)
        return complain(it, "%s", why);
    size_t size = strlen(secret);
    *out = size >= least ? keep(it, secret) : NULL;
    silt_settings_secret_free(secret);
    return *out != NULL || complain(it, "it must have at least %u characters", least);
}

static bool read_number(const struct reading *it, const struct field *field, unsigned *out)
{
    json_int_t number = json_integer_value(it->value);
    if (!json_is_integer(it->value) || number < field->least || number > field->most)
        return complain(it, "it must be a whole number from %u to %u", field->least, field->most);
    *out = (unsigned)number;
    return true;
}

static bool read_duration(const struct reading *it, uint64_t *out)
{
    const char *text = json_string_value(it->value);
    return (text != NULL && silt_units_parse_duration(text, out)) ||
           complain(it, "it must be a duration such as \"90s\", \"6h\" or \"none\"");
}

static bool read_words(const struct reading *it, struct silt_words *out)
{
    size_t i;
    json_t *item;
    bool is_good = json_is_array(it->value);
    json_array_foreach(it->value, i, item)
    {
        const char *text = json_string_value(item);
        is_good = is_good && text != NULL && silt_words_put(out, text, strlen(text));
    }
    return is_good || complain(it, "it must be an array of strings");
}

static bool read_choice(const struct reading *it, const struct field *field, void *out)
{
    const char *text = json_string_value(it->value);
    char all[128] = "";
    for (int i = 0; field->choices[i] != NULL; i++) {
        if (text != NULL && strcmp(field->choices[i], text) == 0) {
            if (field->is_text)
                *(const char **)out = field->choices[i];
            else
                *(int *)out = i;
            return true;
        }
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s%s", i > 0 ? ", " : "", field->choices[i]);
    }
    return complain(it, "it must be one of %s", all);
}

static bool read_field(const struct reading *it, const struct field *field, void *out)
{
    switch (field->kind) {
    case TEXT:
    case PATH:
        return read_text(it, field->kind == PATH, out);
    case SECRET:
        return read_secret(it, field->least, out);
    case FLAG:
        *(bool *)out = json_is_true(it->value);
        return json_is_boolean(it->value) || complain(it, "it must be true or false");
    case NUMBER:
        return read_number(it, field, out);
    case DURATION:
        return read_duration(it, out);
    case WORDS:
        return read_words(it, out);
    case CHOICE:
        return read_choice(it, field, out);
    }
    return false;
}

/* Objects of lists */

static bool refuse_key(const struct reading *it, const struct field *fields)
{
    const char *names[16];
    size_t count = 0;
    for (; fields[count].key != NULL && count < 15; count++)
        names[count] = fields[count].key;
    names[count] = NULL;
    const char *dot = strrchr(it->key, '.'), *nearest = silt_options_nearest(dot + 1, names);
    return nearest != NULL ? complain(it, "there is no such key; did you mean %s?", nearest)
                           : complain(it, "there is no such key");
}

static const struct field *find_field(const struct field *fields, const char *key)
{
    while (fields->key != NULL && strcmp(fields->key, key) != 0)
        fields++;
    return fields->key != NULL ? fields : NULL;
}

static bool read_object(const struct reading *it, const struct field *fields, void *out)
{
    char path[KEY_SIZE];
    struct reading member = *it;
    const char *key;
    member.key = path;
    if (!json_is_object(it->value))
        return complain(it, "it must be an object");
    json_object_foreach(it->value, key, member.value)
    {
        const struct field *field = find_field(fields, key);
        snprintf(path, sizeof path, "%.40s.%.48s", it->key, key);
        if (field == NULL)
            return refuse_key(&member, fields);
        if (!read_field(&member, field, (char *)out + field->offset))
            return false;
    }
    for (; fields->key != NULL; fields++) {
        snprintf(path, sizeof path, "%.40s.%.48s", it->key, fields->key);
        if (fields->is_required && json_object_get(it->value, fields->key) == NULL)
            return complain(&member, "it is missing");
    }
    return true;
}

/* A list of objects: where its items go, and what they begin as. */
struct list {
    const char *key;
    const struct field *fields;
    size_t item_size;
    const void *initial;
};

static bool read_list(const struct reading *it, const struct list *list, void **items, size_t *count)
{
    char key[KEY_SIZE];
    struct reading item = *it;
    json_t *array = json_object_get(it->file->root, list->key);
    item.key = list->key;
    if (array == NULL)
        return true;
    if (!json_is_array(array) || json_array_size(array) > ITEMS_MAX)
        return complain(&item, "it must be an array of objects");
    *items = calloc(json_array_size(array) + 1, list->item_size);
    if (*items == NULL)
        return complain(&item, "out of memory");
    item.key = key;
    size_t i;
    json_array_foreach(array, i, item.value)
    {
        void *out = (char *)*items + i * list->item_size;
        memcpy(out, list->initial, list->item_size);
        snprintf(key, sizeof key, "%s[%zu]", list->key, i);
        *count = i + 1;
        if (!read_object(&item, list->fields, out))
            return false;
    }
    return true;
}

#define IN(type, member) .offset = offsetof(struct silt_settings_##type, member)

static const char *const kinds[] = {"webhook", "slack", "cloudevents", "referrer", NULL};
static const char *const severities[] = {"info", "low", "medium", "high", "critical", NULL};

static const struct field registry_fields[] = {
    {.key = "host", .kind = TEXT, .is_required = true, IN(registry, host)},
    {.key = "aliases", .kind = WORDS, IN(registry, aliases)},
    {.key = "username", .kind = TEXT, IN(registry, username)},
    {.key = "password", .kind = SECRET, .least = 1, IN(registry, password)},
    {.key = "ca", .kind = PATH, IN(registry, ca)},
    {.key = "plain-http", .kind = FLAG, IN(registry, plain_http)},
    {.key = "insecure", .kind = FLAG, IN(registry, insecure)},
    {.key = "concurrency", .kind = NUMBER, .least = 1, .most = 64, IN(registry, concurrency)},
    {.key = "sweep", .kind = DURATION, IN(registry, sweep_ms)},
    {0},
};

static const struct field hook_fields[] = {
    {.key = "dialect", .kind = TEXT, .is_required = true, IN(hook, dialect)},
    {.key = "secret",
     .kind = SECRET,
     .least = SILT_SETTINGS_SECRET_LEAST,
     .is_required = true,
     IN(hook, secret)},
    {.key = "registry", .kind = TEXT, IN(hook, registry)},
    {0},
};

static const struct field announcement_fields[] = {
    {.key = "kind",
     .kind = CHOICE,
     .is_required = true,
     .choices = kinds,
     .is_text = true,
     IN(announcement, kind)},
    {.key = "url", .kind = TEXT, IN(announcement, url)},
    {.key = "secret", .kind = SECRET, .least = SILT_SETTINGS_SECRET_LEAST, IN(announcement, secret)},
    {.key = "ca", .kind = PATH, IN(announcement, ca)},
    {.key = "min-severity", .kind = CHOICE, .choices = severities, IN(announcement, min_severity)},
    {0},
};

static bool read_tokens(const struct reading *it, struct silt_words *out)
{
    char key[KEY_SIZE];
    struct reading item = *it;
    size_t i;
    json_t *array = json_object_get(it->file->root, "tokens");
    item.key = "tokens";
    if (array != NULL && !json_is_array(array))
        return complain(&item, "it must be an array of secrets");
    item.key = key;
    json_array_foreach(array, i, item.value)
    {
        const char *token;
        snprintf(key, sizeof key, "tokens[%zu]", i);
        if (!read_secret(&item, SILT_SETTINGS_SECRET_LEAST, &token))
            return false;
        if (!silt_words_put(out, token, strlen(token)))
            return complain(&item, "out of memory");
    }
    return true;
}

bool silt_settings_file_read(const struct silt_settings_file *file,
                             const struct silt_settings_options *defaults, struct silt_settings *settings)
{
    const struct silt_settings_registry registry = {
        .ca = defaults->ca, .concurrency = defaults->concurrency, .sweep_ms = defaults->sweep_ms};
    const struct silt_settings_hook hook = {0};
    const struct silt_settings_announcement announcement = {.min_severity = SILT_LOW};
    const struct list lists[] = {
        {"registries", registry_fields, sizeof registry, &registry},
        {"hooks", hook_fields, sizeof hook, &hook},
        {"announcements", announcement_fields, sizeof announcement, &announcement},
    };
    const struct reading it = {file, &settings->kept, NULL, NULL};
    return read_list(&it, &lists[0], (void **)&settings->registries, &settings->registry_count) &&
           read_list(&it, &lists[1], (void **)&settings->hooks, &settings->hook_count) &&
           read_list(&it, &lists[2], (void **)&settings->announcements, &settings->announcement_count) &&
           read_tokens(&it, &settings->tokens);
}

/* Options */

static bool put_preset(struct silt_settings_file *file, const struct reading *it,
                       const struct silt_option *row, const char *text)
{
    char shown_as[PATH_MAX + KEY_SIZE];
    size_t count = file->preset_count;
    snprintf(shown_as, sizeof shown_as, "%s: %s", file->path, row->name);
    struct silt_option_preset *presets = realloc(file->presets, (count + 2) * sizeof *presets);
    if (presets == NULL)
        return complain(it, "out of memory");
    file->presets = presets;
    presets[count] = (struct silt_option_preset){
        row->name, row->is_file ? keep_path(it, text) : keep(it, text), keep(it, shown_as)};
    presets[count + 1] = (struct silt_option_preset){0};
    file->preset_count++;
    return presets[count].value != NULL && presets[count].shown_as != NULL;
}

static bool put_value(struct silt_settings_file *file, const struct reading *it,
                      const struct silt_option *row)
{
    char number[32];
    bool is_flag = row->kind == SILT_OPTION_FLAG;
    if (is_flag && json_is_boolean(it->value))
        return put_preset(file, it, row, json_is_true(it->value) ? "true" : "false");
    if (is_flag)
        return complain(it, "it must be true or false");
    bool is_quantity =
        row->kind == SILT_OPTION_NUMBER || row->kind == SILT_OPTION_SIZE || row->kind == SILT_OPTION_DURATION;
    if (is_quantity && json_is_integer(it->value)) {
        snprintf(number, sizeof number, "%lld", (long long)json_integer_value(it->value));
        return put_preset(file, it, row, number);
    }
    if (json_is_string(it->value))
        return put_preset(file, it, row, json_string_value(it->value));
    return complain(it, is_quantity ? "it must be a string or a number" : "it must be a string");
}

static bool put_option(struct silt_settings_file *file, const struct reading *it,
                       const struct silt_option *row)
{
    bool is_list = row->kind == SILT_OPTION_WORDS || row->kind == SILT_OPTION_PARTS;
    struct reading item = *it;
    size_t i;
    if (!is_list || !json_is_array(it->value))
        return put_value(file, it, row);
    json_array_foreach(it->value, i, item.value) if (!put_value(file, &item, row)) return false;
    return true;
}

static const char *const list_keys[] = {"registries", "hooks", "tokens", "announcements", "schema", NULL};

static bool is_list_key(const char *key)
{
    for (size_t i = 0; list_keys[i] != NULL; i++)
        if (strcmp(list_keys[i], key) == 0)
            return true;
    return false;
}

/* A key of the file that is neither an option nor a list. */
static bool refuse_top_key(const struct reading *it)
{
    const char *names[64];
    size_t count = 0;
    for (const struct silt_option *row = silt_settings_options_rows; row->name != NULL && count < 50; row++)
        names[count++] = row->name;
    for (size_t i = 0; list_keys[i] != NULL; i++)
        names[count++] = list_keys[i];
    names[count] = NULL;
    const char *nearest = silt_options_nearest(it->key, names);
    return nearest != NULL ? complain(it, "there is no such key; did you mean %s?", nearest)
                           : complain(it, "there is no such key; silt serve --help lists them");
}

static bool put_member(struct silt_settings_file *file, const struct reading *it)
{
    const struct silt_option *row = silt_settings_options_rows;
    while (row->name != NULL && strcmp(row->name, it->key) != 0)
        row++;
    if (row->name == NULL)
        return is_list_key(it->key) || refuse_top_key(it);
    if (row->offset == offsetof(struct silt_settings_options, config) ||
        row->offset == offsetof(struct silt_settings_options, check))
        return complain(it, "it is taken from the command line only");
    return put_option(file, it, row);
}

bool silt_settings_file_open(struct silt_settings_file *file, const char *path, struct silt_words *kept)
{
    struct reading it = {file, kept, NULL, NULL};
    file->path = path;
    file->root = silt_jsonfile_load(path, NULL);
    if (file->root == NULL)
        return false;
    json_object_foreach(file->root, it.key, it.value) if (!put_member(file, &it)) return false;
    return true;
}

void silt_settings_file_clear(struct silt_settings_file *file)
{
    json_decref(file->root);
    free(file->presets);
    *file = (struct silt_settings_file){0};
}
