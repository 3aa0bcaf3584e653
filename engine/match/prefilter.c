/*
 * prefilter.c: cuts the tree of a pattern down to what is selective.
 *
 * The plain idea: read the pattern from its beginning and weigh each byte; a fixed byte weighs most, a letter
 * or digit next to nothing. Once four fixed bytes (or their like) and a few bytes of a set behind them are
 * there, that is enough, and the rest is cut off. Long bounded repeats, which cost Hyperscan most, are mostly
 * in that rest.
 */
#include "match/prefilter.h"

#include "base/error.h"
#include "match/regex.h"

enum {
    WEIGHT_ENOUGH = 4 * SILT_PREFILTER_BYTE,  /* then only a few bytes of a set are added */
    WEIGHT_USEFUL = 3 * SILT_PREFILTER_BYTE,  /* least for leaving out what stands before */
    WEIGHT_PLENTY = 24 * SILT_PREFILTER_BYTE, /* then the expression ends at once */
    WEIGHT_SETS_MAX = SILT_PREFILTER_BYTE,    /* all weak sets together: hex digits alone select nothing */
    WEIGHT_WORD = 5 * SILT_PREFILTER_BYTE,    /* shorter words are common ones: "line", "token" */
    TAIL_ENOUGH = 8,                          /* bytes of a set behind WEIGHT_ENOUGH */
    TAIL_WORD = 4,                            /* and behind WEIGHT_WORD */
    GAP_WIDTH = 8,                            /* a run that varies by more is not worth its cost */
    RUN_ENOUGH = 8,                           /* bytes of a set that stand for such a run */
    LEAD_PARTS_MAX = 16,                      /* parts that may be left out at the beginning */
    LEAD_WIDTH_MAX = 256,                     /* and their bytes: confirming searches them */
    ROUNDS_MAX = 64,                          /* of a repeated group that are weighed one by one */
    DEEP_MAX = 4,                             /* choices in choices that are derived one by one */
};

/* What has been gathered on the way through the tree. */
struct progress {
    unsigned weight;
    unsigned sets; /* the part of it that weak sets gave */
    unsigned tail; /* bytes of sets since weight was enough */
    bool has_gap;  /* a long run of varying length is in it */
    bool is_done;
};

struct cutter {
    struct silt_arena *arena;
    bool is_out_of_memory;
};

/* How much a byte of a set says, in twelfths of a fixed byte. Letters and digits are everywhere in text. */
static unsigned set_weight(const struct silt_node *set)
{
    if (set->count <= 2)
        return SILT_PREFILTER_BYTE;
    if (set->count <= 4)
        return SILT_PREFILTER_BYTE / 2;
    if (set->count <= 10)
        return 2;
    return set->count <= 16 ? 1 : 0;
}

static bool is_weak_set(const struct silt_node *set)
{
    return set_weight(set) < SILT_PREFILTER_BYTE / 2;
}

static struct silt_node *own(struct cutter *cutter, struct silt_node *node)
{
    if (node == NULL)
        cutter->is_out_of_memory = true;
    return node;
}

static struct silt_node *copy(struct cutter *cutter, const struct silt_node *node)
{
    return own(cutter, silt_node_copy(cutter->arena, node));
}

/* Takes one byte of a set into account. */
static void weigh(struct progress *progress, const struct silt_node *set)
{
    unsigned weight = set_weight(set);
    if (!is_weak_set(set)) {
        progress->weight += weight;
    } else {
        if (progress->weight >= WEIGHT_ENOUGH)
            progress->tail += set->count > 200 ? TAIL_ENOUGH : 1;
        if (progress->sets + weight <= WEIGHT_SETS_MAX) {
            progress->sets += weight;
            progress->weight += weight;
        }
    }
    unsigned enough = progress->weight >= WEIGHT_WORD ? TAIL_WORD : TAIL_ENOUGH;
    progress->is_done = progress->tail >= enough || progress->weight >= WEIGHT_PLENTY;
}

