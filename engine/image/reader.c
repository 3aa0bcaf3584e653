/*
 * reader.c: problems, offers and names while a catalog is read.
 */
#include "image/reader.h"

#include "base/error.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

enum { JSON_BUDGET = 64 << 20, PROBLEMS_MAX = 10000, OFFERS_MAX = 1000 };

enum silt_status silt_reader_init(struct silt_reader *reader, struct silt_source *source,
                                  const struct silt_selection *selection, struct silt_catalog *catalog,
                                  struct silt_error *error)
{
    memset(reader, 0, sizeof *reader);
    catalog->manifests.item_size = sizeof(struct silt_manifest);
    catalog->problems.item_size = sizeof(struct silt_catalog_problem);
    catalog->raw.item_size = sizeof(struct silt_document);
    reader->source = source;
    reader->selection = selection;
    reader->catalog = catalog;
    reader->json_budget = selection->json_budget != 0 ? selection->json_budget : JSON_BUDGET;
    reader->leads.item_size = sizeof(struct silt_lead);
    reader->seen.item_size = reader->offers.item_size = sizeof(const char *);
    silt_texts_init(&reader->texts, &catalog->arena);
    silt_platform_host(&reader->wanted);
    return selection->platform != NULL ? silt_platform_parse(selection->platform, &reader->wanted, error)
                                       : SILT_OK;
}

void silt_reader_clear(struct silt_reader *reader)
{
    silt_array_clear(&reader->leads);
    silt_array_clear(&reader->seen);
    silt_array_clear(&reader->offers);
    silt_texts_clear(&reader->texts);
}

enum silt_status silt_reader_problem(struct silt_reader *reader, struct silt_error *error,
                                     enum silt_status status, const char *path, const char *format, ...)
{
    struct silt_catalog *catalog = reader->catalog;
    if (catalog->problems.count >= PROBLEMS_MAX)
        return SILT_OK;
    char text[SILT_ERROR_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const char *message = silt_arena_copy(&catalog->arena, silt_span_text(text));
    const char *path_copy = silt_arena_copy(&catalog->arena, silt_span_text(path));
    struct silt_catalog_problem *problem =
        message != NULL && path_copy != NULL ? silt_array_put(&catalog->problems) : NULL;
    if (problem == NULL)
        return silt_error_memory(error);
    *problem = (struct silt_catalog_problem){status, message, path_copy};
    return SILT_OK;
}

enum silt_status silt_reader_offer(struct silt_reader *reader, const char *name, struct silt_error *error)
{
    for (size_t i = 0; i < reader->offers.count; i++)
        if (strcmp(*(const char **)silt_array_at(&reader->offers, i), name) == 0)
            return SILT_OK;
    if (reader->offers.count >= OFFERS_MAX)
        return SILT_OK;
    const char *copy = silt_arena_copy(&reader->catalog->arena, silt_span_text(name));
    const char **offer = copy != NULL ? silt_array_put(&reader->offers) : NULL;
    if (offer == NULL)
        return silt_error_memory(error);
    *offer = copy;
    return SILT_OK;
}

enum silt_status silt_reader_not_found(const struct silt_reader *reader, const char *what, const char *wanted,
                                       struct silt_error *error)
{
    char list[SILT_ERROR_SIZE / 2] = "";
    size_t used = 0;
    for (size_t i = 0; i < reader->offers.count && used < sizeof list; i++) {
        const char *name = *(const char **)silt_array_at(&reader->offers, i);
        int size = snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "", name);
        used += size > 0 ? (size_t)size : 0;
    }
    return silt_error_set(error, SILT_ERR_NOT_FOUND, "there is no %s '%.100s'; there is: %s", what, wanted,
                          used > 0 ? list : "none");
}

enum silt_status silt_reader_blob_name(struct silt_reader *reader, const char *digest, const char **out,
                                       struct silt_error *error)
{
    size_t algorithm = strspn(digest, "abcdefghijklmnopqrstuvwxyz0123456789+._-");
    size_t size = strlen(digest);
    *out = NULL;
    if (algorithm == 0 || algorithm > 32 || digest[algorithm] != ':' || digest[0] == '.' || size > 256)
        return SILT_OK;
    for (size_t i = algorithm + 1; i < size; i++)
        if (!isalnum((unsigned char)digest[i]) && strchr("=_-", digest[i]) == NULL)
            return SILT_OK;
    if (algorithm + 1 == size)
        return SILT_OK;
    char name[300];
    snprintf(name, sizeof name, "blobs/%.*s/%s", (int)algorithm, digest, digest + algorithm + 1);
    *out = silt_arena_copy(&reader->catalog->arena, silt_span_text(name));
    return *out != NULL ? SILT_OK : silt_error_memory(error);
}
