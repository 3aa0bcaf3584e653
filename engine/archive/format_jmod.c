/*
 * format_jmod.c: a Java module file: "JM", the version as two bytes, then a zip (JDK,
 * jdk.internal.jmod.JmodFile).
 */
#include "archive/format.h"

enum { MAGIC_SIZE = 4 };

static bool is_jmod(struct silt_span head)
{
    return silt_span_has_prefix(head, "JM\1") && head.size > MAGIC_SIZE &&
           silt_format_zip_row.is_format(silt_span_slice(head, MAGIC_SIZE, head.size));
}

static bool prefix_size(struct silt_span head, uint64_t *size)
{
    (void)head;
    *size = MAGIC_SIZE;
    return true;
}

const struct silt_format silt_format_jmod_row = {
    .name = "jmod",
    .use = SILT_FORMAT_PREFIX,
    .is_format = is_jmod,
    .prefix_size = prefix_size,
};