static struct silt_node *cut(struct cutter *cutter, const struct silt_node *node, struct progress *progress);

/* Words that stand in every other line of text: each weighs as much as one byte. */
static const char *const common_words[] = {"http", "www.",   "://",  ".com", "token", "secret", "password",
                                           "key",  "passwd", "auth", "api",  "user",  "type",   NULL};

/* How many parts from here on spell a word in any case; 0 if they do not. */
static int spells(const struct silt_node *part, const char *word)
{
    int length = 0;
    for (; word[length] != '\0'; length++, part = part->next) {
        if (part == NULL || part->kind != SILT_NODE_SET || part->count > 2)
            return 0;
        uint8_t c = (uint8_t)word[length];
        bool is_letter = c >= 'a' && c <= 'z';
        if (!silt_charset_has(&part->set, c) && !(is_letter && silt_charset_has(&part->set, c - 32)))
            return 0;
    }
    return length;
}

static int find_common(const struct silt_node *part)
{
    for (int i = 0; common_words[i] != NULL; i++) {
        int length = spells(part, common_words[i]);
        if (length > 0)
            return length;
    }
    return 0;
}

/* Takes the bytes of a common word behind its first for nothing. */
static struct silt_node *cut_part(struct cutter *cutter, const struct silt_node *part, int *common,
                                  struct progress *progress)
{
    if (*common > 0) {
        (*common)--;
        return copy(cutter, part);
    }
    int length = find_common(part);
    *common = length > 0 ? length - 1 : 0;
    return cut(cutter, part, progress);
}

static struct silt_node *cut_sequence(struct cutter *cutter, const struct silt_node *node,
                                      struct progress *progress)
{
    struct silt_node *sequence = own(cutter, silt_node_new(cutter->arena, SILT_NODE_SEQUENCE));
    int common = 0;
    for (const struct silt_node *child = node->first; child != NULL && sequence != NULL;
         child = child->next) {
        struct silt_node *part = cut_part(cutter, child, &common, progress);
        if (part == NULL)
            return NULL;
        silt_node_put(sequence, part);
        if (progress->is_done)
            break;
    }
    return sequence;
}

/* Whether there is enough to end before a part that holds gaps, such as the many forms of an assignment. */
static bool may_end_here(const struct progress *progress)
{
    return progress->weight >= (progress->has_gap ? WEIGHT_USEFUL : WEIGHT_WORD);
}

/* Cuts each branch; answers the choice of what is left, the least of what they gather, and whether all are
 * done. */
static struct silt_node *cut_each(struct cutter *cutter, const struct silt_node *node, struct progress *least,
                                  bool *has_gap)
{
    struct silt_node *choice = own(cutter, silt_node_new(cutter->arena, SILT_NODE_CHOICE));
    struct progress before = *least;
    bool is_done = true;
    before.has_gap = false;
    least->weight = UINT32_MAX;
    for (const struct silt_node *child = node->first; child != NULL && choice != NULL; child = child->next) {
        struct progress branch = before;
        struct silt_node *part = cut(cutter, child, &branch);
        if (part == NULL)
            return NULL;
        silt_node_put(choice, part);
        is_done = is_done && branch.is_done;
        *has_gap = *has_gap || branch.has_gap;
        if (branch.weight < least->weight)
            *least = branch;
    }
    least->is_done = is_done;
    return choice;
}

/* Ends in a choice only if each of its branches has enough; otherwise the choice stays whole. */
static struct silt_node *cut_choice(struct cutter *cutter, const struct silt_node *node,
                                    struct progress *progress)
{
    struct progress least = *progress;
    bool has_gap = false;
    struct silt_node *choice = cut_each(cutter, node, &least, &has_gap);
    if (choice == NULL)
        return NULL;
    if (has_gap && may_end_here(progress)) {
        progress->is_done = true;
        return own(cutter, silt_node_new(cutter->arena, SILT_NODE_SEQUENCE));
    }
    least.has_gap = progress->has_gap || has_gap;
    *progress = least;
    return progress->is_done ? choice : copy(cutter, node);
}

