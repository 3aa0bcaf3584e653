/*
 * definition.c: a signature's fields, as a table: name, type, whether it must be there, where it goes.
 *
 * Strict on purpose: a misspelt key in a signature would otherwise be a secret that is not found.
 */
#include "signature/definition.h"

#include "base/buffer.h"
#include "base/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WITHIN_DEFAULT = 64 };

/* What is being read, for the functions of the table. */
struct reading {
    struct silt_arena *arena;
    struct silt_signature *signature;
    const char *field;
    struct silt_error *error;
};

static enum silt_status wrong(const struct reading *reading, const char *expected)
{
    return silt_error_set(reading->error, SILT_ERR_USAGE, "%s: \"%s\" must be %s", reading->signature->id,
                          reading->field, expected);
}

static const char *const *empty_list(void)
{
    static const char *const list[] = {NULL};
    return list;
}

static enum silt_status copy(struct reading *reading, struct silt_span text, const char **target)
{
    *target = "";
    if (text.size == 0)
        return SILT_OK;
    if (memchr(text.data, 0, text.size) != NULL)
        return wrong(reading, "text without NUL");
    *target = silt_arena_copy(reading->arena, text);
    return *target != NULL ? SILT_OK : silt_error_memory(reading->error);
}

static enum silt_status read_text(struct reading *reading, const struct silt_json *value, void *target)
{
    if (!silt_json_is_string(value) || silt_json_text(value).size == 0)
        return wrong(reading, "a string that is not empty");
    return copy(reading, silt_json_text(value), target);
}

/* A list of strings; `read_item` reads each into a const char *. */
static enum silt_status read_items(struct reading *reading, const struct silt_json *value,
                                   enum silt_status (*read_item)(struct reading *reading,
                                                                 const struct silt_json *value, void *target),
                                   const char *const **target)
{
    if (!silt_json_is_array(value))
        return wrong(reading, "an array");
    size_t count = silt_json_count(value);
    const char **list = silt_arena_take(reading->arena, (count + 1) * sizeof *list);
    if (list == NULL)
        return silt_error_memory(reading->error);
    for (size_t i = 0; i < count; i++) {
        enum silt_status status = read_item(reading, silt_json_at(value, i), &list[i]);
        if (status != SILT_OK)
            return status;
    }
    *target = list;
    return SILT_OK;
}

static enum silt_status read_list(struct reading *reading, const struct silt_json *value, void *target)
{
    return read_items(reading, value, read_text, target);
}

/* One example: a string, or pieces of one. It may be empty. */
static enum silt_status read_example(struct reading *reading, const struct silt_json *value, void *target)
{
    if (silt_json_is_string(value))
        return copy(reading, silt_json_text(value), target);
    if (!silt_json_is_array(value))
        return wrong(reading, "an array of strings and of arrays of strings");
    struct silt_buffer joined = {0};
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < silt_json_count(value) && status == SILT_OK; i++) {
        const struct silt_json *piece = silt_json_at(value, i);
        status = silt_json_is_string(piece)
                     ? silt_buffer_append(&joined, silt_json_text(piece), reading->error)
                     : wrong(reading, "made of strings");
    }
    if (status == SILT_OK)
        status = copy(reading, silt_buffer_span(&joined), target);
    silt_buffer_clear(&joined);
    return status;
}

static enum silt_status read_examples(struct reading *reading, const struct silt_json *value, void *target)
{
    (void)target;
    if (!silt_json_is_object(value))
        return wrong(reading, "an object");
    void *iterator = NULL;
    const char *key;
    const struct silt_json *list;
    while (silt_json_next(value, &iterator, &key, &list)) {
        bool is_match = strcmp(key, "match") == 0;
        if (!is_match && strcmp(key, "no_match") != 0)
            return wrong(reading, "an object of \"match\" and \"no_match\" only");
        reading->field = is_match ? "examples.match" : "examples.no_match";
        const char *const **examples =
            is_match ? &reading->signature->examples_match : &reading->signature->examples_no_match;
        enum silt_status status = read_items(reading, list, read_example, examples);
        if (status != SILT_OK)
            return status;
    }
    return SILT_OK;
}

