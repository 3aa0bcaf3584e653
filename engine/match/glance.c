/*
 * glance.c: see glance.h.
 *
 * Bit i of `places` stands for the place before byte i of the frame, 64 bytes from a little before where a
 * match may start. A step over a set is (places & mask) << 1, where bit i of the mask says that byte i is in
 * the set. A run of them is one addition: the carry travels through the ones of the mask. Alternatives are
 * taken one after the other from the same places, and what they reach is joined. Lookarounds make a word of
 * places of their own, the trace, which then keeps or drops places.
 */
#include "match/glance.h"

#include "base/error.h"
#include "match/regex.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define WIDE __attribute__((target("avx2,bmi")))
#endif

enum {
    FRAME = 64,
    HALF = 32,
    REACH_MAX = 48,  /* a hit further from its starts would leave too little to see behind it */
    BEFORE = 8,      /* bytes of the frame before the first start: for what looks behind */
    STEPS_MAX = 800, /* of a program */
    DEPTH_MAX = 8,   /* alternatives in alternatives */
    ROUNDS_MAX = 4,  /* of a group, one after the other; a longer repeat is a run of all its bytes */
    EXACT_MAX = 3,   /* optional rounds of a set, one after the other; more are taken for any number */
    SETS_MAX = UINT16_MAX,
};

enum kind {
    STEP,    /* over one byte of a set */
    PEEK,    /* only places before a byte of it */
    RUN,     /* over min to max of them */
    TO_LEFT, /* the trace: places from which a byte of the set leads into it; min: what is unseen does, too */
    RUN_LEFT, /* any number of them */
    TO_RIGHT, /* places to which one leads from it; min: from what is unseen, too */
    LAST_WITH_SET = TO_RIGHT,
    FROM_HIT,    /* begin where the hit ends */
    FROM_STARTS, /* begin where matches may start */
    FORK,        /* alternatives begin */
    NEXT,        /* the next one */
    JOIN,        /* behind the last one */
    TRACE,       /* begin with all places */
    KEEP,        /* only the places of the trace */
    DROP,        /* only the others */
    END,         /* a match if there is a place */
    KIND_COUNT,
};

static const uint64_t all = ~(uint64_t)0;

static inline bool has_set(uint16_t kind)
{
    return kind <= LAST_WITH_SET;
}

void silt_glance_init(struct silt_glances *glances)
{
    *glances = (struct silt_glances){.sets = {.item_size = sizeof(struct silt_glance_set)},
                                     .steps = {.item_size = sizeof(struct silt_glance_step)}};
}

void silt_glance_clear(struct silt_glances *glances)
{
    silt_array_clear(&glances->sets);
    silt_array_clear(&glances->steps);
}

/* ---- from trees to steps ---- */

struct writer {
    struct silt_glances *glances;
    size_t first; /* of the program's steps */
    unsigned depth;
    bool is_out_of_memory, is_too_long;
};

static bool has_failed(const struct writer *writer)
{
    return writer->is_out_of_memory || writer->is_too_long;
}

static struct silt_glance_step *put_step(struct writer *writer, enum kind kind)
{
    struct silt_array *steps = &writer->glances->steps;
    writer->is_too_long = writer->is_too_long || steps->count - writer->first >= STEPS_MAX;
    struct silt_glance_step *step = writer->is_too_long ? NULL : silt_array_put(steps);
    writer->is_out_of_memory = writer->is_out_of_memory || (step == NULL && !writer->is_too_long);
    if (step != NULL)
        step->kind = (uint16_t)kind;
    return step;
}

static struct silt_glance_set tables_of(const struct silt_charset *set)
{
    struct silt_glance_set tables = {{0}, {0}};
    for (unsigned byte = 0; byte < 256; byte++)
        if (silt_charset_has(set, (uint8_t)byte)) {
            uint8_t *table = byte < 128 ? tables.low : tables.high;
            table[byte % 16] |= (uint8_t)(1 << byte / 16 % 8);
        }
    return tables;
}

/* The index of a set, which is put if it is new. */
static uint16_t find_set(struct writer *writer, const struct silt_charset *set)
{
    struct silt_array *sets = &writer->glances->sets;
    struct silt_glance_set tables = tables_of(set);
    for (size_t i = 0; i < sets->count; i++)
        if (memcmp(silt_array_at(sets, i), &tables, sizeof tables) == 0)
            return (uint16_t)i;
    struct silt_glance_set *new = sets->count < SETS_MAX ? silt_array_put(sets) : NULL;
    writer->is_out_of_memory = writer->is_out_of_memory || new == NULL;
    if (new != NULL)
        *new = tables;
    return (uint16_t)(sets->count - 1);
}