static struct silt_node *new_repeat(struct cutter *cutter, const struct silt_node *node, uint32_t min,
                                    uint32_t max)
{
    struct silt_node *repeat = copy(cutter, node);
    if (repeat != NULL) {
        repeat->min = min;
        repeat->max = max;
    }
    return repeat;
}

/* Whether what a repeat repeats says nothing. */
static bool is_idle(struct cutter *cutter, const struct silt_node *repeat)
{
    struct progress inside = {0};
    cut(cutter, repeat->first, &inside);
    return inside.weight - inside.sets < SILT_PREFILTER_BYTE;
}

/* Whether a repeat is a long run of varying length of what says nothing, such as .{0,40}. */
static bool is_gap(struct cutter *cutter, const struct silt_node *node)
{
    return silt_node_width_max(node) - silt_node_width_min(node) > GAP_WIDTH && is_idle(cutter, node);
}

/* May be nothing, so it adds no weight; ends the expression if there is enough already and it says nothing.
 */
static struct silt_node *cut_optional(struct cutter *cutter, const struct silt_node *node,
                                      struct progress *progress)
{
    progress->is_done = may_end_here(progress) && is_idle(cutter, node);
    progress->has_gap = progress->has_gap || is_gap(cutter, node);
    return progress->is_done ? own(cutter, silt_node_new(cutter->arena, SILT_NODE_SEQUENCE))
                             : copy(cutter, node);
}

static struct silt_node *cut_run(struct cutter *cutter, const struct silt_node *node,
                                 struct progress *progress)
{
    uint32_t needed = 0;
    while (needed < node->min && !progress->is_done) {
        weigh(progress, node->first);
        needed++;
    }
    if (!progress->is_done && is_gap(cutter, node)) {
        progress->is_done = progress->weight >= WEIGHT_USEFUL && needed >= RUN_ENOUGH;
        progress->has_gap = progress->has_gap || !progress->is_done;
        needed = needed > 2 * RUN_ENOUGH ? 2 * RUN_ENOUGH : needed;
    }
    return progress->is_done ? new_repeat(cutter, node, needed, needed) : copy(cutter, node);
}

/* A repeated group: its first rounds if they are enough, else all of it. */
static struct silt_node *cut_rounds(struct cutter *cutter, const struct silt_node *node,
                                    struct progress *progress)
{
    struct silt_node *sequence = own(cutter, silt_node_new(cutter->arena, SILT_NODE_SEQUENCE));
    for (uint32_t i = 0; i < node->min && i < ROUNDS_MAX && sequence != NULL; i++) {
        struct silt_node *part = cut(cutter, node->first, progress);
        if (part == NULL)
            return NULL;
        silt_node_put(sequence, part);
        if (progress->is_done)
            return sequence;
    }
    return copy(cutter, node);
}

static struct silt_node *cut_repeat(struct cutter *cutter, const struct silt_node *node,
                                    struct progress *progress)
{
    if (node->min == 0)
        return cut_optional(cutter, node, progress);
    if (node->first->kind == SILT_NODE_SET)
        return cut_run(cutter, node, progress);
    return cut_rounds(cutter, node, progress);
}

/* The part of a tree that is enough, and what it weighs. */
static struct silt_node *cut(struct cutter *cutter, const struct silt_node *node, struct progress *progress)
{
    switch (node->kind) {
    case SILT_NODE_SET:
        weigh(progress, node);
        return copy(cutter, node);
    case SILT_NODE_REPEAT:
        return cut_repeat(cutter, node, progress);
    case SILT_NODE_CHOICE:
        return cut_choice(cutter, node, progress);
    default:
        return cut_sequence(cutter, node, progress);
    }
}

