/*
 * package_npm.c: package.json of what npm, yarn or pnpm put into node_modules: name and version. npm keeps no
 * checksums of files (those in package-lock.json are of whole archives).
 *
 * An npm tree has thousands of them, so that no JSON document is made: one pass looks for two strings that
 * are members of the outermost object.
 */
#include "base/path.h"
#include "image/package_reader.h"

enum { MANIFEST_MAX = 256 * 1024 };

/* node_modules/NAME/package.json or node_modules/@SCOPE/NAME/package.json */
static bool is_manifest(struct silt_span path)
{
    if (!silt_span_has_suffix(path, "/package.json"))
        return false;
    struct silt_span around = silt_path_parent(silt_path_parent(path));
    if (silt_span_has_prefix(silt_path_name(around), "@"))
        around = silt_path_parent(around);
    return silt_span_is_text(silt_path_name(around), "node_modules");
}

/* A string's inside, and the place behind it; `at` stands behind the opening quote. */
static struct silt_span take_string(struct silt_span text, size_t *at)
{
    size_t start = *at, end = start;
    while (end < text.size && text.data[end] != '"')
        end += text.data[end] == '\\' ? 2 : 1;
    struct silt_span inside = silt_span_slice(text, start, end - start);
    *at = end + 1;
    return inside;
}

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The next byte that is no space; 0 at the end. */
static uint8_t skip_spaces(struct silt_span text, size_t *at)
{
    while (*at < text.size && is_space(text.data[*at]))
        (*at)++;
    return *at < text.size ? text.data[*at] : 0;
}

/* Takes the string that follows a colon; an empty span if something else does. */
static struct silt_span take_value(struct silt_span text, size_t *at)
{
    if (skip_spaces(text, at) != ':')
        return (struct silt_span){NULL, 0};
    (*at)++;
    if (skip_spaces(text, at) != '"')
        return (struct silt_span){NULL, 0};
    (*at)++;
    return take_string(text, at);
}

static void put_manifest(struct silt_package_reading *reading, struct silt_span text)
{
    struct silt_span name = {NULL, 0}, version = {NULL, 0};
    int depth = 0;
    for (size_t at = 0; at < text.size;) {
        uint8_t c = text.data[at++];
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        if (c != '"')
            continue;
        struct silt_span key = take_string(text, &at);
        if (depth == 1 && silt_span_is_text(key, "name"))
            name = take_value(text, &at);
        else if (depth == 1 && silt_span_is_text(key, "version"))
            version = take_value(text, &at);
    }
    silt_package_reader_put_name(reading, name, version);
    silt_package_reader_put_file(reading, (struct silt_span){NULL, 0},
                                 silt_path_parent(silt_buffer_span(&reading->path)), SILT_PACKAGE_TREE,
                                 (struct silt_span){NULL, 0});
}

const struct silt_package_format silt_package_npm_manifest = {
    .manager = SILT_PACKAGE_NPM, .whole_max = MANIFEST_MAX, .is_record = is_manifest, .put = put_manifest};