static void put_set(struct writer *writer, enum kind kind, const struct silt_charset *set, uint16_t min)
{
    struct silt_glance_step *step = put_step(writer, kind);
    if (step == NULL)
        return;
    step->min = min;
    uint16_t index = find_set(writer, set);
    step->set = index;
}

static uint16_t cut(uint32_t number)
{
    return number < UINT16_MAX ? (uint16_t)number : UINT16_MAX;
}

static void put_run(struct writer *writer, const struct silt_charset *set, uint32_t min, uint32_t max)
{
    struct silt_glance_step *step = put_step(writer, RUN);
    if (step == NULL)
        return;
    step->min = cut(min < FRAME ? min : FRAME);
    step->max = cut(max);
    uint16_t index = find_set(writer, set);
    step->set = index;
}

static void put_node(struct writer *writer, const struct silt_node *node);

static void put_children(struct writer *writer, const struct silt_node *node)
{
    for (const struct silt_node *child = node->first; child != NULL && !has_failed(writer);
         child = child->next)
        put_node(writer, child);
}

static bool enter(struct writer *writer)
{
    writer->is_too_long = writer->is_too_long || writer->depth == DEPTH_MAX;
    writer->depth++;
    return put_step(writer, FORK) != NULL;
}

static void leave(struct writer *writer)
{
    put_step(writer, JOIN);
    writer->depth--;
}

/* The bytes that it can begin with; all of them where it may be empty. */
static void put_first(const struct silt_node *node, struct silt_charset *set)
{
    struct silt_node alone = *node;
    alone.next = NULL;
    silt_node_put_first(&alone, set);
}

static void put_choice(struct writer *writer, const struct silt_node *node)
{
    struct silt_charset first = {{0}};
    put_first(node, &first);
    if (silt_charset_count(&first) < 256)
        put_set(writer, PEEK, &first, 0);
    enter(writer);
    for (const struct silt_node *child = node->first; child != NULL && !has_failed(writer);
         child = child->next) {
        put_node(writer, child);
        if (child->next != NULL)
            put_step(writer, NEXT);
    }
    leave(writer);
}

static void put_bytes_of(const struct silt_node *node, struct silt_charset *set)
{
    if (node->kind == SILT_NODE_SET)
        silt_charset_put_all(set, &node->set);
    for (const struct silt_node *child = node->first; child != NULL; child = child->next)
        if (child->kind != SILT_NODE_ASSERTION)
            put_bytes_of(child, set);
}

/* Rounds of a group that are not followed one by one. */
static void put_mixture(struct writer *writer, const struct silt_node *group, uint32_t rounds)
{
    struct silt_charset set = {{0}};
    uint64_t min = (uint64_t)rounds * silt_node_width_min(group);
    put_bytes_of(group, &set);
    put_run(writer, &set, min < FRAME ? (uint32_t)min : FRAME, UINT32_MAX);
}

static void put_repeat(struct writer *writer, const struct silt_node *node)
{
    const struct silt_node *inner = node->first;
    if (inner->kind == SILT_NODE_SET) {
        put_run(writer, &inner->set, node->min, node->max);
        return;
    }
    for (uint32_t i = 0; i < node->min && i < ROUNDS_MAX && !has_failed(writer); i++)
        put_node(writer, inner);
    uint32_t rest = node->min < ROUNDS_MAX ? 0 : node->min - ROUNDS_MAX;
    if (node->min + (node->min == 0) > ROUNDS_MAX || node->max > node->min + (node->min == 0)) {
        put_mixture(writer, inner, rest);
        return;
    }
    if (node->max == node->min)
        return;
    enter(writer); /* once or not */
    put_step(writer, NEXT);
    put_node(writer, inner);
    leave(writer);
}

/* ---- lookarounds ---- */

static bool is_set(const struct silt_node *node)
{
    return node->kind == SILT_NODE_SET;
}

