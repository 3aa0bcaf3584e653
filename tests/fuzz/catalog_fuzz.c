/*
 * catalog_fuzz.c: any bytes as manifest.json, index.json, manifest and config alike.
 */
#include "image/catalog.h"
#include "stream/memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct echo {
    struct silt_source source;
    struct silt_span bytes;
};

static enum silt_status echo_find(struct silt_source *source, const char *name, struct silt_stream **out,
                                  uint64_t *size, struct silt_error *error)
{
    (void)name;
    struct echo *echo = (struct echo *)source;
    *size = echo->bytes.size;
    return silt_memory_open(echo->bytes, out, error);
}

static const struct silt_source_ops echo_ops = {
    .transport = "echo", .kind = SILT_TARGET_IMAGE, .find = echo_find};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (int layout = SILT_LAYOUT_DOCKER; layout <= SILT_LAYOUT_OCI; layout++) {
        struct echo echo = {{&echo_ops, layout}, {data, size}};
        const struct silt_selection selection = {.all_platforms = true, .json_budget = 16 << 20};
        struct silt_catalog catalog = {.manifests.item_size = sizeof(struct silt_manifest),
                                       .problems.item_size = sizeof(struct silt_catalog_problem),
                                       .raw.item_size = sizeof(struct silt_document)};
        enum silt_status status = silt_catalog_read(&echo.source, &selection, &catalog, NULL);
        (void)status;
        silt_catalog_clear(&catalog);
    }
    return 0;
}
