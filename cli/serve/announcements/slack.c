/*
 * slack.c: a message for an incoming webhook of Slack, which Mattermost and others read as well. Text from
 * images is shown as text: & < > are escaped as Slack wants it, and everything stands in code or behind a
 * bullet, where nothing is mentioned or linked.
 */
#include "escape.h"
#include "output/document.h"
#include "output/draft.h"
#include "output/style.h"
#include "serve/announcements/announcement.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { LINES = 10, COLUMNS = 120 };

/* Text with what Slack reads as markup taken out of it; backquotes would end the code it stands in. */
static void print_plain(FILE *out, const char *text)
{
    char short_text[COLUMNS * 4 + 8];
    FILE *room = fmemopen(short_text, sizeof short_text, "w");
    if (room == NULL)
        return;
    silt_escape_print_ends(room, (struct silt_span){(const uint8_t *)text, strlen(text)}, COLUMNS);
    fclose(room);
    short_text[sizeof short_text - 1] = '\0';
    for (const char *at = short_text; *at != '\0'; at++) {
        if (*at == '&')
            fputs("&amp;", out);
        else if (*at == '<' || *at == '>')
            fputs(*at == '<' ? "&lt;" : "&gt;", out);
        else
            fputc(*at == '`' ? '\'' : *at, out);
    }
}

static void print_member(FILE *out, const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    print_plain(out, text != NULL ? text : "");
}

static void print_image(FILE *out, const struct silt_store_event *event)
{
    fputc('`', out);
    print_plain(out, event->registry);
    fputc('/', out);
    print_plain(out, event->repository);
    fputs(event->tag[0] != '\0' ? ":" : "@", out);
    print_plain(out, event->tag[0] != '\0' ? event->tag : event->digest);
    fputc('`', out);
}

static void print_finding(FILE *out, const json_t *finding)
{
    const json_t *layer = json_object_get(json_object_get(finding, "layer"), "index");
    fputs("\n• *", out);
    print_member(out, finding, "severity");
    fputs("* ", out);
    print_member(out, finding, "name");
    fputs(" in `", out);
    print_member(out, finding, "path");
    fputc('`', out);
    if (json_is_integer(layer))
        fprintf(out, ", layer %d", (int)json_integer_value(layer));
    fputs(" (`", out);
    print_member(out, finding, "redacted");
    fputs("`)", out);
}

static json_t *make(const struct silt_announcement_news *news, struct silt_deliver_letter *letter)
{
    (void)letter;
    uint64_t count = news->event->new_findings;
    size_t shown = json_array_size(news->findings);
    struct silt_draft draft;
    if (!silt_draft_begin(&draft))
        return NULL;
    fprintf(draft.file, "*%" PRIu64 " new secret%s* in ", count, silt_style_plural(count));
    print_image(draft.file, news->event);
    shown = shown < LINES ? shown : LINES;
    for (size_t i = 0; i < shown; i++)
        print_finding(draft.file, json_array_get(news->findings, i));
    if (count > shown)
        fprintf(draft.file, "\nand %" PRIu64 " more", count - shown);
    if (news->link[0] != '\0')
        fprintf(draft.file, "\n<%s|See them in silt>", news->link);
    json_t *object = json_object();
    silt_document_put(&object, "text", silt_draft_end(&draft));
    return object;
}

const struct silt_announcement_kind silt_announcement_slack = {
    .name = "slack",
    .type = "application/json",
    .make = make,
};