/* Whether a part is bytes of sets, one behind the other; with runs of them where `takes_runs`. */
static bool is_row(const struct silt_node *node, bool takes_runs)
{
    if (is_set(node))
        return true;
    if (node->kind == SILT_NODE_REPEAT)
        return takes_runs && is_set(node->first) && node->min <= ROUNDS_MAX;
    if (node->kind != SILT_NODE_SEQUENCE || node->first == NULL)
        return false;
    for (const struct silt_node *child = node->first; child != NULL; child = child->next)
        if (!is_set(child) && (child->kind == SILT_NODE_SEQUENCE || !is_row(child, takes_runs)))
            return false;
    return true;
}

static void put_left(struct writer *writer, const struct silt_node *part, bool is_wide)
{
    if (is_set(part)) {
        put_set(writer, TO_LEFT, &part->set, is_wide);
        return;
    }
    for (uint32_t i = 0; i < part->min; i++)
        put_set(writer, TO_LEFT, &part->first->set, is_wide);
    if (part->max > part->min)
        put_set(writer, RUN_LEFT, &part->first->set, is_wide);
}

/* From the last part to the first. Few parts: the recursion is as deep as they are many. */
static void put_left_all(struct writer *writer, const struct silt_node *part, bool is_wide)
{
    if (part->next != NULL)
        put_left_all(writer, part->next, is_wide);
    put_left(writer, part, is_wide);
}

static void trace_ahead(struct writer *writer, const struct silt_node *row, bool is_wide)
{
    put_step(writer, TRACE);
    if (row->kind == SILT_NODE_SEQUENCE)
        put_left_all(writer, row->first, is_wide);
    else
        put_left(writer, row, is_wide);
}

static void trace_behind(struct writer *writer, const struct silt_node *row, bool is_wide)
{
    put_step(writer, TRACE);
    const struct silt_node *part = row->kind == SILT_NODE_SEQUENCE ? row->first : row;
    for (; part != NULL; part = row->kind == SILT_NODE_SEQUENCE ? part->next : NULL)
        put_set(writer, TO_RIGHT, &part->set, is_wide);
}

/* What must not stand there: only where that is known exactly. One of several: none of them may. */
static void put_refusal(struct writer *writer, const struct silt_node *inner, bool is_ahead)
{
    const struct silt_node *row = inner->kind == SILT_NODE_CHOICE ? inner->first : inner;
    for (; row != NULL; row = inner->kind == SILT_NODE_CHOICE ? row->next : NULL) {
        if (!is_row(row, false))
            continue;
        if (is_ahead)
            trace_ahead(writer, row, false);
        else
            trace_behind(writer, row, false);
        put_step(writer, DROP);
    }
}

static void put_assertion(struct writer *writer, const struct silt_node *node)
{
    const struct silt_node *inner = node->first;
    if (node->look == SILT_NODE_AHEAD && is_row(inner, true)) {
        trace_ahead(writer, inner, true);
        put_step(writer, KEEP);
    } else if (node->look == SILT_NODE_BEHIND && is_row(inner, false)) {
        trace_behind(writer, inner, true);
        put_step(writer, KEEP);
    } else if (node->is_exact && (node->look == SILT_NODE_NOT_AHEAD || node->look == SILT_NODE_NOT_BEHIND)) {
        put_refusal(writer, inner, node->look == SILT_NODE_NOT_AHEAD);
    }
}

static void put_node(struct writer *writer, const struct silt_node *node)
{
    switch (node->kind) {
    case SILT_NODE_SET:
        put_set(writer, STEP, &node->set, 0);
        return;
    case SILT_NODE_REPEAT:
        put_repeat(writer, node);
        return;
    case SILT_NODE_CHOICE:
        put_choice(writer, node);
        return;
    case SILT_NODE_ASSERTION:
        put_assertion(writer, node);
        return;
    case SILT_NODE_SEQUENCE:
        put_children(writer, node);
        return;
    }
}

/* ---- where to go on when no place is left ---- */

/* Sets `skip` (and `max` of FROM_HIT) of the steps of one program, from its END back; false if its
 * alternatives do not nest. */
