/*
 * jsonfile.c: JSON files that people write, and what is wrong with them.
 */
#include "jsonfile.h"

#include "escape.h"
#include "options.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

bool silt_jsonfile_complain(const struct silt_jsonfile_place *place, const char *key, const char *why)
{
    fputs("silt: ", stderr);
    silt_escape_print_text(stderr, place->path);
    if (place->what != NULL)
        fprintf(stderr, ": %s %zu", place->what, place->number);
    if (key != NULL) {
        fputs(": ", stderr);
        silt_escape_print_text(stderr, key);
    }
    fprintf(stderr, ": %s\n", why);
    return false;
}

json_t *silt_jsonfile_load(const char *path, const char *schema)
{
    const struct silt_jsonfile_place place = {path, NULL, 0};
    json_error_t error;
    char why[64 + JSON_ERROR_TEXT_LENGTH];
    json_t *object = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (object == NULL && error.line > 0)
        snprintf(why, sizeof why, "line %d, column %d: %s", error.line, error.column, error.text);
    else if (object == NULL)
        snprintf(why, sizeof why, "%s", error.text);
    const char *said = json_string_value(json_object_get(object, "schema"));
    bool is_good = object != NULL;
    if (is_good && !json_is_object(object)) {
        snprintf(why, sizeof why, "it is no JSON object");
        is_good = false;
    } else if (is_good && schema != NULL && (said == NULL || strcmp(said, schema) != 0)) {
        snprintf(why, sizeof why, "its \"schema\" must be \"%s\"", schema);
        is_good = false;
    }
    if (is_good)
        return object;
    silt_jsonfile_complain(&place, NULL, why);
    json_decref(object);
    return NULL;
}

bool silt_jsonfile_check_keys(const struct silt_jsonfile_place *place, json_t *object,
                              const char *const *keys)
{
    const char *key;
    json_t *value;
    if (!json_is_object(object))
        return silt_jsonfile_complain(place, NULL, "it is no object");
    json_object_foreach(object, key, value)
    {
        size_t i = 0;
        while (keys[i] != NULL && strcmp(keys[i], key) != 0)
            i++;
        if (keys[i] != NULL)
            continue;
        char why[128] = "there is no such key";
        const char *nearest = silt_options_nearest(key, keys);
        if (nearest != NULL)
            snprintf(why, sizeof why, "there is no such key; did you mean %s?", nearest);
        return silt_jsonfile_complain(place, key, why);
    }
    return true;
}

bool silt_jsonfile_text(const struct silt_jsonfile_place *place, json_t *object, const char *key,
                        const char **out)
{
    json_t *value = json_object_get(object, key);
    *out = json_string_value(value);
    if (value != NULL && !json_is_null(value) && *out == NULL)
        return silt_jsonfile_complain(place, key, "it must be a string");
    return true;
}

bool silt_jsonfile_is_date(const char *text)
{
    static const char form[] = "dddd-dd-dd";
    for (size_t i = 0; i < sizeof form; i++)
        if (form[i] == 'd' ? !isdigit((unsigned char)text[i]) : text[i] != form[i])
            return false;
    struct tm day = {0};
    const char *end = strptime(text, "%Y-%m-%d", &day);
    return end != NULL && *end == '\0';
}

void silt_jsonfile_today(char out[11])
{
    time_t now = time(NULL);
    struct tm day;
    if (gmtime_r(&now, &day) == NULL || strftime(out, 11, "%Y-%m-%d", &day) == 0)
        memcpy(out, "1970-01-01", 11);
}

bool silt_jsonfile_date(const struct silt_jsonfile_place *place, json_t *object, const char *key,
                        const char **out, bool *is_past)
{
    char today[11];
    *is_past = false;
    if (!silt_jsonfile_text(place, object, key, out))
        return false;
    if (*out == NULL)
        return true;
    if (!silt_jsonfile_is_date(*out))
        return silt_jsonfile_complain(place, key, "it must be a date, YYYY-MM-DD");
    silt_jsonfile_today(today);
    *is_past = strcmp(*out, today) < 0;
    return true;
}
