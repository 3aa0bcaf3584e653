/*
 * shape.c: see shape.h. Recursion is over a pattern's tree, whose depth the parser bounds.
 */
#include "match/shape.h"

#include "match/values.h"

/* Bytes of a set that make a place in a run a free one: a digit at least. */
enum { FREE_MIN = 10 };

static uint32_t sum(uint32_t a, uint32_t b)
{
    return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

/* What silt_values_has says, as a set. */
static const struct silt_charset value_bytes = {
    {1ULL << '+' | 1ULL << '-' | 1ULL << '/' | 0x3ffULL << '0',
     0x3ffffffULL << ('A' - 64) | 1ULL << ('_' - 64) | 0x3ffffffULL << ('a' - 64), 0, 0}};

static bool is_all_value(const struct silt_node *node)
{
    if (node->kind == SILT_NODE_SET)
        return silt_charset_is_within(&node->set, &value_bytes);
    for (const struct silt_node *child = node->first; child != NULL; child = child->next)
        if (!is_all_value(child))
            return false;
    return true;
}

/* The child (or the children in a row that are values as a whole, such as the parts of a UUID) with the
 * longest run, and what stands before it. */
static struct silt_shape shape_of_sequence(const struct silt_node *node)
{
    struct silt_shape best = {0}, row = {0};
    uint32_t before = 0;
    for (const struct silt_node *child = node->first; child != NULL; child = child->next) {
        struct silt_shape shape = silt_shape_of(child);
        uint32_t width = silt_node_width_max(child);
        bool is_whole = shape.run > 0 && shape.run == silt_node_width_min(child) && is_all_value(child);
        if (row.run == 0)
            row.lead = before;
        row.run = is_whole ? row.run + shape.run : 0;
        row.free = is_whole ? row.free + shape.free : 0;
        if (shape.run > best.run)
            best = (struct silt_shape){shape.run, sum(before, shape.lead), shape.free};
        if (row.run > best.run)
            best = row;
        before = sum(before, width);
    }
    return best;
}

static struct silt_shape shape_of_choice(const struct silt_node *node)
{
    struct silt_shape all = {.run = UINT32_MAX, .free = UINT32_MAX};
    for (const struct silt_node *child = node->first; child != NULL; child = child->next) {
        struct silt_shape shape = silt_shape_of(child);
        all.run = shape.run < all.run ? shape.run : all.run;
        all.lead = shape.lead > all.lead ? shape.lead : all.lead;
        all.free = shape.free < all.free ? shape.free : all.free;
    }
    return all;
}

static struct silt_shape shape_of_repeat(const struct silt_node *node)
{
    struct silt_shape shape = silt_shape_of(node->first);
    if (node->min == 0)
        return (struct silt_shape){0};
    if (node->first->kind == SILT_NODE_SET && shape.run > 0)
        return (struct silt_shape){.run = node->min, .free = shape.free * node->min};
    return shape;
}

struct silt_shape silt_shape_of(const struct silt_node *tree)
{
    bool is_value;
    switch (tree->kind) {
    case SILT_NODE_SET:
        is_value = silt_charset_is_within(&tree->set, &value_bytes);
        return (struct silt_shape){.run = is_value, .free = is_value && tree->count >= FREE_MIN};
    case SILT_NODE_REPEAT:
        return shape_of_repeat(tree);
    case SILT_NODE_CHOICE:
        return shape_of_choice(tree);
    case SILT_NODE_SEQUENCE:
        return shape_of_sequence(tree);
    case SILT_NODE_ASSERTION:
        break;
    }
    return (struct silt_shape){0};
}

bool silt_shape_is_around(const struct silt_shape *shape, uint32_t most, uint32_t before, uint32_t behind)
{
    return shape->run >= SILT_VALUES_RUN_MIN && shape->lead <= before && most <= sum(shape->run, behind);
}

bool silt_shape_ends_authority(uint8_t byte)
{
    return (byte >= '\t' && byte <= '\r') || byte == ' ' || byte == '"' || byte == '\'' || byte == '<' ||
           byte == '>' || byte == '/';
}

static bool is_byte(const struct silt_node *node, uint8_t byte)
{
    return node != NULL && node->kind == SILT_NODE_SET && node->count == 1 &&
           silt_charset_has(&node->set, byte);
}

static bool stays_in_authority(const struct silt_node *node)
{
    if (node->kind == SILT_NODE_SET) {
        for (unsigned byte = 0; byte < 256; byte++)
            if (silt_charset_has(&node->set, (uint8_t)byte) && silt_shape_ends_authority((uint8_t)byte))
                return false;
        return true;
    }
    for (const struct silt_node *child = node->first; child != NULL; child = child->next)
        if (!stays_in_authority(child))
            return false;
    return true;
}

/* Whether all from here on up to an "@" stays in the authority and is no longer than is looked at. */
static bool reaches_at(const struct silt_node *node)
{
    uint32_t width = 0;
    for (; node != NULL; node = node->next) {
        if (is_byte(node, '@'))
            return width < SILT_SHAPE_AUTHORITY_MAX;
        width = sum(width, silt_node_width_max(node));
        if (!stays_in_authority(node))
            return false;
    }
    return false;
}

bool silt_shape_is_uri(const struct silt_node *sequence, uint32_t *least, uint32_t *most)
{
    *least = *most = 3;
    for (const struct silt_node *node = sequence->first; node != NULL; node = node->next) {
        const struct silt_node *second = node->next, *third = second != NULL ? second->next : NULL;
        if (is_byte(node, ':') && is_byte(second, '/') && is_byte(third, '/'))
            return *most != UINT32_MAX && reaches_at(third->next);
        *least = sum(*least, silt_node_width_min(node));
        *most = sum(*most, silt_node_width_max(node));
    }
    return false;
}
