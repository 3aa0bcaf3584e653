/*
 * board_chart.c: open secrets over the last days as a line, and what was found and fixed each day as bars
 * above and below it. The picture has no text: the table beneath it says the same.
 */
#include "serve/pages/board.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

enum { DAYS_MOST = 90, WIDTH = 900, HEIGHT = 160, MIDDLE = 104, FLOOR = 156 };

struct days {
    struct silt_store_day items[DAYS_MOST];
    unsigned count;
};

static bool keep_day(void *context, const struct silt_store_day *day)
{
    struct days *days = context;
    days->items[days->count++] = *day;
    return days->count < DAYS_MOST;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* A bar that ends at `y` and is a part of `room` high. */
static void print_bar(FILE *out, const char *class, unsigned x, unsigned width, double y, double height)
{
    if (height > 0)
        fprintf(out, "<rect class=\"%s\" x=\"%u\" y=\"%.1f\" width=\"%u\" height=\"%.1f\"/>", class, x, y,
                width, height);
}

static void print_picture(FILE *out, const struct days *days)
{
    uint64_t most_open = 1, most_moved = 1;
    unsigned step = WIDTH / days->count;
    for (unsigned i = 0; i < days->count; i++) {
        most_open = larger(most_open, days->items[i].open_at_end);
        most_moved = larger(most_moved, larger(days->items[i].found, days->items[i].fixed));
    }
    fprintf(out,
            "<svg class=\"chart\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
            WIDTH, HEIGHT);
    double unit = (double)(FLOOR - MIDDLE) / 2 / (double)most_moved, zero = (FLOOR + MIDDLE) / 2.0;
    for (unsigned i = 0; i < days->count; i++) {
        double found = unit * (double)days->items[i].found, fixed = unit * (double)days->items[i].fixed;
        print_bar(out, "found", i * step + step / 8, step * 3 / 4, zero - found, found);
        print_bar(out, "fixed", i * step + step / 8, step * 3 / 4, zero, fixed);
    }
    fprintf(out, "<path class=\"axis\" d=\"M0 %.1fH%d\"/><path class=\"open\" d=\"", zero, WIDTH);
    for (unsigned i = 0; i < days->count; i++)
        fprintf(out, "%c%u %.1f", i == 0 ? 'M' : 'L', i * step + step / 2,
                4 + (MIDDLE - 16.0) * (1 - (double)days->items[i].open_at_end / (double)most_open));
    fputs("\"/></svg>\n", out);
}

static void print_table(FILE *out, const struct days *days)
{
    fputs(
        "<details class=\"fold\"><summary>The same as a table</summary><div class=\"wide\"><table><thead><tr>"
        "<th scope=\"col\">Day</th><th scope=\"col\">Images</th><th scope=\"col\">Found</th>"
        "<th scope=\"col\">Fixed</th><th scope=\"col\">Open</th></tr></thead><tbody>\n",
        out);
    for (unsigned i = days->count; i-- > 0;) {
        const struct silt_store_day *day = &days->items[i];
        char text[16] = "";
        time_t seconds = (time_t)(day->begin_ms / 1000);
        struct tm parts;
        if (gmtime_r(&seconds, &parts) != NULL)
            strftime(text, sizeof text, "%Y-%m-%d", &parts);
        fprintf(out,
                "<tr><th scope=\"row\">%s</th><td>%" PRIu64 "</td><td>%" PRIu64 "</td><td>%" PRIu64
                "</td><td>%" PRIu64 "</td></tr>\n",
                text, day->images, day->found, day->fixed, day->open_at_end);
    }
    fputs("</tbody></table></div></details>\n", out);
}

enum silt_status silt_board_chart(const struct silt_board *board, unsigned days, struct silt_error *error)
{
    struct days *kept = calloc(1, sizeof *kept);
    if (kept == NULL)
        return SILT_ERR_MEMORY;
    enum silt_status status =
        silt_store_trend(board->context->store, days < DAYS_MOST ? days : DAYS_MOST, keep_day, kept, error);
    if (status == SILT_OK && kept->count > 0) {
        fprintf(
            board->out,
            "<figure><figcaption>The last %u days: <span class=\"key open\">open</span> <span class=\"key "
            "found\">found</span> <span class=\"key fixed\">fixed</span></figcaption>\n",
            kept->count);
        print_picture(board->out, kept);
        print_table(board->out, kept);
        fputs("</figure>\n", board->out);
    }
    free(kept);
    return status;
}
