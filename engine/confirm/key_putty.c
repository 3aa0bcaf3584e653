/*
 * key_putty.c: PuTTY key files (PuTTY manual, appendix C): the header lines say all that is asked.
 */
#include "confirm/key.h"

#include <stdio.h>

static struct silt_span value_of(struct silt_span text, const char *name)
{
    const uint8_t *found = memmem(text.data, text.size, name, strlen(name));
    if (found == NULL)
        return (struct silt_span){0};
    size_t start = (size_t)(found - text.data) + strlen(name), end;
    while (start < text.size && text.data[start] == ' ')
        start++;
    for (end = start; end < text.size && text.data[end] > ' ' && text.data[end] != '\\'; end++)
        ;
    return silt_span_slice(text, start, end - start);
}

bool silt_key_putty_read(struct silt_span text, struct silt_key *out)
{
    enum { MARK = 20, SHOWN = 24 }; /* "PuTTY-User-Key-File-" */
    memset(out, 0, sizeof *out);
    if (!silt_span_has_prefix(text, "PuTTY-User-Key-File-") || text.size < MARK + 4)
        return false;
    struct silt_span kind = value_of(silt_span_slice(text, MARK, text.size), ":");
    struct silt_span encryption = value_of(text, "Encryption:");
    if (kind.size == 0 || encryption.size == 0 || value_of(text, "Private-Lines:").size == 0)
        return false;
    out->is_encrypted = !silt_span_is_text(encryption, "none");
    snprintf(out->kind, sizeof out->kind, "PuTTY %.*s", kind.size < SHOWN ? (int)kind.size : SHOWN,
             (const char *)kind.data);
    return true;
}
