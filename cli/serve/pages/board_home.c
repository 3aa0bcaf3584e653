/*
 * board_home.c: GET /: how things stand, what was pushed, what was found.
 */
#include "serve/pages/board.h"

#include "output/style.h"
#include "serve/queue.h"
#include "units.h"

#include <inttypes.h>

enum { ROWS = 8, DAYS = 30 };

static bool print_image(void *context, const struct silt_store_image *image)
{
    silt_board_image_row(context, image);
    return true;
}

static bool print_finding(void *context, const struct silt_store_finding *finding)
{
    silt_board_finding_row(context, finding);
    return true;
}

static uint64_t sum(const uint64_t counts[SILT_RESULTS_SEVERITIES])
{
    uint64_t all = 0;
    for (int severity = SILT_INFO; severity <= SILT_CRITICAL; severity++)
        all += counts[severity];
    return all;
}

static void print_tally(const struct silt_board *board, const uint64_t counts[SILT_RESULTS_SEVERITIES])
{
    fputs("<ul class=\"tally\">\n", board->out);
    for (int severity = SILT_CRITICAL; severity >= SILT_INFO; severity--) {
        const char *name = silt_severity_name((enum silt_severity)severity);
        if (counts[severity] > 0)
            fprintf(board->out,
                    "<li class=\"%s\"><a href=\"/findings?state=open&amp;severity=%s\"><b>%" PRIu64
                    "</b> %s</a></li>\n",
                    name, name, counts[severity], name);
    }
    fputs("</ul>\n", board->out);
}

static void print_lead(const struct silt_board *board, const struct silt_store_stats *stats)
{
    uint64_t open = sum(stats->findings[SILT_STORE_OPEN]);
    char size[SILT_UNITS_TEXT_SIZE];
    fputs("<section class=\"lead\" aria-labelledby=\"summary\"><h1 id=\"summary\">", board->out);
    if (stats->images == 0)
        fputs("No image was scanned yet", board->out);
    else if (open == 0)
        fputs("No open secrets", board->out);
    else
        fprintf(board->out, "%" PRIu64 " open secret%s", open, silt_style_plural(open));
    fputs("</h1>\n", board->out);
    print_tally(board, stats->findings[SILT_STORE_OPEN]);
    fprintf(board->out,
            "<p>%" PRIu64 " image%s in %" PRIu64 " repositories, %" PRIu64 " of them current; %" PRIu64
            " different layers, %s. %" PRIu64 " ignored, %" PRIu64 " fixed.</p>\n",
            stats->images, silt_style_plural(stats->images), stats->repositories, stats->current_images,
            stats->layers, silt_units_print_size(stats->layer_bytes, size),
            sum(stats->findings[SILT_STORE_IGNORED]), sum(stats->findings[SILT_STORE_FIXED]));
    if (stats->incomplete_images > 0)
        fprintf(board->out,
                "<p class=\"note medium\"><b>%" PRIu64 " image%s not scanned completely.</b> Each says "
                "why.</p>\n",
                stats->incomplete_images, stats->incomplete_images == 1 ? " was" : "s were");
}

static void print_queue(const struct silt_board *board)
{
    struct silt_queue_counts counts = {0};
    struct silt_queue *queue = board->context->queue;
    if (queue->kind->count(queue, &counts, NULL) != SILT_OK)
        return;
    fprintf(board->out, "<p><a href=\"/jobs\">Jobs</a>: %" PRIu64 " waiting, %" PRIu64 " running.</p>\n",
            counts.jobs[SILT_JOB_WAITING], counts.jobs[SILT_JOB_RUNNING]);
    if (counts.jobs[SILT_JOB_DEAD] > 0)
        fprintf(board->out,
                "<p class=\"note high\"><a href=\"/jobs?state=dead\"><b>%" PRIu64
                " given up</b></a>: these images were not scanned.</p>\n",
                counts.jobs[SILT_JOB_DEAD]);
}

static enum silt_status print_lists(struct silt_board *board, struct silt_error *error)
{
    const struct silt_store_filter images = {.limit = ROWS};
    const struct silt_store_filter findings = {.limit = ROWS, .has_state = true, .state = SILT_STORE_OPEN};
    fputs("<div class=\"halves\"><section aria-labelledby=\"pushed\"><h2 id=\"pushed\">Pushed last</h2>\n<ol "
          "class=\"rows\">\n",
          board->out);
    enum silt_status status = silt_store_images(board->context->store, &images, print_image, board, error);
    fputs("</ol><p class=\"next\"><a href=\"/images\">All images</a></p></section>\n<section "
          "aria-labelledby=\"found\"><h2 id=\"found\">Found last</h2>\n<ol class=\"rows\">\n",
          board->out);
    if (status == SILT_OK)
        status = silt_store_findings(board->context->store, &findings, print_finding, board, error);
    fputs(
        "</ol><p class=\"next\"><a href=\"/findings?state=open\">All open findings</a></p></section></div>\n",
        board->out);
    return status;
}

/* GET / */
void silt_board_home_show(const struct silt_context *context, const struct silt_request *request,
                          struct silt_response *response)
{
    struct silt_board board;
    struct silt_store_stats stats = {0};
    struct silt_error error = {0};
    enum silt_status status = silt_store_stats(context->store, &stats, &error);
    if (status != SILT_OK)
        return silt_board_fail(context, request, response, status, &error);
    response->has_failed = !silt_board_begin(&board, context, request, "Overview", "/");
    if (response->has_failed)
        return;
    fputs("<div data-live>\n", board.out);
    print_lead(&board, &stats);
    print_queue(&board);
    fputs("</section>\n", board.out);
    status = silt_board_chart(&board, DAYS, &error);
    if (status == SILT_OK)
        status = print_lists(&board, &error);
    if (status != SILT_OK)
        fputs("<p class=\"note medium\">Something could not be read; load the page again.</p>\n", board.out);
    fputs("</div>\n", board.out);
    silt_board_end(&board, response);
}
