/*
 * sources.h: the transports of sources.def, as variables.
 */
#ifndef SILT_SOURCE_SOURCES_H
#define SILT_SOURCE_SOURCES_H

#include "source/source.h"

#define SILT_SOURCE(name) extern const struct silt_source_ops silt_##name##_source;
#include "source/sources.def"
#undef SILT_SOURCE

#endif
