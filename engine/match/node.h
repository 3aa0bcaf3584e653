/*
 * node.h: a regular expression as a tree, and its text again.
 *
 * Only what consumes bytes is in the tree: sets, sequences, alternatives, repeats. Case, dots and escapes
 * have become sets; assertions are not in it unless asked for, so a tree matches everywhere where the pattern
 * does, and perhaps elsewhere. Nodes live in an arena.
 */
#ifndef SILT_MATCH_NODE_H
#define SILT_MATCH_NODE_H

#include "base/arena.h"
#include "match/charset.h"

enum silt_node_kind {
    SILT_NODE_SET,      /* one byte of a set */
    SILT_NODE_SEQUENCE, /* children one after another; without children: the empty match */
    SILT_NODE_CHOICE,   /* one of the children */
    SILT_NODE_REPEAT,   /* its only child, min to max times */
    SILT_NODE_ASSERTION /* consumes nothing; in whole trees only (silt_regex_parse_whole) */
};

/* What is asserted. */
enum silt_node_look {
    SILT_NODE_AHEAD,      /* the child matches from here on */
    SILT_NODE_NOT_AHEAD,  /* it does not */
    SILT_NODE_BEHIND,     /* it matches up to here */
    SILT_NODE_NOT_BEHIND, /* it does not */
};

enum { SILT_NODE_UNBOUNDED = UINT32_MAX };

struct silt_node {
    enum silt_node_kind kind;
    enum silt_node_look look;       /* of an assertion */
    bool is_exact;                  /* of an assertion: its child's sets match no more than the pattern's */
    uint32_t min, max;              /* of a repeat; max may be SILT_NODE_UNBOUNDED */
    struct silt_charset set;        /* of a set */
    unsigned count;                 /* of a set: how many bytes it holds */
    struct silt_node *first, *last; /* children */
    struct silt_node *next;         /* the next child of the same parent */
};

/* A new node without children; NULL when memory is out. */
struct silt_node *silt_node_new(struct silt_arena *arena, enum silt_node_kind kind);

/* Appends a child, which must have no parent. */
void silt_node_put(struct silt_node *parent, struct silt_node *child);

/* A copy of the node itself with the same (shared) children and no `next`; NULL when memory is out. */
struct silt_node *silt_node_copy(struct silt_arena *arena, const struct silt_node *node);

/* A copy of a sequence in which sequences among its children, and theirs, are replaced by their children;
 * NULL when memory is out. */
struct silt_node *silt_node_flatten(struct silt_arena *arena, const struct silt_node *sequence);

/* The least and the most bytes that a match takes; SILT_NODE_UNBOUNDED (also for more than 2^32 - 2). */
uint32_t silt_node_width_min(const struct silt_node *node);
uint32_t silt_node_width_max(const struct silt_node *node);

/* Adds the bytes with which a match of the node, followed by those of its next siblings, can begin; all bytes
 * where that may be the empty text, behind which anything may stand. */
void silt_node_put_first(const struct silt_node *node, struct silt_charset *set);

/* Appends the tree as a pattern that Hyperscan reads without flags. */
SILT_MUST_USE enum silt_status silt_node_print(const struct silt_node *node, struct silt_buffer *out,
                                               struct silt_error *error);

#endif
