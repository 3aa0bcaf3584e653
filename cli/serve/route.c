/*
 * route.c: from a path to its handler. The table is short and walked from its beginning.
 */
#include "route.h"

#include "gate.h"

#include <stdio.h>
#include <string.h>

#define SILT_ROUTE(method, path, access, answer) silt_route_answer answer;
#include "routes.def"
#undef SILT_ROUTE

static const struct silt_route routes[] = {
#define SILT_ROUTE(method, path, access, answer) {#method, path, SILT_ACCESS_##access, answer},
#include "routes.def"
#undef SILT_ROUTE
};

enum { ROUTE_COUNT = sizeof routes / sizeof *routes, PARAMETERS_MAX = 6, TEXT_SIZE = 2048 };

/* The parameters of a path that fits, and their texts. */
struct fit {
    struct silt_request_field fields[PARAMETERS_MAX];
    size_t count;
    char text[TEXT_SIZE];
    size_t used;
};

/* Copies a piece of text; "" once there is no room, which fits nothing. */
static const char *keep(struct fit *fit, const char *text, size_t size)
{
    if (size + 1 > TEXT_SIZE - fit->used)
        return "";
    char *copy = fit->text + fit->used;
    memcpy(copy, text, size);
    copy[size] = '\0';
    fit->used += size + 1;
    return copy;
}

/* Takes the segment `:name` for a parameter; `takes_rest` for `:name*`. False if nothing is there to take. */
static bool take_parameter(struct fit *fit, const char *name, size_t name_size, const char **path)
{
    bool takes_rest = name_size > 0 && name[name_size - 1] == '*';
    size_t size = takes_rest ? strlen(*path) : strcspn(*path, "/");
    if (size == 0 || size >= TEXT_SIZE / 2 || fit->count == PARAMETERS_MAX)
        return false;
    struct silt_request_field *field = &fit->fields[fit->count++];
    field->name = keep(fit, name, name_size - takes_rest);
    field->value = keep(fit, *path, size);
    *path += size;
    return field->value[0] != '\0';
}

static bool fits(const char *pattern, const char *path, struct fit *fit)
{
    fit->count = fit->used = 0;
    while (*pattern != '\0') {
        if (*pattern == ':') {
            size_t size = strcspn(pattern, "/");
            if (!take_parameter(fit, pattern + 1, size - 1, &path))
                return false;
            pattern += size;
        } else if (*pattern++ != *path++) {
            return false;
        }
    }
    return *path == '\0';
}

static void refuse(struct silt_response *response, const char *allowed)
{
    if (allowed[0] == '\0') {
        silt_response_plain(response, 404, "there is nothing here");
        return;
    }
    silt_response_plain(response, 405, "this is asked with %s", allowed);
    silt_response_set(response, "Allow", allowed);
}

void silt_route_serve(const struct silt_context *context, const struct silt_request *request,
                      struct silt_response *response)
{
    struct fit fit;
    char allowed[64] = "";
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        const struct silt_route *route = &routes[i];
        if (!fits(route->path, request->path, &fit))
            continue;
        if (strcmp(route->method, request->method) == 0) {
            struct silt_request routed = *request;
            routed.parameters = (struct silt_request_fields){fit.fields, fit.count};
            if (silt_gate_admits(context, &routed, route->access, response))
                route->answer(context, &routed, response);
            return;
        }
        size_t used = strlen(allowed);
        if (strstr(allowed, route->method) == NULL)
            snprintf(allowed + used, sizeof allowed - used, "%s%s", used > 0 ? ", " : "", route->method);
    }
    refuse(response, allowed);
}
