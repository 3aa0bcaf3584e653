/*
 * board.h: the frame of the dashboard's pages, and the small pieces that all of them show. A page is written
 * to memory and handed over whole. Whatever comes from images, registries or requests goes through
 * silt_board_text, which lets nothing but text out.
 */
#ifndef SILT_CLI_SERVE_PAGES_BOARD_H
#define SILT_CLI_SERVE_PAGES_BOARD_H

#include "serve/route.h"
#include "serve/store.h"
#include "serve/visit.h"

#include <stdio.h>

/* A page being written. */
struct silt_board {
    FILE *out; /* print here */
    const struct silt_context *context;
    const struct silt_request *request;
    char *text;
    size_t size;
    char form[SILT_VISIT_FORM_SIZE]; /* the session's form token, "" for visitors without one */
};

/* The handlers. */
silt_route_answer silt_board_login_show, silt_board_login_enter, silt_board_login_leave;
silt_route_answer silt_board_home_show, silt_board_images_show, silt_board_image_show;
silt_route_answer silt_board_findings_show, silt_board_finding_show;
silt_route_answer silt_board_finding_ignore, silt_board_finding_reopen;
silt_route_answer silt_board_jobs_show, silt_board_jobs_retry;

/* Begins a page: head, and the bar with `section` ("/images") marked. False, with the response failed, when
 * memory is out. */
bool silt_board_begin(struct silt_board *board, const struct silt_context *context,
                      const struct silt_request *request, const char *title, const char *section);

/* Ends it and makes it the answer. */
void silt_board_end(struct silt_board *board, struct silt_response *response);

/* A page of one message with a heading, for what cannot be shown or done. */
void silt_board_refuse(const struct silt_context *context, const struct silt_request *request,
                       struct silt_response *response, unsigned status, const char *message);

/* The same for a call that failed: 404 for NOT_FOUND, else 503. */
void silt_board_fail(const struct silt_context *context, const struct silt_request *request,
                     struct silt_response *response, enum silt_status status, const struct silt_error *error);

/* Text as text. */
void silt_board_text(const struct silt_board *board, const char *text);

/* A digest, short, with all of it to read on. */
void silt_board_digest(const struct silt_board *board, const char *digest);

/* A moment; the script makes "3 minutes ago" of it. */
void silt_board_time(const struct silt_board *board, int64_t ms);

/* A severity in its colour; counts of all severities that are not zero. */
void silt_board_badge(const struct silt_board *board, enum silt_severity severity);
void silt_board_counts(const struct silt_board *board, const uint64_t counts[SILT_RESULTS_SEVERITIES]);

/* <dt> and <dd> of a text; nothing for "". */
void silt_board_fact(const struct silt_board *board, const char *term, const char *text);

/* The begin of a form that changes something: method, address (a % stands for the id), and the token without
 * which it does nothing.
 */
void silt_board_form(const struct silt_board *board, const char *path, int64_t id);

/* A link to the next page of the list that is shown; `before` is where it goes on. */
void silt_board_next(const struct silt_board *board, const char *before);

/* The value of a query's parameter, "" if absent. */
const char *silt_board_query(const struct silt_board *board, const char *name);

/* An option of a select, chosen if the query says so. */
void silt_board_option(const struct silt_board *board, const char *name, const char *value,
                       const char *label);

/* An image and a finding as a row of a list. */
void silt_board_image_row(const struct silt_board *board, const struct silt_store_image *image);
void silt_board_finding_row(const struct silt_board *board, const struct silt_store_finding *finding);

/* Figures of the last days as a picture, and as a table for who does not see it. */
enum silt_status silt_board_chart(const struct silt_board *board, unsigned days, struct silt_error *error);

#endif
