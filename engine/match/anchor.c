/*
 * anchor.c: finds the texts that a pattern cannot do without.
 *
 * The plain idea: walk the pattern's tree; where parts in a row are fixed (or have a few forms), join them to
 * texts; wherever such a row ends, it is an offer. Of all offers the one is taken that will stand in ordinary
 * text least often. A choice needs an offer from each of its branches.
 */
#include "match/anchor.h"

#include "base/error.h"
#include "match/rarity.h"
#include "match/regex.h"

enum {
    FORMS_MAX = 128,   /* texts of one row */
    GAP_FORMS_MAX = 8, /* of an optional repeat, such as [ ]{0,2} */
    ANCHORS_MAX = 256, /* of a pattern, with all branches of its choices */
    SET_MAX = 16,      /* bytes of a set that are taken as so many forms */
    RANGE_PRICE = 8,   /* places where a match may start that make a hit twice as dear */
    SIZE_MIN = 2,      /* shorter texts stand everywhere */
    HEAD_MAX = 24,     /* parts of a pattern that are tried as its head */
    SPLITS_MAX = 3,    /* optional parts of a sequence that are followed both ways */
};

/* A text that may stand in a match; bit i of `folded` says that byte i, a small letter, stands for both
 * cases.
 */
struct text {
    uint8_t bytes[SILT_ANCHOR_SIZE_MAX];
    uint8_t size;
    uint16_t folded;
    uint32_t least, most;     /* from the start of the match to the text's end */
    uint32_t follow;          /* value bytes that follow at least */
    struct silt_charset next; /* bytes that can follow directly */
};

/* Texts of which one stands there. None: nothing is known (and not: nothing can stand there). */
struct texts {
    struct text *items;
    unsigned count;
    double rate;
};

/* What is known of a part of the tree. */
struct view {
    struct texts exact; /* all that it matches, distances from its start */
    struct texts best;  /* its best offer */
};

struct finder {
    struct silt_arena *arena;
    unsigned splits; /* that stand around the part being looked at */
    bool is_out_of_memory;
};

static struct texts new_texts(struct finder *finder, unsigned count)
{
    struct texts texts = {.items = silt_arena_take(finder->arena, (count + 1) * sizeof *texts.items)};
    finder->is_out_of_memory = finder->is_out_of_memory || texts.items == NULL;
    return texts;
}

static struct texts empty_text(struct finder *finder)
{
    struct texts texts = new_texts(finder, 1);
    texts.count = texts.items != NULL;
    return texts;
}

