/*
 * source.c: opening and freeing whatever kind of source a target names.
 */
#include "source/source.h"

enum silt_status silt_source_open(const struct silt_target *target, const struct silt_source_options *options,
                                  struct silt_source **out, struct silt_error *error)
{
    return target->ops->open(target->location, options, out, error);
}

void silt_source_free(struct silt_source *source)
{
    if (source != NULL)
        source->ops->free(source);
}
