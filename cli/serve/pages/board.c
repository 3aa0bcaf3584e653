/*
 * board.c: the frame of pages. Nothing is loaded but the two assets of this server, and no script or style
 * stands in a page, which the policy would not let run.
 */
#include "serve/pages/board.h"

#include "escape.h"

#include <inttypes.h>
#include <silt/version.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char policy[] =
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

void silt_board_text(const struct silt_board *board, const char *text)
{
    silt_escape_print_markup_text(board->out, text);
}

static void print_link(const struct silt_board *board, const char *section, const char *path,
                       const char *label)
{
    bool is_here = strcmp(section, path) == 0;
    fprintf(board->out, "<li><a href=\"%s\"%s>%s</a></li>", path, is_here ? " aria-current=\"page\"" : "",
            label);
}

static void print_bar(const struct silt_board *board, const char *section)
{
    fprintf(board->out, "<header class=\"bar\"><a class=\"home\" href=\"/\"><b>silt</b></a>");
    if (board->form[0] != '\0') {
        fputs("<nav aria-label=\"Main\"><ul>", board->out);
        print_link(board, section, "/", "Overview");
        print_link(board, section, "/images", "Images");
        print_link(board, section, "/findings", "Findings");
        print_link(board, section, "/jobs", "Jobs");
        fputs("</ul></nav>", board->out);
        silt_board_form(board, "/logout", 0);
        fputs("<button class=\"plain\">Log out</button></form>", board->out);
    }
    fputs("</header>\n", board->out);
}

bool silt_board_begin(struct silt_board *board, const struct silt_context *context,
                      const struct silt_request *request, const char *title, const char *section)
{
    *board = (struct silt_board){.context = context, .request = request};
    board->out = open_memstream(&board->text, &board->size);
    if (board->out == NULL)
        return false;
    silt_visit_print_form(context, request, board->form);
    fputs("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n<title>",
          board->out);
    silt_board_text(board, title);
    fprintf(board->out,
            " · silt</title>\n<link rel=\"stylesheet\" href=\"/assets/board.css?%s\">\n"
            "<link rel=\"icon\" href=\"data:,\">\n"
            "<script src=\"/assets/board.js?%s\" defer></script>\n</head>\n<body>\n"
            "<a class=\"skip\" href=\"#main\">Skip to the content</a>\n",
            silt_version(), silt_version());
    print_bar(board, section);
    fputs("<main id=\"main\">\n", board->out);
    return true;
}

void silt_board_end(struct silt_board *board, struct silt_response *response)
{
    fprintf(board->out,
            "</main>\n<footer>silt %s: secrets in layers, traced. Secrets are shown redacted; they are kept "
            "nowhere.</footer>\n</body>\n</html>\n",
            silt_version());
    bool is_whole = fclose(board->out) == 0;
    response->type = "text/html; charset=utf-8";
    silt_response_set(response, "Content-Security-Policy", policy);
    silt_response_put(response, board->text, board->size);
    response->has_failed |= !is_whole;
    free(board->text);
}

void silt_board_refuse(const struct silt_context *context, const struct silt_request *request,
                       struct silt_response *response, unsigned status, const char *message)
{
    struct silt_board board;
    response->status = status;
    response->has_failed = !silt_board_begin(&board, context, request, "Not done", "");
    if (response->has_failed)
        return;
    fputs("<section class=\"lead\"><h1>", board.out);
    fputs(status == 404 ? "There is nothing here" : "This cannot be done", board.out);
    fputs("</h1>\n<p>", board.out);
    silt_board_text(&board, message);
    fputs("</p>\n<p><a href=\"/\">Back to the overview</a></p></section>\n", board.out);
    silt_board_end(&board, response);
}

void silt_board_fail(const struct silt_context *context, const struct silt_request *request,
                     struct silt_response *response, enum silt_status status, const struct silt_error *error)
{
    bool is_absent = status == SILT_ERR_NOT_FOUND;
    silt_board_refuse(context, request, response, is_absent ? 404 : 503,
                      is_absent ? "It may have been forgotten: results are kept for a time."
                                : error->message);
}

