/*
 * codec.c: the table of compression formats.
 */
#include "stream/codec.h"

static const struct silt_codec *const codecs[] = {
#define SILT_CODEC(name) &silt_##name##_codec,
#include "stream/codecs.def"
#undef SILT_CODEC
};

enum { CODEC_COUNT = sizeof codecs / sizeof codecs[0] };

const struct silt_codec *silt_codec_find(struct silt_span head)
{
    for (size_t i = 0; i < CODEC_COUNT; i++)
        if (head.size >= codecs[i]->magic_size && codecs[i]->is_codec(head))
            return codecs[i];
    return NULL;
}

const struct silt_codec *silt_codec_named(const char *name)
{
    for (size_t i = 0; i < CODEC_COUNT; i++)
        if (strcmp(codecs[i]->name, name) == 0)
            return codecs[i];
    return NULL;
}
