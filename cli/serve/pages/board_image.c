/*
 * board_image.c: GET /images/:id: an image as its layers lie on each other, the last one on top, each with
 * the instruction that made it and the findings in it. The bar of a layer is its size beside that of the
 * largest.
 */
#include "serve/pages/board.h"

#include "output/instruction.h"
#include "serve/api/api.h"
#include "stash.h"
#include "units.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { FINDINGS_SHOWN = 500, LAYERS_SHOWN = 500 };

/* What is shown of a finding, kept while layers are gone through. */
struct mark {
    int64_t id;
    enum silt_severity severity;
    enum silt_store_state state;
    enum silt_state place_state;
    int layer;
    const char *name, *path, *redacted, *created_by;
};

/* The page, and what is collected for it. */
struct view {
    struct silt_board board;
    struct silt_response *response;
    struct silt_stash stash;
    struct mark *marks;
    size_t mark_count;
    struct silt_store_layer *layers;
    size_t layer_count;
    uint64_t largest;
    int64_t id;
};

static bool keep_finding(void *context, const struct silt_store_finding *finding)
{
    struct view *view = context;
    struct silt_stash *stash = &view->stash;
    struct mark *mark = &view->marks[view->mark_count];
    *mark = (struct mark){.id = finding->id,
                          .severity = finding->severity,
                          .state = finding->state,
                          .place_state = finding->place_state,
                          .layer = finding->layer};
    view->mark_count++;
    return silt_stash_copy_text(stash, finding->name, &mark->name) &&
           silt_stash_copy_text(stash, finding->path, &mark->path) &&
           silt_stash_copy_text(stash, finding->redacted, &mark->redacted) &&
           silt_stash_copy_text(stash, finding->created_by, &mark->created_by) &&
           view->mark_count < FINDINGS_SHOWN;
}

static bool keep_layer(void *context, const struct silt_store_layer *layer)
{
    struct view *view = context;
    struct silt_store_layer *kept = &view->layers[view->layer_count++];
    *kept = *layer;
    view->largest = layer->size_bytes > view->largest ? layer->size_bytes : view->largest;
    return silt_stash_copy_text(&view->stash, layer->digest, &kept->digest) &&
           silt_stash_copy_text(&view->stash, layer->diff_id, &kept->diff_id) &&
           silt_stash_copy_text(&view->stash, layer->created_by, &kept->created_by) &&
           view->layer_count < LAYERS_SHOWN;
}

static void print_mark(const struct silt_board *board, const struct mark *mark)
{
    FILE *out = board->out;
    fprintf(out, "<li%s>", mark->state == SILT_STORE_OPEN ? "" : " class=\"past\"");
    silt_board_badge(board, mark->severity);
    fprintf(out, "<span><a href=\"/findings/%" PRId64 "\">", mark->id);
    silt_board_text(board, mark->name);
    fputs("</a> in <code>", out);
    silt_board_text(board, mark->path);
    fputs("</code>", out);
    if (mark->place_state != SILT_PRESENT)
        fprintf(out, " · %s later, still in the image", silt_state_name(mark->place_state));
    if (mark->state != SILT_STORE_OPEN)
        fprintf(out, " · %s", silt_store_state_name(mark->state));
    fputs("</span></li>\n", out);
}

/* The findings in a layer, the worst first; those outside of layers for -1. */
static void print_marks(const struct view *view, int layer)
{
    bool has_any = false;
    for (int severity = SILT_CRITICAL; severity >= SILT_INFO; severity--)
        for (size_t i = 0; i < view->mark_count; i++) {
            const struct mark *mark = &view->marks[i];
            if (mark->layer != layer || mark->severity != (enum silt_severity)severity)
                continue;
            if (!has_any)
                fputs("<ul>\n", view->board.out);
            has_any = true;
            print_mark(&view->board, mark);
        }
    if (has_any)
        fputs("</ul>\n", view->board.out);
}

/* A slab's edge has the colour of the worst open finding in it. */
static void print_slab(const struct view *view, int layer)
{
    int worst = -1;
    for (size_t i = 0; i < view->mark_count; i++)
        if (view->marks[i].layer == layer && view->marks[i].state == SILT_STORE_OPEN &&
            (int)view->marks[i].severity > worst)
            worst = (int)view->marks[i].severity;
    fputs("<li class=\"layer", view->board.out);
    if (worst >= 0)
        fprintf(view->board.out, " edge-%s", silt_severity_name((enum silt_severity)worst));
    fputs("\">", view->board.out);
}

static void print_instruction(const struct silt_board *board, const char *created_by)
{
    char line[SILT_INSTRUCTION_SIZE];
    if (created_by[0] == '\0')
        return;
    fputs("<code>", board->out);
    silt_board_text(board, silt_instruction_print(created_by, line));
    fputs("</code>\n", board->out);
}

static void print_layer(const struct view *view, const struct silt_store_layer *layer)
{
    const struct silt_board *board = &view->board;
    char size[SILT_UNITS_TEXT_SIZE];
    unsigned width =
        view->largest > 0 ? (unsigned)((double)layer->size_bytes / (double)view->largest * 1000) : 0;
    print_slab(view, layer->index);
    fprintf(board->out, "<header><b>Layer %d</b>", layer->index);
    silt_board_digest(board, layer->digest[0] != '\0' ? layer->digest : layer->diff_id);
    if (layer->image_count > 1)
        fprintf(board->out, "<span>in %" PRIu64 " images</span>", layer->image_count);
    fprintf(board->out, "<span>%s</span></header>\n", silt_units_print_size(layer->size_bytes, size));
    print_instruction(board, layer->created_by);
    fprintf(
        board->out,
        "<svg viewBox=\"0 0 1000 5\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect width=\"%u\" "
        "height=\"5\"/></svg>\n",
        width > 0 ? width : 1);
    print_marks(view, layer->index);
    fputs("</li>\n", board->out);
}

