/*
 * format.c: asks every row of formats.def.
 */
#include "archive/format.h"

#define SILT_FORMAT(name) extern const struct silt_format silt_format_##name##_row;
#include "archive/formats.def"
#undef SILT_FORMAT

static const struct silt_format *const formats[] = {
#define SILT_FORMAT(name) &silt_format_##name##_row,
#include "archive/formats.def"
#undef SILT_FORMAT
};

const struct silt_format *silt_format_find(struct silt_span head)
{
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (formats[i]->is_format(head))
            return formats[i];
    }
    return NULL;
}

const struct silt_format *silt_format_tar(void)
{
    return &silt_format_tar_row;
}
