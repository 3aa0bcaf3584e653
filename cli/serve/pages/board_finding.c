/*
 * board_finding.c: GET /findings/:id: what a finding is, where it came in, what to do, and what somebody
 * decided of it; and the forms that decide.
 */
#include "serve/pages/board.h"

#include "output/document.h"
#include "output/instruction.h"
#include "serve/api/api.h"
#include "serve/hooks/payload.h"

#include <inttypes.h>
#include <string.h>

enum { REASON_MOST = 1000 };

/* A page being made in a callback of the store. */
struct view {
    const struct silt_context *context;
    const struct silt_request *request;
    struct silt_response *response;
};

/* Where it stands: the instruction that brought it in, and the line. */
static void print_frame(const struct silt_board *board, const struct silt_store_finding *finding)
{
    char line[SILT_INSTRUCTION_SIZE];
    fputs("<div class=\"frame\">", board->out);
    if (finding->created_by[0] != '\0') {
        fputs("<code>", board->out);
        silt_board_text(board, silt_instruction_print(finding->created_by, line));
        fputs("</code>", board->out);
    }
    fputs("<code>", board->out);
    silt_board_text(board, finding->path);
    if (finding->line > 0 && finding->origin == SILT_ORIGIN_FILE)
        fprintf(board->out, ":%" PRIu64 ":%" PRIu64, finding->line, finding->column);
    fputs("  <mark>", board->out);
    silt_board_text(board, finding->redacted);
    fputs("</mark></code></div>\n", board->out);
}

static void print_place(const struct silt_board *board, const struct silt_store_finding *finding)
{
    FILE *out = board->out;
    fprintf(out, "<dt>Image</dt><dd><a href=\"/images/%" PRId64 "\">", finding->image);
    silt_board_text(board, finding->registry);
    fputc('/', out);
    silt_board_text(board, finding->repository);
    fputs("</a> ", out);
    silt_board_digest(board, finding->digest);
    if (finding->image_count > 1)
        fprintf(out, ", and %" PRIu64 " more", finding->image_count - 1);
    fputs("</dd>\n", out);
    if (finding->layer >= 0) {
        fprintf(out, "<dt>Layer</dt><dd>%d · ", finding->layer);
        silt_board_digest(board,
                          finding->layer_digest[0] != '\0' ? finding->layer_digest : finding->layer_diff_id);
        fputs("</dd>\n", out);
    }
    fprintf(out, "<dt>In the image</dt><dd>%s", silt_state_name(finding->place_state));
    if (finding->removed_in >= 0)
        fprintf(out, " by layer %d", finding->removed_in);
    if (finding->place_state != SILT_PRESENT)
        fputs(", but whoever pulls the image still gets it", out);
    fputs("</dd>\n", out);
}

static void print_also_at(const struct silt_board *board, const char *kept)
{
    json_t *array = json_loads(kept, 0, NULL), *item;
    size_t i;
    if (json_array_size(array) > 0)
        fputs("<dt>Also at</dt><dd><ul>", board->out);
    json_array_foreach(array, i, item)
    {
        const json_t *layer = json_object_get(item, "layer");
        fputs("<li><code>", board->out);
        silt_board_text(board, silt_payload_text(item, "path"));
        fputs("</code>", board->out);
        if (json_is_integer(layer))
            fprintf(board->out, ", layer %d", (int)json_integer_value(layer));
        fputs("</li>", board->out);
    }
    if (json_array_size(array) > 0)
        fputs("</ul></dd>\n", board->out);
    json_decref(array);
}

static void print_references(const struct silt_board *board, const char *kept)
{
    json_t *array = json_loads(kept, 0, NULL), *item;
    size_t i;
    if (json_array_size(array) > 0)
        fputs("<dt>Read on</dt><dd><ul>", board->out);
    json_array_foreach(array, i, item)
    {
        const char *address = json_string_value(item);
        if (address == NULL || !silt_document_is_uri(address))
            continue;
        fputs("<li><a rel=\"noreferrer noopener\" href=\"", board->out);
        silt_board_text(board, address);
        fputs("\">", board->out);
        silt_board_text(board, address + strlen("https://"));
        fputs("</a></li>", board->out);
    }
    if (json_array_size(array) > 0)
        fputs("</ul></dd>\n", board->out);
    json_decref(array);
}

static void print_life(const struct silt_board *board, const struct silt_store_finding *finding)
{
    FILE *out = board->out;
    fprintf(out, "<dt>Confidence</dt><dd>%s (score %.2f)", silt_confidence_name(finding->confidence),
            finding->score);
    if (finding->validation_detail[0] != '\0') {
        fputs(" · ", out);
        silt_board_text(board, finding->validation_detail);
    }
    fputs("</dd>\n<dt>Seen</dt><dd>first ", out);
    silt_board_time(board, finding->first_seen_ms);
    fputs(", last ", out);
    silt_board_time(board, finding->last_seen_ms);
    if (finding->state == SILT_STORE_FIXED) {
        fputs(", fixed ", out);
        silt_board_time(board, finding->fixed_ms);
    }
    fputs("</dd>\n", out);
    silt_board_fact(board, "Signature", finding->signature);
    silt_board_fact(board, "Fingerprint", finding->fingerprint);
}

