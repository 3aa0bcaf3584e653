/*
 * glance.h: a quick look at the text around a hit, which tells most hits that no match is at from the others.
 *
 * A glance is a pattern's tree as a short program over 64 bytes around the hit. It knows all places up to
 * which the pattern can have matched as bits of one word, and takes one step of the pattern for all of them
 * at once: there is no backtracking, and a step costs a few instructions. What it cannot decide (what reaches
 * beyond the 64 bytes, upper bounds of repeats, assertions other than simple ones) it takes for a match. So
 * it is wrong on one side only: no match is lost. PCRE2, which decides, takes ten to a hundred times as long.
 */
#ifndef SILT_MATCH_GLANCE_H
#define SILT_MATCH_GLANCE_H

#include "base/array.h"
#include "match/node.h"

/* A set as tables of the halves of a byte: bit h of row l says whether the byte 16 * h + l is in it. */
struct silt_glance_set {
    uint8_t low[16];  /* h from 0 to 7 */
    uint8_t high[16]; /* h from 8 to 15, less 8 */
};

/* One step. Bytes of a plan's file. */
struct silt_glance_step {
    uint16_t kind;     /* enum kind in glance.c */
    uint16_t set;      /* index of a set */
    uint16_t min, max; /* of a run */
    uint16_t skip;     /* the step to go on with where no place is left */
};

/* The programs of a plan, one behind the other, and their sets, each once. */
struct silt_glances {
    struct silt_array sets;  /* of struct silt_glance_set */
    struct silt_array steps; /* of struct silt_glance_step */
};

/* Makes it empty. */
void silt_glance_init(struct silt_glances *glances);

/* Where hits stand in matches: the match starts `least` to `reach` bytes before the hit's end; `head` as in
 * struct silt_anchors. */
struct silt_glance_hit {
    uint32_t least, reach, head;
};

enum { SILT_GLANCE_NONE = UINT32_MAX };

/* Appends the program of a pattern and answers the index of its first step in `out`; SILT_GLANCE_NONE where
 * it would tell nothing: places too far from the hit, a pattern that is not understood or too long. Only
 * memory is a failure. */
SILT_MUST_USE enum silt_status silt_glance_put(struct silt_glances *glances, const char *pattern,
                                               const struct silt_glance_hit *hit, uint32_t *out,
                                               struct silt_error *error);

/* Makes steps that came from a file ready; false if they cannot be run: an index outside, a program without
 * its end. */
bool silt_glance_link(struct silt_glances *glances);

/* Whether a program begins at a step. */
bool silt_glance_has(const struct silt_glances *glances, uint32_t program);

/* Whether a match may be where a hit ends; false only where none is. */
bool silt_glance_may_match(const struct silt_glances *glances, uint32_t program, struct silt_span bytes,
                           size_t end, const struct silt_glance_hit *hit);

/* Frees what they hold. */
void silt_glance_clear(struct silt_glances *glances);

#endif
