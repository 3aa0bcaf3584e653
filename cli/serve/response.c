/*
 * response.c: an answer that grows in memory.
 */
#include "response.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FIRST_CAPACITY = 1024 };

/* Makes room for `size` bytes and the terminator. */
static bool reserve(struct silt_response *response, size_t size)
{
    if (response->has_failed)
        return false;
    if (size < response->capacity - response->size) /* one byte is the terminator's */
        return true;
    size_t capacity = response->capacity > 0 ? response->capacity : FIRST_CAPACITY;
    while (capacity - response->size <= size)
        capacity *= 2;
    char *body = realloc(response->body, capacity);
    response->has_failed = body == NULL;
    if (body == NULL)
        return false;
    response->body = body;
    response->capacity = capacity;
    return true;
}

void silt_response_put(struct silt_response *response, const void *bytes, size_t size)
{
    if (!reserve(response, size))
        return;
    if (size > 0)
        memcpy(response->body + response->size, bytes, size);
    response->size += size;
    response->body[response->size] = '\0';
}

void silt_response_text(struct silt_response *response, const char *text)
{
    silt_response_put(response, text, strlen(text));
}

static void print_list(struct silt_response *response, const char *format, va_list list)
{
    va_list again;
    va_copy(again, list);
    int size = vsnprintf(NULL, 0, format, list);
    if (size < 0)
        response->has_failed = true;
    else if (reserve(response, (size_t)size)) {
        vsnprintf(response->body + response->size, (size_t)size + 1, format, again);
        response->size += (size_t)size;
    }
    va_end(again);
}

void silt_response_print(struct silt_response *response, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    print_list(response, format, list);
    va_end(list);
}

void silt_response_set(struct silt_response *response, const char *name, const char *value)
{
    struct silt_response_header *header = response->headers;
    struct silt_response_header *end = header + response->header_count;
    while (header < end && strcasecmp(header->name, name) != 0)
        header++;
    if (header == end && response->header_count == SILT_RESPONSE_MOST_HEADERS) {
        response->has_failed = true;
        return;
    }
    if (header == end)
        *header = (struct silt_response_header){strdup(name), NULL};
    response->header_count += header == end;
    free(header->value);
    header->value = strndup(value, strcspn(value, "\r\n"));
    if (header->name == NULL || header->value == NULL)
        response->has_failed = true;
}

static int write_piece(const char *bytes, size_t size, void *context)
{
    struct silt_response *response = context;
    silt_response_put(response, bytes, size);
    return response->has_failed ? -1 : 0;
}

static void begin(struct silt_response *response, unsigned status, const char *type)
{
    response->status = status;
    response->type = type;
    response->size = 0;
}

void silt_response_json(struct silt_response *response, unsigned status, json_t *value)
{
    begin(response, status, "application/json");
    if (value == NULL ||
        json_dump_callback(value, write_piece, response,
                           JSON_COMPACT | JSON_ENSURE_ASCII | JSON_ENCODE_ANY | JSON_REAL_PRECISION(4)) != 0)
        response->has_failed = true;
    silt_response_text(response, "\n");
    json_decref(value);
}

void silt_response_plain(struct silt_response *response, unsigned status, const char *format, ...)
{
    va_list list;
    begin(response, status, "text/plain; charset=utf-8");
    va_start(list, format);
    print_list(response, format, list);
    va_end(list);
    silt_response_text(response, "\n");
}

void silt_response_redirect(struct silt_response *response, const char *path)
{
    silt_response_plain(response, 303, "see %s", path);
    silt_response_set(response, "Location", path);
}

void silt_response_clear(struct silt_response *response)
{
    for (size_t i = 0; i < response->header_count; i++) {
        free(response->headers[i].name);
        free(response->headers[i].value);
    }
    if (response->body != NULL)
        explicit_bzero(response->body, response->capacity);
    free(response->body);
    *response = (struct silt_response){.status = 200};
}
