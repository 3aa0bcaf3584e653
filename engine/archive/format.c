/*
 * format.c: asks every row of formats.def.
 */
#include "archive/format.h"

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

bool silt_format_wants_more(struct silt_span head)
{
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (formats[i]->wants_more != NULL && formats[i]->wants_more(head))
            return true;
    }
    return false;
}

const struct silt_format *silt_format_tar(void)
{
    return &silt_format_tar_row;
}
