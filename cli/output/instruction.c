/*
 * instruction.c: a layer's created_by in the words of its Dockerfile. The old builder writes "/bin/sh -c
 * #(nop) " before everything but RUN; BuildKit writes the instruction, for RUN with the shell, and a comment.
 */
#include "instruction.h"

#include <stdbool.h>
#include <string.h>

/* Moves behind a prefix if it is there. */
static bool take_prefix(const char **text, const char *prefix)
{
    size_t size = strlen(prefix);
    if (strncmp(*text, prefix, size) != 0)
        return false;
    *text += size;
    return true;
}

/* Length of the text without BuildKit's comment. */
static size_t find_end(const char *text)
{
    static const char comment[] = " # buildkit";
    size_t size = strlen(text), tail = sizeof comment - 1;
    bool has_comment = size >= tail && strcmp(text + size - tail, comment) == 0;
    return has_comment ? size - tail : size;
}

/* Drops the start of a character that was cut. */
static void trim_cut(char *out, size_t size)
{
    while (size > 0 && (out[size - 1] & 0xC0) == 0x80)
        size--;
    if (size > 0 && (out[size - 1] & 0x80) != 0)
        size--;
    out[size] = '\0';
}

const char *silt_instruction_print(const char *created_by, char out[SILT_INSTRUCTION_SIZE])
{
    const char *text = created_by;
    bool is_run = false;
    if (!take_prefix(&text, "/bin/sh -c #(nop) "))
        is_run = take_prefix(&text, "/bin/sh -c ") || take_prefix(&text, "RUN /bin/sh -c ");
    size_t end = find_end(text), used = 0;
    memcpy(out, "RUN ", 4);
    used = is_run ? 4 : 0;
    bool has_blank = true; /* none at the start */
    for (size_t i = 0; i < end; i++) {
        bool is_blank = text[i] == ' ' || text[i] == '\t' || text[i] == '\n' || text[i] == '\r';
        if (is_blank && has_blank)
            continue;
        if (used == SILT_INSTRUCTION_SIZE - 1) {
            trim_cut(out, used);
            return out;
        }
        out[used++] = is_blank ? ' ' : text[i];
        has_blank = is_blank;
    }
    used -= used > 0 && out[used - 1] == ' ';
    out[used] = '\0';
    return out;
}
