/*
 * regex.c: a recursive-descent parser of PCRE patterns, its depth bounded.
 *
 * Functions answer NULL (or false) on failure; the first failure is kept in the parser.
 */
#include "match/regex.h"

#include "base/array.h"
#include "base/error.h"

enum flag { FLAG_CASELESS = 1, FLAG_DOTALL = 2, FLAG_EXTENDED = 4, FLAG_NO_CAPTURE = 8 };

/* More quantifiers on top of each other than that are refused, as is a count above PCRE's. */
enum { STACKED_MAX = 4, COUNT_MAX = 65535 };

struct group {
    struct silt_span name;
    bool is_closed;
    uint32_t width; /* at most */
};

struct parser {
    struct silt_span pattern;
    size_t at;
    struct silt_arena *arena;
    struct silt_array groups; /* of struct group */
    unsigned flags;
    unsigned depth;
    bool is_quoted; /* between \Q and \E */
    bool keeps_assertions;
    unsigned widenings; /* places where the tree matches more than the pattern, but for repeats */
    bool has_reset;     /* (?|…) was seen: group numbers are not ours to tell */
    enum silt_status status;
    const char *problem;
};

static struct silt_node *parse_group(struct parser *parser);

static struct silt_node *fail(struct parser *parser, const char *problem)
{
    if (parser->status == SILT_OK) {
        parser->status = SILT_ERR_UNSUPPORTED;
        parser->problem = problem;
    }
    return NULL;
}

static struct silt_node *new_node(struct parser *parser, enum silt_node_kind kind)
{
    struct silt_node *node = silt_node_new(parser->arena, kind);
    if (node == NULL && parser->status == SILT_OK)
        parser->status = SILT_ERR_MEMORY;
    return node;
}

static struct silt_node *new_empty(struct parser *parser)
{
    return new_node(parser, SILT_NODE_SEQUENCE);
}

/* In place of an assertion. */
static struct silt_node *new_widened(struct parser *parser)
{
    parser->widenings++;
    return new_empty(parser);
}

static bool is_empty(const struct silt_node *node)
{
    return node->kind == SILT_NODE_SEQUENCE && node->first == NULL;
}

static struct silt_node *new_repeat(struct parser *parser, struct silt_node *child, uint32_t min,
                                    uint32_t max)
{
    if (max == 0 || is_empty(child) || child->kind == SILT_NODE_ASSERTION)
        return new_empty(parser);
    if (min == 1 && max == 1)
        return child;
    struct silt_node *node = new_node(parser, SILT_NODE_REPEAT);
    if (node == NULL)
        return NULL;
    node->min = min;
    node->max = max;
    silt_node_put(node, child);
    return node;
}

static struct silt_node *new_set(struct parser *parser, const struct silt_charset *set)
{
    struct silt_node *node = new_node(parser, SILT_NODE_SET);
    if (node != NULL) {
        node->set = *set;
        node->count = silt_charset_count(set);
    }
    return node;
}

static struct silt_node *new_any(struct parser *parser)
{
    struct silt_charset set = {0};
    silt_charset_negate(&set);
    return new_set(parser, &set);
}

/* The byte at some distance ahead, or -1 behind the end. */
static int peek(const struct parser *parser, size_t ahead)
{
    size_t left = parser->pattern.size - parser->at;
    return ahead < left ? parser->pattern.data[parser->at + ahead] : -1;
}

/* Takes some text if it comes next. */
static bool take(struct parser *parser, const char *text)
{
    struct silt_span rest = silt_span_slice(parser->pattern, parser->at, parser->pattern.size);
    if (!silt_span_has_prefix(rest, text))
        return false;
    parser->at += strlen(text);
    return true;
}

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

/* The text up to a byte, which is taken as well. */
static bool take_until(struct parser *parser, char last, struct silt_span *out)
{
    size_t start = parser->at;
    while (peek(parser, 0) >= 0 && peek(parser, 0) != last)
        parser->at++;
    *out = silt_span_slice(parser->pattern, start, parser->at - start);
    if (peek(parser, 0) < 0)
        return fail(parser, "an end is missing") != NULL;
    parser->at++;
    return true;
}

static int digit_value(int c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return 16;
}

/* At most `digits` digits; none is zero. */
static unsigned take_number(struct parser *parser, int base, int digits)
{
    unsigned value = 0;
    for (; digits > 0 && digit_value(peek(parser, 0)) < base; digits--) {
        value = value * (unsigned)base + (unsigned)digit_value(peek(parser, 0));
        parser->at++;
    }
    return value;
}

