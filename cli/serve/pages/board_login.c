/*
 * board_login.c: in with an API token, and out.
 */
#include "serve/pages/board.h"

#include <string.h>

static void show(const struct silt_context *context, const struct silt_request *request,
                 struct silt_response *response, const char *problem)
{
    struct silt_board board;
    response->has_failed = !silt_board_begin(&board, context, request, "Log in", "");
    if (response->has_failed)
        return;
    fputs("<section class=\"lead login\"><h1>Log in</h1>\n<p>With an API token: silt made one at its first "
          "start, in the file <code>api-token</code> of its state directory, or has those of its "
          "configuration.</p>\n",
          board.out);
    if (problem != NULL)
        fprintf(board.out, "<p class=\"note critical\" role=\"alert\">%s</p>\n", problem);
    fputs("<form class=\"enter\" method=\"post\" action=\"/login\"><label for=\"token\">API token</label>\n"
          "<input id=\"token\" type=\"password\" name=\"token\" autocomplete=\"current-password\" required "
          "autofocus>\n<button>Log in</button></form></section>\n",
          board.out);
    silt_board_end(&board, response);
}

/* GET /login */
void silt_board_login_show(const struct silt_context *context, const struct silt_request *request,
                           struct silt_response *response)
{
    if (silt_visit_is_open(context, request))
        silt_response_redirect(response, "/");
    else
        show(context, request, response, NULL);
}

/* POST /login. A form of another site does not log anybody in. */
void silt_board_login_enter(const struct silt_context *context, const struct silt_request *request,
                            struct silt_response *response)
{
    const char *from = silt_request_header(request, "Sec-Fetch-Site");
    bool is_foreign = from != NULL && strcmp(from, "same-origin") != 0 && strcmp(from, "none") != 0;
    if (!is_foreign && silt_visit_begin(context, request, silt_request_form(request, "token"), response))
        return silt_response_redirect(response, "/");
    response->status = is_foreign ? 403 : 401;
    show(context, request, response,
         is_foreign ? "This form came from elsewhere." : "This is not one of the tokens.");
}

/* POST /logout */
void silt_board_login_leave(const struct silt_context *context, const struct silt_request *request,
                            struct silt_response *response)
{
    (void)context;
    silt_visit_end(request, response);
    silt_response_redirect(response, "/login");
}
