/*
 * progress.c: one line on standard error that says how far a scan is.
 */
#include "progress.h"

#include "units.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { LEAST_MS = 90, LINE_SIZE = 128 };

static uint64_t ms_between(const struct timespec *from, const struct timespec *to)
{
    return (uint64_t)((to->tv_sec - from->tv_sec) * 1000 + (to->tv_nsec - from->tv_nsec) / 1000000);
}

void silt_progress_init(struct silt_progress_line *line, FILE *out, bool is_wanted)
{
    const char *terminal = getenv("TERM");
    bool is_dumb = terminal == NULL || strcmp(terminal, "dumb") == 0;
    struct winsize size = {0};
    *line = (struct silt_progress_line){.out = out, .width = 80};
    line->is_on = is_wanted && !is_dumb && isatty(fileno(out)) == 1;
    if (line->is_on && ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        line->width = size.ws_col;
}

void silt_progress_begin(struct silt_progress_line *line, const struct timespec *began)
{
    line->began = *began;
}

/* Appends a part, with two blanks before it unless it is the first. */
static void append(char *out, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void append(char *out, size_t size, const char *format, ...)
{
    size_t used = strlen(out);
    if (used > 0 && used + 3 < size) {
        memcpy(out + used, "  ", 3);
        used += 2;
    }
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(out + used, size - used, format, arguments);
    va_end(arguments);
}

void silt_progress_print(const struct silt_progress *progress, uint64_t elapsed_ms, char *out, size_t size)
{
    char text[SILT_UNITS_TEXT_SIZE];
    out[0] = '\0';
    if (progress->total > 0) {
        double share = (double)progress->bytes / (double)progress->total;
        append(out, size, "%3.0f %%", share < 1 ? share * 100 : 100.0);
    }
    if (progress->layer_count > 0)
        append(out, size, "layer %d/%d", progress->layer, progress->layer_count);
    append(out, size, "%s", silt_units_print_size(progress->scanned, text));
    if (elapsed_ms >= 500)
        append(
            out, size, "%s/s",
            silt_units_print_size((uint64_t)((double)progress->scanned * 1000 / (double)elapsed_ms), text));
    append(out, size, "%" PRIu64 " finding%s", progress->findings, progress->findings == 1 ? "" : "s");
}

void silt_progress_show(struct silt_progress_line *line, const struct silt_progress *progress)
{
    struct timespec now;
    char text[LINE_SIZE];
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (!line->is_on || (line->is_shown && ms_between(&line->last, &now) < LEAST_MS))
        return;
    silt_progress_print(progress, ms_between(&line->began, &now), text, sizeof text);
    fprintf(line->out, "\r%.*s\033[K", (int)line->width - 1, text);
    fflush(line->out);
    line->last = now;
    line->is_shown = true;
}

void silt_progress_erase(struct silt_progress_line *line)
{
    if (!line->is_shown)
        return;
    fputs("\r\033[K", line->out);
    fflush(line->out);
    line->is_shown = false;
}
