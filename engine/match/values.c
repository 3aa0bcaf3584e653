/*
 * values.c: finds long runs of value bytes, 64 bytes at a time.
 *
 * The plain way makes a mask of 64 bits, one a byte, by looking at each byte. The fast way makes it by two
 * table look-ups, one for each half of a byte (measured: 0.9 ns a byte plain, 0.1 fast). All the rest is the
 * same for both: a run of 20 inside a mask is found by shifting it over itself, and runs that cross masks by
 * counting the ones at their ends.
 */
#include "match/values.h"

#include <assert.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define WIDE __attribute__((target("avx2,bmi")))
#endif

enum { BLOCK = 64, HALF = 32 };

static const uint64_t all = ~(uint64_t)0;

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_capital(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z';
}

bool silt_values_has(uint8_t byte)
{
    return is_digit(byte) || is_capital(byte) || (byte >= 'a' && byte <= 'z') || byte == '+' || byte == '-' ||
           byte == '/' || byte == '_';
}

static uint64_t classify_plain(const uint8_t *bytes, size_t size)
{
    uint64_t mask = 0;
    for (size_t i = 0; i < size; i++)
        mask |= (uint64_t)silt_values_has(bytes[i]) << i;
    return mask;
}

#if defined(__x86_64__)
/* Bit i: whether byte i of 32 is a value byte. A byte is one if the tables of its halves share a bit; bits
 * stand for the rows of ASCII: punctuation, digits, A-O and a-o, P-Z and _, p-z. */
WIDE static inline uint32_t classify_half(const uint8_t *bytes)
{
    const __m256i low = _mm256_setr_epi8(26, 30, 30, 30, 30, 30, 30, 30, 30, 30, 28, 5, 4, 5, 4, 13, 26, 30,
                                         30, 30, 30, 30, 30, 30, 30, 30, 28, 5, 4, 5, 4, 13);
    const __m256i high = _mm256_setr_epi8(0, 0, 1, 2, 4, 8, 4, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 8,
                                          4, 16, 0, 0, 0, 0, 0, 0, 0, 0);
    const __m256i nibble = _mm256_set1_epi8(15);
    __m256i block = _mm256_loadu_si256((const __m256i *)(const void *)bytes);
    __m256i a = _mm256_shuffle_epi8(low, _mm256_and_si256(block, nibble));
    __m256i b = _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(block, 4), nibble));
    __m256i none = _mm256_cmpeq_epi8(_mm256_and_si256(a, b), _mm256_setzero_si256());
    return ~(uint32_t)_mm256_movemask_epi8(none);
}

WIDE static inline uint64_t classify_wide(const uint8_t *bytes)
{
    return classify_half(bytes) | (uint64_t)classify_half(bytes + HALF) << HALF;
}
#endif

/* Starts of runs of at least 20 that lie inside a mask (those that reach its end may go on behind it). */
static inline uint64_t starts_of_runs(uint64_t mask)
{
    static_assert(SILT_VALUES_RUN_MIN == 20, "the shifts below add up to 20");
    mask &= mask >> 1;       /* bit i: a run of 2 begins at byte i */
    mask &= mask >> 2;       /* 4 */
    mask &= mask >> 4;       /* 8 */
    mask &= mask >> 8;       /* 16 */
    return mask & mask >> 4; /* 20 */
}

static inline unsigned count_low_ones(uint64_t mask)
{
    return mask == all ? BLOCK : (unsigned)__builtin_ctzll(~mask);
}

static inline unsigned count_high_ones(uint64_t mask)
{
    return mask == all ? BLOCK : (unsigned)__builtin_clzll(~mask);
}

static inline uint64_t load(const struct silt_values *values, bool is_wide)
{
    size_t left = values->bytes.size - values->base;
#if defined(__x86_64__)
    if (is_wide && left >= BLOCK)
        return classify_wide(values->bytes.data + values->base);
#endif
    return classify_plain(values->bytes.data + values->base, left < BLOCK ? left : BLOCK);
}