static bool link(struct silt_glance_step *steps, size_t first, size_t end)
{
    size_t targets[DEPTH_MAX + 1] = {end}, starts = 0;
    unsigned depth = 0;
    for (size_t i = end; i-- > first;) {
        struct silt_glance_step *step = &steps[i];
        step->skip = (uint16_t)(targets[depth] - i);
        if (step->kind == FROM_STARTS)
            starts = i;
        if (step->kind == FROM_HIT)
            step->max = (uint16_t)(starts > 0 ? starts - i : 0);
        if (step->kind == JOIN) {
            if (depth == DEPTH_MAX)
                return false;
            targets[++depth] = i;
        } else if (step->kind == NEXT && depth > 0) {
            targets[depth] = i;
        } else if (step->kind == FORK && depth > 0) {
            depth--;
        } else if (step->kind == NEXT || step->kind == FORK) {
            return false;
        }
    }
    return depth == 0;
}

static bool is_good(const struct silt_glance_step *step, size_t set_count)
{
    return step->kind < KIND_COUNT && (!has_set(step->kind) || step->set < set_count) && step->min <= FRAME;
}

bool silt_glance_link(struct silt_glances *glances)
{
    struct silt_glance_step *steps = glances->steps.items;
    size_t first = 0;
    for (size_t i = 0; i < glances->steps.count; i++) {
        if (!is_good(&steps[i], glances->sets.count) || i - first > STEPS_MAX)
            return false;
        if (steps[i].kind != END)
            continue;
        if (!link(steps, first, i))
            return false;
        first = i + 1;
    }
    return first == glances->steps.count;
}

bool silt_glance_has(const struct silt_glances *glances, uint32_t program)
{
    const struct silt_glance_step *steps = glances->steps.items;
    return program < glances->steps.count && (program == 0 || steps[program - 1].kind == END);
}

static enum silt_status finish(struct writer *writer, uint32_t *out, struct silt_error *error)
{
    struct silt_array *steps = &writer->glances->steps;
    if (writer->is_out_of_memory)
        return silt_error_memory(error);
    if (writer->is_too_long) {
        steps->count = writer->first;
        return SILT_OK;
    }
    *out = (uint32_t)writer->first;
    link(steps->items, writer->first, steps->count - 1);
    return SILT_OK;
}

/* A hit so far from the starts that the frame would not hold them: only what follows it is looked at. */
static bool is_far(const struct silt_glance_hit *hit)
{
    return hit->reach > REACH_MAX;
}

/* A short look first: from the hit's end over what may be left of the head, and then the rest. Most hits fail
 * here, and the head with all its forms is seen only where they do not. */
static void put_rest(struct writer *writer, const struct silt_node *tree, uint32_t head)
{
    struct silt_charset set = {{0}};
    const struct silt_node *child = tree->kind == SILT_NODE_SEQUENCE && head > 0 ? tree->first : NULL;
    for (; child != NULL && head > 0; child = child->next) {
        put_bytes_of(child, &set);
        head -= silt_node_width_max(child) > 0;
    }
    if (child == NULL)
        return;
    put_step(writer, FROM_HIT);
    put_run(writer, &set, 0, UINT32_MAX);
    for (; child != NULL && !has_failed(writer); child = child->next)
        put_node(writer, child);
}

enum silt_status silt_glance_put(struct silt_glances *glances, const char *pattern,
                                 const struct silt_glance_hit *hit, uint32_t *out, struct silt_error *error)
{
    struct silt_arena arena = {0};
    struct silt_node *tree;
    *out = SILT_GLANCE_NONE;
    if ((is_far(hit) && hit->head == 0) || hit->least > hit->reach)
        return SILT_OK;
    enum silt_status status = silt_regex_parse_whole(silt_span_text(pattern), &arena, &tree, NULL);
    if (status == SILT_OK) {
        struct writer writer = {.glances = glances, .first = glances->steps.count};
        put_rest(&writer, tree, hit->head);
        if (!is_far(hit)) {
            put_step(&writer, FROM_STARTS);
            put_node(&writer, tree);
        }
        put_step(&writer, END);
        status = finish(&writer, out, error);
    } else if (status == SILT_ERR_MEMORY) {
        silt_error_memory(error);
    } else {
        status = SILT_OK;
    }
    silt_arena_clear(&arena);
    return status;
}

/* ---- the glance ---- */

/* The bytes that are looked at. */
struct frame {
    uint8_t bytes[FRAME]; /* zeros behind the window's end */
    uint64_t seen;        /* bytes of the window */
    uint64_t hit, starts; /* places */
#if defined(__x86_64__)
    __m256i low[2], high[2]; /* for look-ups in a set's tables: the other half of the bytes looks up zero */
    __m256i bits[2];         /* of the row that was looked up, the one that counts */
#endif
};

