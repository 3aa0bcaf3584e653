/*
 * request.c: looking things up in a request.
 */
#include "request.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *find(const struct silt_request_fields *fields, const char *name)
{
    for (size_t i = 0; i < fields->count; i++)
        if (strcmp(fields->items[i].name, name) == 0)
            return fields->items[i].value;
    return NULL;
}

const char *silt_request_header(const struct silt_request *request, const char *name)
{
    for (size_t i = 0; i < request->headers.count; i++)
        if (strcasecmp(request->headers.items[i].name, name) == 0)
            return request->headers.items[i].value;
    return NULL;
}

const char *silt_request_query(const struct silt_request *request, const char *name)
{
    return find(&request->query, name);
}

const char *silt_request_cookie(const struct silt_request *request, const char *name)
{
    return find(&request->cookies, name);
}

const char *silt_request_form(const struct silt_request *request, const char *name)
{
    return find(&request->form, name);
}

const char *silt_request_parameter(const struct silt_request *request, const char *name)
{
    return find(&request->parameters, name);
}

bool silt_request_query_number(const struct silt_request *request, const char *name, unsigned most,
                               unsigned fallback, unsigned *out)
{
    const char *text = silt_request_query(request, name);
    if (text == NULL) {
        *out = fallback;
        return true;
    }
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 9 || text[digits] != '\0' || strtoul(text, NULL, 10) > most)
        return false;
    *out = (unsigned)strtoul(text, NULL, 10);
    return true;
}

bool silt_request_is_type(const struct silt_request *request, const char *type)
{
    const char *given = silt_request_header(request, "Content-Type");
    size_t size = given != NULL ? strcspn(given, "; \t") : 0;
    return size == strlen(type) && strncasecmp(given, type, size) == 0;
}

const char *silt_request_bearer(const struct silt_request *request)
{
    const char *value = silt_request_header(request, "Authorization");
    if (value == NULL || strncasecmp(value, "Bearer ", 7) != 0)
        return NULL;
    value += 7;
    return value + strspn(value, " ");
}