/* \xhh, \x{h…}, \ooo, \o{o…}: `braced` says whether digits may stand in braces. */
static bool take_coded(struct parser *parser, int base, int digits, bool braced, uint8_t *byte)
{
    unsigned value;
    if (braced && take(parser, "{")) {
        value = take_number(parser, base, 7);
        if (!take(parser, "}"))
            return fail(parser, "a character code without its end") != NULL;
    } else {
        value = take_number(parser, base, digits);
    }
    if (value > 255)
        return fail(parser, "a code point above 255") != NULL;
    *byte = (uint8_t)value;
    return true;
}

/* What stands behind a backslash and means one byte. */
static bool take_escaped(struct parser *parser, uint8_t *byte)
{
    static const char names[] = "aefnrt", values[] = "\a\033\f\n\r\t";
    int c = peek(parser, 0);
    if (c < 0)
        return fail(parser, "a backslash at the end") != NULL;
    parser->at++;
    const char *name = strchr(names, c);
    if (c != 0 && name != NULL) {
        *byte = (uint8_t)values[name - names];
        return true;
    }
    if (c == 'x')
        return take_coded(parser, 16, 2, true, byte);
    if (c == 'o' && peek(parser, 0) == '{')
        return take_coded(parser, 8, 0, true, byte);
    if (c >= '0' && c <= '7') {
        parser->at--;
        return take_coded(parser, 8, 3, false, byte);
    }
    if (c == 'c' && peek(parser, 0) >= ' ' && peek(parser, 0) < 127) {
        int control = peek(parser, 0);
        parser->at++;
        *byte = (uint8_t)((control >= 'a' && control <= 'z' ? control - 32 : control) ^ 64);
        return true;
    }
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        return fail(parser, "an escape that is not supported") != NULL;
    *byte = (uint8_t)c;
    return true;
}

/* \p{Lu}, \pL: taken and not looked at; all bytes stand for it. */
static bool take_property(struct parser *parser)
{
    struct silt_span ignored;
    parser->at++;
    parser->widenings++;
    if (take(parser, "{"))
        return take_until(parser, '}', &ignored);
    if (peek(parser, 0) < 0)
        return fail(parser, "a property without a name") != NULL;
    parser->at++;
    return true;
}

/* A character class being read. */
struct class
{
    struct silt_charset set;
    bool is_negated;
    bool is_any; /* holds what is not known */
};

/* One item of a class that may begin or end a range. Answers whether it is one byte; fills the set otherwise.
 */
static bool take_class_item(struct parser *parser, struct class *class, uint8_t *byte)
{
    int c = peek(parser, 0);
    parser->at++;
    if (c != '\\' || parser->is_quoted) {
        *byte = (uint8_t)c;
        return true;
    }
    c = peek(parser, 0);
    if (c == 'p' || c == 'P') {
        class->is_any = true;
        take_property(parser);
        return false;
    }
    if (c == 'b') {
        parser->at++;
        *byte = '\b';
        return true;
    }
    if (c != 'N' && c > 0 && silt_charset_put_escape(&class->set, (char)c)) {
        parser->at++;
        return false;
    }
    return take_escaped(parser, byte);
}

/* [:name:] inside a class. */
static bool take_posix(struct parser *parser, struct class *class)
{
    int kind = peek(parser, 1);
    if (parser->is_quoted || peek(parser, 0) != '[' || (kind != ':' && kind != '.' && kind != '='))
        return false;
    size_t name = parser->at + 2, end = name;
    while (end + 1 < parser->pattern.size && parser->pattern.data[end] != ']' &&
           parser->pattern.data[end] != '\\' && parser->pattern.data[end] != kind)
        end++;
    if (end + 1 >= parser->pattern.size || parser->pattern.data[end] != kind ||
        parser->pattern.data[end + 1] != ']')
        return false;
    if (kind != ':' ||
        !silt_charset_put_posix(&class->set, silt_span_slice(parser->pattern, name, end - name)))
        fail(parser, "a POSIX class that is not known");
    parser->at = end + 2;
    return true;
}

static bool starts_range(const struct parser *parser)
{
    return !parser->is_quoted && peek(parser, 0) == '-' && peek(parser, 1) != ']' && peek(parser, 1) >= 0;
}