void silt_board_digest(const struct silt_board *board, const char *digest)
{
    fputs("<code title=\"", board->out);
    silt_board_text(board, digest);
    fputs("\">", board->out);
    silt_escape_print_markup(board->out, (struct silt_span){(const uint8_t *)digest, strnlen(digest, 19)});
    fputs("</code>", board->out);
}

void silt_board_time(const struct silt_board *board, int64_t ms)
{
    char machine[32], people[32];
    time_t seconds = (time_t)(ms / 1000);
    struct tm parts;
    if (ms <= 0 || gmtime_r(&seconds, &parts) == NULL)
        return;
    strftime(machine, sizeof machine, "%Y-%m-%dT%H:%M:%SZ", &parts);
    strftime(people, sizeof people, "%Y-%m-%d %H:%M UTC", &parts);
    fprintf(board->out, "<time datetime=\"%s\">%s</time>", machine, people);
}

void silt_board_badge(const struct silt_board *board, enum silt_severity severity)
{
    const char *name = silt_severity_name(severity);
    fprintf(board->out, "<span class=\"badge %s\">%s</span> ", name, name);
}

void silt_board_counts(const struct silt_board *board, const uint64_t counts[SILT_RESULTS_SEVERITIES])
{
    bool has_any = false;
    fputs("<span class=\"counts\">", board->out);
    for (int severity = SILT_CRITICAL; severity >= SILT_INFO; severity--) {
        const char *name = silt_severity_name((enum silt_severity)severity);
        if (counts[severity] > 0)
            fprintf(board->out, "<span class=\"count %s\">%" PRIu64 " <span>%s</span></span>", name,
                    counts[severity], name);
        has_any |= counts[severity] > 0;
    }
    fputs(has_any ? "</span>" : "<span class=\"count good\">none open</span></span>", board->out);
}

void silt_board_fact(const struct silt_board *board, const char *term, const char *text)
{
    if (text[0] == '\0')
        return;
    fprintf(board->out, "<dt>%s</dt><dd>", term);
    silt_board_text(board, text);
    fputs("</dd>\n", board->out);
}

void silt_board_form(const struct silt_board *board, const char *path, int64_t id)
{
    const char *percent = strchr(path, '%');
    fputs("<form method=\"post\" action=\"", board->out);
    if (percent == NULL)
        fputs(path, board->out);
    else
        fprintf(board->out, "%.*s%" PRId64 "%s", (int)(percent - path), path, id, percent + 1);
    fprintf(board->out, "\"><input type=\"hidden\" name=\"form\" value=\"%s\">", board->form);
}

/* A value in an address. */
static void print_encoded(FILE *out, const char *text)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (; *text != '\0'; text++) {
        if (strchr(plain, *text) != NULL)
            fputc(*text, out);
        else
            fprintf(out, "%%%02X", (unsigned char)*text);
    }
}

void silt_board_next(const struct silt_board *board, const char *before)
{
    fputs("<p class=\"next\"><a rel=\"next\" href=\"?before=", board->out);
    print_encoded(board->out, before);
    for (size_t i = 0; i < board->request->query.count; i++) {
        const struct silt_request_field *field = &board->request->query.items[i];
        if (strcmp(field->name, "before") == 0)
            continue;
        fputs("&amp;", board->out);
        print_encoded(board->out, field->name);
        fputc('=', board->out);
        print_encoded(board->out, field->value);
    }
    fputs("\">Older</a></p>\n", board->out);
}

const char *silt_board_query(const struct silt_board *board, const char *name)
{
    const char *value = silt_request_query(board->request, name);
    return value != NULL ? value : "";
}

void silt_board_option(const struct silt_board *board, const char *name, const char *value, const char *label)
{
    bool is_chosen = strcmp(silt_board_query(board, name), value) == 0;
    fprintf(board->out, "<option value=\"%s\"%s>%s</option>", value, is_chosen ? " selected" : "", label);
}