static void print_ignored(const struct silt_board *board, const struct silt_store_finding *finding)
{
    FILE *out = board->out;
    fputs("<section aria-labelledby=\"decide\"><h2 id=\"decide\">Ignored</h2>\n<p>", out);
    silt_board_text(board, finding->ignored_reason);
    fputs("</p><p class=\"soft\">by ", out);
    silt_board_text(board, finding->ignored_by);
    fputs(finding->ignored_until_ms > 0 ? ", until " : ", for good", out);
    silt_board_time(board, finding->ignored_until_ms);
    fputs("</p>\n", out);
    silt_board_form(board, "/findings/%/reopen", finding->id);
    fputs("<button>Open it again</button></form></section>\n", out);
}

static void print_ignore_form(const struct silt_board *board, const struct silt_store_finding *finding)
{
    FILE *out = board->out;
    fputs("<section aria-labelledby=\"decide\"><h2 id=\"decide\">Ignore it</h2>\n<p>It then counts no more "
          "and is "
          "not announced again. The secret stays in the image.</p>\n",
          out);
    silt_board_form(board, "/findings/%/ignore", finding->id);
    fprintf(out,
            "<div class=\"fields\"><label for=\"reason\">Why</label><input id=\"reason\" name=\"reason\" "
            "required maxlength=\"%d\" placeholder=\"A test key of ours, revoked on …\">\n"
            "<label for=\"until\">Until</label><span><input id=\"until\" type=\"date\" name=\"until\"> <span "
            "class=\"soft\">empty: for good</span></span>\n"
            "<label for=\"by\">Your name</label><input id=\"by\" name=\"by\" maxlength=\"100\" "
            "autocomplete=\"name\">\n"
            "<span></span><label><input type=\"checkbox\" name=\"whole\" value=\"true\"> the same secret "
            "wherever it stands in this repository</label></div>\n<button>Ignore</button></form></section>\n",
            REASON_MOST);
}

static void print_finding(struct silt_board *board, const struct silt_store_finding *finding)
{
    FILE *out = board->out;
    fputs("<section class=\"lead\"><p>", out);
    silt_board_badge(board, finding->severity);
    fprintf(out, "<span class=\"state\">%s</span></p><h1>", silt_store_state_name(finding->state));
    silt_board_text(board, finding->name);
    fputs("</h1>\n", out);
    print_frame(board, finding);
    fputs("<dl>\n", out);
    silt_board_fact(board, "What it is", finding->description);
    silt_board_fact(board, "What to do", finding->remediation);
    print_place(board, finding);
    print_also_at(board, finding->also_at);
    print_life(board, finding);
    print_references(board, finding->references);
    fputs("</dl></section>\n", out);
    if (finding->state == SILT_STORE_IGNORED)
        print_ignored(board, finding);
    else if (finding->state == SILT_STORE_OPEN)
        print_ignore_form(board, finding);
}

static bool show(void *context, const struct silt_store_finding *finding)
{
    struct view *view = context;
    struct silt_board board;
    view->response->has_failed =
        !silt_board_begin(&board, view->context, view->request, finding->name, "/findings");
    if (view->response->has_failed)
        return false;
    print_finding(&board, finding);
    silt_board_end(&board, view->response);
    return false;
}

void silt_board_finding_show(const struct silt_context *context, const struct silt_request *request,
                             struct silt_response *response)
{
    struct view view = {context, request, response};
    struct silt_error error = {0};
    enum silt_status status = silt_store_finding(context->store, silt_api_id(request), show, &view, &error);
    if (status != SILT_OK)
        silt_board_fail(context, request, response, status, &error);
}

/* After something was decided: the finding's page again, or why not. */
static void go_back(const struct silt_context *context, const struct silt_request *request,
                    struct silt_response *response, enum silt_status status, const struct silt_error *error)
{
    char path[48];
    if (status != SILT_OK)
        return silt_board_fail(context, request, response, status, error);
    snprintf(path, sizeof path, "/findings/%" PRId64, silt_api_id(request));
    silt_response_redirect(response, path);
}

static const char *field(const struct silt_request *request, const char *name)
{
    const char *value = silt_request_form(request, name);
    return value != NULL ? value : "";
}

/* POST /findings/:id/ignore. Until the end of the day that is named. */
void silt_board_finding_ignore(const struct silt_context *context, const struct silt_request *request,
                               struct silt_response *response)
{
    char time[40] = "";
    struct silt_error error = {0};
    const char *until = field(request, "until"), *by = field(request, "by");
    struct silt_store_ignore ignore = {.finding = silt_api_id(request),
                                       .reason = field(request, "reason"),
                                       .by = by[0] != '\0' ? by : "dashboard",
                                       .whole_secret = strcmp(field(request, "whole"), "true") == 0};
    if (until[0] != '\0')
        snprintf(time, sizeof time, "%.10sT23:59:59Z", until);
    ignore.until_ms = silt_payload_time(time);
    if (ignore.reason[0] == '\0' || strlen(ignore.reason) > REASON_MOST)
        return silt_board_refuse(context, request, response, 422, "Say why it is ignored, in short.");
    if (until[0] != '\0' && ignore.until_ms <= context->now() * 1000)
        return silt_board_refuse(context, request, response, 422, "Until when: a day to come.");
    enum silt_status status = silt_store_ignore(context->store, &ignore, &error);
    go_back(context, request, response, status, &error);
}

/* POST /findings/:id/reopen */
void silt_board_finding_reopen(const struct silt_context *context, const struct silt_request *request,
                               struct silt_response *response)
{
    struct silt_error error = {0};
    enum silt_status status = silt_store_reopen(context->store, silt_api_id(request), &error);
    go_back(context, request, response, status, &error);
}
