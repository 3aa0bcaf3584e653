/*
 * document.c: findings and their places as JSON values. Keys and their order are the contract of DESIGN.md.
 */
#include "document.h"

#include "place.h"
#include "utf8.h"

#include <silt/signatures.h>
#include <stdlib.h>
#include <string.h>

void silt_document_put(json_t **object, const char *key, json_t *value)
{
    if (json_object_set_new(*object, key, value) == 0)
        return;
    json_decref(*object);
    *object = NULL;
}

void silt_document_append(json_t **array, json_t *value)
{
    if (json_array_append_new(*array, value) == 0)
        return;
    json_decref(*array);
    *array = NULL;
}

json_t *silt_document_text(struct silt_span text)
{
    size_t size;
    char *repaired = silt_utf8_repair_new(text, &size);
    json_t *value = repaired != NULL ? json_stringn_nocheck(repaired, size) : NULL;
    free(repaired);
    return value;
}

json_t *silt_document_string(const char *text)
{
    if (text == NULL)
        return json_null();
    return silt_document_text((struct silt_span){(const uint8_t *)text, strlen(text)});
}

json_t *silt_document_path(const struct silt_place *place)
{
    if (place->chain_count == 0 && place->path.size == 0)
        return json_null();
    size_t size;
    char *text = silt_place_path_new(place, &size);
    json_t *value = text != NULL ? silt_document_text((struct silt_span){(const uint8_t *)text, size}) : NULL;
    free(text);
    return value;
}

json_t *silt_document_index(int index)
{
    return index >= 0 ? json_integer(index) : json_null();
}

bool silt_document_is_uri(const char *text)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#@!$&'()*+,;=%";
    return strncmp(text, "https://", 8) == 0 && text[strspn(text, allowed)] == '\0';
}

static json_t *print_hex(struct silt_span bytes)
{
    char *hex = bytes.size < SIZE_MAX / 2 ? malloc(bytes.size * 2 + 1) : NULL;
    if (hex == NULL)
        return NULL;
    for (size_t i = 0; i < bytes.size; i++) {
        hex[2 * i] = "0123456789abcdef"[bytes.data[i] >> 4];
        hex[2 * i + 1] = "0123456789abcdef"[bytes.data[i] & 15];
    }
    json_t *value = json_stringn_nocheck(hex, bytes.size * 2);
    free(hex);
    return value;
}

/* Where the finding stands. The instruction is told even where it made no layer (ENV, LABEL). */
static json_t *make_layer(const struct silt_target_info *target, const struct silt_finding *finding)
{
    const struct silt_image_layer *layer = silt_results_layer(target, finding->place.layer);
    if (finding->place.layer < 0 && finding->created_by == NULL)
        return json_null();
    const char *created_by = finding->created_by;
    if (created_by == NULL && layer != NULL)
        created_by = layer->created_by;
    json_t *object = json_object();
    silt_document_put(&object, "index", silt_document_index(finding->place.layer));
    silt_document_put(&object, "digest", silt_document_string(layer != NULL ? layer->digest : NULL));
    silt_document_put(&object, "diff_id", silt_document_string(layer != NULL ? layer->diff_id : NULL));
    silt_document_put(&object, "created_by", silt_document_string(created_by));
    return object;
}

static json_t *make_image_layer(const struct silt_image_layer *layer)
{
    json_t *object = json_object();
    silt_document_put(&object, "index", silt_document_index(layer->index));
    silt_document_put(&object, "digest", silt_document_string(layer->digest));
    silt_document_put(&object, "diff_id", silt_document_string(layer->diff_id));
    silt_document_put(&object, "media_type", silt_document_string(layer->media_type));
    silt_document_put(&object, "size", json_integer((json_int_t)layer->size_bytes));
    silt_document_put(&object, "created_by", silt_document_string(layer->created_by));
    silt_document_put(&object, "empty", json_boolean(layer->is_empty));
    return object;
}

json_t *silt_document_image(const struct silt_image *image)
{
    json_t *object = json_object(), *layers = json_array();
    silt_document_put(&object, "reference", silt_document_string(image->reference));
    silt_document_put(&object, "digest", silt_document_string(image->digest));
    silt_document_put(&object, "config_digest", silt_document_string(image->config_digest));
    silt_document_put(&object, "platform", silt_document_string(image->platform));
    silt_document_put(&object, "created", silt_document_string(image->created));
    for (size_t i = 0; i < image->layer_count; i++)
        silt_document_append(&layers, make_image_layer(&image->layers[i]));
    silt_document_put(&object, "layers", layers);
    return object;
}

static json_t *make_chain(const struct silt_place *place)
{
    json_t *array = json_array();
    for (size_t i = 0; i < place->chain_count; i++)
        silt_document_append(&array, silt_document_text(place->chain[i]));
    return array;
}

static json_t *make_also_at(const struct silt_finding *finding)
{
    json_t *array = json_array();
    for (size_t i = 0; i < finding->also_at_count; i++) {
        const struct silt_place *place = &finding->also_at[i];
        json_t *object = json_object();
        silt_document_put(&object, "path", silt_document_path(place));
        silt_document_put(&object, "layer", silt_document_index(place->layer));
        silt_document_put(&object, "state", silt_document_string(silt_state_name(place->state)));
        silt_document_append(&array, object);
    }
    return array;
}

