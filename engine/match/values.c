/*
 * values.c: finds long runs of value bytes.
 *
 * The plain way looks at every eighth byte only, since a run of 20 covers two of them in a row. The fast way
 * classifies 64 bytes at once by two table look-ups, one for each half of a byte, and finds runs by shifting
 * the bits over each other (measured on an npm tree: 0.9 ns a byte plain, under 0.1 fast). Both give the same
 * runs.
 */
#include "match/values.h"

#include <assert.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { STRIDE = 8, SAMPLES = SILT_VALUES_RUN_MIN / STRIDE };

static bool is_value(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           byte == '+' || byte == '-' || byte == '/' || byte == '_';
}

static bool looks_like_words(struct silt_span run)
{
    size_t capitals = 0;
    for (size_t i = 0; i < run.size; i++) {
        if (run.data[i] >= '0' && run.data[i] <= '9')
            return false;
        capitals += run.data[i] >= 'A' && run.data[i] <= 'Z';
    }
    return capitals * 4 < run.size;
}

/* The start of the first run of RUN_MIN value bytes at or after `from`; bytes.size if there is none. */
static size_t find_plain(struct silt_span bytes, size_t from)
{
    size_t p = from;
    while (p + (SAMPLES - 1) * STRIDE < bytes.size) {
        size_t good = SAMPLES;
        while (good > 0 && is_value(bytes.data[p + (good - 1) * STRIDE]))
            good--;
        if (good > 0) {
            p += good * STRIDE;
            continue;
        }
        size_t start = p, end = p;
        while (start > from && is_value(bytes.data[start - 1]))
            start--;
        while (end < bytes.size && end - start < SILT_VALUES_RUN_MIN && is_value(bytes.data[end]))
            end++;
        if (end - start == SILT_VALUES_RUN_MIN)
            return start;
        p = end > p ? end : p + 1;
    }
    return bytes.size;
}

#if defined(__x86_64__)
/* Bit i: whether byte i of 32 is a value byte. A byte is one if the tables of its halves share a bit; bits
 * stand for the rows of ASCII: punctuation, digits, A-O and a-o, P-Z and _, p-z. */
__attribute__((target("avx2"))) static uint32_t classify(const uint8_t *p)
{
    const __m256i low = _mm256_setr_epi8(26, 30, 30, 30, 30, 30, 30, 30, 30, 30, 28, 5, 4, 5, 4, 13, 26, 30,
                                         30, 30, 30, 30, 30, 30, 30, 30, 28, 5, 4, 5, 4, 13);
    const __m256i high = _mm256_setr_epi8(0, 0, 1, 2, 4, 8, 4, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 8,
                                          4, 16, 0, 0, 0, 0, 0, 0, 0, 0);
    const __m256i nibble = _mm256_set1_epi8(15);
    __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)p);
    __m256i a = _mm256_shuffle_epi8(low, _mm256_and_si256(bytes, nibble));
    __m256i b = _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), nibble));
    __m256i none = _mm256_cmpeq_epi8(_mm256_and_si256(a, b), _mm256_setzero_si256());
    return ~(uint32_t)_mm256_movemask_epi8(none);
}

__attribute__((target("avx2"))) static uint64_t classify_64(const uint8_t *p)
{
    return classify(p) | (uint64_t)classify(p + 32) << 32;
}

__attribute__((target("avx2"))) static size_t find_avx2(struct silt_span bytes, size_t from)
{
    static_assert(SILT_VALUES_RUN_MIN == 20, "the shifts below add up to 20");
    if (bytes.size - from < 128)
        return find_plain(bytes, from);
    uint64_t here = classify_64(bytes.data + from);
    for (; bytes.size - from >= 128; from += 64) {
        uint64_t next = classify_64(bytes.data + from + 64);
        unsigned __int128 runs = (unsigned __int128)next << 64 | here;
        runs &= runs >> 1; /* bit i: a run of 2 begins at byte i */
        runs &= runs >> 2; /* 4 */
        runs &= runs >> 4; /* 8 */
        runs &= runs >> 8; /* 16 */
        runs &= runs >> 4; /* 20 */
        if ((uint64_t)runs != 0)
            return from + (size_t)__builtin_ctzll((uint64_t)runs);
        here = next;
    }
    return find_plain(bytes, from);
}
#endif

static size_t end_plain(struct silt_span bytes, size_t from)
{
    while (from < bytes.size && is_value(bytes.data[from]))
        from++;
    return from;
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static size_t end_avx2(struct silt_span bytes, size_t from)
{
    for (; bytes.size - from >= 64; from += 64) {
        uint64_t others = ~classify_64(bytes.data + from);
        if (others != 0)
            return from + (size_t)__builtin_ctzll(others);
    }
    return end_plain(bytes, from);
}
#endif

/* The end of the run that begins at `from`. */
static size_t end_run(struct silt_span bytes, size_t from)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        return end_avx2(bytes, from);
#endif
    return end_plain(bytes, from);
}

