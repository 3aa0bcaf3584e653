/*
 * format_script.c: a script with an archive behind it: Python's zipapps (PEP 441), pex and shiv, jars that
 * run by themselves (Spring Boot), makeself's installers. The archive begins with a line, and within the
 * first 64 KiB; it is a zip or a compressed stream. Programs (ELF, PE) with archives behind them are not told
 * from other programs.
 */
#include "archive/format.h"
#include "stream/codec.h"

static bool is_script(struct silt_span head)
{
    return silt_span_has_prefix(head, "#!");
}

/* Where the archive begins; 0 if there is none. */
static size_t find_archive(struct silt_span head)
{
    for (size_t at = 0; at < head.size;) {
        const uint8_t *end = memchr(head.data + at, '\n', head.size - at);
        if (end == NULL)
            return 0;
        at = (size_t)(end - head.data) + 1;
        struct silt_span rest = silt_span_slice(head, at, head.size);
        if (silt_format_zip_row.is_format(rest) || silt_codec_find(rest) != NULL)
            return at;
    }
    return 0;
}

static bool has_archive(struct silt_span head)
{
    return is_script(head) && find_archive(head) > 0;
}

static bool prefix_size(struct silt_span head, uint64_t *size)
{
    *size = find_archive(head);
    return *size > 0;
}

const struct silt_format silt_format_script_row = {
    .name = "script",
    .use = SILT_FORMAT_PREFIX,
    .wants_more = is_script,
    .is_format = has_archive,
    .prefix_size = prefix_size,
};
