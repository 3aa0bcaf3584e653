/*
 * board_findings.c: GET /findings: what was found.
 */
#include "serve/pages/board.h"

#include "serve/api/api.h"

#include <inttypes.h>
#include <string.h>

enum { ROWS = 25 };

struct list {
    struct silt_board *board;
    unsigned left;
    bool goes_on;
    char last[24];
};

static bool print_finding(void *context, const struct silt_store_finding *finding)
{
    struct list *list = context;
    list->goes_on = list->left == 0;
    if (list->goes_on)
        return false;
    list->left--;
    snprintf(list->last, sizeof list->last, "%" PRId64, finding->id);
    silt_board_finding_row(list->board, finding);
    return true;
}

static void print_filter(const struct silt_board *board)
{
    FILE *out = board->out;
    fputs("<form class=\"filter\" method=\"get\" role=\"search\"><input type=\"search\" name=\"text\" "
          "aria-label=\"Search\" placeholder=\"Search: path, kind, repository …\" value=\"",
          out);
    silt_board_text(board, silt_board_query(board, "text"));
    fputs("\"><label>State <select name=\"state\">", out);
    silt_board_option(board, "state", "", "all");
    silt_board_option(board, "state", "open", "open");
    silt_board_option(board, "state", "ignored", "ignored");
    silt_board_option(board, "state", "fixed", "fixed");
    fputs("</select></label><label>At least <select name=\"severity\">", out);
    silt_board_option(board, "severity", "", "info");
    silt_board_option(board, "severity", "low", "low");
    silt_board_option(board, "severity", "medium", "medium");
    silt_board_option(board, "severity", "high", "high");
    silt_board_option(board, "severity", "critical", "critical");
    fputs("</select></label><button>Show</button></form>\n", out);
}

/* Reads the filter. An empty choice of a form stands for all. */
static bool read_filter(const struct silt_request *request, struct silt_store_filter *filter)
{
    struct silt_request_field kept[8];
    struct silt_request given = *request;
    struct silt_response refusal = {.status = 200};
    size_t count = 0;
    for (size_t i = 0; i < request->query.count && count < sizeof kept / sizeof *kept; i++)
        if (request->query.items[i].value[0] != '\0')
            kept[count++] = request->query.items[i];
    given.query = (struct silt_request_fields){kept, count};
    bool is_good = silt_api_filter(&given, filter, &refusal);
    silt_response_clear(&refusal);
    filter->limit = ROWS + 1;
    return is_good;
}

void silt_board_findings_show(const struct silt_context *context, const struct silt_request *request,
                              struct silt_response *response)
{
    struct silt_board board;
    struct silt_error error = {0};
    struct silt_store_filter filter;
    uint64_t total = 0;
    if (!read_filter(request, &filter))
        return silt_board_refuse(context, request, response, 400, "There are no findings of this kind.");
    enum silt_status status = silt_store_count_findings(context->store, &filter, &total, &error);
    if (status != SILT_OK)
        return silt_board_fail(context, request, response, status, &error);
    response->has_failed = !silt_board_begin(&board, context, request, "Findings", "/findings");
    if (response->has_failed)
        return;
    struct list list = {.board = &board, .left = ROWS};
    fprintf(board.out, "<section class=\"lead\"><h1>Findings</h1><p>%" PRIu64 " in all.</p>\n", total);
    print_filter(&board);
    fputs("</section>\n<ol class=\"rows\" data-live>\n", board.out);
    status = silt_store_findings(context->store, &filter, print_finding, &list, &error);
    fputs(status == SILT_OK ? "</ol>\n" : "</ol><p class=\"note medium\">Not all could be read.</p>\n",
          board.out);
    if (list.goes_on)
        silt_board_next(&board, list.last);
    silt_board_end(&board, response);
}
