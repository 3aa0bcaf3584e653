/*
 * node.c: trees of regular expressions. Functions recurse over the tree, whose depth the parser bounds.
 */
#include "match/node.h"

#include <stdio.h>

struct silt_node *silt_node_new(struct silt_arena *arena, enum silt_node_kind kind)
{
    struct silt_node *node = silt_arena_take(arena, sizeof *node);
    if (node != NULL)
        node->kind = kind;
    return node;
}

void silt_node_put(struct silt_node *parent, struct silt_node *child)
{
    if (parent->last == NULL)
        parent->first = child;
    else
        parent->last->next = child;
    parent->last = child;
}

struct silt_node *silt_node_copy(struct silt_arena *arena, const struct silt_node *node)
{
    struct silt_node *copy = silt_arena_take(arena, sizeof *copy);
    if (copy == NULL)
        return NULL;
    *copy = *node;
    copy->next = NULL;
    return copy;
}

static bool put_flat(struct silt_arena *arena, const struct silt_node *sequence, struct silt_node *out)
{
    for (const struct silt_node *child = sequence->first; child != NULL; child = child->next) {
        if (child->kind == SILT_NODE_SEQUENCE) {
            if (!put_flat(arena, child, out))
                return false;
            continue;
        }
        struct silt_node *part = silt_node_copy(arena, child);
        if (part == NULL)
            return false;
        silt_node_put(out, part);
    }
    return true;
}

struct silt_node *silt_node_flatten(struct silt_arena *arena, const struct silt_node *sequence)
{
    struct silt_node *flat = silt_node_new(arena, SILT_NODE_SEQUENCE);
    return flat != NULL && put_flat(arena, sequence, flat) ? flat : NULL;
}

static uint32_t add(uint32_t a, uint32_t b)
{
    uint32_t sum;
    return __builtin_add_overflow(a, b, &sum) ? SILT_NODE_UNBOUNDED : sum;
}

static uint32_t multiply(uint32_t a, uint32_t b)
{
    uint32_t product;
    if (a == 0 || b == 0)
        return 0;
    if (a == SILT_NODE_UNBOUNDED || b == SILT_NODE_UNBOUNDED || __builtin_mul_overflow(a, b, &product))
        return SILT_NODE_UNBOUNDED;
    return product;
}

uint32_t silt_node_width_min(const struct silt_node *node)
{
    if (node->kind == SILT_NODE_SET)
        return 1;
    if (node->kind == SILT_NODE_ASSERTION)
        return 0;
    if (node->kind == SILT_NODE_REPEAT)
        return multiply(node->min, silt_node_width_min(node->first));
    uint32_t width = 0;
    for (const struct silt_node *child = node->first; child != NULL; child = child->next) {
        uint32_t one = silt_node_width_min(child);
        if (node->kind == SILT_NODE_SEQUENCE)
            width = add(width, one);
        else if (child == node->first || one < width)
            width = one;
    }
    return width;
}

uint32_t silt_node_width_max(const struct silt_node *node)
{
    if (node->kind == SILT_NODE_SET)
        return 1;
    if (node->kind == SILT_NODE_ASSERTION)
        return 0;
    if (node->kind == SILT_NODE_REPEAT)
        return multiply(node->max, silt_node_width_max(node->first));
    uint32_t width = 0;
    for (const struct silt_node *child = node->first; child != NULL; child = child->next) {
        uint32_t one = silt_node_width_max(child);
        if (node->kind == SILT_NODE_SEQUENCE)
            width = add(width, one);
        else if (one > width)
            width = one;
    }
    return width;
}

static void put_own_first(const struct silt_node *node, struct silt_charset *set)
{
    if (node->kind == SILT_NODE_SET)
        silt_charset_put_all(set, &node->set);
    for (const struct silt_node *child = node->first; child != NULL; child = child->next) {
        put_own_first(child, set);
        if (node->kind == SILT_NODE_SEQUENCE && silt_node_width_min(child) > 0)
            break;
    }
}

void silt_node_put_first(const struct silt_node *node, struct silt_charset *set)
{
    for (; node != NULL; node = node->next) {
        put_own_first(node, set);
        if (silt_node_width_min(node) > 0)
            return;
    }
    silt_charset_put_range(set, 0, UINT8_MAX);
}

static enum silt_status put(struct silt_buffer *out, const char *text, struct silt_error *error)
{
    return silt_buffer_append(out, silt_span_text(text), error);
}

/* Children in (?:…), with a separator between them. */
static enum silt_status print_children(const struct silt_node *node, const char *separator,
                                       struct silt_buffer *out, struct silt_error *error)
{
    enum silt_status status = put(out, "(?:", error);
    for (const struct silt_node *child = node->first; child != NULL && status == SILT_OK;
         child = child->next) {
        if (child != node->first)
            status = put(out, separator, error);
        if (status == SILT_OK)
            status = silt_node_print(child, out, error);
    }
    return status == SILT_OK ? put(out, ")", error) : status;
}

static enum silt_status print_repeat(const struct silt_node *node, struct silt_buffer *out,
                                     struct silt_error *error)
{
    char text[32];
    if (node->min == 1 && node->max == 1)
        text[0] = '\0';
    else if (node->min == node->max)
        snprintf(text, sizeof text, "{%u}", node->min);
    else if (node->max == SILT_NODE_UNBOUNDED)
        snprintf(text, sizeof text, "{%u,}", node->min);
    else
        snprintf(text, sizeof text, "{%u,%u}", node->min, node->max);
    bool is_group = node->first->kind == SILT_NODE_REPEAT;
    enum silt_status status = is_group ? put(out, "(?:", error) : SILT_OK;
    if (status == SILT_OK)
        status = silt_node_print(node->first, out, error);
    if (status == SILT_OK && is_group)
        status = put(out, ")", error);
    return status == SILT_OK ? put(out, text, error) : status;
}

enum silt_status silt_node_print(const struct silt_node *node, struct silt_buffer *out,
                                 struct silt_error *error)
{
    switch (node->kind) {
    case SILT_NODE_SET:
        return silt_charset_print(&node->set, out, error);
    case SILT_NODE_REPEAT:
        return print_repeat(node, out, error);
    case SILT_NODE_CHOICE:
        return print_children(node, "|", out, error);
    default:
        return print_children(node, "", out, error);
    }
}
