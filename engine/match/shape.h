/*
 * shape.h: what every match of a pattern's tree looks like, as far as gates need it (plan.h).
 *
 * A gate keeps a text that is looked for to the places where a match can be at all. Each is a property of all
 * matches, proven on the tree here, and a cheap look at bytes (values.h, matcher.c).
 */
#ifndef SILT_MATCH_SHAPE_H
#define SILT_MATCH_SHAPE_H

#include "match/node.h"

/* Every match holds a run of value bytes (values.h) of at least `run`, at most `lead` bytes behind the
 * match's start; a run of 0 where it needs none. `free` of these bytes may be one of many: the rest is fixed,
 * as in a word that is no value at all. */
struct silt_shape {
    uint32_t run, lead, free;
};

/* The shape of a pattern's tree. */
struct silt_shape silt_shape_of(const struct silt_node *tree);

/* Whether the run is long enough to be looked for, and a text that ends at most `most` bytes behind the start
 * of the match stands at most `before` bytes before the run and ends at most `behind` bytes behind it. */
bool silt_shape_is_around(const struct silt_shape *shape, uint32_t most, uint32_t before, uint32_t behind);

/* Bytes behind "://" in which "@" is looked for. */
enum { SILT_SHAPE_AUTHORITY_MAX = 640 };

/* A byte that ends the authority of a URI with a password in it: white space, quotes, angle brackets, slash.
 */
bool silt_shape_ends_authority(uint8_t byte);

/* Whether every match is a URI with a password: a "://" with at least *least and at most *most bytes up to
 * its end, then bytes of which none ends an authority, then "@", at most SILT_SHAPE_AUTHORITY_MAX bytes on.
 * The sequence must be flat (silt_node_flatten). */
bool silt_shape_is_uri(const struct silt_node *sequence, uint32_t *least, uint32_t *most);

#endif