/* Whether a part at the beginning says little: optional, or a run of one large set. */
static bool is_weak(const struct silt_node *node)
{
    if (silt_node_width_min(node) == 0)
        return true;
    if (node->kind == SILT_NODE_REPEAT)
        node = node->first;
    return node->kind == SILT_NODE_SET && is_weak_set(node);
}

/* What a part and all behind it in its parent come to. */
static struct silt_node *cut_from(struct cutter *cutter, struct silt_node *first, struct progress *progress)
{
    struct silt_node rest = {.kind = SILT_NODE_SEQUENCE, .first = first};
    return cut(cutter, &rest, progress);
}

/* The first part from which on there is enough without a gap; NULL if there is none near. Never within a run
 * of fixed bytes, for half a word says less than all of it. */
static struct silt_node *find_strong(struct cutter *cutter, struct silt_node *first, uint32_t *lead)
{
    uint32_t width = 0;
    bool is_inside = false;
    for (int i = 0; i < LEAD_PARTS_MAX && first != NULL; i++, first = first->next) {
        struct progress progress = {0};
        if (!is_inside && !is_weak(first))
            cut_from(cutter, first, &progress);
        if (progress.weight >= WEIGHT_ENOUGH && !progress.has_gap) {
            *lead = width;
            return first;
        }
        is_inside = first->kind == SILT_NODE_SET && !is_weak_set(first);
        uint32_t one = silt_node_width_max(first);
        if (one > LEAD_WIDTH_MAX - width)
            return NULL;
        width += one;
    }
    return NULL;
}

/* Leaves out optional parts at the beginning. */
static struct silt_node *skip_optional(struct silt_node *first, uint32_t *lead)
{
    while (first->next != NULL && silt_node_width_min(first) == 0) {
        uint32_t width = silt_node_width_max(first);
        if (width > LEAD_WIDTH_MAX - *lead)
            break;
        *lead += width;
        first = first->next;
    }
    return first;
}

/* Cuts a repeat at the beginning to its least count: {3,20} to {3}. */
static struct silt_node *shorten_lead(struct cutter *cutter, struct silt_node *first, uint32_t *lead)
{
    if (first->kind != SILT_NODE_REPEAT || first->min == 0 || first->min == first->max ||
        first->first->kind != SILT_NODE_SET || first->max - first->min > LEAD_WIDTH_MAX - *lead)
        return first;
    struct silt_node *shortened = new_repeat(cutter, first, first->min, first->min);
    if (shortened == NULL)
        return first;
    *lead += first->max - first->min;
    shortened->next = first->next;
    return shortened;
}

/* Takes optional parts off the end and cuts repeats there to their least count: each would only give more
 * ends. */
static void trim_end(struct silt_node *sequence)
{
    struct silt_node *last = NULL;
    for (struct silt_node *child = sequence->first; child != NULL; child = child->next)
        if (silt_node_width_min(child) > 0)
            last = child;
    sequence->last = last;
    if (last == NULL) {
        sequence->first = NULL;
        return;
    }
    last->next = NULL;
    if (last->kind == SILT_NODE_REPEAT)
        last->max = last->min;
}

/* A tree cut to an expression: what stands, how far its ends are from a match's start, its weight. */
struct cutting {
    struct silt_node *node;
    uint32_t reach;
    unsigned weight;
    bool is_open;
};

static bool begins_open(const struct silt_node *node)
{
    const struct silt_node *first = node->first;
    return first != NULL && first->kind == SILT_NODE_REPEAT && first->first->kind == SILT_NODE_SET &&
           first->max - first->min > GAP_WIDTH && first->first->count > 60;
}

