/*
 * page.h: where a report is written: a file, a pipe or a terminal. It remembers the first write that failed,
 * so that a full disk is never taken for success.
 */
#ifndef SILT_CLI_OUTPUT_PAGE_H
#define SILT_CLI_OUTPUT_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Zero-initialise. */
struct silt_page {
    FILE *file;
    const char *path; /* for messages; borrowed */
    int fd;
    int failure;      /* errno of the first write that failed, or 0 */
    bool is_terminal; /* lines may be cut to fit */
    bool has_color;
    bool shows_secrets;
    bool shows_allowed;  /* reports for people list what is allowed too */
    unsigned width;      /* columns */
    bool has_rows;       /* for outputs: something was printed before */
    const char *refusal; /* set by an output that cannot write this report: why, and what to do instead */
};

/* Opens a path for writing, "-" being standard output. A new file is readable by its owner only if secrets
 * will be in it. False with errno. Width and terminal are found out; colour is for the caller to turn on. */
bool silt_page_open(struct silt_page *page, const char *path, bool shows_secrets);

/* A page over a stream that the caller has, without a terminal. */
void silt_page_init(struct silt_page *page, FILE *file, unsigned width);

/* Hands everything written so far to the system; false once anything has failed. */
bool silt_page_flush(struct silt_page *page);

/* Flushes and closes; answers errno of the first failure, or 0. Nothing happens to a page that is not open.
 */
int silt_page_close(struct silt_page *page);

#endif