static void take_class_range(struct parser *parser, struct class *class)
{
    uint8_t first, last;
    if (!take_class_item(parser, class, &first))
        return;
    if (!starts_range(parser)) {
        silt_charset_put(&class->set, first);
        return;
    }
    parser->at++;
    if (!take_class_item(parser, class, &last)) { /* as in [a-\d]: the hyphen is itself */
        silt_charset_put(&class->set, first);
        silt_charset_put(&class->set, '-');
    } else if (first > last) {
        fail(parser, "a range out of order");
    } else {
        silt_charset_put_range(&class->set, first, last);
    }
}

/* \Q and \E are allowed anywhere, in classes too. */
static bool take_quote(struct parser *parser)
{
    if (parser->is_quoted ? take(parser, "\\E") : take(parser, "\\Q")) {
        parser->is_quoted = !parser->is_quoted;
        return true;
    }
    return !parser->is_quoted && take(parser, "\\E");
}

static struct silt_node *finish_class(struct parser *parser, struct class *class)
{
    if (parser->status != SILT_OK)
        return NULL;
    if ((parser->flags & FLAG_CASELESS) != 0)
        silt_charset_fold(&class->set);
    if (class->is_negated)
        silt_charset_negate(&class->set);
    if (class->is_any)
        return new_any(parser);
    if (silt_charset_count(&class->set) == 0)
        return fail(parser, "a class that holds nothing");
    return new_set(parser, &class->set);
}

/* Behind the opening bracket. */
static struct silt_node *parse_class(struct parser *parser)
{
    struct class class = {.is_negated = take(parser, "^")};
    bool is_first = true;
    for (;;) {
        if (parser->status != SILT_OK)
            return NULL;
        if (peek(parser, 0) < 0)
            return fail(parser, "a class without its end");
        if (take_quote(parser))
            continue;
        if (!is_first && !parser->is_quoted && take(parser, "]"))
            return finish_class(parser, &class);
        if (!take_posix(parser, &class))
            take_class_range(parser, &class);
        is_first = false;
    }
}

/* A backreference: any bytes, at most as many as the group may take. */
static struct silt_node *refer(struct parser *parser, const struct group *group)
{
    if (parser->has_reset || group == NULL || !group->is_closed)
        return fail(parser, "a reference to a group that is not closed before it");
    struct silt_node *any = new_any(parser);
    return any != NULL ? new_repeat(parser, any, 0, group->width) : NULL;
}

static const struct group *find_number(const struct parser *parser, long number)
{
    long count = (long)parser->groups.count;
    if (number < 0)
        number += count + 1;
    return number >= 1 && number <= count ? silt_array_at(&parser->groups, (size_t)number - 1) : NULL;
}

static const struct group *find_name(const struct parser *parser, struct silt_span name)
{
    for (size_t i = 0; i < parser->groups.count; i++) {
        const struct group *group = silt_array_at(&parser->groups, i);
        if (name.size > 0 && silt_span_equal(group->name, name))
            return group;
    }
    return NULL;
}

/* \g1 \g-1 \g{1} \g{-1} \g{name}, behind the g. */
static struct silt_node *parse_g(struct parser *parser)
{
    bool is_braced = take(parser, "{");
    bool is_negative = take(parser, "-");
    if (is_digit(peek(parser, 0))) {
        long number = (long)take_number(parser, 10, 5);
        if (is_braced && !take(parser, "}"))
            return fail(parser, "a reference without its end");
        return refer(parser, find_number(parser, is_negative ? -number : number));
    }
    struct silt_span name;
    if (!is_braced)
        return fail(parser, "a subroutine call");
    return take_until(parser, '}', &name) ? refer(parser, find_name(parser, name)) : NULL;
}

/* \k<name> \k'name' \k{name}, behind the k. */
static struct silt_node *parse_k(struct parser *parser)
{
    static const char openers[] = "<'{", closers[] = ">'}";
    int c = peek(parser, 0);
    const char *opener = c > 0 ? strchr(openers, c) : NULL;
    if (opener == NULL)
        return fail(parser, "a reference without a name");
    parser->at++;
    struct silt_span name;
    if (!take_until(parser, closers[opener - openers], &name))
        return NULL;
    return refer(parser, find_name(parser, name));
}

/* \R: a line break of any kind; two bytes for CR LF. */
static struct silt_node *new_line_break(struct parser *parser)
{
    struct silt_charset set = {0};
    silt_charset_put_escape(&set, 'v');
    struct silt_node *node = new_set(parser, &set);
    return node != NULL ? new_repeat(parser, node, 1, 2) : NULL;
}

