/*
 * placeholder.c: a short, careful list: a wrong entry here hides a real secret.
 */
#include "confirm/placeholder.h"

#include <ctype.h>
#include <strings.h>

/* In longer values a word such as example is a host name or a comment beside the secret. */
enum { SIZE_MAX_JUDGED = 256, SIZE_MAX_WORDS = 80 };

static bool is_word(struct silt_span value, const char *const *words)
{
    for (; *words != NULL; words++)
        if (strlen(*words) == value.size && strncasecmp((const char *)value.data, *words, value.size) == 0)
            return true;
    return false;
}

static bool holds(struct silt_span value, const char *word)
{
    return memmem(value.data, value.size, word, strlen(word)) != NULL;
}

static bool begins(struct silt_span value, const char *word)
{
    size_t size = strlen(word);
    return value.size >= size && strncasecmp((const char *)value.data, word, size) == 0;
}

/* Length of the run of one character at i. */
static size_t run_length(struct silt_span value, size_t i)
{
    size_t end = i + 1;
    while (end < value.size && value.data[end] == value.data[i])
        end++;
    return end - i;
}

/* Stars, dots or dashes in place of what is not shown, also between the first and last characters. */
static bool is_mask(struct silt_span value)
{
    size_t masked = 0;
    for (size_t i = 0; i < value.size;) {
        size_t run = run_length(value, i);
        if (run >= 3 && value.data[i] != '\0' && strchr("*.#-_", value.data[i]) != NULL)
            masked += run;
        i += run;
    }
    return masked * 2 > value.size || holds(value, "***") || holds(value, "...") ||
           holds(value, "\xe2\x80\xa6");
}

/* At least half of the value in runs of four and more, or no more than two different letters and digits. The
 * formats that carry a long run of A (X bearer tokens, Dropbox) carry more than that of others. */
static bool is_repeated(struct silt_span value)
{
    size_t in_runs = 0, kinds = 0, letters = 0;
    bool seen[256] = {false};
    for (size_t i = 0; i < value.size;) {
        size_t run = run_length(value, i);
        if (run >= 4)
            in_runs += run;
        if (isalnum(value.data[i])) {
            letters += run;
            kinds += !seen[value.data[i]];
            seen[value.data[i]] = true;
        }
        i += run;
    }
    return in_runs * 2 >= value.size || (kinds <= 2 && letters >= 6);
}

/* The key to the right on a keyboard; NUL at the end of a row. */
static int next_key(uint8_t c)
{
    static const char right_of[] = "snvfrghjokl\0\0mp\0wtdyibecux"; /* of a, b, c … */
    return isalpha(c) ? right_of[tolower(c) - 'a'] : c == '9' ? '0' : '\0';
}

/* Length of the stretch from i in which each character is the next, or the one before, in ASCII or on a
 * keyboard. */
static size_t sequence_length(struct silt_span value, size_t i)
{
    size_t up = i + 1, down = i + 1, keys = i + 1;
    while (up < value.size && value.data[up] == value.data[up - 1] + 1 && isalnum(value.data[up]))
        up++;
    while (down < value.size && value.data[down] == value.data[down - 1] - 1 && isalnum(value.data[down]))
        down++;
    while (keys < value.size && isalnum(value.data[keys]) &&
           tolower(value.data[keys]) == next_key(value.data[keys - 1]))
        keys++;
    size_t end = up > down ? up : down;
    return (keys > end ? keys : end) - i;
}

/* Nearly all of it, but for a prefix such as sk_live_, in stretches of four and more. */
static bool is_sequence(struct silt_span value)
{
    enum { STRETCH_MIN = 4, PREFIX_MAX = 12 };
    size_t covered = 0, first = 0;
    for (size_t i = 0; i < value.size;) {
        size_t length = sequence_length(value, i);
        if (length >= STRETCH_MIN) {
            first = covered == 0 ? i : first;
            covered += length;
        }
        i += length;
    }
    size_t prefix = first < PREFIX_MAX && first * 2 < value.size ? first : 0;
    return covered >= STRETCH_MIN && covered * 10 >= (value.size - prefix) * 8;
}

static bool is_name(struct silt_span text)
{
    bool has_letter = false;
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        if (!isalnum(c) && c != '_' && c != '-' && c != '.' && c != ' ' && c != ':')
            return false;
        has_letter |= isalpha(c) != 0;
    }
    return has_letter;
}

static bool is_wrapped(struct silt_span value, const char *open, const char *close)
{
    return value.size > strlen(open) + strlen(close) && silt_span_has_prefix(value, open) &&
           silt_span_has_suffix(value, close);
}

/* $NAME or %NAME% or @NAME@: all capitals, or all small letters, so that $ecret1 stays a password. */
static bool is_plain_variable(struct silt_span value)
{
    if (value.size < 3 || (value.data[0] != '$' && value.data[0] != '%' && value.data[0] != '@'))
        return false;
    if (value.data[0] != '$' && value.data[value.size - 1] != value.data[0])
        return false;
    struct silt_span name = silt_span_slice(value, 1, value.data[0] == '$' ? value.size - 1 : value.size - 2);
    bool has_upper = false, has_lower = false, has_digit = false;
    for (size_t i = 0; i < name.size; i++) {
        if (!isalnum(name.data[i]) && name.data[i] != '_')
            return false;
        has_upper |= isupper(name.data[i]) != 0;
        has_lower |= islower(name.data[i]) != 0;
        has_digit |= isdigit(name.data[i]) != 0;
    }
    return has_upper != has_lower && !(has_lower && has_digit);
}

