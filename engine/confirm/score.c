/*
 * score.c: secret-likeness from a character-transition model of prose and code, and from entropy.
 *
 * Evidence is how many bits a character costs more under the model of prose and code than under "any
 * character of this alphabet": positive for random tokens, negative for words. Low entropy and runs of steps
 * (1234, aaaa) take from it. model/make-model holds the same formulas and fits the numbers below.
 */
#include "confirm/score.h"

#include <math.h>

enum { CLASS_COUNT = 59, DIGIT = 52, SCORED_SIZE_MAX = 512, SCORED_SIZE_MIN = 4, UUID_SIZE = 36 };

/* 16 units are one bit; 255 is "never seen". */
static const uint8_t model[CLASS_COUNT][CLASS_COUNT] = {
#include "confirm/score_model.inc"
};

/* What the value is made of. */
struct makeup {
    bool has_lower, has_upper, has_digit, has_other;
    bool is_hex;      /* digits and letters a-f in any case */
    bool is_encoding; /* beside letters and digits only + / = _ - */
    unsigned counts[256];
};

static bool is_lower(uint8_t c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_upper(uint8_t c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static unsigned class_of(uint8_t c)
{
    static const char singles[] = "_-./:";
    if (is_lower(c))
        return c - 'a';
    if (is_upper(c))
        return 26u + c - 'A';
    if (is_digit(c))
        return DIGIT;
    const char *single = c != '\0' ? strchr(singles, c) : NULL;
    return single != NULL ? DIGIT + 1u + (unsigned)(single - singles) : CLASS_COUNT - 1;
}

static void look(struct silt_span value, struct makeup *makeup)
{
    memset(makeup, 0, sizeof *makeup);
    makeup->is_hex = makeup->is_encoding = true;
    for (size_t i = 0; i < value.size; i++) {
        uint8_t c = value.data[i];
        makeup->counts[c]++;
        makeup->has_lower |= is_lower(c);
        makeup->has_upper |= is_upper(c);
        makeup->has_digit |= is_digit(c);
        bool is_other = !is_lower(c) && !is_upper(c) && !is_digit(c);
        makeup->has_other |= is_other;
        if (is_other && (c == '\0' || strchr("+/=_-", c) == NULL))
            makeup->is_encoding = false;
        if (is_other || (c > 'F' && c < 'a') || c > 'f')
            makeup->is_hex = false;
    }
}

/* The size of the smallest usual alphabet that holds the value. */
static double alphabet_size(const struct makeup *makeup)
{
    if (makeup->is_hex && makeup->has_digit && !(makeup->has_lower && makeup->has_upper))
        return makeup->has_lower || makeup->has_upper ? 16 : 10;
    double size = 26 * makeup->has_lower + 26 * makeup->has_upper + 10 * makeup->has_digit;
    if (size < 10)
        size = 10;
    if (makeup->has_other)
        size += makeup->is_encoding ? 2 : 32;
    return size;
}

/* Bits a character by which "random" explains the value better than the model. One rare pair must not decide.
 */
static double evidence(struct silt_span value, const struct makeup *makeup, double alphabet)
{
    enum { LEAST = -32, MOST = 64, UNIT = 16, SHRINK = 3 };
    double uniform = UNIT * log2(alphabet), total = 0;
    uint8_t fold = makeup->has_lower ? 0 : 26; /* capitals alone are one case, as small letters alone are */
    unsigned before = 0;
    for (size_t i = 0; i < value.size; i++) {
        unsigned here = class_of(value.data[i]);
        if (fold != 0 && is_upper(value.data[i]))
            here -= fold;
        if (i > 0)
            total += fmax(LEAST, fmin(MOST, model[before][here] - uniform));
        before = here;
    }
    return total / UNIT / ((double)value.size + SHRINK);
}

/* Shannon entropy as a share of what this length and alphabet could have. Uses up the counts. */
static double entropy_ratio(struct silt_span value, struct makeup *makeup, double alphabet)
{
    double bits = 0, size = (double)value.size;
    for (size_t i = 0; i < value.size; i++) {
        unsigned *count = &makeup->counts[value.data[i]];
        if (*count > 0)
            bits -= *count / size * log2(*count / size);
        *count = 0;
    }
    return bits / log2(fmin(size, alphabet));
}

/* The share of pairs that stand still or move by one, as in aaaa, 1234, fedc. */
static double step_share(struct silt_span value)
{
    size_t steps = 0;
    for (size_t i = 1; i < value.size; i++) {
        int step = value.data[i] - value.data[i - 1];
        steps += step >= -1 && step <= 1;
    }
    return (double)steps / (double)(value.size - 1);
}

static double score(struct silt_span value)
{
    const double slope = 3.5, middle = 0.5; /* fitted: model/make-model */
    struct makeup makeup;
    look(value, &makeup);
    double alphabet = alphabet_size(&makeup);
    double length = sqrt(fmin((double)value.size, 64) / 12);
    double x = slope * (evidence(value, &makeup, alphabet) - middle) * length;
    x -= fmax(0, 0.8 - entropy_ratio(value, &makeup, alphabet)) * 16;
    x -= fmax(0, step_share(value) - 0.4) * 16;
    explicit_bzero(&makeup, sizeof makeup);
    return 1 / (1 + exp(-x));
}

/* Copies the digits of a UUID (RFC 9562, section 4: 8-4-4-4-12); false if the value is no UUID. */
static bool uuid_digits(struct silt_span value, uint8_t out[32])
{
    if (value.size != UUID_SIZE)
        return false;
    size_t count = 0;
    for (size_t i = 0; i < value.size; i++) {
        bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        uint8_t c = value.data[i];
        if (is_dash != (c == '-'))
            return false;
        if (is_dash)
            continue;
        if (!is_digit(c) && !(c >= 'a' && c <= 'f') && !(c >= 'A' && c <= 'F'))
            return false;
        out[count++] = c;
    }
    return true;
}

/* The longest part without separators: what stands behind a prefix such as sk_live_ or api-. */
static struct silt_span longest_part(struct silt_span value)
{
    struct silt_span best = {0};
    for (size_t i = 0, start = 0; i <= value.size; i++) {
        if (i < value.size && (is_lower(value.data[i]) || is_upper(value.data[i]) || is_digit(value.data[i])))
            continue;
        if (i - start > best.size)
            best = silt_span_slice(value, start, i - start);
        start = i + 1;
    }
    return best;
}

/* A prefix of words must not talk down the random part that makes up most of a value. */
static double score_parts(struct silt_span value)
{
    enum { PART_MIN = 16 };
    double whole = score(value);
    struct silt_span part = longest_part(value);
    if (part.size < PART_MIN || part.size == value.size || part.size * 3 < value.size * 2)
        return whole;
    return fmax(whole, score(part));
}

double silt_score(struct silt_span value)
{
    value = silt_span_slice(value, 0, SCORED_SIZE_MAX);
    if (value.size < SCORED_SIZE_MIN)
        return 0;
    uint8_t digits[32];
    if (!uuid_digits(value, digits))
        return score_parts(value);
    double result = score(silt_span_of(digits, sizeof digits));
    /* Versions 1, 2 and 6 are a clock and a network card, versions 3 and 5 the digest of a name: none is
     * random. */
    if (digits[12] != '4' && digits[12] != '7' && digits[12] != '8')
        result = fmin(result, 0.5);
    explicit_bzero(digits, sizeof digits);
    return result;
}