static struct silt_node *new_literal(struct parser *parser, uint8_t byte)
{
    struct silt_charset set = {0};
    silt_charset_put(&set, byte);
    if ((parser->flags & FLAG_CASELESS) != 0)
        silt_charset_fold(&set);
    return new_set(parser, &set);
}

/* Escapes of more than one byte or of none; false if this is none of them. */
static bool parse_special(struct parser *parser, int c, struct silt_node **out)
{
    parser->at++;
    struct silt_charset set = {0};
    if (c != 0 && strchr("bBAZzG", c) != NULL)
        *out = new_widened(parser);
    else if (c == 'N' && peek(parser, 0) == '{')
        *out = fail(parser, "a named code point");
    else if (silt_charset_put_escape(&set, (char)c))
        *out = new_set(parser, &set);
    else if (c == 'C')
        *out = new_any(parser);
    else if (c == 'R')
        *out = new_line_break(parser);
    else if (c == 'g')
        *out = parse_g(parser);
    else if (c == 'k')
        *out = parse_k(parser);
    else
        return false;
    return true;
}

/* Behind a backslash, outside of classes. */
static struct silt_node *parse_escape(struct parser *parser)
{
    int c = peek(parser, 0);
    struct silt_node *node = NULL;
    if (c == 'p' || c == 'P')
        return take_property(parser) ? new_any(parser) : NULL;
    if (c >= '1' && c <= '9') {
        if (is_digit(peek(parser, 1)))
            return fail(parser, "a reference or code of several digits; write \\g{n} or \\x");
        parser->at++;
        return refer(parser, find_number(parser, c - '0'));
    }
    if (c > 0 && parse_special(parser, c, &node))
        return node;
    parser->at -= c > 0;
    uint8_t byte;
    return take_escaped(parser, &byte) ? new_literal(parser, byte) : NULL;
}

static struct silt_node *new_dot(struct parser *parser)
{
    struct silt_charset set = {0};
    if ((parser->flags & FLAG_DOTALL) != 0)
        return new_any(parser);
    parser->widenings++; /* what a line break is was settled when PCRE2 was built */
    silt_charset_put_escape(&set, 'N');
    return new_set(parser, &set);
}

static struct silt_node *parse_atom(struct parser *parser)
{
    int c = peek(parser, 0);
    parser->at++;
    if (parser->is_quoted)
        return new_literal(parser, (uint8_t)c);
    switch (c) {
    case '(':
        return parse_group(parser);
    case '[':
        return parse_class(parser);
    case '\\':
        return parse_escape(parser);
    case '.':
        return new_dot(parser);
    case '^':
    case '$':
        return new_widened(parser);
    case '*':
    case '+':
    case '?':
        return fail(parser, "a quantifier with nothing before it");
    default:
        return new_literal(parser, (uint8_t)c);
    }
}

/* {n} {n,} {n,m}; anything else in braces is text. */
static bool take_counts(struct parser *parser, uint32_t *min, uint32_t *max)
{
    size_t start = parser->at;
    if (!take(parser, "{") || !is_digit(peek(parser, 0)))
        goto text;
    *min = *max = take_number(parser, 10, 6);
    if (take(parser, ","))
        *max = is_digit(peek(parser, 0)) ? take_number(parser, 10, 6) : SILT_NODE_UNBOUNDED;
    if (!take(parser, "}"))
        goto text;
    if (*min > COUNT_MAX || (*max != SILT_NODE_UNBOUNDED && (*max > COUNT_MAX || *max < *min)))
        fail(parser, "a count that is too large or out of order");
    return true;
text:
    parser->at = start;
    return false;
}

static bool take_quantifier(struct parser *parser, uint32_t *min, uint32_t *max)
{
    if (parser->is_quoted)
        return false;
    *max = SILT_NODE_UNBOUNDED;
    *min = 0;
    if (take(parser, "?"))
        *max = 1;
    else if (take(parser, "+"))
        *min = 1;
    else if (!take(parser, "*") && !take_counts(parser, min, max))
        return false;
    if (!take(parser, "?")) /* lazy or possessive: the same, or narrower */
        take(parser, "+");
    return true;
}

