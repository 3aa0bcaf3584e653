/*
 * values.c: finds runs by looking at every eighth byte only: a run of 24 bytes covers three of them in a row.
 */
#include "match/values.h"

enum { STRIDE = 8, SAMPLES = SILT_VALUES_RUN_MIN / STRIDE };

/* Letters, digits and _ + / -. */
static const bool is_value[256] = {
    ['+'] = true, ['-'] = true, ['/'] = true, ['_'] = true, ['0'] = true, ['1'] = true, ['2'] = true,
    ['3'] = true, ['4'] = true, ['5'] = true, ['6'] = true, ['7'] = true, ['8'] = true, ['9'] = true,
    ['A'] = true, ['B'] = true, ['C'] = true, ['D'] = true, ['E'] = true, ['F'] = true, ['G'] = true,
    ['H'] = true, ['I'] = true, ['J'] = true, ['K'] = true, ['L'] = true, ['M'] = true, ['N'] = true,
    ['O'] = true, ['P'] = true, ['Q'] = true, ['R'] = true, ['S'] = true, ['T'] = true, ['U'] = true,
    ['V'] = true, ['W'] = true, ['X'] = true, ['Y'] = true, ['Z'] = true, ['a'] = true, ['b'] = true,
    ['c'] = true, ['d'] = true, ['e'] = true, ['f'] = true, ['g'] = true, ['h'] = true, ['i'] = true,
    ['j'] = true, ['k'] = true, ['l'] = true, ['m'] = true, ['n'] = true, ['o'] = true, ['p'] = true,
    ['q'] = true, ['r'] = true, ['s'] = true, ['t'] = true, ['u'] = true, ['v'] = true, ['w'] = true,
    ['x'] = true, ['y'] = true, ['z'] = true,
};

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

/* Moves on to a sample from which SAMPLES in a row are value bytes; false when there is none. The last of
 * them is looked at first, so that most steps skip all. */
static bool find_samples(struct silt_span bytes, size_t *position)
{
    size_t p = *position;
    while (p + (SAMPLES - 1) * STRIDE < bytes.size) {
        size_t bad = SAMPLES;
        while (bad > 0 && is_value[bytes.data[p + (bad - 1) * STRIDE]])
            bad--;
        if (bad == 0) {
            *position = p;
            return true;
        }
        p += bad * STRIDE;
    }
    return false;
}

/* The next run that may be a value. *position is a sample, and stays one. */
static bool next_run(struct silt_span bytes, size_t *position, struct silt_values_region *out)
{
    while (find_samples(bytes, position)) {
        size_t start = *position, end = *position;
        while (start > 0 && *position - start < STRIDE && is_value[bytes.data[start - 1]])
            start--;
        while (end < bytes.size && is_value[bytes.data[end]])
            end++;
        *position = (end + STRIDE - 1) / STRIDE * STRIDE;
        if (end - start >= SILT_VALUES_RUN_MIN &&
            !looks_like_words(silt_span_slice(bytes, start, end - start))) {
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

static bool holds_values_only(const struct silt_node *set)
{
    for (unsigned byte = 0; byte < 256; byte++)
        if (silt_charset_has(&set->set, (uint8_t)byte) && !is_value[byte])
            return false;
    return true;
}

/* The child with the longest run, and what stands around it. */
static struct silt_values_shape shape_of_sequence(const struct silt_node *node)
{
    struct silt_values_shape best = {0};
    uint32_t before = 0;
    for (const struct silt_node *child = node->first; child != NULL; child = child->next) {
        struct silt_values_shape shape = silt_values_shape_of(child);
        uint32_t width = silt_node_width_max(child);
        if (shape.run > best.run)
            best = (struct silt_values_shape){shape.run, sum(before, shape.lead), shape.tail};
        else
            best.tail = sum(best.tail, width);
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
        return (struct silt_values_shape){.run = holds_values_only(tree)};
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
