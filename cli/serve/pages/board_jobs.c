/*
 * board_jobs.c: GET /jobs: what waits, runs, was done, and was given up with its reason; and how
 * announcements are doing.
 */
#include "serve/pages/board.h"

#include "serve/api/api.h"
#include "serve/queue.h"
#include "serve/settings.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 50 };

struct list {
    struct silt_board *board;
    unsigned left;
    bool goes_on;
    char last[24];
};

static void print_name(const struct silt_board *board, const struct silt_job *job)
{
    silt_board_text(board, job->registry);
    fputc('/', board->out);
    silt_board_text(board, job->repository);
    if (job->tag[0] != '\0') {
        fputs(" <span class=\"tags\">", board->out);
        silt_board_text(board, job->tag);
        fputs("</span>", board->out);
    }
}

static void print_job(const struct silt_board *board, const struct silt_job *job)
{
    static const char *const looks[] = {"low", "info", "good", "critical"};
    FILE *out = board->out;
    fprintf(out, "<li><span class=\"badge %s\">%s</span><div>", looks[job->state],
            silt_job_state_name(job->state));
    print_name(board, job);
    fputs("<p class=\"soft\">", out);
    if (job->digest[0] != '\0') {
        silt_board_digest(board, job->digest);
        fputs(" · ", out);
    }
    fputs("asked for by ", out);
    silt_board_text(board, job->origin);
    fputc(' ', out);
    silt_board_time(board, job->created_ms);
    fprintf(out, " · tried %u time%s</p>", job->attempts, job->attempts == 1 ? "" : "s");
    if (job->reason[0] != '\0') {
        fputs("<p class=\"reason\">", out);
        silt_board_text(board, job->reason);
        fputs("</p>", out);
    }
    fputs("</div>", out);
    if (job->state == SILT_JOB_DEAD) {
        silt_board_form(board, "/jobs/%/retry", strtoll(job->id, NULL, 10));
        fputs("<button>Try again</button></form>", out);
    }
    fputs("</li>\n", out);
}

static bool add_job(void *context, const struct silt_job *job)
{
    struct list *list = context;
    list->goes_on = list->left == 0;
    if (list->goes_on)
        return false;
    list->left--;
    snprintf(list->last, sizeof list->last, "%s", job->id);
    print_job(list->board, job);
    return true;
}

static void print_counts(const struct silt_board *board, const struct silt_queue_counts *counts)
{
    const char *chosen = silt_board_query(board, "state");
    fputs("<ul class=\"tally\">", board->out);
    for (int state = 0; state < SILT_JOB_STATES; state++) {
        const char *name = silt_job_state_name((enum silt_job_state)state);
        fprintf(board->out, "<li class=\"%s\"><a href=\"/jobs?state=%s\"%s><b>%" PRIu64 "</b> %s</a></li>",
                state == SILT_JOB_DEAD && counts->jobs[state] > 0 ? "critical" : "info", name,
                strcmp(name, chosen) == 0 ? " aria-current=\"true\"" : "", counts->jobs[state], name);
    }
    fputs("</ul>\n", board->out);
}

static bool print_channel(void *context, const struct silt_store_channel_state *channel)
{
    const struct silt_board *board = context;
    fputs("<li><div>", board->out);
    silt_board_text(board, channel->name);
    fprintf(board->out, "<p class=\"soft\">%" PRIu64 " sent, %" PRIu64 " due, %" PRIu64 " given up</p>",
            channel->sent, channel->due, channel->given_up);
    if (channel->reason[0] != '\0') {
        fputs("<p class=\"reason\">", board->out);
        silt_board_text(board, channel->reason);
        fputc(' ', board->out);
        silt_board_time(board, channel->last_failed_ms);
        fputs("</p>", board->out);
    }
    fputs("</div></li>\n", board->out);
    return true;
}

static void print_channels(struct silt_board *board)
{
    if (board->context->settings->announcement_count == 0)
        return;
    fputs("<h2>Announcements</h2>\n<ol class=\"rows\">\n", board->out);
    if (silt_store_channels(board->context->store, print_channel, board, NULL) != SILT_OK)
        fputs("<li>They cannot be read now.</li>", board->out);
    fputs("</ol>\n", board->out);
}

static void read_state(const struct silt_request *request, struct silt_queue_filter *filter)
{
    const char *text = silt_request_query(request, "state");
    for (int state = 0; text != NULL && state < SILT_JOB_STATES && !filter->has_state; state++) {
        filter->state = (enum silt_job_state)state;
        filter->has_state = strcmp(text, silt_job_state_name(filter->state)) == 0;
    }
}

void silt_board_jobs_show(const struct silt_context *context, const struct silt_request *request,
                          struct silt_response *response)
{
    struct silt_board board;
    struct silt_error error = {0};
    struct silt_queue_counts counts = {0};
    struct silt_queue_filter filter = {.before = silt_request_query(request, "before"), .limit = ROWS + 1};
    struct silt_queue *queue = context->queue;
    enum silt_status status = queue->kind->count(queue, &counts, &error);
    if (status != SILT_OK)
        return silt_board_fail(context, request, response, status, &error);
    response->has_failed = !silt_board_begin(&board, context, request, "Jobs", "/jobs");
    if (response->has_failed)
        return;
    struct list list = {.board = &board, .left = ROWS};
    read_state(request, &filter);
    fputs("<div data-live><section class=\"lead\"><h1>Jobs</h1>\n", board.out);
    print_counts(&board, &counts);
    fputs("</section>\n<ol class=\"rows\">\n", board.out);
    status = queue->kind->list(queue, &filter, add_job, &list, &error);
    fputs(status == SILT_OK ? "</ol>\n" : "</ol><p class=\"note medium\">Not all could be read.</p>\n",
          board.out);
    if (list.goes_on)
        silt_board_next(&board, list.last);
    print_channels(&board);
    fputs("</div>\n", board.out);
    silt_board_end(&board, response);
}

/* POST /jobs/:id/retry */
void silt_board_jobs_retry(const struct silt_context *context, const struct silt_request *request,
                           struct silt_response *response)
{
    struct silt_error error = {0};
    const char *id = silt_api_id(request) > 0 ? silt_request_parameter(request, "id") : "0";
    enum silt_status status = context->queue->kind->revive(context->queue, id, &error);
    if (status != SILT_OK)
        return silt_board_fail(context, request, response, status, &error);
    silt_response_redirect(response, "/jobs");
}
