/*
 * board_images.c: GET /images: what was pushed.
 */
#include "serve/pages/board.h"

#include <inttypes.h>
#include <string.h>

enum { ROWS = 25 };

struct list {
    struct silt_board *board;
    unsigned left;
    bool goes_on;
    char last[24];
};

static bool print_image(void *context, const struct silt_store_image *image)
{
    struct list *list = context;
    list->goes_on = list->left == 0;
    if (list->goes_on)
        return false;
    list->left--;
    snprintf(list->last, sizeof list->last, "%" PRId64, image->id);
    silt_board_image_row(list->board, image);
    return true;
}

static void print_filter(const struct silt_board *board)
{
    bool is_current = strcmp(silt_board_query(board, "current"), "true") == 0;
    fputs("<form class=\"filter\" method=\"get\" role=\"search\"><input type=\"search\" name=\"text\" "
          "aria-label=\"Search\" placeholder=\"Search: repository …\" value=\"",
          board->out);
    silt_board_text(board, silt_board_query(board, "text"));
    fprintf(board->out,
            "\"><label><input type=\"checkbox\" name=\"current\" value=\"true\"%s> only what a tag points "
            "to</label><button>Show</button></form>\n",
            is_current ? " checked" : "");
}

static enum silt_status print_list(struct silt_board *board, uint64_t total, struct silt_store_filter *filter,
                                   struct silt_error *error)
{
    struct list list = {.board = board, .left = ROWS};
    fprintf(board->out, "<section class=\"lead\"><h1>Images</h1><p>%" PRIu64 " in all.</p>\n", total);
    print_filter(board);
    fputs("</section>\n<ol class=\"rows\" data-live>\n", board->out);
    enum silt_status status = silt_store_images(board->context->store, filter, print_image, &list, error);
    fputs("</ol>\n", board->out);
    if (list.goes_on)
        silt_board_next(board, list.last);
    return status;
}

void silt_board_images_show(const struct silt_context *context, const struct silt_request *request,
                            struct silt_response *response)
{
    struct silt_board board;
    struct silt_error error = {0};
    unsigned before = 0;
    uint64_t total = 0;
    if (!silt_request_query_number(request, "before", 999999999, 0, &before))
        return silt_board_refuse(context, request, response, 400, "This is no page of the list.");
    const char *current = silt_request_query(request, "current");
    struct silt_store_filter filter = {.text = silt_request_query(request, "text"),
                                       .repository = silt_request_query(request, "repository"),
                                       .only_current = current != NULL && strcmp(current, "true") == 0,
                                       .before = before,
                                       .limit = ROWS + 1};
    enum silt_status status = silt_store_count_images(context->store, &filter, &total, &error);
    if (status != SILT_OK)
        return silt_board_fail(context, request, response, status, &error);
    response->has_failed = !silt_board_begin(&board, context, request, "Images", "/images");
    if (response->has_failed)
        return;
    if (print_list(&board, total, &filter, &error) != SILT_OK)
        fputs("<p class=\"note medium\">Not all could be read; load the page again.</p>\n", board.out);
    silt_board_end(&board, response);
}
