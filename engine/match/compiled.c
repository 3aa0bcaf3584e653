/*
 * compiled.c: compiles the scopes of a plan; prints and reads what that gives.
 *
 * Databases that are read lie side by side in one region: to start silt means to touch every byte of them.
 */
#include "match/compiled.h"

#include "base/error.h"
#include "base/fingerprint.h"
#include "base/hasher.h"

#include <stdlib.h>

enum { ALIGNMENT = 64 };

static void put_number(struct silt_hasher *hasher, uint64_t number)
{
    silt_hasher_put(hasher, silt_span_of(&number, sizeof number));
}

static void put_text(struct silt_hasher *hasher, const char *text)
{
    silt_hasher_put(hasher, silt_span_of(text, strlen(text) + 1));
}

static void put_expressions(struct silt_hasher *hasher, const struct silt_array *expressions)
{
    put_number(hasher, expressions->count);
    for (size_t i = 0; i < expressions->count; i++) {
        const struct silt_expression *expression = silt_array_at(expressions, i);
        put_number(hasher, (uint64_t)expression->id << 32 | expression->flags);
        put_number(hasher, expression->size);
        silt_hasher_put(hasher, silt_span_of(expression->text, expression->size));
    }
}

enum silt_status silt_compiled_key(const struct silt_plan *plan, enum silt_level level,
                                   struct silt_digest *out, struct silt_error *error)
{
    struct silt_hasher *hasher;
    enum silt_status status = silt_hasher_new(&hasher, error);
    if (status != SILT_OK)
        return status;
    put_text(hasher, silt_fingerprint());
    put_text(hasher, hs_version());
    put_number(hasher, level);
    for (int scope = 0; scope < SILT_SCOPE_COUNT; scope++)
        put_expressions(hasher, &plan->expressions[scope]);
    silt_hasher_take(hasher, out);
    silt_hasher_free(hasher);
    return SILT_OK;
}

static enum silt_status compile(const struct silt_plan *plan, int scope, enum silt_level level,
                                hs_database_t **out, struct silt_error *error)
{
    int culprit;
    if (plan->expressions[scope].count == 0)
        return SILT_OK;
    bool is_text = silt_plan_is_text_scope((enum silt_scope)scope);
    enum silt_status status =
        silt_database_compile(&plan->expressions[scope], is_text, level, out, &culprit, error);
    if (status != SILT_OK && culprit >= 0 && !is_text) {
        const struct silt_expression *expression = silt_array_at(&plan->expressions[scope], (size_t)culprit);
        const struct silt_signature *signature = plan->rules[expression->id].signature;
        silt_error_prefix(error, "%s: %s: %.200s", signature->file, signature->id, expression->text);
    }
    return status;
}

enum silt_status silt_compiled_make(const struct silt_plan *plan, enum silt_level level,
                                    struct silt_compiled *out, struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    *out = (struct silt_compiled){0};
    for (int scope = 0; scope < SILT_SCOPE_COUNT && status == SILT_OK; scope++)
        status = compile(plan, scope, level, &out->databases[scope], error);
    return status;
}

static enum silt_status put_database(const hs_database_t *database, struct silt_buffer *out, uint64_t *size,
                                     struct silt_error *error)
{
    char *bytes = NULL;
    size_t count = 0;
    if (database == NULL)
        return SILT_OK;
    if (hs_serialize_database(database, &bytes, &count) != HS_SUCCESS)
        return silt_error_memory(error);
    *size = count;
    enum silt_status status = silt_buffer_append(out, silt_span_of(bytes, count), error);
    free(bytes);
    return status;
}

enum silt_status silt_compiled_print(const struct silt_compiled *compiled, struct silt_buffer *out,
                                     struct silt_error *error)
{
    uint64_t sizes[SILT_SCOPE_COUNT] = {0};
    size_t head = out->size;
    enum silt_status status = silt_buffer_append(out, silt_span_of(sizes, sizeof sizes), error);
    for (int scope = 0; scope < SILT_SCOPE_COUNT && status == SILT_OK; scope++)
        status = put_database(compiled->databases[scope], out, &sizes[scope], error);
    if (status == SILT_OK)
        memcpy(out->data + head, sizes, sizeof sizes);
    return status;
}

/* The serialized forms, and how much memory each takes when read. */
struct parts {
    struct silt_span forms[SILT_SCOPE_COUNT];
    size_t sizes[SILT_SCOPE_COUNT];
    size_t total;
};

static enum silt_status refuse(hs_error_t why, struct silt_error *error)
{
    return silt_error_set(error, SILT_ERR_CORRUPT, "Hyperscan does not take it (%d)", why);
}

static enum silt_status measure(struct parts *parts, int scope, struct silt_error *error)
{
    struct silt_span form = parts->forms[scope];
    size_t size = 0;
    if (form.size == 0)
        return SILT_OK;
    hs_error_t result = hs_serialized_database_size((const char *)form.data, form.size, &size);
    if (result != HS_SUCCESS)
        return refuse(result, error);
    if (size > 2 * form.size + 4096) /* it is the form's own size and a head */
        return refuse(HS_INVALID, error);
    parts->sizes[scope] = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    parts->total += parts->sizes[scope];
    return SILT_OK;
}

static enum silt_status part(struct silt_span bytes, struct parts *parts, struct silt_error *error)
{
    uint64_t sizes[SILT_SCOPE_COUNT];
    if (bytes.size < sizeof sizes)
        return silt_error_set(error, SILT_ERR_CORRUPT, "shorter than its head");
    memcpy(sizes, bytes.data, sizeof sizes);
    bytes = silt_span_slice(bytes, sizeof sizes, bytes.size);
    enum silt_status status = SILT_OK;
    for (int scope = 0; scope < SILT_SCOPE_COUNT && status == SILT_OK; scope++) {
        if (sizes[scope] > bytes.size)
            return silt_error_set(error, SILT_ERR_CORRUPT, "shorter than it says");
        parts->forms[scope] = silt_span_slice(bytes, 0, sizes[scope]);
        bytes = silt_span_slice(bytes, sizes[scope], bytes.size);
        status = measure(parts, scope, error);
    }
    return status;
}

enum silt_status silt_compiled_parse(struct silt_span bytes, struct silt_compiled *out,
                                     struct silt_error *error)
{
    struct parts parts = {0};
    *out = (struct silt_compiled){0};
    enum silt_status status = part(bytes, &parts, error);
    if (status == SILT_OK)
        status = silt_region_take(parts.total, &out->memory, error);
    size_t used = 0;
    for (int scope = 0; scope < SILT_SCOPE_COUNT && status == SILT_OK; scope++) {
        struct silt_span form = parts.forms[scope];
        if (form.size == 0)
            continue;
        hs_database_t *database = (hs_database_t *)(out->memory.data + used);
        hs_error_t result = hs_deserialize_database_at((const char *)form.data, form.size, database);
        if (result != HS_SUCCESS)
            return refuse(result, error);
        out->databases[scope] = database;
        used += parts.sizes[scope];
    }
    return status;
}

void silt_compiled_clear(struct silt_compiled *compiled)
{
    for (int scope = 0; scope < SILT_SCOPE_COUNT && compiled->memory.data == NULL; scope++)
        hs_free_database(compiled->databases[scope]);
    silt_region_clear(&compiled->memory);
    *compiled = (struct silt_compiled){0};
}