static struct cutting cut_line(struct cutter *cutter, struct silt_node *sequence)
{
    struct cutting cutting = {0};
    uint32_t lead = 0;
    struct progress progress = {0};
    if (sequence->first == NULL)
        return cutting;
    struct silt_node *first = find_strong(cutter, sequence->first, &lead);
    if (first == NULL)
        first = shorten_lead(cutter, skip_optional(sequence->first, &lead), &lead);
    cutting.node = cut_from(cutter, first, &progress);
    if (cutting.node == NULL)
        return cutting;
    trim_end(cutting.node);
    uint32_t width = silt_node_width_max(cutting.node);
    cutting.reach = width > UINT32_MAX - lead ? UINT32_MAX : width + lead;
    cutting.weight = progress.weight;
    cutting.is_open = begins_open(cutting.node);
    return cutting;
}

static struct cutting cut_tree(struct cutter *cutter, struct silt_node *node, int deep);

/* A pattern that is a choice as a whole: each branch on its own. */
static struct cutting cut_branches(struct cutter *cutter, struct silt_node *choice, int deep)
{
    struct cutting all = {.node = own(cutter, silt_node_new(cutter->arena, SILT_NODE_CHOICE)),
                          .weight = UINT32_MAX};
    for (struct silt_node *child = choice->first; child != NULL && all.node != NULL; child = child->next) {
        struct cutting one = cut_tree(cutter, child, deep + 1);
        if (one.node == NULL)
            return (struct cutting){0};
        silt_node_put(all.node, one.node);
        all.reach = one.reach > all.reach ? one.reach : all.reach;
        all.weight = one.weight < all.weight ? one.weight : all.weight;
        all.is_open = all.is_open || one.is_open;
    }
    return all;
}

/* Puts the branches of a choice whose weight is enough for a word, or is not, and all that follows it, in a
 * line. */
static struct silt_node *take_branches(struct cutter *cutter, const struct silt_node *choice, bool is_strong)
{
    struct silt_node *line = own(cutter, silt_node_new(cutter->arena, SILT_NODE_SEQUENCE));
    struct silt_node *some = own(cutter, silt_node_new(cutter->arena, SILT_NODE_CHOICE));
    if (line == NULL || some == NULL)
        return NULL;
    for (const struct silt_node *child = choice->first; child != NULL; child = child->next) {
        struct progress progress = {0};
        struct silt_node *branch = copy(cutter, child);
        if (branch == NULL || cut(cutter, child, &progress) == NULL)
            return NULL;
        if ((progress.weight >= WEIGHT_WORD) == is_strong)
            silt_node_put(some, branch);
    }
    silt_node_put(line, some);
    for (const struct silt_node *rest = choice->next; rest != NULL; rest = rest->next) {
        struct silt_node *part = copy(cutter, rest);
        if (part == NULL)
            return NULL;
        silt_node_put(line, part);
    }
    return some->first != NULL ? line : NULL;
}

/* (?:long_word|xy).{0,20}key: the long word ends its line at the gap, and only xy has to go on. Answers a
 * choice of two lines, or NULL where all branches are alike. */
static struct silt_node *split_lead(struct cutter *cutter, const struct silt_node *choice)
{
    struct silt_node *strong = take_branches(cutter, choice, true);
    struct silt_node *weak = take_branches(cutter, choice, false);
    struct silt_node *both = own(cutter, silt_node_new(cutter->arena, SILT_NODE_CHOICE));
    if (strong == NULL || weak == NULL || both == NULL)
        return NULL;
    silt_node_put(both, strong);
    silt_node_put(both, weak);
    return both;
}

