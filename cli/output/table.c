/*
 * table.c: the report for people. Findings by target, then by layer with its instruction; then what was
 * looked at and what not; at the end a summary and what to do next. Everything from an image is escaped. Only
 * a terminal gets colour, and only there are long lines cut.
 */
#include "escape.h"
#include "instruction.h"
#include "output.h"
#include "owner.h"
#include "place.h"
#include "style.h"
#include "summary.h"
#include "units.h"
#include "wrap.h"

#include <inttypes.h>
#include <silt/signatures.h>
#include <stdlib.h>
#include <string.h>

enum {
    SEVERITY_COLUMN = 4,
    TEXT_COLUMN = 14,
    SECRET_COLUMNS = 60,
    INSTRUCTION_COLUMNS = 200, /* where lines are not cut to a terminal's width */
    SKIPS_SHOWN = 5,
    ALSO_AT_SHOWN = 3,
};

static const char *const severity_words[] = {"INFO", "LOW", "MEDIUM", "HIGH", "CRITICAL"};

static struct silt_span span_of(const char *text)
{
    return (struct silt_span){(const uint8_t *)text, strlen(text)};
}

static size_t columns_from(const struct silt_page *page, size_t column)
{
    return page->width > column + 8 ? page->width - column : 8;
}

/* "sha256:" and twelve digits, as docker shows it. */
static void print_digest(FILE *out, const char *digest)
{
    silt_escape_print_start(out, (struct silt_span){(const uint8_t *)digest, strnlen(digest, 19)}, 19);
}

/* A path; on a terminal it is cut in its middle to fit. */
static void print_place(const struct silt_page *page, const struct silt_place *place, size_t columns)
{
    size_t size;
    char *path = silt_place_path_new(place, &size);
    struct silt_span text = {(const uint8_t *)path, size};
    if (path == NULL)
        text = place->path; /* out of memory: the last part is better than nothing */
    if (page->is_terminal)
        silt_escape_print_ends(page->file, text, columns);
    else
        silt_escape_print(page->file, text);
    free(path);
}

static void print_instruction(const struct silt_page *page, const char *created_by, size_t column)
{
    char line[SILT_INSTRUCTION_SIZE];
    size_t columns = page->is_terminal ? columns_from(page, column) : INSTRUCTION_COLUMNS;
    silt_wrap_space(page->file, column);
    silt_escape_print_start(page->file, span_of(silt_instruction_print(created_by, line)), columns);
    fputc('\n', page->file);
}

/* A part of the dim line below the title. */
static void print_detail(const struct silt_page *page, const char *text)
{
    fputs(" · ", page->file);
    silt_escape_print_text(page->file, text);
}

static void print_image_details(const struct silt_page *page, const struct silt_image *image)
{
    size_t layers = 0;
    for (size_t i = 0; i < image->layer_count; i++)
        layers += !image->layers[i].is_empty;
    if (image->platform != NULL)
        print_detail(page, image->platform);
    fprintf(page->file, " · %zu layer%s", layers, silt_style_plural(layers));
    const char *digest = image->digest != NULL ? image->digest : image->config_digest;
    if (digest == NULL)
        return;
    fputs(" · ", page->file);
    print_digest(page->file, digest);
}

/* The title is the image's reference where that is more than a tag, else what the user named. */
static void print_target_head(const struct silt_page *page, const struct silt_target_info *info)
{
    const struct silt_image *image = info->image;
    const char *reference = image != NULL && image->reference != NULL ? image->reference : "";
    bool is_full = strchr(reference, ':') != NULL || strchr(reference, '/') != NULL;
    const char *title = is_full ? reference : info->name, *other = is_full ? info->name : reference;
    silt_style_print(page, SILT_STYLE_BOLD, title);
    fputc('\n', page->file);
    silt_style_begin(page, SILT_STYLE_DIM);
    fputs(silt_target_kind_name(info->kind), page->file);
    if (image != NULL)
        print_image_details(page, image);
    if (other[0] != '\0' && strcmp(title, other) != 0)
        print_detail(page, other);
    silt_style_end(page);
    fputc('\n', page->file);
}

