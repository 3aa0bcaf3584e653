/*
 * jsonfile.h: JSON files that people write (allow rules, baselines, configuration), read so that a mistake is
 * named with its file and key.
 */
#ifndef SILT_CLI_JSONFILE_H
#define SILT_CLI_JSONFILE_H

#include <jansson.h>
#include <stdbool.h>

/* Reads an object from a file. `schema` is what its member "schema" must say; NULL: it may lack. What is
 * wrong is told on standard error with file, line and column, and the answer is NULL. */
json_t *silt_jsonfile_load(const char *path, const char *schema);

/* An object in a file, for messages: "rule 3 of allow.json". */
struct silt_jsonfile_place {
    const char *path;
    const char *what; /* "rule", "entry"; NULL: the file itself */
    size_t number;    /* 1-based */
};

/* Tells on standard error what is wrong at a key (NULL: at the whole object); answers false. */
bool silt_jsonfile_complain(const struct silt_jsonfile_place *place, const char *key, const char *why);

/* Checks that the value is an object with none but these keys, NULL-terminated. */
bool silt_jsonfile_check_keys(const struct silt_jsonfile_place *place, json_t *object,
                              const char *const *keys);

/* A member that is a string, borrowed from the object; *out is NULL where it is absent or null. */
bool silt_jsonfile_text(const struct silt_jsonfile_place *place, json_t *object, const char *key,
                        const char **out);

/* The same for a date, YYYY-MM-DD: *is_past says whether that day is over (UTC); false if absent. */
bool silt_jsonfile_date(const struct silt_jsonfile_place *place, json_t *object, const char *key,
                        const char **out, bool *is_past);

/* Whether text is a date, YYYY-MM-DD; and today's (UTC). */
bool silt_jsonfile_is_date(const char *text);
void silt_jsonfile_today(char out[11]);

#endif