static json_t *make_validation(const struct silt_finding *finding)
{
    bool is_valid = finding->validation == SILT_VALIDATION_VALID;
    const char *detail = finding->validation_detail != NULL ? finding->validation_detail : "";
    json_t *object = json_object();
    silt_document_put(&object, "structure", json_string(is_valid ? "valid" : "none"));
    silt_document_put(&object, "detail", silt_document_string(detail));
    return object;
}

json_t *silt_document_package(const struct silt_package *package)
{
    if (package == NULL)
        return json_null();
    bool is_known = package->integrity != SILT_INTEGRITY_UNKNOWN;
    bool is_unmodified = package->integrity == SILT_INTEGRITY_UNMODIFIED;
    json_t *object = json_object();
    silt_document_put(&object, "manager", silt_document_string(silt_package_manager_name(package->manager)));
    silt_document_put(&object, "name", silt_document_string(package->name));
    silt_document_put(&object, "version", silt_document_string(package->version));
    silt_document_put(&object, "unmodified", is_known ? json_boolean(is_unmodified) : json_null());
    return object;
}

static json_t *make_allowed(const struct silt_finding *finding)
{
    json_t *object = json_object();
    silt_document_put(&object, "by", silt_document_string(finding->allowed_by));
    silt_document_put(&object, "reason", silt_document_string(finding->allowed_reason));
    return object;
}

static json_t *make_strings(const char *const *items, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        silt_document_append(&array, silt_document_string(items[i]));
    return array;
}

static void put_judgement(json_t **object, const struct silt_finding *finding, bool shows_secret)
{
    const struct silt_signature *signature = finding->signature;
    silt_document_put(object, "fingerprint", silt_document_string(finding->fingerprint));
    silt_document_put(object, "signature", silt_document_string(signature->id));
    silt_document_put(object, "name", silt_document_string(signature->name));
    silt_document_put(object, "provider", silt_document_string(signature->provider));
    silt_document_put(object, "severity", silt_document_string(silt_severity_name(finding->severity)));
    silt_document_put(object, "confidence", silt_document_string(silt_confidence_name(finding->confidence)));
    silt_document_put(object, "score", json_real(finding->score));
    silt_document_put(object, "redacted", silt_document_text(finding->redacted));
    silt_document_put(object, "secret_hash", silt_document_string(finding->secret_hash));
    if (shows_secret)
        silt_document_put(object, "secret", silt_document_text(finding->secret));
}

static void put_place(json_t **object, const struct silt_target_info *target,
                      const struct silt_finding *finding)
{
    silt_document_put(object, "path", silt_document_text(finding->place.path));
    if (!silt_utf8_is_valid(finding->place.path))
        silt_document_put(
            object, "path_bytes",
            print_hex(finding->path_bytes.size > 0 ? finding->path_bytes : finding->place.path));
    silt_document_put(object, "chain", make_chain(&finding->place));
    silt_document_put(object, "line", json_integer((json_int_t)finding->line));
    silt_document_put(object, "column", json_integer((json_int_t)finding->column));
    silt_document_put(object, "offset", json_integer((json_int_t)finding->offset));
    silt_document_put(object, "origin", silt_document_string(silt_origin_name(finding->origin)));
    silt_document_put(object, "layer", make_layer(target, finding));
    silt_document_put(object, "state", silt_document_string(silt_state_name(finding->place.state)));
    silt_document_put(object, "removed_in", silt_document_index(finding->removed_in));
    silt_document_put(object, "also_at", make_also_at(finding));
}

static json_t *make_related(const struct silt_finding *finding)
{
    const char *fingerprint = finding->related;
    return make_strings(&fingerprint, fingerprint[0] != '\0');
}

json_t *silt_document_finding(const struct silt_results_target *target, const struct silt_finding *finding,
                              bool shows_secret)
{
    const struct silt_signature *signature = finding->signature;
    size_t reference_count = 0;
    while (signature->references != NULL && signature->references[reference_count] != NULL)
        reference_count++;
    json_t *object = json_object();
    put_judgement(&object, finding, shows_secret);
    put_place(&object, &target->info, finding);
    silt_document_put(&object, "package", silt_document_package(finding->package));
    silt_document_put(&object, "base", json_boolean(silt_results_is_base(target, finding)));
    if (silt_results_is_allowed(finding))
        silt_document_put(&object, "allowed", make_allowed(finding));
    silt_document_put(&object, "validation", make_validation(finding));
    silt_document_put(&object, "decoded_from",
                      make_strings(finding->decoded_from, finding->decoded_from_count));
    silt_document_put(&object, "related", make_related(finding));
    silt_document_put(&object, "description", silt_document_string(signature->description));
    silt_document_put(&object, "remediation", silt_document_string(signature->remediation));
    silt_document_put(&object, "references", make_strings(signature->references, reference_count));
    return object;
}

/* jansson leaves DEL as it is, the one control character of ASCII that JSON allows in a string. */
static int print_piece(const char *bytes, size_t size, void *out)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == 0x7F)
            fputs("\\u007f", out);
        else
            fputc(bytes[i], out);
    }
    return 0; /* a failed write is the page's */
}

bool silt_document_print(FILE *out, json_t *value)
{
    bool is_whole = value != NULL && json_dump_callback(value, print_piece, out, SILT_DOCUMENT_FLAGS) == 0;
    json_decref(value);
    return is_whole;
}