static void print_stack(const struct view *view)
{
    fputs("<h2>Layers</h2>\n<ol class=\"stack\">\n", view->board.out);
    print_slab(view, -1);
    fputs("<header><b>Image configuration</b><span>environment, labels, history</span></header>\n",
          view->board.out);
    print_marks(view, -1);
    fputs("</li>\n", view->board.out);
    for (size_t i = view->layer_count; i-- > 0;)
        if (!view->layers[i].is_empty)
            print_layer(view, &view->layers[i]);
    fputs("</ol>\n", view->board.out);
}

static void print_scanned(const struct silt_board *board, const struct silt_store_image *image)
{
    char bytes[SILT_UNITS_TEXT_SIZE], entries[SILT_UNITS_TEXT_SIZE], time[SILT_UNITS_TEXT_SIZE];
    fprintf(board->out, "<dt>Scanned</dt><dd>%s in %s files, %s",
            silt_units_print_size(image->bytes_scanned, bytes),
            silt_units_print_count(image->entries, entries),
            silt_units_print_duration(image->duration_ms, time));
    if (image->cached_layers > 0)
        fprintf(board->out, "; %" PRIu64 " of %" PRIu64 " layers were known", image->cached_layers,
                image->layer_count);
    fputs("</dd>\n<dt>Seen</dt><dd>first ", board->out);
    silt_board_time(board, image->first_seen_ms);
    fputs(", last ", board->out);
    silt_board_time(board, image->last_seen_ms);
    fputs("</dd>\n", board->out);
}

static void print_facts(const struct silt_board *board, const struct silt_store_image *image)
{
    FILE *out = board->out;
    fputs("<dl>\n", out);
    silt_board_fact(board, "Registry", image->registry);
    silt_board_fact(board, "Tags", image->tags);
    silt_board_fact(board, "Platform", image->platform);
    silt_board_fact(board, "Created", image->created);
    silt_board_fact(board, "Digest", image->digest);
    if (strcmp(image->digest, image->pushed_digest) != 0)
        silt_board_fact(board, "Pushed as part of", image->pushed_digest);
    print_scanned(board, image);
    fprintf(out,
            "<dt>Reports</dt><dd><a href=\"/images/%" PRId64 "/reports/json\">JSON</a>, <a "
            "href=\"/images/%" PRId64 "/reports/sarif\">SARIF</a></dd>\n</dl>\n",
            image->id, image->id);
}

static bool print_image(void *context, const struct silt_store_image *image)
{
    struct view *view = context;
    struct silt_board *board = &view->board;
    const struct silt_board asked = *board;
    if (!silt_board_begin(board, asked.context, asked.request, image->repository, "/images")) {
        view->response->has_failed = true;
        return false;
    }
    fputs("<section class=\"lead\"><h1>", board->out);
    silt_board_text(board, image->repository);
    fputs("</h1>\n", board->out);
    silt_board_counts(board, image->open);
    if (!image->is_current)
        fputs("<p class=\"note info\">No tag points to this image any more.</p>\n", board->out);
    if (!image->is_complete) {
        fputs("<p class=\"note medium\"><b>This image was not scanned completely.</b> ", board->out);
        silt_board_text(board, image->problem);
        fputs("</p>\n", board->out);
    }
    print_facts(board, image);
    fputs("</section>\n", board->out);
    print_stack(view);
    if (view->mark_count == FINDINGS_SHOWN)
        fprintf(board->out, "<p class=\"note info\">Only the last %d findings are shown here.</p>\n",
                FINDINGS_SHOWN);
    silt_board_end(board, view->response);
    return false;
}

static enum silt_status collect(struct view *view, struct silt_error *error)
{
    struct silt_store *store = view->board.context->store;
    const struct silt_store_filter filter = {.image = view->id, .limit = FINDINGS_SHOWN};
    view->marks = silt_stash_take(&view->stash, FINDINGS_SHOWN, sizeof *view->marks);
    view->layers = silt_stash_take(&view->stash, LAYERS_SHOWN, sizeof *view->layers);
    if (view->marks == NULL || view->layers == NULL)
        return SILT_ERR_MEMORY;
    enum silt_status status = silt_store_findings(store, &filter, keep_finding, view, error);
    return status == SILT_OK ? silt_store_layers(store, view->id, keep_layer, view, error) : status;
}

void silt_board_image_show(const struct silt_context *context, const struct silt_request *request,
                           struct silt_response *response)
{
    struct view view = {.board = {.context = context, .request = request}, .response = response};
    struct silt_error error = {0};
    view.id = silt_api_id(request);
    enum silt_status status = collect(&view, &error);
    if (status == SILT_OK)
        status = silt_store_image(context->store, view.id, print_image, &view, &error);
    silt_stash_clear(&view.stash);
    if (status != SILT_OK)
        silt_board_fail(context, request, response, status, &error);
}