static enum silt_status read_word(struct reading *reading, const struct silt_json *value,
                                  const char *const *words, const char *expected, unsigned *out)
{
    for (unsigned i = 0; words[i] != NULL; i++) {
        if (!silt_span_is_text(silt_json_text(value), words[i]))
            continue;
        *out = i;
        return SILT_OK;
    }
    return wrong(reading, expected);
}

static enum silt_status read_severity(struct reading *reading, const struct silt_json *value, void *target)
{
    static const char *const words[] = {"info", "low", "medium", "high", "critical", NULL};
    unsigned word = 0;
    enum silt_status status = read_word(reading, value, words, "info, low, medium, high or critical", &word);
    *(enum silt_severity *)target = (enum silt_severity)word;
    return status;
}

static enum silt_status read_confidence(struct reading *reading, const struct silt_json *value, void *target)
{
    static const char *const words[] = {"low", "medium", "high", NULL};
    unsigned word = 0;
    enum silt_status status = read_word(reading, value, words, "low, medium or high", &word);
    *(enum silt_confidence *)target = (enum silt_confidence)word;
    return status;
}

static enum silt_status read_within(struct reading *reading, const struct silt_json *value, void *target)
{
    double number = silt_json_is_number(value) ? silt_json_number(value, 0) : 0;
    if (!(number >= 1 && number <= SILT_DEFINITION_WITHIN_MAX) || floor(number) != number)
        return wrong(reading, "a whole number of bytes from 1 to 16384");
    *(unsigned *)target = (unsigned)number;
    return SILT_OK;
}

static enum silt_status read_score(struct reading *reading, const struct silt_json *value, void *target)
{
    double number = silt_json_is_number(value) ? silt_json_number(value, -1) : -1;
    if (!(number >= 0 && number <= 1))
        return wrong(reading, "a number from 0 to 1");
    *(double *)target = number;
    return SILT_OK;
}

static enum silt_status read_companion(struct reading *reading, const struct silt_json *value, void *target)
{
    const struct silt_json *id = silt_json_get(value, "signature");
    const struct silt_json *within = silt_json_get(value, "within");
    if (silt_json_count(value) != 1 + (size_t)(within != NULL))
        return wrong(reading, "an object of \"signature\" and \"within\" only");
    enum silt_status status = SILT_OK;
    reading->field = "companion.within";
    if (within != NULL)
        status = read_within(reading, within, &reading->signature->companion_within);
    reading->field = "companion.signature";
    return status == SILT_OK ? read_text(reading, id, target) : status;
}

/* Read before all others. */
static enum silt_status read_nothing(struct reading *reading, const struct silt_json *value, void *target)
{
    (void)reading, (void)value, (void)target;
    return SILT_OK;
}

struct field {
    const char *name;
    enum silt_status (*read)(struct reading *reading, const struct silt_json *value, void *target);
    size_t target; /* offset in struct silt_signature */
    bool is_required;
};

#define TARGET(member) offsetof(struct silt_signature, member)

static const struct field fields[] = {
    {"id", read_nothing, TARGET(id), true},
    {"disabled", read_nothing, TARGET(id), false},
    {"name", read_text, TARGET(name), true},
    {"provider", read_text, TARGET(provider), true},
    {"severity", read_severity, TARGET(severity), true},
    {"confidence", read_confidence, TARGET(confidence), true},
    {"description", read_text, TARGET(description), true},
    {"remediation", read_text, TARGET(remediation), true},
    {"pattern", read_text, TARGET(pattern), false},
    {"prefilter", read_text, TARGET(prefilter), false},
    {"path", read_text, TARGET(path), false},
    {"keywords", read_list, TARGET(keywords), false},
    {"within", read_within, TARGET(within), false},
    {"validators", read_list, TARGET(validators), false},
    {"min_score", read_score, TARGET(min_score), false},
    {"companion", read_companion, TARGET(companion), false},
    {"allow", read_list, TARGET(allow), false},
    {"references", read_list, TARGET(references), false},
    {"examples", read_examples, TARGET(examples_match), false},
};