static bool is_variable(struct silt_span value)
{
    static const char *const wraps[][2] = {
        {"${", "}"},  {"{{", "}}"}, {"$(", ")"},  {"$[", "]"},  {"#{", "}"},  {"<%", "%>"},
        {"%(", ")s"}, {"{%", "%}"}, {"[[", "]]"}, {"((", "))"}, {"<<", ">>"},
    };
    for (size_t i = 0; i < sizeof wraps / sizeof wraps[0]; i++)
        if (is_wrapped(value, wraps[i][0], wraps[i][1]))
            return true;
    if (is_wrapped(value, "<", ">") || is_wrapped(value, "{", "}") || is_wrapped(value, "[", "]"))
        return is_name(silt_span_slice(value, 1, value.size - 2));
    /* A variable that the pattern cut at the closing bracket or quote. */
    if (silt_span_has_prefix(value, "${") || silt_span_has_prefix(value, "{{") ||
        silt_span_has_prefix(value, "$("))
        return true;
    return is_plain_variable(value);
}

/* Whether a verb ends here: before a separator, or before a capital in camel case. "enterprise" does not
 * enter. */
static bool ends_word(struct silt_span value, size_t at)
{
    if (at >= value.size || !isalpha(value.data[at]))
        return true;
    return isupper(value.data[at]) && islower(value.data[at - 1]);
}

/* Letters and separators alone, such as your-api-key, YOUR_TOKEN_HERE, insertPasswordHere. */
static bool is_instruction(struct silt_span value)
{
    static const char *const verbs[] = {"your", "my",     "insert", "enter", "replace", "paste",
                                        "put",  "change", "some",   "the",   NULL};
    for (size_t i = 0; i < value.size; i++)
        if (!isalpha(value.data[i]) && (value.data[i] == '\0' || strchr("-_. ", value.data[i]) == NULL))
            return false;
    for (const char *const *verb = verbs; *verb != NULL; verb++)
        if (begins(value, *verb) && value.size > strlen(*verb) && ends_word(value, strlen(*verb)))
            return true;
    return false;
}

static bool is_placeholder_word(struct silt_span value)
{
    static const char *const whole[] = {
        "null", "none",   "nil",     "true",   "false",  "undefined", "empty",    "todo",   "tbd",    "dummy",
        "fake", "test",   "testing", "sample", "secret", "token",     "password", "passwd", "xxx",    "foo",
        "bar",  "foobar", "n/a",     "na",     "unset",  "default",   "hidden",   "masked", "string", NULL,
    };
    static const char *const anywhere[] = {
        "changeme",  "change-me",  "change_me", "placeholder", "redacted", "example",    "your-",
        "your_",     "yourpass",   "yourtoken", "yourkey",     "yourapi",  "yoursecret", "-here",
        "_here",     "dummy-",     "dummy_",    "insert-",     "insert_",  "replace-",   "replace_",
        "replaceme", "notasecret", "not-a-",    "not_a_",      NULL,
    };
    if (is_word(value, whole) || is_instruction(value))
        return true;
    if (value.size > SIZE_MAX_WORDS)
        return false;
    char lower[SIZE_MAX_WORDS + 1]; /* a NUL inside ends nothing: it becomes a space */
    for (size_t i = 0; i < value.size; i++)
        lower[i] = value.data[i] != '\0' ? (char)tolower(value.data[i]) : ' ';
    lower[value.size] = '\0';
    bool is_found = false;
    for (const char *const *word = anywhere; *word != NULL && !is_found; word++)
        is_found = strstr(lower, *word) != NULL;
    explicit_bzero(lower, value.size);
    return is_found;
}

enum silt_placeholder silt_placeholder_kind(struct silt_span value)
{
    if (value.size == 0 || value.size > SIZE_MAX_JUDGED)
        return SILT_PLACEHOLDER_NONE;
    if (is_variable(value))
        return SILT_PLACEHOLDER_VARIABLE;
    if (is_mask(value))
        return SILT_PLACEHOLDER_MASK;
    if (is_repeated(value))
        return SILT_PLACEHOLDER_REPEATED;
    if (is_sequence(value))
        return SILT_PLACEHOLDER_SEQUENCE;
    return is_placeholder_word(value) ? SILT_PLACEHOLDER_WORD : SILT_PLACEHOLDER_NONE;
}

const char *silt_placeholder_name(enum silt_placeholder kind)
{
    static const char *const names[] = {
        [SILT_PLACEHOLDER_NONE] = "no placeholder", [SILT_PLACEHOLDER_REPEATED] = "repeated characters",
        [SILT_PLACEHOLDER_SEQUENCE] = "a sequence", [SILT_PLACEHOLDER_WORD] = "a placeholder word",
        [SILT_PLACEHOLDER_VARIABLE] = "a variable", [SILT_PLACEHOLDER_MASK] = "a masked value",
    };
    return names[kind];
}
