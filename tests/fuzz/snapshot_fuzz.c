/*
 * snapshot_fuzz.c: any bytes as the body of a snapshot, as if its checksum were right: it is refused, or a
 * set comes out of which every text can be read.
 */
#include "signature/snapshot.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t measure_list(const char *const *list)
{
    size_t size = 0;
    for (; *list != NULL; list++)
        size += strlen(*list);
    return size;
}

/* Touches all that a set says. */
static size_t measure(const struct silt_signature *signature)
{
    const char *const texts[] = {signature->id,
                                 signature->name,
                                 signature->provider,
                                 signature->path,
                                 signature->pattern,
                                 signature->prefilter,
                                 signature->file,
                                 signature->companion,
                                 signature->description,
                                 signature->remediation,
                                 NULL};
    return measure_list(texts) + measure_list(signature->keywords) + measure_list(signature->validators) +
           measure_list(signature->allow) + measure_list(signature->references) +
           measure_list(signature->examples_match) + measure_list(signature->examples_no_match);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct silt_signatures *set;
    struct silt_error error = {0};
    size_t total = 0;
    if (silt_signatures_new(&set, NULL) != SILT_OK)
        return 0;
    if (silt_snapshot_parse(silt_span_of(data, size), "d", set, &error) == SILT_OK) {
        for (size_t i = 0; i < silt_signatures_count(set); i++)
            total += measure(silt_signatures_at(set, i));
    } else if (error.message[0] == '\0') {
        abort();
    }
    silt_signatures_free(set);
    return total == SIZE_MAX;
}