static void print_layer_head(const struct silt_page *page, const struct silt_target_info *info, int index)
{
    const struct silt_image_layer *layer = silt_results_layer(info, index);
    if (info->image == NULL)
        return;
    char text[SILT_UNITS_TEXT_SIZE], head[32];
    snprintf(head, sizeof head, index >= 0 ? "Layer %d" : "Image configuration", index);
    fputs("\n  ", page->file);
    silt_style_print(page, SILT_STYLE_BOLD, head);
    const char *digest = layer == NULL ? NULL : layer->digest != NULL ? layer->digest : layer->diff_id;
    silt_style_begin(page, SILT_STYLE_DIM);
    if (digest != NULL) {
        fputs(" · ", page->file);
        print_digest(page->file, digest);
    }
    if (layer != NULL && layer->size_bytes > 0)
        fprintf(page->file, " · %s", silt_units_print_size(layer->size_bytes, text));
    silt_style_end(page);
    fputc('\n', page->file);
    if (layer != NULL && layer->created_by != NULL)
        print_instruction(page, layer->created_by, 2);
}

/* path:line:column, in colour so that the eye finds it. */
static void print_finding_place(const struct silt_page *page, const struct silt_finding *finding)
{
    char position[64] = "";
    bool has_position = finding->line > 0 && finding->origin == SILT_ORIGIN_FILE;
    if (has_position)
        snprintf(position, sizeof position, ":%" PRIu64 ":%" PRIu64, finding->line, finding->column);
    silt_wrap_space(page->file, TEXT_COLUMN);
    print_place(page, &finding->place, columns_from(page, TEXT_COLUMN + strlen(position)));
    fprintf(page->file, "%s\n", position);
}

/* What speaks for it, and what became of the file. */
static void print_finding_notes(const struct silt_page *page, const struct silt_finding *finding)
{
    FILE *out = page->file;
    silt_wrap_space(out, TEXT_COLUMN);
    silt_style_begin(page, SILT_STYLE_DIM);
    fprintf(out, "%s confidence", silt_confidence_name(finding->confidence));
    if (finding->validation_detail != NULL && finding->validation_detail[0] != '\0') {
        fputs(" · ", out);
        silt_escape_print_text(out, finding->validation_detail);
    }
    for (size_t i = 0; i < finding->decoded_from_count; i++) {
        fputs(i == 0 ? " · decoded from " : ", ", out);
        silt_escape_print_text(out, finding->decoded_from[i]);
    }
    silt_style_end(page);
    if (finding->place.state != SILT_PRESENT) {
        fputs(" · ", out);
        silt_style_begin(page, SILT_STYLE_YELLOW);
        fputs(silt_state_name(finding->place.state), out);
        if (finding->removed_in >= 0)
            fprintf(out, " by layer %d", finding->removed_in);
        fputs(", but still in the image", out);
        silt_style_end(page);
    }
    fputc('\n', out);
}

static void print_owner(const struct silt_page *page, const struct silt_package *package)
{
    char text[SILT_OWNER_SIZE];
    silt_wrap_space(page->file, TEXT_COLUMN);
    fputs("in ", page->file);
    silt_escape_print_text(page->file, silt_owner_print(package, text));
    fprintf(page->file, ", the file %s\n", silt_owner_integrity(package));
}

/* What sets it apart: a base image's, a package's, allowed. */
static void print_finding_marks(const struct silt_page *page, const struct silt_results_target *target,
                                const struct silt_finding *finding)
{
    FILE *out = page->file;
    if (silt_results_is_base(target, finding)) {
        silt_wrap_space(out, TEXT_COLUMN);
        fputs("in a layer of the base image ", out);
        silt_escape_print_text(out, target->base);
        fputc('\n', out);
    }
    if (finding->package != NULL)
        print_owner(page, finding->package);
    if (!silt_results_is_allowed(finding))
        return;
    silt_wrap_space(out, TEXT_COLUMN);
    silt_style_begin(page, SILT_STYLE_GREEN);
    fprintf(out, "allowed by %s", finding->allowed_by);
    if (finding->allowed_reason[0] != '\0') {
        fputs(": ", out);
        silt_escape_print_text(out, finding->allowed_reason);
    }
    silt_style_end(page);
    fputc('\n', out);
}

