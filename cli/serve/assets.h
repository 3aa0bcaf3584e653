/*
 * assets.h: files that are part of the program: the dashboard's style and script, the API's description.
 */
#ifndef SILT_CLI_SERVE_ASSETS_H
#define SILT_CLI_SERVE_ASSETS_H

#include "serve/route.h"

/* GET /assets/board.css, /assets/board.js, /api/v1/openapi.json. */
silt_route_answer silt_assets_style, silt_assets_script, silt_assets_openapi;

#endif
