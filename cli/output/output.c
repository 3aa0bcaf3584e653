/*
 * output.c: the table of outputs.
 */
#include "output.h"

#include <string.h>

#define SILT_OUTPUT(name, note) extern const struct silt_output silt_##name##_output;
#include "outputs.def"
#undef SILT_OUTPUT

static const struct silt_output *const outputs[] = {
#define SILT_OUTPUT(name, note) &silt_##name##_output,
#include "outputs.def"
#undef SILT_OUTPUT
};

const char *const silt_output_names[] = {
#define SILT_OUTPUT(name, note) #name,
#include "outputs.def"
#undef SILT_OUTPUT
    NULL,
};

const char *const silt_output_notes[] = {
#define SILT_OUTPUT(name, note) note,
#include "outputs.def"
#undef SILT_OUTPUT
    NULL,
};

const struct silt_output *silt_output_find(const char *name)
{
    for (size_t i = 0; i < sizeof outputs / sizeof *outputs; i++)
        if (strcmp(outputs[i]->name, name) == 0)
            return outputs[i];
    return NULL;
}