static void print_also_at(const struct silt_page *page, const struct silt_finding *finding)
{
    for (size_t i = 0; i < finding->also_at_count && i < ALSO_AT_SHOWN; i++) {
        const struct silt_place *place = &finding->also_at[i];
        silt_wrap_space(page->file, TEXT_COLUMN);
        silt_style_begin(page, SILT_STYLE_DIM);
        fputs("also at ", page->file);
        print_place(page, place, columns_from(page, TEXT_COLUMN + 8 + 24));
        if (place->layer >= 0)
            fprintf(page->file, ", layer %d", place->layer);
        if (place->state != SILT_PRESENT)
            fprintf(page->file, ", %s", silt_state_name(place->state));
        silt_style_end(page);
        fputc('\n', page->file);
    }
    if (finding->also_at_count > ALSO_AT_SHOWN) {
        silt_wrap_space(page->file, TEXT_COLUMN);
        fprintf(page->file, "and at %zu more places\n", finding->also_at_count - ALSO_AT_SHOWN);
    }
}

static void print_finding(const struct silt_page *page, const struct silt_results_target *target,
                          const struct silt_finding *finding)
{
    FILE *out = page->file;
    const struct silt_image_layer *layer = silt_results_layer(&target->info, finding->place.layer);
    const char *word = severity_words[finding->severity];
    fputc('\n', out);
    silt_wrap_space(out, SEVERITY_COLUMN);
    silt_style_print(page, silt_style_severities[finding->severity], word);
    silt_wrap_space(out, TEXT_COLUMN - SEVERITY_COLUMN - strlen(word));
    silt_style_print(page, SILT_STYLE_BOLD, finding->signature->name);
    fputs("  ", out);
    struct silt_span value = page->shows_secrets ? finding->secret : finding->redacted;
    if (page->shows_secrets)
        silt_escape_print(out, value);
    else
        silt_escape_print_start(out, value, SECRET_COLUMNS);
    fputc('\n', out);
    print_finding_place(page, finding);
    if (layer == NULL && finding->created_by != NULL)
        print_instruction(page, finding->created_by, TEXT_COLUMN);
    print_finding_notes(page, finding);
    print_finding_marks(page, target, finding);
    print_also_at(page, finding);
}

/* Within a layer the worst come first; then the report's order, which is that of the addresses. */
static int compare_severity(const void *left, const void *right)
{
    const struct silt_finding *const *a = left, *const *b = right;
    if ((*a)->severity != (*b)->severity)
        return (*a)->severity > (*b)->severity ? -1 : 1;
    return (*a > *b) - (*a < *b);
}

static bool print_findings(const struct silt_page *page, const struct silt_results_target *target)
{
    size_t count = 0;
    const struct silt_finding **rows = calloc(target->finding_count + 1, sizeof *rows);
    if (rows == NULL)
        return false;
    for (size_t i = 0; i < target->finding_count; i++)
        if (page->shows_allowed || !silt_results_is_allowed(&target->findings[i]))
            rows[count++] = &target->findings[i];
    for (size_t start = 0, end; start < count; start = end) {
        int layer = rows[start]->place.layer;
        for (end = start; end < count && rows[end]->place.layer == layer;)
            end++;
        qsort(rows + start, end - start, sizeof *rows, compare_severity);
        print_layer_head(page, &target->info, layer);
        for (size_t i = start; i < end; i++)
            print_finding(page, target, rows[i]);
    }
    free(rows);
    return true;
}

static void print_coverage(const struct silt_page *page, const struct silt_results_target *target)
{
    const struct silt_coverage *coverage = &target->coverage;
    char entries[SILT_UNITS_TEXT_SIZE], bytes[SILT_UNITS_TEXT_SIZE], archives[SILT_UNITS_TEXT_SIZE],
        time[SILT_UNITS_TEXT_SIZE];
    silt_units_print_count(coverage->entries, entries);
    silt_units_print_count(coverage->archives, archives);
    fputs("\n  ", page->file);
    silt_style_begin(page, SILT_STYLE_DIM);
    fprintf(page->file, "Scanned %s in %s entr%s", silt_units_print_size(coverage->bytes_scanned, bytes),
            entries, coverage->entries == 1 ? "y" : "ies");
    if (coverage->archives > 0)
        fprintf(page->file, " and %s archive%s", archives, silt_style_plural(coverage->archives));
    if (coverage->cached_layers > 0 && target->info.image != NULL)
        fprintf(page->file, ", %" PRIu64 " of %zu layers from the cache", coverage->cached_layers,
                target->info.image->layer_count);
    fprintf(page->file, ", %s", silt_units_print_duration(coverage->duration_ms, time));
    silt_style_end(page);
    fputc('\n', page->file);
}