struct fork {
    uint64_t from, reached;
};

/* On the way through a program. */
struct state {
    uint64_t places, trace;
    struct fork forks[DEPTH_MAX];
    unsigned depth;
    bool is_beyond; /* some place leads out of the frame */
    const struct silt_glance_step
        *resort; /* where to go on then; NULL: it is a match, for all that is seen */
};

static uint64_t mask_plain(const struct silt_glance_set *set, const struct frame *frame)
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < FRAME; i++) {
        uint8_t byte = frame->bytes[i];
        uint8_t row = byte < 128 ? set->low[byte % 16] : set->high[byte % 16];
        mask |= (uint64_t)(row >> byte / 16 % 8 & 1) << i;
    }
    return mask & frame->seen;
}

#if defined(__x86_64__)
/* An index with its high bit set looks up zero. */
WIDE static inline void prepare_wide(struct frame *frame)
{
    const __m256i bits = _mm256_set1_epi64x((long long)0x8040201008040201ULL);
    const __m256i kept = _mm256_set1_epi8((char)0x8f), top = _mm256_set1_epi8((char)0x80);
    for (int i = 0; i < 2; i++) {
        __m256i block = _mm256_loadu_si256((const __m256i *)(const void *)(frame->bytes + (size_t)i * HALF));
        __m256i nibble = _mm256_and_si256(_mm256_srli_epi16(block, 4), _mm256_set1_epi8(15));
        frame->low[i] = _mm256_and_si256(block, kept);
        frame->high[i] = _mm256_xor_si256(frame->low[i], top);
        frame->bits[i] = _mm256_shuffle_epi8(bits, nibble);
    }
}

WIDE static inline uint64_t mask_half(__m256i low, __m256i high, const struct frame *frame, int half)
{
    __m256i row = _mm256_or_si256(_mm256_shuffle_epi8(low, frame->low[half]),
                                  _mm256_shuffle_epi8(high, frame->high[half]));
    __m256i bit = _mm256_and_si256(row, frame->bits[half]);
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bit, frame->bits[half]));
}

WIDE static inline uint64_t mask_wide(const struct silt_glance_set *set, const struct frame *frame)
{
    __m256i low = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)set->low));
    __m256i high = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)set->high));
    uint64_t mask = mask_half(low, high, frame, 0) | mask_half(low, high, frame, 1) << HALF;
    return mask & frame->seen;
}
#endif

static inline void step(struct state *state, uint64_t mask)
{
    uint64_t next = state->places & mask;
    state->is_beyond = state->is_beyond || next >> (FRAME - 1) != 0;
    state->places = next << 1;
}

/* All places that any number of bytes of the mask leads to. */
static inline uint64_t flood(uint64_t places, uint64_t mask)
{
    return ((mask + (places & mask)) ^ mask) | places;
}

/* Places at which `count` bytes of the mask stand, as far as can be seen; 1 to 64. */
static inline uint64_t find_runs(uint64_t mask, unsigned count)
{
    for (unsigned have = 1; have < count;) {
        unsigned more = count - have < have ? count - have : have;
        mask &= mask >> more | ~(all >> more);
        have += more;
    }
    return mask;
}

static inline void run_optional(struct state *state, uint64_t mask, unsigned rounds)
{
    if (rounds > EXACT_MAX) {
        state->places = flood(state->places, mask);
        state->is_beyond = state->is_beyond || (state->places & mask) >> (FRAME - 1) != 0;
        return;
    }
    struct state longer = *state;
    for (unsigned i = 0; i < rounds; i++) {
        step(&longer, mask);
        state->places |= longer.places;
    }
    state->is_beyond = longer.is_beyond;
}

static inline void run(struct state *state, uint64_t mask, unsigned min, unsigned max)
{
    if (min > 0) {
        uint64_t places = state->places & find_runs(mask, min);
        state->is_beyond = state->is_beyond || places >> (FRAME - min) != 0;
        state->places = min < FRAME ? places << min : 0;
    }
    if (max > min && state->places != 0)
        run_optional(state, mask, max - min);
}

/* All places from which any number of bytes of the mask leads to one of these. */
static inline uint64_t flood_left(uint64_t places, uint64_t mask)
{
    for (unsigned i = 1; i < FRAME; i *= 2) {
        places |= mask & places >> i;
        mask &= mask >> i;
    }
    return places;
}

