/*
 * standard_input.c: transport "-": whatever comes in, in one pass.
 */
#include "source/plain_file.h"
#include "source/sources.h"

static enum silt_status standard_input_open(const char *location, const struct silt_source_options *options,
                                            struct silt_source **out, struct silt_error *error)
{
    const struct silt_plain_file file = {
        .fd = options->stdin_fd,
        .borrows = true,
        .name = location,
        .patience = options->patience,
        .ops = &silt_standard_input_source,
    };
    return silt_plain_file_new(&file, out, error);
}

const struct silt_source_ops silt_standard_input_source = {
    .transport = "-",
    .kind = SILT_TARGET_STREAM,
    .open = standard_input_open,
    .next = silt_plain_file_next,
    .free = silt_plain_file_free,
};
