/*
 * database.c: Hyperscan's compiler behind levels and a checked file form.
 */
#include "match/database.h"

#include "base/error.h"
#include "base/hasher.h"

#include <stdlib.h>

/* Change the last digits when the header or the way of compiling changes. */
static const char magic[16] = "silt.hsdb/2\r\n\x1a\n";

/* Integers as this machine stores them: a file of another byte order has a wrong level and size. */
struct header {
    char magic[16];
    uint64_t level;
    uint64_t size; /* of the payload in bytes */
    struct silt_digest key;
    struct silt_digest payload;
};

enum { PAYLOAD_SIZE_MAX = 512 << 20 };

const char *silt_database_level_name(enum silt_level level)
{
    static const char *const names[] = {"x86-64-v2", "x86-64-v3", "x86-64-v4"};
    return names[level];
}

static unsigned long long level_features(enum silt_level level)
{
    if (level == SILT_LEVEL_V4)
        return HS_CPU_FEATURES_AVX2 | HS_CPU_FEATURES_AVX512;
    return level == SILT_LEVEL_V3 ? HS_CPU_FEATURES_AVX2 : 0;
}

enum silt_level silt_database_level_here(void)
{
    hs_platform_info_t here;
    if (hs_populate_platform(&here) != HS_SUCCESS)
        return SILT_LEVEL_V2;
    for (enum silt_level level = SILT_LEVEL_V4; level > SILT_LEVEL_V2; level--)
        if ((here.cpu_features & level_features(level)) == level_features(level))
            return level;
    return SILT_LEVEL_V2;
}

static void put_number(struct silt_hasher *hasher, uint64_t number)
{
    silt_hasher_put(hasher, silt_span_of(&number, sizeof number));
}

enum silt_status silt_database_key(const struct silt_array *expressions, struct silt_digest *out,
                                   struct silt_error *error)
{
    struct silt_hasher *hasher;
    enum silt_status status = silt_hasher_new(&hasher, error);
    if (status != SILT_OK)
        return status;
    silt_hasher_put(hasher, silt_span_of(magic, sizeof magic));
    silt_hasher_put(hasher, silt_span_of(hs_version(), strlen(hs_version()) + 1));
    for (size_t i = 0; i < expressions->count; i++) {
        const struct silt_expression *expression = silt_array_at(expressions, i);
        put_number(hasher, expression->id);
        put_number(hasher, expression->flags);
        put_number(hasher, expression->size);
        silt_hasher_put(hasher, silt_span_of(expression->text, expression->size));
    }
    silt_hasher_take(hasher, out);
    silt_hasher_free(hasher);
    return SILT_OK;
}

/* Hyperscan wants columns. */
struct columns {
    const char **texts;
    size_t *sizes;
    unsigned *flags;
    unsigned *ids;
};

static bool make_columns(const struct silt_array *expressions, struct columns *columns)
{
    size_t count = expressions->count + 1;
    columns->texts = calloc(count, sizeof *columns->texts);
    columns->sizes = calloc(count, sizeof *columns->sizes);
    columns->flags = calloc(count, sizeof *columns->flags);
    columns->ids = calloc(count, sizeof *columns->ids);
    if (columns->texts == NULL || columns->sizes == NULL || columns->flags == NULL || columns->ids == NULL)
        return false;
    for (size_t i = 0; i < expressions->count; i++) {
        const struct silt_expression *expression = silt_array_at(expressions, i);
        columns->texts[i] = expression->text;
        columns->sizes[i] = expression->size;
        columns->flags[i] = expression->flags;
        columns->ids[i] = expression->id;
    }
    return true;
}

static enum silt_status explain(hs_compile_error_t *problem, int *culprit, struct silt_error *error)
{
    *culprit = problem->expression;
    enum silt_status status =
        silt_error_set(error, problem->expression >= 0 ? SILT_ERR_USAGE : SILT_ERR_MEMORY, "Hyperscan: %s",
                       problem->message);
    hs_free_compile_error(problem);
    return status;
}

static hs_error_t compile(const struct columns *columns, unsigned count, bool is_text, enum silt_level level,
                          hs_database_t **out, hs_compile_error_t **problem)
{
    hs_platform_info_t platform = {.tune = HS_TUNE_FAMILY_GENERIC, .cpu_features = level_features(level)};
    if (is_text)
        return hs_compile_lit_multi(columns->texts, columns->flags, columns->ids, columns->sizes, count,
                                    HS_MODE_BLOCK, &platform, out, problem);
    return hs_compile_multi(columns->texts, columns->flags, columns->ids, count, HS_MODE_BLOCK, &platform,
                            out, problem);
}

enum silt_status silt_database_compile(const struct silt_array *expressions, bool is_text,
                                       enum silt_level level, hs_database_t **out, int *culprit,
                                       struct silt_error *error)
{
    struct columns columns = {0};
    hs_compile_error_t *problem = NULL;
    enum silt_status status = SILT_OK;
    *culprit = -1;
    if (!make_columns(expressions, &columns))
        status = silt_error_memory(error);
    else if (compile(&columns, (unsigned)expressions->count, is_text, level, out, &problem) != HS_SUCCESS)
        status = explain(problem, culprit, error);
    free(columns.texts);
    free(columns.sizes);
    free(columns.flags);
    free(columns.ids);
    return status;
}

enum silt_status silt_database_print(const hs_database_t *database, enum silt_level level,
                                     const struct silt_digest *key, struct silt_buffer *out,
                                     struct silt_error *error)
{
    char *bytes = NULL;
    size_t size = 0;
    if (hs_serialize_database(database, &bytes, &size) != HS_SUCCESS)
        return silt_error_memory(error);
    struct header header = {.level = level, .size = size, .key = *key};
    memcpy(header.magic, magic, sizeof magic);
    silt_digest_of(silt_span_of(bytes, size), &header.payload);
    enum silt_status status = silt_buffer_append(out, silt_span_of(&header, sizeof header), error);
    if (status == SILT_OK)
        status = silt_buffer_append(out, silt_span_of(bytes, size), error);
    free(bytes);
    return status;
}

enum silt_status silt_database_parse(struct silt_span bytes, enum silt_level level,
                                     const struct silt_digest *key, hs_database_t **out,
                                     struct silt_error *error)
{
    struct header header;
    if (bytes.size < sizeof header)
        return silt_error_set(error, SILT_ERR_CORRUPT, "shorter than its header");
    memcpy(&header, bytes.data, sizeof header);
    if (memcmp(header.magic, magic, sizeof magic) != 0 || header.level != (uint64_t)level ||
        !silt_digest_equal(&header.key, key))
        return silt_error_set(error, SILT_ERR_NOT_FOUND, "not a database of these signatures for %s",
                              silt_database_level_name(level));
    struct silt_span payload = silt_span_slice(bytes, sizeof header, bytes.size);
    struct silt_digest digest;
    silt_digest_of(payload, &digest);
    if (header.size != payload.size || payload.size > PAYLOAD_SIZE_MAX ||
        !silt_digest_equal(&digest, &header.payload))
        return silt_error_set(error, SILT_ERR_CORRUPT, "does not have the checksum that it claims");
    hs_error_t result = hs_deserialize_database((const char *)payload.data, payload.size, out);
    if (result == HS_NOMEM)
        return silt_error_memory(error);
    if (result != HS_SUCCESS)
        return silt_error_set(error, SILT_ERR_CORRUPT, "Hyperscan does not take it (%d)", result);
    return SILT_OK;
}