enum { FIELD_COUNT = sizeof fields / sizeof fields[0] };

static size_t find_field(const char *name)
{
    size_t i = 0;
    while (i < FIELD_COUNT && strcmp(fields[i].name, name) != 0)
        i++;
    return i;
}

/* provider.kind: [a-z0-9-]+(\.[a-z0-9-]+)+ */
static bool is_id(const char *text)
{
    size_t parts = 0, length = 0;
    for (const char *p = text;; p++) {
        if (*p == '.' || *p == '\0') {
            if (length == 0)
                return false;
            parts++;
            length = 0;
            if (*p == '\0')
                return parts >= 2;
        } else if ((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') || *p == '-') {
            length++;
        } else {
            return false;
        }
    }
}

static void set_defaults(struct silt_signature *signature, const char *file)
{
    const char *const *none = empty_list();
    *signature = (struct silt_signature){
        .id = "",
        .name = "",
        .provider = "",
        .pattern = "",
        .prefilter = "",
        .path = "",
        .companion = "",
        .description = "",
        .remediation = "",
        .keywords = none,
        .validators = none,
        .allow = none,
        .references = none,
        .examples_match = none,
        .examples_no_match = none,
        .within = WITHIN_DEFAULT,
        .companion_within = WITHIN_DEFAULT,
        .file = file,
    };
}

static enum silt_status read_id(const struct silt_json *object, size_t index, struct reading *reading)
{
    const char *id = silt_json_string(silt_json_get(object, "id"), NULL);
    if (id == NULL)
        return silt_error_set(reading->error, SILT_ERR_USAGE, "signature %zu: \"id\" is missing or no string",
                              index + 1);
    if (!is_id(id))
        return silt_error_set(
            reading->error, SILT_ERR_USAGE,
            "signature %zu: \"id\" must have the form provider.kind in lower case, not \"%.80s\"", index + 1,
            id);
    return copy(reading, silt_span_text(id), &reading->signature->id);
}

static enum silt_status read_members(const struct silt_json *object, struct reading *reading)
{
    bool seen[FIELD_COUNT] = {false};
    void *iterator = NULL;
    const char *key;
    const struct silt_json *value;
    while (silt_json_next(object, &iterator, &key, &value)) {
        size_t i = find_field(key);
        if (i == FIELD_COUNT)
            return silt_error_set(reading->error, SILT_ERR_USAGE, "%s: unknown key \"%.80s\"",
                                  reading->signature->id, key);
        seen[i] = true;
        reading->field = fields[i].name;
        enum silt_status status =
            fields[i].read(reading, value, (char *)reading->signature + fields[i].target);
        if (status != SILT_OK)
            return status;
    }
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (fields[i].is_required && !seen[i])
            return silt_error_set(reading->error, SILT_ERR_USAGE, "%s: \"%s\" is missing",
                                  reading->signature->id, fields[i].name);
    return SILT_OK;
}

static enum silt_status check_disabled(const struct silt_json *object, struct reading *reading, bool *out)
{
    const struct silt_json *value = silt_json_get(object, "disabled");
    bool is_set = silt_json_boolean(value, false);
    reading->field = "disabled";
    if (value != NULL && is_set != silt_json_boolean(value, true))
        return wrong(reading, "true or false");
    *out = is_set;
    return SILT_OK;
}

enum silt_status silt_definition_read(const struct silt_json *object, const char *file, size_t index,
                                      struct silt_arena *arena, struct silt_definition *out,
                                      struct silt_error *error)
{
    struct reading reading = {.arena = arena, .signature = &out->signature, .field = "id", .error = error};
    set_defaults(&out->signature, file);
    enum silt_status status = read_id(object, index, &reading);
    if (status == SILT_OK)
        status = check_disabled(object, &reading, &out->is_disabled);
    if (status != SILT_OK || out->is_disabled)
        return status;
    status = read_members(object, &reading);
    if (status == SILT_OK && out->signature.pattern[0] == '\0' && out->signature.path[0] == '\0')
        status =
            silt_error_set(error, SILT_ERR_USAGE, "%s: neither \"pattern\" nor \"path\"", out->signature.id);
    return status;
}
