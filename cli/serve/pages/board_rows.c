/*
 * board_rows.c: images and findings as rows of lists.
 */
#include "serve/pages/board.h"

#include <inttypes.h>
#include <string.h>

void silt_board_image_row(const struct silt_board *board, const struct silt_store_image *image)
{
    FILE *out = board->out;
    fprintf(out, "<li%s><div><a href=\"/images/%" PRId64 "\">", image->is_current ? "" : " class=\"past\"",
            image->id);
    silt_board_text(board, image->repository);
    fputs("</a>", out);
    if (image->tags[0] != '\0') {
        fputs(" <span class=\"tags\">", out);
        silt_board_text(board, image->tags);
        fputs("</span>", out);
    }
    fputs("<p class=\"soft\">", out);
    silt_board_text(board, image->registry);
    fputs(" · ", out);
    silt_board_digest(board, image->digest);
    if (image->platform[0] != '\0') {
        fputs(" · ", out);
        silt_board_text(board, image->platform);
    }
    fputs(" · pushed ", out);
    silt_board_time(board, image->last_seen_ms);
    fputs(image->is_complete ? "</p></div>" : " · <b class=\"medium\">incomplete</b></p></div>", out);
    silt_board_counts(board, image->open);
    fputs("</li>\n", out);
}

static void print_state(const struct silt_board *board, const struct silt_store_finding *finding)
{
    if (finding->state != SILT_STORE_OPEN)
        fprintf(board->out, " · <b>%s</b>", silt_store_state_name(finding->state));
    if (finding->place_state != SILT_PRESENT)
        fprintf(board->out, " · %s later, still in the image", silt_state_name(finding->place_state));
}

void silt_board_finding_row(const struct silt_board *board, const struct silt_store_finding *finding)
{
    FILE *out = board->out;
    bool is_open = finding->state == SILT_STORE_OPEN;
    fprintf(out, "<li%s>", is_open ? "" : " class=\"past\"");
    silt_board_badge(board, finding->severity);
    fprintf(out, "<div><a href=\"/findings/%" PRId64 "\">", finding->id);
    silt_board_text(board, finding->name);
    fputs("</a> <code class=\"secret\">", out);
    silt_board_text(board, finding->redacted);
    fputs("</code><p class=\"soft\"><code>", out);
    silt_board_text(board, finding->path);
    fputs("</code> in ", out);
    silt_board_text(board, finding->repository);
    if (finding->layer >= 0)
        fprintf(out, ", layer %d", finding->layer);
    print_state(board, finding);
    fputs(" · first seen ", out);
    silt_board_time(board, finding->first_seen_ms);
    fputs("</p></div></li>\n", out);
}
