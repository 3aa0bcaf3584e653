/*
 * json.c: jansson behind a budget.
 *
 * jansson's allocator is global to the process, so the budget is not kept there: a pass over the text counts
 * the values first. A value costs at most about 80 bytes, a member another 80 (measured: 4 MiB of "[[],[],…"
 * became 322 MiB, 76 bytes a byte-pair), and strings their length.
 */
#include "base/json.h"

#include "base/error.h"

#include <jansson.h>
#include <stdlib.h>

enum { VALUE_COST = 160, DEPTH_MAX = 512 };

struct count {
    size_t values, depth, deepest;
};

static const uint8_t *skip_string(const uint8_t *p, const uint8_t *end)
{
    for (p++; p < end && *p != '"'; p++)
        if (*p == '\\')
            p++;
    return p;
}

static struct count count_values(struct silt_span text)
{
    struct count count = {.values = 1};
    const uint8_t *end = text.data + text.size;
    for (const uint8_t *p = text.data; p < end; p++) {
        if (*p == '"') {
            p = skip_string(p, end);
        } else if (*p == '[' || *p == '{') {
            count.values++;
            if (++count.depth > count.deepest)
                count.deepest = count.depth;
        } else if ((*p == ']' || *p == '}') && count.depth > 0) {
            count.depth--;
        } else if (*p == ',') {
            count.values++;
        }
    }
    return count;
}

/* jansson 2.14 does not notice when its string buffer cannot grow: it drops bytes, or writes beyond. So
 * whether there is room is asked before; a thread that takes it in between is left to chance. */
static bool has_room(size_t size_bytes)
{
    void *volatile room = malloc(size_bytes); /* volatile: else the compiler takes both calls out */
    free(room);
    return room != NULL;
}

enum silt_status silt_json_parse(struct silt_span text, size_t budget_bytes, struct silt_json **out,
                                 struct silt_error *error)
{
    if (text.size == 0)
        return silt_error_set(error, SILT_ERR_CORRUPT, "empty where JSON is expected");
    struct count count = count_values(text);
    if (count.deepest > DEPTH_MAX)
        return silt_error_set(error, SILT_ERR_LIMIT, "JSON nests deeper than %d", DEPTH_MAX);
    if (count.values > budget_bytes / VALUE_COST || text.size > budget_bytes - count.values * VALUE_COST)
        return silt_error_set(error, SILT_ERR_LIMIT, "JSON of %zu bytes and %zu values needs too much memory",
                              text.size, count.values);
    if (!has_room(count.values * VALUE_COST + text.size))
        return silt_error_memory(error);
    json_error_t problem;
    json_t *root = json_loadb((const char *)text.data, text.size, JSON_ALLOW_NUL | JSON_DECODE_ANY, &problem);
    if (root == NULL && json_error_code(&problem) == json_error_out_of_memory)
        return silt_error_memory(error);
    if (root == NULL)
        return silt_error_set(error, SILT_ERR_CORRUPT, "not JSON: line %d, column %d: %s", problem.line,
                              problem.column, problem.text);
    *out = (struct silt_json *)root;
    return SILT_OK;
}

void silt_json_free(struct silt_json *root)
{
    json_decref((json_t *)root);
}

static int print_piece(const char *bytes, size_t size, void *context)
{
    return silt_buffer_append(context, silt_span_of(bytes, size), NULL) == SILT_OK ? 0 : -1;
}

enum silt_status silt_json_print(const struct silt_json *value, struct silt_buffer *out,
                                 struct silt_error *error)
{
    const size_t flags = JSON_COMPACT | JSON_ENCODE_ANY;
    return json_dump_callback((json_t *)(uintptr_t)value, print_piece, out, flags) == 0
               ? SILT_OK
               : silt_error_memory(error);
}

/* jansson's getters take non-const pointers but do not write. */
static json_t *inner(const struct silt_json *value)
{
    return (json_t *)(uintptr_t)value;
}

const struct silt_json *silt_json_get(const struct silt_json *object, const char *key)
{
    return (const struct silt_json *)json_object_get(inner(object), key);
}

const struct silt_json *silt_json_at(const struct silt_json *array, size_t index)
{
    return (const struct silt_json *)json_array_get(inner(array), index);
}

size_t silt_json_count(const struct silt_json *value)
{
    return json_is_array(inner(value)) ? json_array_size(inner(value)) : json_object_size(inner(value));
}

bool silt_json_is_object(const struct silt_json *value)
{
    return json_is_object(inner(value));
}

bool silt_json_is_array(const struct silt_json *value)
{
    return json_is_array(inner(value));
}

bool silt_json_is_string(const struct silt_json *value)
{
    return json_is_string(inner(value));
}

bool silt_json_is_number(const struct silt_json *value)
{
    return json_is_number(inner(value));
}

struct silt_span silt_json_text(const struct silt_json *value)
{
    if (!silt_json_is_string(value))
        return (struct silt_span){NULL, 0};
    return silt_span_of(json_string_value(inner(value)), json_string_length(inner(value)));
}

const char *silt_json_string(const struct silt_json *value, const char *fallback)
{
    struct silt_span text = silt_json_text(value);
    if (text.data == NULL || memchr(text.data, '\0', text.size) != NULL)
        return fallback;
    return (const char *)text.data;
}

double silt_json_number(const struct silt_json *value, double fallback)
{
    if (json_is_boolean(inner(value)))
        return json_is_true(inner(value)) ? 1 : 0;
    return json_is_number(inner(value)) ? json_number_value(inner(value)) : fallback;
}

bool silt_json_boolean(const struct silt_json *value, bool fallback)
{
    return json_is_boolean(inner(value)) ? json_is_true(inner(value)) : fallback;
}

bool silt_json_next(const struct silt_json *object, void **iterator, const char **key,
                    const struct silt_json **value)
{
    json_t *object_inner = inner(object);
    *iterator =
        *iterator == NULL ? json_object_iter(object_inner) : json_object_iter_next(object_inner, *iterator);
    if (*iterator == NULL)
        return false;
    *key = json_object_iter_key(*iterator);
    *value = (const struct silt_json *)json_object_iter_value(*iterator);
    return true;
}
