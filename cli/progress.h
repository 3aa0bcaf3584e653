/*
 * progress.h: one line on standard error that says how far a scan is.
 */
#ifndef SILT_CLI_PROGRESS_H
#define SILT_CLI_PROGRESS_H

#include <silt/sink.h>
#include <stdio.h>
#include <time.h>

/* Filled by silt_progress_init. */
struct silt_progress_line {
    FILE *out;
    bool is_on; /* a terminal, and wanted */
    bool is_shown;
    unsigned width;
    struct timespec began, last; /* of the target; of the last line shown */
};

/* A line on a stream; it stays off unless the stream is a terminal that can erase. */
void silt_progress_init(struct silt_progress_line *line, FILE *out, bool is_wanted);

/* A target was begun then (CLOCK_MONOTONIC): rates count from there. */
void silt_progress_begin(struct silt_progress_line *line, const struct timespec *began);

/* Shows a state; more often than ten times a second it is passed over. */
void silt_progress_show(struct silt_progress_line *line, const struct silt_progress *progress);

/* Erases the line; to be called before anything else is printed. */
void silt_progress_erase(struct silt_progress_line *line);

/* The text of the line, cut to `size`: "43 %  layer 2/5  1.2 GiB  612.0 MiB/s  3 findings". */
void silt_progress_print(const struct silt_progress *progress, uint64_t elapsed_ms, char *out, size_t size);

#endif