/* One skip or problem: where, and what about it. */
static void print_lost_row(const struct silt_page *page, const struct silt_place *place, const char *what,
                           const char *detail)
{
    FILE *out = page->file;
    fputs("    ", out);
    if (place->layer >= 0)
        fprintf(out, "layer %d: ", place->layer);
    if (place->path.size > 0 || place->chain_count > 0) {
        print_place(page, place, columns_from(page, 40));
        fputs("  ", out);
    }
    silt_style_begin(page, SILT_STYLE_DIM);
    fputs(what, out);
    if (detail != NULL && detail[0] != '\0') {
        fputs(": ", out);
        silt_escape_print_text(out, detail);
    }
    silt_style_end(page);
    fputc('\n', out);
}

/* Counts by reason of the skips that leave content unseen, or of the others. */
static uint64_t print_skip_counts(const struct silt_page *page, const struct silt_results_target *target,
                                  bool of_content)
{
    uint64_t all = 0;
    char text[SILT_UNITS_TEXT_SIZE];
    for (int i = 0; i < SILT_RESULTS_REASONS; i++) {
        enum silt_skip_reason reason = (enum silt_skip_reason)i;
        uint64_t count = target->skips_by_reason[i];
        if (count == 0 || silt_skip_is_content(reason) != of_content)
            continue;
        if (all == 0)
            silt_style_print(page, of_content ? SILT_STYLE_YELLOW : SILT_STYLE_DIM,
                             of_content ? "  Not scanned: " : "  Passed over: ");
        silt_style_begin(page, of_content ? SILT_STYLE_YELLOW : SILT_STYLE_DIM);
        fprintf(page->file, "%s%s %s", all > 0 ? ", " : "", silt_units_print_count(count, text),
                silt_skip_reason_name(reason));
        silt_style_end(page);
        all += count;
    }
    if (all > 0)
        fputc('\n', page->file);
    return all;
}

/* What was not looked at: counts for all, the first few with their places. */
static void print_skips(const struct silt_page *page, const struct silt_results_target *target)
{
    uint64_t count = print_skip_counts(page, target, true), shown = 0;
    for (size_t i = 0; i < target->skip_count && shown < SKIPS_SHOWN; i++) {
        const struct silt_skip *skip = &target->skips[i];
        if (!silt_skip_is_content(skip->reason))
            continue;
        print_lost_row(page, &skip->place, silt_skip_reason_name(skip->reason), skip->detail);
        shown++;
    }
    if (count > shown)
        fprintf(page->file, "    and %" PRIu64 " more; --format json lists them\n", count - shown);
    print_skip_counts(page, target, false);
}

static void print_problems(const struct silt_page *page, const struct silt_results_target *target)
{
    for (size_t i = 0; i < target->problem_count; i++) {
        const struct silt_problem *problem = &target->problems[i];
        fputs("  ", page->file);
        silt_style_print(page, SILT_STYLE_RED, "Could not be read:");
        fputc('\n', page->file);
        print_lost_row(page, &problem->place, silt_status_name(problem->status), problem->message);
    }
}

static bool print_target(struct silt_page *page, const struct silt_results_target *target)
{
    if (page->has_rows)
        fputc('\n', page->file);
    page->has_rows = true;
    print_target_head(page, &target->info);
    bool is_whole = print_findings(page, target);
    if (target->coverage.entries > 0 || target->problem_count == 0)
        print_coverage(page, target);
    print_skips(page, target);
    print_problems(page, target);
    silt_page_flush(page);
    return is_whole;
}

const struct silt_output silt_table_output = {
    .name = "table", .target = print_target, .end = silt_summary_print};
