/*
 * member.c: JSON members by key, as Go finds them.
 */
#include "image/member.h"

#include <strings.h>

const struct silt_json *silt_member_get(const struct silt_json *object, const char *key)
{
    const struct silt_json *exact = silt_json_get(object, key), *value;
    if (exact != NULL)
        return exact;
    void *iterator = NULL;
    const char *other;
    while (silt_json_is_object(object) && silt_json_next(object, &iterator, &other, &value))
        if (strcasecmp(other, key) == 0)
            return value;
    return NULL;
}

const char *silt_member_string(const struct silt_json *object, const char *key)
{
    const char *text = silt_json_string(silt_member_get(object, key), NULL);
    return text != NULL && text[0] != '\0' ? text : NULL;
}

const char *silt_member_copy(const struct silt_json *object, const char *key, struct silt_arena *arena,
                             bool *ok)
{
    const char *text = silt_member_string(object, key);
    if (text == NULL)
        return NULL;
    const char *copy = silt_arena_copy(arena, silt_span_text(text));
    *ok = *ok && copy != NULL;
    return copy;
}

bool silt_member_size(const struct silt_json *object, const char *key, uint64_t *out)
{
    const double size_max = 9007199254740992.0; /* 2^53 */
    const struct silt_json *value = silt_member_get(object, key);
    double number = silt_json_number(value, -1);
    bool is_good =
        silt_json_is_number(value) && number >= 0 && number <= size_max && number == (double)(uint64_t)number;
    *out = is_good ? (uint64_t)number : 0;
    return is_good || value == NULL;
}
