/*
 * fields.c: names and values; forms are decoded here (WHATWG URL, "application/x-www-form-urlencoded").
 */
#include "serve/http/fields.h"

#include <stdlib.h>
#include <string.h>

void silt_fields_put(struct silt_fields *fields, const char *name, const char *value)
{
    struct silt_request_field *items = fields->items;
    bool is_full = fields->count == SILT_FIELDS_MOST;
    if (!is_full && (fields->count & (fields->count - 1)) == 0) /* a power of two: room for twice as many */
        items = realloc(items, (fields->count > 0 ? 2 * fields->count : 1) * sizeof *items);
    if (is_full || items == NULL) {
        fields->has_failed = true;
        return;
    }
    fields->items = items;
    items[fields->count++] = (struct silt_request_field){name, value != NULL ? value : ""};
}

static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    digit |= 0x20;
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* Decodes a text in place. */
static void decode(char *text)
{
    char *out = text;
    for (; *text != '\0'; text++) {
        int high = *text == '%' ? hex_value(text[1]) : -1;
        int low = high >= 0 ? hex_value(text[2]) : -1;
        if (low >= 0 && high * 16 + low != 0) {
            *out++ = (char)(high * 16 + low);
            text += 2;
        } else {
            *out++ = *text == '+' ? ' ' : *text;
        }
    }
    *out = '\0';
}

void silt_fields_put_form(struct silt_fields *fields, struct silt_span body)
{
    if (body.size == 0)
        return;
    fields->text = strndup((const char *)body.data, body.size);
    char *rest = fields->text, *pair;
    fields->has_failed = fields->has_failed || rest == NULL;
    while (rest != NULL && (pair = strsep(&rest, "&")) != NULL) {
        char *value = pair, *name = strsep(&value, "=");
        decode(name);
        if (value != NULL)
            decode(value);
        if (name[0] != '\0')
            silt_fields_put(fields, name, value);
    }
}

struct silt_request_fields silt_fields_list(const struct silt_fields *fields)
{
    return (struct silt_request_fields){fields->items, fields->count};
}

void silt_fields_clear(struct silt_fields *fields)
{
    if (fields->text != NULL)
        explicit_bzero(fields->text, strlen(fields->text));
    free(fields->text);
    free(fields->items);
    *fields = (struct silt_fields){0};
}
