/*
 * link.c: RFC 8288, 3:  Link = "<" URI-Reference ">" { ";" parameter } { "," … }
 */
#include "registry/link.h"

#include <strings.h>

struct scanner {
    const uint8_t *at, *end;
};

static void skip(struct scanner *in, const char *set)
{
    while (in->at < in->end && *in->at != '\0' && strchr(set, *in->at) != NULL)
        in->at++;
}

static struct silt_span take_until(struct scanner *in, const char *set)
{
    const uint8_t *start = in->at;
    while (in->at < in->end && (*in->at == '\0' || strchr(set, *in->at) == NULL))
        in->at++;
    return silt_span_of(start, (size_t)(in->at - start));
}

/* A token or the inside of a quoted string. */
static struct silt_span take_value(struct scanner *in)
{
    if (in->at == in->end || *in->at != '"')
        return take_until(in, " \t;,");
    in->at++;
    struct silt_span inside = take_until(in, "\"");
    in->at += in->at < in->end;
    return inside;
}

/* Whether a list of relation types, parted by blanks, has "next". */
static bool has_next(struct silt_span relations)
{
    struct scanner in = {relations.data, relations.data + relations.size};
    while (in.at < in.end) {
        skip(&in, " \t");
        struct silt_span word = take_until(&in, " \t");
        if (word.size == 4 && strncasecmp((const char *)word.data, "next", 4) == 0)
            return true;
    }
    return false;
}

/* Reads the parameters behind one target; answers whether its relation is "next". Only the first rel counts.
 */
static bool is_next(struct scanner *in)
{
    bool is_found = false, has_relation = false;
    for (skip(in, " \t"); in->at < in->end && *in->at == ';'; skip(in, " \t")) {
        in->at++;
        skip(in, " \t");
        struct silt_span name = take_until(in, " \t=;,");
        struct silt_span value = silt_span_text("");
        skip(in, " \t");
        if (in->at < in->end && *in->at == '=') {
            in->at++;
            skip(in, " \t");
            value = take_value(in);
        }
        if (name.size != 3 || strncasecmp((const char *)name.data, "rel", 3) != 0 || has_relation)
            continue;
        has_relation = true;
        is_found = has_next(value);
    }
    return is_found;
}

struct silt_span silt_link_next(struct silt_span value)
{
    if (value.size == 0)
        return value;
    struct scanner in = {value.data, value.data + value.size};
    while (in.at < in.end) {
        take_until(&in, "<");
        in.at += in.at < in.end;
        struct silt_span target = take_until(&in, ">");
        if (in.at == in.end)
            break;
        in.at++;
        if (is_next(&in))
            return target;
    }
    return (struct silt_span){0};
}