/* Ends the open run if it ends in this block; true if that is a long one. */
static inline bool close_run(struct silt_values *values, struct silt_values_run *out)
{
    unsigned ones = count_low_ones(values->mask);
    if (ones == BLOCK)
        return false;
    values->is_open = false;
    values->mask &= all << ones;
    *out = (struct silt_values_run){values->start, values->base + ones};
    return out->end - out->start >= SILT_VALUES_RUN_MIN;
}

/* Takes the first run that begins and ends in this block. */
static inline bool take_inner(struct silt_values *values, struct silt_values_run *out)
{
    uint64_t starts = starts_of_runs(values->mask);
    if (starts == 0)
        return false;
    unsigned start = (unsigned)__builtin_ctzll(starts);
    unsigned size = count_low_ones(values->mask >> start);
    if (start + size == BLOCK)
        return false; /* it may go on */
    values->mask &= all << (start + size);
    *out = (struct silt_values_run){values->base + start, values->base + start + size};
    return true;
}

/* A run that reaches the block's end is open in the next one. */
static inline void leave_block(struct silt_values *values)
{
    unsigned ones = count_high_ones(values->mask);
    if (!values->is_open && ones > 0) {
        values->is_open = true;
        values->start = values->base + BLOCK - ones;
    }
    values->base += BLOCK;
}

static inline bool next(struct silt_values *values, struct silt_values_run *out, bool is_wide)
{
    while (values->base < values->bytes.size) {
        if (values->is_open && close_run(values, out))
            return true;
        if (!values->is_open && take_inner(values, out))
            return true;
        leave_block(values);
        if (values->base < values->bytes.size)
            values->mask = load(values, is_wide);
    }
    *out = (struct silt_values_run){values->start, values->bytes.size};
    bool is_long = values->is_open && out->end - out->start >= SILT_VALUES_RUN_MIN;
    values->is_open = false;
    return is_long;
}

#if defined(__x86_64__)
WIDE __attribute__((flatten)) static bool next_wide(struct silt_values *values, struct silt_values_run *out)
{
    return next(values, out, true);
}
#endif

void silt_values_begin(struct silt_values *values, struct silt_span bytes)
{
    *values = (struct silt_values){.bytes = bytes};
    if (bytes.size > 0)
        values->mask = load(values, false);
}

bool silt_values_next(struct silt_values *values, struct silt_values_run *out)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        return next_wide(values, out);
#endif
    return next(values, out, false);
}

/* Counts the capitals; false when there is a digit. */
static bool count_plain(struct silt_span run, size_t *capitals)
{
    for (size_t i = 0; i < run.size; i++) {
        if (is_digit(run.data[i]))
            return false;
        *capitals += is_capital(run.data[i]);
    }
    return true;
}

#if defined(__x86_64__)
/* Bit i: whether byte i is one of `count` bytes from `first` on. */
WIDE static inline uint32_t find_range(__m256i block, char first, char count)
{
    __m256i moved = _mm256_sub_epi8(block, _mm256_set1_epi8(first));
    __m256i least = _mm256_min_epu8(moved, _mm256_set1_epi8((char)(count - 1)));
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(moved, least));
}

WIDE static bool count_wide(struct silt_span run, size_t *capitals)
{
    size_t i = 0;
    for (; run.size - i >= HALF; i += HALF) {
        __m256i block = _mm256_loadu_si256((const __m256i *)(const void *)(run.data + i));
        if (find_range(block, '0', 10) != 0)
            return false;
        *capitals += (size_t)__builtin_popcount(find_range(block, 'A', 26));
    }
    return count_plain(silt_span_slice(run, i, run.size), capitals);
}
#endif

bool silt_values_is_words(struct silt_span run)
{
    size_t capitals = 0;
#if defined(__x86_64__)
    if (run.size >= HALF && __builtin_cpu_supports("avx2"))
        return count_wide(run, &capitals) && capitals * 4 < run.size;
#endif
    return count_plain(run, &capitals) && capitals * 4 < run.size;
}
