/*
 * globs.c: a glob's parts translated one by one. Sets become "any byte but a slash", which is more than they
 * match: the confirm step holds the glob itself against the path.
 */
#include "match/globs.h"

#include "base/hex.h"

#include <ctype.h>

/* Translates what stands at *glob, and moves behind it. */
static struct silt_span translate(const char **glob, char literal[8], bool *is_in_braces)
{
    const char *p = *glob;
    if (p[0] == '*' && p[1] == '*') {
        bool is_whole = p[2] == '/';
        *glob = p + (is_whole ? 3 : 2);
        return silt_span_text(is_whole ? "(?:.*/)?" : ".*");
    }
    *glob = p + 1;
    switch (*p) {
    case '*':
        return silt_span_text("[^/]*");
    case '?':
        return silt_span_text("[^/]");
    case '{':
        *is_in_braces = true;
        return silt_span_text("(?:");
    case '}':
        *is_in_braces = false;
        return silt_span_text(")");
    case ',':
        if (*is_in_braces)
            return silt_span_text("|");
        break;
    case '[':
        *glob = strchr(p + 2, ']') != NULL ? strchr(p + 2, ']') + 1 : p + strlen(p);
        return silt_span_text("[^/]");
    default:
        break;
    }
    if (isalnum((unsigned char)*p) || *p == '_' || *p == '/') {
        literal[0] = *p;
        return silt_span_of(literal, 1);
    }
    memcpy(literal, "\\x", 2);
    silt_hex_print(silt_span_of(p, 1), literal + 2);
    return silt_span_of(literal, 4);
}

enum silt_status silt_globs_print(const char *glob, struct silt_buffer *out, struct silt_error *error)
{
    bool is_about_name = strchr(glob, '/') == NULL;
    enum silt_status status = silt_buffer_append(out, silt_span_text(is_about_name ? "(?:^|/)" : "^"), error);
    bool is_in_braces = false;
    while (*glob != '\0' && status == SILT_OK) {
        char literal[8];
        struct silt_span part = translate(&glob, literal, &is_in_braces);
        status = silt_buffer_append(out, part, error);
    }
    return status == SILT_OK ? silt_buffer_append(out, silt_span_text("$"), error) : status;
}
