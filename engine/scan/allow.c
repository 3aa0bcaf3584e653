/*
 * allow.c: the comment that allows a secret. It is looked for only around what was confirmed, so it costs a
 * clean file nothing. Allowed findings are handed out like all others, with the reason.
 */
#include "scan/allow.h"

#include "base/span.h"

static const char mark[] = "silt:allow";

enum { MARK_SIZE = sizeof mark - 1, REASON_MAX = 120 };

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t';
}

/* How many bytes before `at` are a comment sign and blanks; 0 if there is no sign. */
static size_t measure_sign(struct silt_span line, size_t at)
{
    static const char *const signs[] = {"#", "//", "/*", "<!--", "--", ";", "%", "{{!", "rem", "REM", "'"};
    size_t end = at;
    while (end > 0 && is_blank(line.data[end - 1]))
        end--;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t size = strlen(signs[i]);
        if (end >= size && memcmp(line.data + end - size, signs[i], size) == 0)
            return at - end + size;
    }
    return 0;
}

/* The text behind the mark without the end of the comment. */
static struct silt_span take_reason(struct silt_span rest)
{
    static const char *const ends[] = {"*/", "-->", "}}"};
    while (rest.size > 0 && (is_blank(rest.data[0]) || rest.data[0] == ':'))
        rest = silt_span_slice(rest, 1, rest.size - 1);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const uint8_t *end = rest.size > 0 ? memmem(rest.data, rest.size, ends[i], strlen(ends[i])) : NULL;
        if (end != NULL)
            rest.size = (size_t)(end - rest.data);
    }
    if (rest.size > REASON_MAX)
        rest.size = REASON_MAX;
    while (rest.size > 0 && (is_blank(rest.data[rest.size - 1]) || rest.data[rest.size - 1] == '\r'))
        rest.size--;
    return rest;
}

/* Control characters are no comment's: binary data that happens to hold the mark. */
static bool is_text(struct silt_span bytes)
{
    for (size_t i = 0; i < bytes.size; i++)
        if (bytes.data[i] < 0x20 && bytes.data[i] != '\t' && bytes.data[i] != '\r')
            return false;
    return true;
}

/* Looks for the mark behind a comment sign in (part of) a line; *sign_at is where the comment begins. */
static bool find_mark(struct silt_span line, size_t *sign_at, struct silt_span *reason)
{
    for (size_t from = 0; from + MARK_SIZE <= line.size;) {
        const uint8_t *found = memmem(line.data + from, line.size - from, mark, MARK_SIZE);
        if (found == NULL)
            return false;
        size_t at = (size_t)(found - line.data), behind = at + MARK_SIZE;
        size_t sign = measure_sign(line, at);
        bool ends_word = behind == line.size || line.data[behind] == ':' || line.data[behind] == '*' ||
                         line.data[behind] == '-' || line.data[behind] <= ' ';
        struct silt_span rest = silt_span_slice(line, behind, line.size - behind);
        if (sign > 0 && ends_word && is_text(rest)) {
            *sign_at = at - sign;
            *reason = take_reason(rest);
            return true;
        }
        from = behind;
    }
    return false;
}

/* Where the line that `at` stands in begins and ends; false if that is out of reach. */
static bool find_line(struct silt_span text, size_t at, size_t until, struct silt_span *line)
{
    size_t start = at, end = until;
    while (start > 0 && text.data[start - 1] != '\n' && at - start <= SILT_ALLOW_REACH)
        start--;
    while (end < text.size && text.data[end] != '\n' && end - until <= SILT_ALLOW_REACH)
        end++;
    *line = silt_span_slice(text, start, end - start);
    return at - start <= SILT_ALLOW_REACH && end - until <= SILT_ALLOW_REACH;
}

static bool is_all_blank(struct silt_span line)
{
    for (size_t i = 0; i < line.size; i++)
        if (!is_blank(line.data[i]))
            return false;
    return true;
}

/* The line above, where it holds nothing but the comment: one behind other text speaks of that text. */
static bool find_above(struct silt_span text, size_t line_start, struct silt_span *reason)
{
    struct silt_span line;
    size_t sign_at;
    return line_start > 0 && find_line(text, line_start - 1, line_start - 1, &line) &&
           find_mark(line, &sign_at, reason) && is_all_blank(silt_span_slice(line, 0, sign_at));
}

bool silt_allow_find(struct silt_span text, size_t start, size_t end, struct silt_span *reason)
{
    struct silt_span line;
    size_t sign_at;
    if (!find_line(text, start, end, &line))
        return false;
    size_t line_start = (size_t)(line.data - text.data);
    struct silt_span before = silt_span_slice(text, line_start, start - line_start);
    struct silt_span behind = silt_span_slice(text, end, line_start + line.size - end);
    return find_mark(behind, &sign_at, reason) || find_mark(before, &sign_at, reason) ||
           find_above(text, line_start, reason);
}