static struct cutting cut_tree(struct cutter *cutter, struct silt_node *node, int deep)
{
    if (node->kind == SILT_NODE_SEQUENCE && node->first != NULL && node->first->next == NULL)
        node = node->first;
    if (node->kind == SILT_NODE_CHOICE && deep < DEEP_MAX)
        return cut_branches(cutter, node, deep);
    if (node->kind == SILT_NODE_SEQUENCE && deep < DEEP_MAX && node->first != NULL &&
        node->first->kind == SILT_NODE_CHOICE) {
        struct silt_node *both = split_lead(cutter, node->first);
        return both != NULL ? cut_branches(cutter, both, deep) : cut_line(cutter, node);
    }
    if (node->kind == SILT_NODE_SEQUENCE)
        return cut_line(cutter, node);
    struct silt_node *sequence = own(cutter, silt_node_new(cutter->arena, SILT_NODE_SEQUENCE));
    struct silt_node *only = copy(cutter, node);
    if (sequence == NULL || only == NULL)
        return (struct cutting){0};
    silt_node_put(sequence, only);
    return cut_line(cutter, sequence);
}

static enum silt_status take_whole(const char *pattern, struct silt_prefilter *out, struct silt_error *error)
{
    out->is_approximate = true;
    out->reach = UINT32_MAX;
    return silt_buffer_append(&out->expression, silt_span_text(pattern), error);
}

static enum silt_status derive(struct silt_node *tree, struct silt_arena *arena, struct silt_prefilter *out,
                               struct silt_error *error)
{
    struct cutter cutter = {.arena = arena};
    if (silt_node_width_min(tree) == 0)
        return silt_error_set(error, SILT_ERR_USAGE, "the pattern matches the empty text");
    struct cutting cutting = cut_tree(&cutter, tree, 0);
    if (cutter.is_out_of_memory || cutting.node == NULL)
        return silt_error_memory(error);
    out->reach = cutting.reach;
    out->weight = cutting.weight;
    out->is_open = cutting.is_open;
    return silt_node_print(cutting.node, &out->expression, error);
}

/* Whether some letter is meant in both cases. Recursion is over the tree, whose depth the parser bounds. */
static bool is_caseless(const struct silt_node *node)
{
    if (node->kind == SILT_NODE_SET)
        return node->count == 2 && silt_charset_is_caseless(&node->set);
    for (const struct silt_node *child = node->first; child != NULL; child = child->next)
        if (is_caseless(child))
            return true;
    return false;
}

/* A failure to understand is no failure: only memory is. */
static enum silt_status measure(const char *pattern, struct silt_arena *arena, struct silt_node **tree,
                                struct silt_prefilter *out, struct silt_error *error)
{
    enum silt_status status = silt_regex_parse(silt_span_text(pattern), arena, tree, NULL);
    if (status == SILT_ERR_MEMORY)
        return silt_error_memory(error);
    out->width = UINT32_MAX;
    if (status != SILT_OK)
        return SILT_OK;
    out->width = silt_node_width_max(*tree);
    out->shape = silt_values_shape_of(*tree);
    out->is_caseless = is_caseless(*tree);
    return SILT_OK;
}

enum silt_status silt_prefilter_derive(const char *pattern, struct silt_prefilter *out,
                                       struct silt_error *error)
{
    struct silt_arena arena = {0};
    struct silt_node *tree = NULL;
    *out = (struct silt_prefilter){0};
    enum silt_status status = measure(pattern, &arena, &tree, out, error);
    if (status == SILT_OK)
        status = tree != NULL ? derive(tree, &arena, out, error) : take_whole(pattern, out, error);
    silt_arena_clear(&arena);
    return status;
}

enum silt_status silt_prefilter_take(const char *prefilter, const char *pattern, struct silt_prefilter *out,
                                     struct silt_error *error)
{
    struct silt_arena arena = {0};
    struct silt_node *tree = NULL;
    enum silt_status status = silt_prefilter_derive(prefilter, out, error);
    out->shape = (struct silt_values_shape){0};
    if (status == SILT_OK)
        status = measure(pattern, &arena, &tree, out, error);
    silt_arena_clear(&arena);
    return status;
}

void silt_prefilter_clear(struct silt_prefilter *prefilter)
{
    silt_buffer_clear(&prefilter->expression);
}