static inline void trace(struct state *state, const struct silt_glance_step *at, uint64_t mask)
{
    uint64_t unseen = at->min;
    if (at->kind == TO_RIGHT)
        state->trace = (state->trace & mask) << 1 | unseen;
    else if (at->kind == TO_LEFT)
        state->trace = (state->trace >> 1 | unseen << (FRAME - 1)) & mask;
    else
        state->trace = flood_left(state->trace | (mask & unseen << (FRAME - 1)), mask);
}

/* Steps that need no mask. */
static inline void turn(struct state *state, enum kind kind)
{
    struct fork *fork = &state->forks[state->depth - (state->depth > 0)];
    switch (kind) {
    case FORK:
        state->forks[state->depth++] = (struct fork){.from = state->places};
        return;
    case NEXT:
        fork->reached |= state->places;
        state->places = fork->from;
        return;
    case JOIN:
        state->places |= fork->reached;
        state->depth--;
        return;
    case KEEP:
        state->places &= state->trace;
        return;
    case DROP:
        state->places &= ~state->trace;
        return;
    default:
        state->trace = all;
    }
}

static inline uint64_t mask_of(const struct silt_glance_set *set, const struct frame *frame, bool is_wide)
{
#if defined(__x86_64__)
    if (is_wide)
        return mask_wide(set, frame);
#endif
    return mask_plain(set, frame);
}

static inline void go(struct state *state, const struct silt_glance_step *at, const struct frame *frame,
                      uint64_t mask)
{
    switch (at->kind) {
    case FROM_HIT:
        state->places = frame->hit;
        state->resort = at->max > 0 ? at + at->max : NULL;
        return;
    case FROM_STARTS:
        *state = (struct state){.places = frame->starts};
        return;
    case STEP:
        step(state, mask);
        return;
    case PEEK:
        state->places &= mask;
        return;
    case RUN:
        run(state, mask, at->min, at->max);
        return;
    case TO_LEFT:
    case TO_RIGHT:
    case RUN_LEFT:
        trace(state, at, mask);
        return;
    default:
        turn(state, (enum kind)at->kind);
    }
}

static inline bool walk(const struct silt_glances *glances, const struct silt_glance_step *at,
                        const struct frame *frame, bool is_wide)
{
    const struct silt_glance_set *sets = glances->sets.items;
    struct state state = {.places = all};
    while (at->kind != END) {
        uint64_t mask = has_set(at->kind) ? mask_of(&sets[at->set], frame, is_wide) : 0;
        go(&state, at, frame, mask);
        if (state.is_beyond && state.resort == NULL)
            return true;
        if (state.is_beyond)
            at = state.resort;
        else
            at += state.places != 0 ? 1 : at->skip;
    }
    return state.places != 0;
}

#if defined(__x86_64__)
WIDE __attribute__((flatten)) static bool walk_wide(const struct silt_glances *glances,
                                                    const struct silt_glance_step *at, struct frame *frame)
{
    prepare_wide(frame);
    return walk(glances, at, frame, true);
}
#endif

/* The frame begins a little before the first start, or before the hit's end. */
static void fill(struct frame *frame, struct silt_span bytes, size_t end, const struct silt_glance_hit *hit)
{
    bool is_near = !is_far(hit);
    size_t first = end > hit->reach && is_near ? end - hit->reach : is_near ? 0 : end;
    size_t base = first > BEFORE ? first - BEFORE : 0;
    size_t size = bytes.size - base < FRAME ? bytes.size - base : FRAME;
    frame->starts = is_near ? (all >> (FRAME - 1 - (end - hit->least - base))) & all << (first - base) : 0;
    frame->hit = (uint64_t)1 << (end - base);
    frame->seen = size == FRAME ? all : ~(all << size);
    if (size < FRAME)
        memset(frame->bytes, 0, sizeof frame->bytes);
    memcpy(frame->bytes, bytes.data + base, size);
}

bool silt_glance_may_match(const struct silt_glances *glances, uint32_t program, struct silt_span bytes,
                           size_t end, const struct silt_glance_hit *hit)
{
    if (end < hit->least)
        return false;
    const struct silt_glance_step *at = silt_array_at(&glances->steps, program);
    struct frame frame;
    fill(&frame, bytes, end, hit);
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        return walk_wide(glances, at, &frame);
#endif
    return walk(glances, at, &frame, false);
}
