/*
 * cache.c: names and labels of files; what is in them is for plan_file.c and compiled.c.
 */
#include "match/cache.h"

#include "base/error.h"
#include "base/hex.h"
#include "match/plan_file.h"

#include <limits.h>
#include <stdio.h>

enum { KEY_BYTES = 8, INSTALLED_MODE = 0644, OWN_MODE = 0600 };

struct file {
    char path[PATH_MAX];
    struct silt_stored_label label;
};

static enum silt_status name_file(const struct silt_cache_place *place, const char *prefix,
                                  const char *suffix, struct file *out, struct silt_error *error)
{
    char hex[2 * KEY_BYTES + 1];
    silt_hex_print(silt_span_of(place->key.bytes, KEY_BYTES), hex);
    int size = snprintf(out->path, PATH_MAX, "%s/%s%s%s", place->dir, prefix, hex, suffix);
    if (size < 0 || size >= PATH_MAX)
        return silt_error_set(error, SILT_ERR_USAGE, "%.100s…: path too long", place->dir);
    return SILT_OK;
}

static enum silt_status name_plan(const struct silt_cache_place *place, struct file *out,
                                  struct silt_error *error)
{
    out->label = (struct silt_stored_label){.kind = "silt.plan/1", .key = place->key};
    return name_file(place, "", ".plan", out, error);
}

static enum silt_status name_compiled(const struct silt_cache_place *place, enum silt_level level,
                                      struct file *out, struct silt_error *error)
{
    char prefix[32];
    out->label = (struct silt_stored_label){.kind = "silt.hsdb/2", .key = place->key};
    snprintf(prefix, sizeof prefix, "%s-", silt_database_level_name(level));
    return name_file(place, prefix, ".hsdb", out, error);
}

/* A file with a body that cannot be read is no file. */
static enum silt_status answer(enum silt_status status)
{
    return status == SILT_ERR_CORRUPT ? SILT_ERR_NOT_FOUND : status;
}

enum silt_status silt_cache_find_plan(const struct silt_cache_place *place, const struct silt_signatures *set,
                                      struct silt_plan *out, struct silt_error *error)
{
    struct file file;
    struct silt_region bytes = {0};
    *out = (struct silt_plan){0};
    enum silt_status status = name_plan(place, &file, error);
    if (status == SILT_OK)
        status = silt_stored_read(file.path, place->trust, &file.label, &bytes, error);
    if (status == SILT_OK)
        status = silt_plan_file_parse(silt_stored_body(&bytes), set, out, error);
    if (status != SILT_OK)
        silt_plan_clear(out);
    silt_region_clear(&bytes);
    return answer(status);
}

enum silt_status silt_cache_find_compiled(const struct silt_cache_place *place, enum silt_level level,
                                          struct silt_compiled *out, struct silt_error *error)
{
    struct file file;
    struct silt_region bytes = {0};
    *out = (struct silt_compiled){0};
    enum silt_status status = name_compiled(place, level, &file, error);
    if (status == SILT_OK)
        status = silt_stored_read(file.path, place->trust, &file.label, &bytes, error);
    if (status == SILT_OK)
        status = silt_compiled_parse(silt_stored_body(&bytes), out, error);
    if (status != SILT_OK)
        silt_compiled_clear(out);
    silt_region_clear(&bytes);
    return answer(status);
}

static enum silt_status put(const struct silt_cache_place *place, const struct file *file,
                            struct silt_span body, struct silt_error *error)
{
    unsigned mode = place->trust == SILT_STORED_OWN ? OWN_MODE : INSTALLED_MODE;
    return silt_stored_write(file->path, mode, &file->label, body, error);
}

enum silt_status silt_cache_put_plan(const struct silt_cache_place *place, const struct silt_plan *plan,
                                     struct silt_error *error)
{
    struct file file;
    struct silt_buffer body = {0};
    enum silt_status status = name_plan(place, &file, error);
    if (status == SILT_OK)
        status = silt_plan_file_print(plan, &body, error);
    if (status == SILT_OK)
        status = put(place, &file, silt_buffer_span(&body), error);
    silt_buffer_clear(&body);
    return status;
}

enum silt_status silt_cache_put_compiled(const struct silt_cache_place *place, enum silt_level level,
                                         const struct silt_compiled *compiled, struct silt_error *error)
{
    struct file file;
    struct silt_buffer body = {0};
    enum silt_status status = name_compiled(place, level, &file, error);
    if (status == SILT_OK)
        status = silt_compiled_print(compiled, &body, error);
    if (status == SILT_OK)
        status = put(place, &file, silt_buffer_span(&body), error);
    silt_buffer_clear(&body);
    return status;
}