static size_t find_run(struct silt_span bytes, size_t from)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        return find_avx2(bytes, from);
#endif
    return find_plain(bytes, from);
}

/* The next run that may be a value. */
static bool next_run(struct silt_span bytes, size_t *position, struct silt_values_region *out)
{
    while (*position < bytes.size) {
        size_t start = find_run(bytes, *position), end = end_run(bytes, start);
        *position = end;
        if (start < end && !looks_like_words(silt_span_slice(bytes, start, end - start))) {
            *out = (struct silt_values_region){start, end};
            return true;
        }
    }
    return false;
}

static struct silt_values_region surround(struct silt_span bytes, struct silt_values_region run)
{
    run.start = run.start > SILT_VALUES_BEFORE ? run.start - SILT_VALUES_BEFORE : 0;
    run.end = bytes.size - run.end > SILT_VALUES_BEHIND ? run.end + SILT_VALUES_BEHIND : bytes.size;
    return run;
}

bool silt_values_next(struct silt_span bytes, size_t *position, struct silt_values_region *out)
{
    struct silt_values_region run;
    if (!next_run(bytes, position, &run))
        return false;
    *out = surround(bytes, run);
    for (size_t ahead = *position; next_run(bytes, &ahead, &run); *position = ahead) {
        run = surround(bytes, run);
        if (run.start > out->end)
            break;
        out->end = run.end;
    }
    return true;
}

static uint32_t sum(uint32_t a, uint32_t b)
{
    return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

/* What is_value says, as a set. */
static const struct silt_charset value_bytes = {
    {1ULL << '+' | 1ULL << '-' | 1ULL << '/' | 0x3ffULL << '0',
     0x3ffffffULL << ('A' - 64) | 1ULL << ('_' - 64) | 0x3ffffffULL << ('a' - 64), 0, 0}};

/* The child (or the children in a row that are values as a whole, such as the parts of a UUID) with the
 * longest run, and what stands around it. */
static struct silt_values_shape shape_of_sequence(const struct silt_node *node)
{
    struct silt_values_shape best = {0}, row = {0};
    uint32_t before = 0;
    for (const struct silt_node *child = node->first; child != NULL; child = child->next) {
        struct silt_values_shape shape = silt_values_shape_of(child);
        uint32_t width = silt_node_width_max(child);
        bool is_whole = shape.run > 0 && shape.run == silt_node_width_min(child);
        if (row.run == 0)
            row.lead = before;
        row.run = is_whole ? row.run + shape.run : 0;
        best.tail = sum(best.tail, width);
        if (shape.run > best.run)
            best = (struct silt_values_shape){shape.run, sum(before, shape.lead), shape.tail};
        if (row.run > best.run)
            best = (struct silt_values_shape){row.run, row.lead, 0};
        before = sum(before, width);
    }
    return best;
}

static struct silt_values_shape shape_of_choice(const struct silt_node *node)
{
    struct silt_values_shape all = {.run = UINT32_MAX};
    for (const struct silt_node *child = node->first; child != NULL; child = child->next) {
        struct silt_values_shape shape = silt_values_shape_of(child);
        all.run = shape.run < all.run ? shape.run : all.run;
        all.lead = shape.lead > all.lead ? shape.lead : all.lead;
        all.tail = shape.tail > all.tail ? shape.tail : all.tail;
    }
    return all;
}

static struct silt_values_shape shape_of_repeat(const struct silt_node *node)
{
    struct silt_values_shape shape = silt_values_shape_of(node->first);
    if (node->min == 0)
        return (struct silt_values_shape){0};
    if (node->first->kind == SILT_NODE_SET && shape.run > 0)
        return (struct silt_values_shape){.run = node->min};
    if (node->max > 1)
        shape.tail = silt_node_width_max(node);
    return shape;
}

/* Recursion is over a pattern's tree, whose depth the parser bounds. */
struct silt_values_shape silt_values_shape_of(const struct silt_node *tree)
{
    switch (tree->kind) {
    case SILT_NODE_SET:
        return (struct silt_values_shape){.run = silt_charset_is_within(&tree->set, &value_bytes)};
    case SILT_NODE_REPEAT:
        return shape_of_repeat(tree);
    case SILT_NODE_CHOICE:
        return shape_of_choice(tree);
    case SILT_NODE_SEQUENCE:
        break;
    }
    return shape_of_sequence(tree);
}

bool silt_values_holds(const struct silt_values_shape *shape)
{
    return shape->run >= SILT_VALUES_RUN_MIN && shape->lead <= SILT_VALUES_BEFORE &&
           shape->tail <= SILT_VALUES_BEHIND;
}