/* What means nothing: (?#…), \Q and \E, and in extended mode white space and comments. */
static bool take_ignored(struct parser *parser)
{
    struct silt_span ignored;
    if (take_quote(parser))
        return true;
    if (parser->is_quoted)
        return false;
    if (take(parser, "(?#"))
        return take_until(parser, ')', &ignored);
    int c = peek(parser, 0);
    if ((parser->flags & FLAG_EXTENDED) == 0 || c <= 0)
        return false;
    if (c == '#') {
        while (peek(parser, 0) >= 0 && peek(parser, 0) != '\n')
            parser->at++;
        return true;
    }
    if (strchr(" \t\n\v\f\r", c) == NULL)
        return false;
    parser->at++;
    return true;
}

static struct silt_node *parse_quantified(struct parser *parser)
{
    struct silt_node *node = parse_atom(parser);
    uint32_t min, max;
    for (int stacked = 0; node != NULL; stacked++) {
        while (take_ignored(parser))
            continue;
        if (!take_quantifier(parser, &min, &max))
            return node;
        if (stacked == STACKED_MAX)
            return fail(parser, "too many quantifiers on one another");
        node = parser->status == SILT_OK ? new_repeat(parser, node, min, max) : NULL;
    }
    return NULL;
}

/* A sequence as a part of another becomes part of it. */
static void put_part(struct silt_node *sequence, struct silt_node *part)
{
    if (part->kind != SILT_NODE_SEQUENCE) {
        silt_node_put(sequence, part);
        return;
    }
    struct silt_node *next;
    for (struct silt_node *child = part->first; child != NULL; child = next) {
        next = child->next;
        child->next = NULL;
        silt_node_put(sequence, child);
    }
}

static struct silt_node *parse_sequence(struct parser *parser)
{
    struct silt_node *sequence = new_node(parser, SILT_NODE_SEQUENCE);
    while (sequence != NULL) {
        while (take_ignored(parser))
            continue;
        int c = peek(parser, 0);
        if (c < 0 || (!parser->is_quoted && (c == '|' || c == ')')))
            return parser->status == SILT_OK ? sequence : NULL;
        struct silt_node *part = parse_quantified(parser);
        if (part == NULL)
            return NULL;
        put_part(sequence, part);
    }
    return NULL;
}

static struct silt_node *parse_choice(struct parser *parser)
{
    struct silt_node *only = parse_sequence(parser);
    if (only == NULL || peek(parser, 0) != '|')
        return only;
    struct silt_node *choice = new_node(parser, SILT_NODE_CHOICE);
    while (choice != NULL && only != NULL) {
        silt_node_put(choice, only);
        if (!take(parser, "|"))
            return choice;
        only = parse_sequence(parser);
    }
    return NULL;
}

/* The rest of a group, behind what opens it. Flags set inside end with it. */
static struct silt_node *parse_inside(struct parser *parser)
{
    unsigned flags = parser->flags;
    struct silt_node *node = parse_choice(parser);
    parser->flags = flags;
    if (node == NULL)
        return NULL;
    return take(parser, ")") ? node : fail(parser, "a group without its end");
}

static struct silt_node *parse_capture(struct parser *parser, struct silt_span name)
{
    size_t index = parser->groups.count;
    struct group *group = silt_array_put(&parser->groups);
    if (group == NULL) {
        parser->status = SILT_ERR_MEMORY;
        return NULL;
    }
    group->name = name;
    struct silt_node *node = parse_inside(parser);
    if (node == NULL)
        return NULL;
    group = silt_array_at(&parser->groups, index);
    group->width = silt_node_width_max(node);
    group->is_closed = true;
    return node;
}

static struct silt_node *parse_assertion(struct parser *parser, enum silt_node_look look)
{
    unsigned before = parser->widenings++;
    struct silt_node *inside = parse_inside(parser);
    if (inside == NULL || !parser->keeps_assertions)
        return inside != NULL ? new_empty(parser) : NULL;
    struct silt_node *node = new_node(parser, SILT_NODE_ASSERTION);
    if (node == NULL)
        return NULL;
    node->look = look;
    node->is_exact = parser->widenings == before + 1;
    silt_node_put(node, inside);
    return node;
}

/* (?(condition)yes|no), behind its second bracket: either; nothing stands for a no that is not there. */
static struct silt_node *parse_conditional(struct parser *parser)
{
    struct silt_span ignored;
    if (peek(parser, 0) == '?' ? parse_group(parser) == NULL : !take_until(parser, ')', &ignored))
        return NULL;
    struct silt_node *inside = parse_inside(parser);
    if (inside == NULL || inside->kind == SILT_NODE_CHOICE)
        return inside;
    return new_repeat(parser, inside, 0, 1);
}

