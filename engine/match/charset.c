/*
 * charset.c: sets of bytes in four words.
 */
#include "match/charset.h"

void silt_charset_put(struct silt_charset *set, uint8_t byte)
{
    set->bits[byte >> 6] |= UINT64_C(1) << (byte & 63);
}

void silt_charset_put_range(struct silt_charset *set, uint8_t first, uint8_t last)
{
    for (unsigned byte = first; byte <= last; byte++)
        silt_charset_put(set, (uint8_t)byte);
}

void silt_charset_put_all(struct silt_charset *set, const struct silt_charset *other)
{
    for (int i = 0; i < 4; i++)
        set->bits[i] |= other->bits[i];
}

bool silt_charset_has(const struct silt_charset *set, uint8_t byte)
{
    return (set->bits[byte >> 6] >> (byte & 63) & 1) != 0;
}

unsigned silt_charset_count(const struct silt_charset *set)
{
    unsigned count = 0;
    for (int i = 0; i < 4; i++)
        for (uint64_t word = set->bits[i]; word != 0; word &= word - 1)
            count++;
    return count;
}

void silt_charset_negate(struct silt_charset *set)
{
    for (int i = 0; i < 4; i++)
        set->bits[i] = ~set->bits[i];
}

void silt_charset_fold(struct silt_charset *set)
{
    for (unsigned c = 'A'; c <= 'Z'; c++) {
        if (silt_charset_has(set, (uint8_t)c))
            silt_charset_put(set, (uint8_t)(c + ('a' - 'A')));
        else if (silt_charset_has(set, (uint8_t)(c + ('a' - 'A'))))
            silt_charset_put(set, (uint8_t)c);
    }
}

/* Ranges as text: pairs of first and last. */
static void put_ranges(struct silt_charset *set, const char *ranges, size_t size)
{
    for (size_t i = 0; i + 1 < size; i += 2)
        silt_charset_put_range(set, (uint8_t)ranges[i], (uint8_t)ranges[i + 1]);
}

/* A name and the ranges that it stands for. */
struct named {
    const char *name;
    const char *ranges;
    size_t size;
};

#define RANGES(text) (text), sizeof(text) - 1

static const struct named escapes[] = {
    {"d", RANGES("09")},           {"w", RANGES("09AZaz__")},
    {"s", RANGES("\t\r  ")},       {"h", RANGES("\t\t  \xa0\xa0")},
    {"v", RANGES("\n\r\x85\x85")}, {"N", RANGES("\x00\x09\x0b\xff")}, /* not a line feed; has no negation */
};

static const struct named classes[] = {
    {"alpha", RANGES("AZaz")},
    {"digit", RANGES("09")},
    {"alnum", RANGES("09AZaz")},
    {"upper", RANGES("AZ")},
    {"lower", RANGES("az")},
    {"space", RANGES("\t\r  ")},
    {"blank", RANGES("\t\t  ")},
    {"word", RANGES("09AZaz__")},
    {"xdigit", RANGES("09AFaf")},
    {"punct", RANGES("!/:@[`{~")},
    {"print", RANGES(" ~")},
    {"graph", RANGES("!~")},
    {"cntrl", RANGES("\x00\x1f\x7f\x7f")},
    {"ascii", RANGES("\x00\x7f")},
};

static bool put_named(struct silt_charset *set, const struct named *table, size_t count,
                      struct silt_span name, bool is_negated)
{
    for (size_t i = 0; i < count; i++) {
        if (!silt_span_is_text(name, table[i].name))
            continue;
        struct silt_charset found = {0};
        put_ranges(&found, table[i].ranges, table[i].size);
        if (is_negated)
            silt_charset_negate(&found);
        silt_charset_put_all(set, &found);
        return true;
    }
    return false;
}

bool silt_charset_put_escape(struct silt_charset *set, char letter)
{
    bool is_negated = letter >= 'A' && letter <= 'Z' && letter != 'N';
    char name = is_negated ? (char)(letter + ('a' - 'A')) : letter;
    return put_named(set, escapes, sizeof escapes / sizeof escapes[0], silt_span_of(&name, 1), is_negated);
}

bool silt_charset_put_posix(struct silt_charset *set, struct silt_span name)
{
    bool is_negated = name.size > 0 && name.data[0] == '^';
    if (is_negated)
        name = silt_span_slice(name, 1, name.size);
    return put_named(set, classes, sizeof classes / sizeof classes[0], name, is_negated);
}

static enum silt_status print_byte(unsigned byte, struct silt_buffer *out, struct silt_error *error)
{
    static const char digits[] = "0123456789abcdef";
    const char plain = (char)byte, coded[] = {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
    bool is_plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                    (byte >= 'a' && byte <= 'z') || byte == '_';
    return silt_buffer_append(out, is_plain ? silt_span_of(&plain, 1) : silt_span_of(coded, sizeof coded),
                              error);
}

static enum silt_status print_range(unsigned first, unsigned last, struct silt_buffer *out,
                                    struct silt_error *error)
{
    enum silt_status status = print_byte(first, out, error);
    if (status == SILT_OK && last > first + 1)
        status = silt_buffer_append(out, silt_span_text("-"), error);
    if (status == SILT_OK && last > first)
        status = print_byte(last, out, error);
    return status;
}

/* The first byte from some byte on that is, or is not, in the set; 256 if there is none. */
static unsigned find_next(const struct silt_charset *set, unsigned from, bool is_in)
{
    while (from < 256) {
        uint64_t word = is_in ? set->bits[from >> 6] : ~set->bits[from >> 6];
        word >>= from & 63;
        if (word != 0)
            return from + (unsigned)__builtin_ctzll(word);
        from = (from | 63) + 1;
    }
    return 256;
}

static enum silt_status print_ranges(const struct silt_charset *set, struct silt_buffer *out,
                                     struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    unsigned end;
    for (unsigned first = find_next(set, 0, true); first < 256 && status == SILT_OK;
         first = find_next(set, end, true)) {
        end = find_next(set, first, false);
        status = print_range(first, end - 1, out, error);
    }
    return status;
}

enum silt_status silt_charset_print(const struct silt_charset *set, struct silt_buffer *out,
                                    struct silt_error *error)
{
    if (silt_charset_count(set) == 1)
        return print_ranges(set, out, error);
    enum silt_status status = silt_buffer_append(out, silt_span_text("["), error);
    if (status == SILT_OK)
        status = print_ranges(set, out, error);
    return status == SILT_OK ? silt_buffer_append(out, silt_span_text("]"), error) : status;
}

bool silt_charset_is_within(const struct silt_charset *set, const struct silt_charset *other)
{
    for (int i = 0; i < 4; i++)
        if ((set->bits[i] & ~other->bits[i]) != 0)
            return false;
    return true;
}

bool silt_charset_is_caseless(const struct silt_charset *set)
{
    uint64_t capitals = set->bits[1] >> ('A' - 64), smalls = set->bits[1] >> ('a' - 64);
    return (capitals & smalls & 0x3ffffff) != 0;
}