static uint32_t sum(uint32_t a, uint32_t b)
{
    return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

/* ---- offers ---- */

static double rate_of(const struct texts *texts)
{
    double rate = 0;
    uint32_t least = UINT32_MAX, most = 0;
    for (unsigned i = 0; i < texts->count; i++) {
        const struct text *text = &texts->items[i];
        rate += silt_rarity_rate(text->bytes, text->size, text->folded);
        least = text->least < least ? text->least : least;
        most = text->most > most ? text->most : most;
    }
    return rate * (1 + (double)(most - least) / RANGE_PRICE);
}

static bool is_usable(const struct texts *texts)
{
    for (unsigned i = 0; i < texts->count; i++)
        if (texts->items[i].size < SIZE_MIN || texts->items[i].most == UINT32_MAX)
            return false;
    return texts->count > 0 && texts->count <= ANCHORS_MAX;
}

/* Takes an offer if it is better than the best one so far. `before` bytes (at least, at most) stand in front.
 */
static void offer(struct finder *finder, struct texts *best, const struct texts *texts, uint32_t before_min,
                  uint32_t before_max)
{
    struct texts moved = new_texts(finder, texts->count);
    if (moved.items == NULL)
        return;
    for (unsigned i = 0; i < texts->count; i++) {
        moved.items[i] = texts->items[i];
        moved.items[i].least = sum(texts->items[i].least, before_min);
        moved.items[i].most = sum(texts->items[i].most, before_max);
    }
    moved.count = texts->count;
    if (!is_usable(&moved))
        return;
    moved.rate = rate_of(&moved);
    if (best->count == 0 || moved.rate < best->rate)
        *best = moved;
}

/* ---- rows of fixed parts ---- */

static void put_byte(struct texts *texts, uint8_t byte, bool is_folded)
{
    texts->items[texts->count++] =
        (struct text){.bytes = {byte}, .size = 1, .folded = is_folded, .least = 1, .most = 1};
}

/* A set of few bytes as so many texts; a letter in both cases is one. */
static struct texts texts_of_set(struct finder *finder, const struct silt_node *node)
{
    struct texts texts = {0};
    if (node->count > SET_MAX)
        return texts;
    texts = new_texts(finder, SET_MAX);
    for (unsigned byte = 0; byte < 256 && texts.items != NULL; byte++) {
        if (node->set.bits[byte / 64] >> byte % 64 == 0) {
            byte |= 63; /* none in the rest of this quarter */
            continue;
        }
        bool is_upper = byte >= 'A' && byte <= 'Z', is_lower = byte >= 'a' && byte <= 'z';
        bool is_folded = (is_upper || is_lower) && silt_charset_has(&node->set, (uint8_t)(byte ^ 0x20));
        if (silt_charset_has(&node->set, (uint8_t)byte) && !(is_folded && is_upper))
            put_byte(&texts, (uint8_t)byte, is_folded);
    }
    return texts;
}

static bool fits(const struct texts *a, const struct texts *b)
{
    if (a->count == 0 || b->count == 0 || a->count * b->count > FORMS_MAX)
        return false;
    unsigned longest_a = 0, longest_b = 0;
    for (unsigned i = 0; i < a->count; i++)
        longest_a = a->items[i].size > longest_a ? a->items[i].size : longest_a;
    for (unsigned i = 0; i < b->count; i++)
        longest_b = b->items[i].size > longest_b ? b->items[i].size : longest_b;
    return longest_a + longest_b <= SILT_ANCHOR_SIZE_MAX;
}

static struct text join_text(const struct text *a, const struct text *b)
{
    struct text text = *a;
    memcpy(text.bytes + a->size, b->bytes, b->size);
    text.size = (uint8_t)(a->size + b->size);
    text.folded = (uint16_t)(a->folded | b->folded << a->size);
    text.least = text.most = text.size;
    return text;
}

/* Puts a text, or widens the distances of the one that is the same. */
static void put_text(struct texts *texts, const struct text *text)
{
    for (unsigned i = 0; i < texts->count; i++) {
        struct text *one = &texts->items[i];
        if (one->size != text->size || one->folded != text->folded ||
            memcmp(one->bytes, text->bytes, text->size) != 0)
            continue;
        one->least = text->least < one->least ? text->least : one->least;
        one->most = text->most > one->most ? text->most : one->most;
        one->follow = text->follow < one->follow ? text->follow : one->follow;
        silt_charset_put_all(&one->next, &text->next);
        return;
    }
    texts->items[texts->count++] = *text;
}

/* Each text of the one with each of the other behind it; none if they are too many or too long. */
static struct texts join(struct finder *finder, const struct texts *a, const struct texts *b)
{
    struct texts texts = {0};
    if (!fits(a, b))
        return texts;
    texts = new_texts(finder, a->count * b->count);
    for (unsigned i = 0; i < a->count && texts.items != NULL; i++)
        for (unsigned j = 0; j < b->count; j++) {
            struct text both = join_text(&a->items[i], &b->items[j]);
            put_text(&texts, &both);
        }
    return texts;
}

/* The texts of both, each once; none if either has none or they are too many. */
static struct texts unite(struct finder *finder, const struct texts *a, const struct texts *b, unsigned max)
{
    struct texts texts = {0};
    if (a->count == 0 || b->count == 0)
        return texts;
    texts = new_texts(finder, a->count + b->count);
    if (texts.items == NULL)
        return texts;
    for (unsigned i = 0; i < a->count; i++)
        put_text(&texts, &a->items[i]);
    for (unsigned i = 0; i < b->count; i++)
        put_text(&texts, &b->items[i]);
    return texts.count <= max ? texts : (struct texts){0};
}

/* ---- the tree ---- */

static struct view view_of(struct finder *finder, const struct silt_node *node);

/* On the way through a sequence: the row that is being joined and where it begins. */
struct line {
    struct texts row;
    uint32_t row_min, row_max; /* bytes in front of the row */
    uint32_t min, max;         /* and in front of what comes next */
    bool is_whole;             /* the row is all that came so far */
    struct texts best;
};

static void begin_row(struct line *line, struct texts row, uint32_t min, uint32_t max)
{
    line->row = row;
    line->row_min = min;
    line->row_max = max;
}

static void offer_row(struct finder *finder, struct line *line)
{
    if (line->row.count > 0)
        offer(finder, &line->best, &line->row, line->row_min, line->row_max);
}

/* How many value bytes a part begins with at least. */
static uint32_t count_values(const struct silt_node *node)
{
    if (node->kind != SILT_NODE_REPEAT || node->first->kind != SILT_NODE_SET)
        return 0;
    return silt_shape_of(node).run;
}

/* Notes what stands behind the texts of a row: `node` and its next siblings, of which the first `taken` bytes
 * are in the row; NULL for anything. */
static void set_next(struct texts *row, const struct silt_node *node, uint32_t taken)
{
    struct silt_charset next = {{0}};
    uint32_t values = node != NULL ? count_values(node) : 0;
    if (node == NULL || (taken > 0 && taken >= silt_node_width_min(node)))
        silt_charset_put_range(&next, 0, UINT8_MAX);
    if (node != NULL)
        silt_node_put_first(node, &next);
    for (unsigned i = 0; i < row->count; i++) {
        row->items[i].next = next;
        row->items[i].follow = values > taken ? values - taken : 0;
    }
}

static void put_exact(struct finder *finder, struct line *line, const struct silt_node *node,
                      const struct view *view)
{
    struct texts joined = join(finder, &line->row, &view->exact);
    if (joined.count == 0) {
        set_next(&line->row, node, 0);
        offer_row(finder, line);
        line->is_whole = false;
        begin_row(line, view->exact, line->min, line->max);
        return;
    }
    if (joined.count > line->row.count) { /* fewer texts may be better than longer ones */
        set_next(&line->row, node, 0);
        offer_row(finder, line);
    }
    line->row = joined;
}

/* What a repeat begins or ends with, where that is a set of few bytes. */
static struct texts edge_of(struct finder *finder, const struct silt_node *node)
{
    struct texts none = {0};
    if (node->kind != SILT_NODE_REPEAT || node->min == 0 || node->first->kind != SILT_NODE_SET)
        return none;
    return texts_of_set(finder, node->first);
}

/* Ends the row, once as it is and once with the first byte of what follows; the next begins with its last. */
static void put_inexact(struct finder *finder, struct line *line, const struct silt_node *node,
                        const struct view *view)
{
    struct texts edge = edge_of(finder, node);
    set_next(&line->row, node, 0);
    offer_row(finder, line);
    line->row = join(finder, &line->row, &edge);
    set_next(&line->row, node, 1);
    offer_row(finder, line);
    offer(finder, &line->best, &view->best, line->min, line->max);
    line->is_whole = false;
    uint32_t min = sum(line->min, silt_node_width_min(node)), max = sum(line->max, silt_node_width_max(node));
    if (edge.count > 0)
        begin_row(line, edge, min - 1, max == UINT32_MAX ? max : max - 1);
    else
        begin_row(line, empty_text(finder), min, max);
}

static struct view view_of_line(struct finder *finder, const struct silt_node *node)
{
    struct line line = {.row = empty_text(finder), .is_whole = true};
    for (const struct silt_node *child = node->first; child != NULL; child = child->next) {
        struct view view = view_of(finder, child);
        if (view.exact.count > 0)
            put_exact(finder, &line, child, &view);
        else
            put_inexact(finder, &line, child, &view);
        line.min = sum(line.min, silt_node_width_min(child));
        line.max = sum(line.max, silt_node_width_max(child));
    }
    set_next(&line.row, NULL, 0);
    offer_row(finder, &line);
    struct texts none = {0};
    return (struct view){line.is_whole ? line.row : none, line.best};
}

/* An optional group that ends rows, such as the (?:\\+\\w{2,8})? of a URI's scheme. */
static bool is_split(const struct silt_node *node)
{
    return node->kind == SILT_NODE_REPEAT && node->min == 0 && node->max == 1 &&
           node->first->kind != SILT_NODE_SET && silt_node_width_max(node) > silt_node_width_min(node->first);
}

/* A sequence without one of its parts, or with that part's content in its place. */
static struct silt_node *copy_sequence(struct finder *finder, const struct silt_node *node,
                                       const struct silt_node *split, bool is_taken)
{
    struct silt_node *sequence = silt_node_new(finder->arena, SILT_NODE_SEQUENCE);
    for (const struct silt_node *child = node->first; child != NULL && sequence != NULL;
         child = child->next) {
        if (child == split && !is_taken)
            continue;
        struct silt_node *part = silt_node_copy(finder->arena, child == split ? child->first : child);
        if (part == NULL)
            return NULL;
        silt_node_put(sequence, part);
    }
    return sequence;
}

/* The best offer when the optional part is followed both ways: one text for each. */
static void offer_split(struct finder *finder, const struct silt_node *node, const struct silt_node *split,
                        struct texts *best)
{
    struct silt_node *without = copy_sequence(finder, node, split, false);
    struct silt_node *with = copy_sequence(finder, node, split, true);
    finder->is_out_of_memory = finder->is_out_of_memory || without == NULL || with == NULL;
    if (finder->is_out_of_memory)
        return;
    finder->splits++;
    struct view a = view_of(finder, without), b = view_of(finder, with);
    finder->splits--;
    struct texts both = unite(finder, &a.best, &b.best, ANCHORS_MAX);
    offer(finder, best, &both, 0, 0);
}

static struct view view_of_sequence(struct finder *finder, const struct silt_node *node)
{
    node = silt_node_flatten(finder->arena, node);
    if (node == NULL) {
        finder->is_out_of_memory = true;
        return (struct view){0};
    }
    struct view view = view_of_line(finder, node);
    for (const struct silt_node *child = node->first; child != NULL && finder->splits < SPLITS_MAX;
         child = child->next) {
        if (!is_split(child))
            continue;
        offer_split(finder, node, child, &view.best);
        break; /* the ones behind it are split in turn */
    }
    return view;
}

static struct view view_of_choice(struct finder *finder, const struct silt_node *node)
{
    struct view all = view_of(finder, node->first);
    for (const struct silt_node *child = node->first->next; child != NULL; child = child->next) {
        struct view one = view_of(finder, child);
        all.exact = unite(finder, &all.exact, &one.exact, FORMS_MAX);
        all.best = unite(finder, &all.best, &one.best, ANCHORS_MAX);
    }
    all.best.rate = rate_of(&all.best);
    return all;
}

/* What may be missing: nothing, or one round, or two ..., if these are few. */
static struct view view_of_optional(struct finder *finder, const struct silt_node *node,
                                    const struct view *inner)
{
    struct texts row = empty_text(finder), all = row;
    unsigned max = node->max == 1 ? FORMS_MAX : GAP_FORMS_MAX;
    for (uint32_t rounds = 0; rounds < node->max && all.count > 0; rounds++) {
        row = join(finder, &row, &inner->exact);
        all = unite(finder, &all, &row, max);
    }
    return (struct view){.exact = all};
}

/* A repeat as the row of its rounds, as far as that goes. */
static struct view view_of_repeat(struct finder *finder, const struct silt_node *node)
{
    struct view inner = view_of(finder, node->first);
    if (node->min == 0)
        return view_of_optional(finder, node, &inner);
    struct texts row = inner.exact;
    uint32_t rounds = 1;
    while (rounds < node->min) {
        struct texts longer = join(finder, &row, &inner.exact);
        if (longer.count == 0)
            break;
        row = longer;
        rounds++;
    }
    struct view view = {.best = inner.best};
    set_next(&row, NULL, 0);
    offer(finder, &view.best, &row, 0, 0);
    if (rounds == node->max)
        view.exact = row;
    return view;
}

static struct view view_of(struct finder *finder, const struct silt_node *node)
{
    struct view view = {0};
    switch (node->kind) {
    case SILT_NODE_SET:
        view.exact = texts_of_set(finder, node);
        return view;
    case SILT_NODE_REPEAT:
        return view_of_repeat(finder, node);
    case SILT_NODE_CHOICE:
        return view_of_choice(finder, node);
    default:
        return view_of_sequence(finder, node);
    }
}

/* ---- the result ---- */

/* A text with some letters folded becomes one with all folded: more than is needed, never less. */
static bool put_anchor(struct silt_anchors *out, const struct text *text)
{
    struct silt_anchor anchor = {.size = text->size, .is_caseless = text->folded != 0};
    for (unsigned i = 0; i < text->size; i++) {
        bool is_upper = text->bytes[i] >= 'A' && text->bytes[i] <= 'Z';
        anchor.bytes[i] = text->bytes[i] | (anchor.is_caseless && is_upper ? 0x20 : 0);
    }
    struct silt_anchor *item = silt_array_put(&out->items);
    if (item == NULL)
        return false;
    *item = anchor;
    out->is_caseless = out->is_caseless || anchor.is_caseless;
    out->least = text->least < out->least ? text->least : out->least;
    out->most = text->most > out->most ? text->most : out->most;
    out->follow = text->follow < out->follow ? text->follow : out->follow;
    silt_charset_put_all(&out->next, &text->next);
    return true;
}

/* A URI with a password: its "://" followed by "@" is rarer than the names of schemes. */
static bool put_uri(const struct silt_node *tree, struct finder *finder, struct silt_anchors *out)
{
    struct silt_node whole = {.kind = SILT_NODE_SEQUENCE, .first = (struct silt_node *)tree};
    struct silt_node *flat = silt_node_flatten(finder->arena, &whole);
    finder->is_out_of_memory = flat == NULL;
    if (flat == NULL || !silt_shape_is_uri(flat, &out->least, &out->most))
        return false;
    struct silt_anchor *item = silt_array_put(&out->items);
    finder->is_out_of_memory = item == NULL;
    if (item != NULL)
        *item = (struct silt_anchor){.bytes = "://", .size = 3, .needs_at = true};
    silt_charset_put_range(&out->next, 0, UINT8_MAX);
    return true;
}

static enum silt_status find(const struct silt_node *tree, struct silt_arena *arena, struct silt_anchors *out,
                             struct silt_error *error)
{
    struct finder finder = {.arena = arena};
    if (put_uri(tree, &finder, out))
        return finder.is_out_of_memory ? silt_error_memory(error) : SILT_OK;
    struct view view = view_of(&finder, tree);
    set_next(&view.exact, NULL, 0);
    offer(&finder, &view.best, &view.exact, 0, 0);
    if (finder.is_out_of_memory)
        return silt_error_memory(error);
    out->least = out->follow = UINT32_MAX;
    out->most = 0;
    out->rate = view.best.rate;
    for (unsigned i = 0; i < view.best.count; i++)
        if (!put_anchor(out, &view.best.items[i]))
            return silt_error_memory(error);
    return SILT_OK;
}

static bool are_same(const struct silt_anchors *a, const struct silt_anchors *b)
{
    if (a->items.count != b->items.count || a->least != b->least || a->most != b->most)
        return false;
    return memcmp(a->items.items, b->items.items, a->items.count * a->items.item_size) == 0;
}

/* Notes how much of the pattern is needed to hold its anchors: the fewest parts that have the same ones by
 * themselves. */
static enum silt_status find_head(const struct silt_node *tree, struct silt_arena *arena,
                                  struct silt_anchors *out, struct silt_error *error)
{
    struct silt_node *head = silt_node_new(arena, SILT_NODE_SEQUENCE);
    enum silt_status status = head != NULL ? SILT_OK : silt_error_memory(error);
    const struct silt_node *child = tree->kind == SILT_NODE_SEQUENCE ? tree->first : NULL;
    for (uint32_t parts = 0; child != NULL && parts < HEAD_MAX && out->head == 0 && status == SILT_OK;
         child = child->next) {
        struct silt_anchors part = {.items = {.item_size = sizeof(struct silt_anchor)}};
        struct silt_node *copy = silt_node_copy(arena, child);
        if (copy == NULL)
            return silt_error_memory(error);
        silt_node_put(head, copy);
        if (silt_node_width_max(child) == 0)
            continue;
        parts++;
        status = find(head, arena, &part, error);
        if (status == SILT_OK && out->items.count > 0 && are_same(&part, out))
            out->head = parts;
        silt_anchor_clear(&part);
    }
    return status;
}

/* The tree of a pattern, NULL if it is not understood: only memory is a failure. */
static enum silt_status parse(const char *pattern, struct silt_arena *arena, struct silt_node **out,
                              struct silt_error *error)
{
    *out = NULL;
    enum silt_status status = silt_regex_parse(silt_span_text(pattern), arena, out, NULL);
    if (status == SILT_ERR_MEMORY)
        return silt_error_memory(error);
    if (status == SILT_OK && silt_node_width_min(*out) == 0)
        return silt_error_set(error, SILT_ERR_USAGE, "the pattern matches the empty text");
    return SILT_OK;
}

static enum silt_status derive(const char *pattern, const char *hint, struct silt_arena *arena,
                               struct silt_anchors *out, struct silt_error *error)
{
    struct silt_node *tree, *source;
    enum silt_status status = parse(pattern, arena, &tree, error);
    if (status == SILT_OK && tree != NULL) {
        out->width = silt_node_width_max(tree);
        out->shape = silt_shape_of(tree);
    }
    source = tree;
    if (status == SILT_OK && hint[0] != '\0')
        status = parse(hint, arena, &source, error);
    if (status == SILT_OK && source != NULL)
        status = find(source, arena, out, error);
    return status == SILT_OK && source == tree && tree != NULL ? find_head(tree, arena, out, error) : status;
}

enum silt_status silt_anchor_derive(const char *pattern, const char *hint, struct silt_anchors *out,
                                    struct silt_error *error)
{
    struct silt_arena arena = {0};
    *out = (struct silt_anchors){.items = {.item_size = sizeof(struct silt_anchor)}, .width = UINT32_MAX};
    enum silt_status status = derive(pattern, hint, &arena, out, error);
    silt_arena_clear(&arena);
    return status;
}

void silt_anchor_clear(struct silt_anchors *anchors)
{
    silt_array_clear(&anchors->items);
    *anchors = (struct silt_anchors){0};
}