static bool take_flag(struct parser *parser, int c, bool is_on)
{
    unsigned flag = c == 'i'   ? FLAG_CASELESS
                    : c == 's' ? FLAG_DOTALL
                    : c == 'x' ? FLAG_EXTENDED
                    : c == 'n' ? FLAG_NO_CAPTURE
                               : 0;
    parser->at++;
    if (c == 'x' && take(parser, "x"))
        return fail(parser, "the flag xx") != NULL;
    parser->flags = is_on ? parser->flags | flag : parser->flags & ~flag;
    return true;
}

/* (?flags) and (?flags:…), behind the question mark. */
static struct silt_node *parse_flags(struct parser *parser)
{
    unsigned old = parser->flags;
    bool is_on = true;
    if (take(parser, "^"))
        parser->flags = 0;
    for (;;) {
        int c = peek(parser, 0);
        if (take(parser, ")"))
            return new_empty(parser);
        if (take(parser, ":")) {
            struct silt_node *node = parse_inside(parser);
            parser->flags = old;
            return node;
        }
        if (take(parser, "-"))
            is_on = false;
        else if (c <= 0 || strchr("imnsxU", c) == NULL)
            return fail(parser, "a group of a kind that is not supported");
        else if (!take_flag(parser, c, is_on))
            return NULL;
    }
}

static struct silt_node *parse_named(struct parser *parser, char last)
{
    struct silt_span name;
    return take_until(parser, last, &name) ? parse_capture(parser, name) : NULL;
}

/* Behind "(?". */
static struct silt_node *parse_marked(struct parser *parser)
{
    struct silt_span name;
    if (take(parser, "="))
        return parse_assertion(parser, SILT_NODE_AHEAD);
    if (take(parser, "!"))
        return parse_assertion(parser, SILT_NODE_NOT_AHEAD);
    if (take(parser, "<="))
        return parse_assertion(parser, SILT_NODE_BEHIND);
    if (take(parser, "<!"))
        return parse_assertion(parser, SILT_NODE_NOT_BEHIND);
    if (take(parser, ":") || take(parser, ">"))
        return parse_inside(parser);
    if (take(parser, "|")) {
        parser->has_reset = true;
        return parse_inside(parser);
    }
    if (take(parser, "<") || take(parser, "P<"))
        return parse_named(parser, '>');
    if (take(parser, "'"))
        return parse_named(parser, '\'');
    if (take(parser, "P="))
        return take_until(parser, ')', &name) ? refer(parser, find_name(parser, name)) : NULL;
    if (take(parser, "("))
        return parse_conditional(parser);
    return parse_flags(parser);
}

/* Behind the opening bracket. */
static struct silt_node *parse_group(struct parser *parser)
{
    if (parser->depth == SILT_REGEX_DEPTH_MAX)
        return fail(parser, "groups too deep in each other");
    parser->depth++;
    struct silt_node *node;
    if (peek(parser, 0) == '*')
        node = fail(parser, "a verb");
    else if (take(parser, "?"))
        node = parse_marked(parser);
    else if ((parser->flags & FLAG_NO_CAPTURE) != 0)
        node = parse_inside(parser);
    else
        node = parse_capture(parser, (struct silt_span){0});
    parser->depth--;
    return node;
}

static enum silt_status parse(struct parser *parser, struct silt_node **out, struct silt_error *error)
{
    parser->groups.item_size = sizeof(struct group);
    struct silt_node *node = parse_choice(parser);
    if (node != NULL && parser->at < parser->pattern.size)
        node = fail(parser, "a closing bracket too many");
    silt_array_clear(&parser->groups);
    if (node != NULL) {
        *out = node;
        return SILT_OK;
    }
    if (parser->status == SILT_ERR_MEMORY)
        return silt_error_memory(error);
    return silt_error_set(error, SILT_ERR_UNSUPPORTED, "at byte %zu: %s", parser->at, parser->problem);
}

enum silt_status silt_regex_parse(struct silt_span pattern, struct silt_arena *arena, struct silt_node **out,
                                  struct silt_error *error)
{
    struct parser parser = {.pattern = pattern, .arena = arena};
    return parse(&parser, out, error);
}

enum silt_status silt_regex_parse_whole(struct silt_span pattern, struct silt_arena *arena,
                                        struct silt_node **out, struct silt_error *error)
{
    struct parser parser = {.pattern = pattern, .arena = arena, .keeps_assertions = true};
    return parse(&parser, out, error);
}
