/*
 * assets.c: files that are part of the program, made into arrays by output/html/embed.cmake.
 */
#include "serve/assets.h"

#include "html_assets.h"
#include "serve_assets.h"

static void answer(struct silt_response *response, const char *type)
{
    response->type = type;
    silt_response_set(response, "Cache-Control", "private, max-age=3600");
}

/* The look of the report, and what the dashboard adds to it. */
void silt_assets_style(const struct silt_context *context, const struct silt_request *request,
                       struct silt_response *response)
{
    (void)context;
    (void)request;
    answer(response, "text/css; charset=utf-8");
    silt_response_put(response, report_css, sizeof report_css);
    silt_response_put(response, board_css, sizeof board_css);
}

void silt_assets_script(const struct silt_context *context, const struct silt_request *request,
                        struct silt_response *response)
{
    (void)context;
    (void)request;
    answer(response, "text/javascript; charset=utf-8");
    silt_response_put(response, board_js, sizeof board_js);
}

void silt_assets_openapi(const struct silt_context *context, const struct silt_request *request,
                         struct silt_response *response)
{
    (void)context;
    (void)request;
    answer(response, "application/json");
    silt_response_put(response, openapi_json, sizeof openapi_json);
}
