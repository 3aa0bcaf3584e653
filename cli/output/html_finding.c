/*
 * html_finding.c: a finding as a card that folds: what it is and where in the head; its place, how sure it
 * is, what to do and where to read on in the body. Whatever comes from an image or a signature goes through
 * escape.h.
 */
#include "html_finding.h"

#include "document.h"
#include "escape.h"
#include "instruction.h"
#include "owner.h"
#include "place.h"

#include <inttypes.h>
#include <silt/signatures.h>
#include <stdlib.h>
#include <string.h>

bool silt_html_finding_place(FILE *out, const struct silt_place *place)
{
    size_t size;
    char *path = silt_place_path_new(place, &size);
    if (path == NULL)
        return false;
    silt_escape_print_markup(out, (struct silt_span){(const uint8_t *)path, size});
    free(path);
    return true;
}

static const struct silt_finding *finding_of(const struct silt_html_finding *it)
{
    return &it->target->findings[it->number];
}

static void print_badge(FILE *out, enum silt_severity severity)
{
    fprintf(out, "<span class=\"badge %s\">%s</span> ", silt_severity_name(severity),
            silt_severity_name(severity));
}

static bool print_place(FILE *out, const struct silt_finding *finding)
{
    bool is_whole = silt_html_finding_place(out, &finding->place);
    if (finding->line > 0 && finding->origin == SILT_ORIGIN_FILE)
        fprintf(out, ":%" PRIu64 ":%" PRIu64, finding->line, finding->column);
    return is_whole;
}

static bool print_head(const struct silt_page *page, const struct silt_finding *finding)
{
    FILE *out = page->file;
    fputs("<summary>", out);
    print_badge(out, finding->severity);
    fputs("<span><h4>", out);
    silt_escape_print_markup_text(out, finding->signature->name);
    fputs("</h4> <code class=\"secret\">", out);
    silt_escape_print_markup(out, page->shows_secrets ? finding->secret : finding->redacted);
    fputs("</code></span><span class=\"place\"><code>", out);
    bool is_whole = print_place(out, finding);
    fputs("</code>", out);
    if (finding->place.layer >= 0)
        fprintf(out, " · layer %d", finding->place.layer);
    if (finding->place.state != SILT_PRESENT)
        fprintf(out, " · %s later, still in the image", silt_state_name(finding->place.state));
    if (silt_results_is_allowed(finding))
        fprintf(out, " · allowed by %s", finding->allowed_by);
    fputs("</span></summary>\n", out);
    return is_whole;
}

static void print_term(FILE *out, const char *term)
{
    fprintf(out, "<dt>%s</dt><dd>", term);
}

static void print_row(FILE *out, const char *term, const char *text)
{
    if (text == NULL || text[0] == '\0')
        return;
    print_term(out, term);
    silt_escape_print_markup_text(out, text);
    fputs("</dd>\n", out);
}

/* Where it stands: the line in its file, and the instruction that brought it in, secrets masked. */
static void print_frame(FILE *out, const struct silt_page *page, const struct silt_finding *finding)
{
    char line[SILT_INSTRUCTION_SIZE];
    bool is_file = finding->origin == SILT_ORIGIN_FILE;
    fputs("<div class=\"frame\">", out);
    if (finding->created_by != NULL) {
        fputs("<code>", out);
        silt_escape_print_markup_text(out, silt_instruction_print(finding->created_by, line));
        fputs("</code>", out);
    }
    if (is_file || finding->created_by == NULL) {
        fputs("<code>", out);
        if (is_file && finding->line > 0)
            fprintf(out, "line %" PRIu64 ": ", finding->line);
        fputs("<mark>", out);
        silt_escape_print_markup(out, page->shows_secrets ? finding->secret : finding->redacted);
        fputs("</mark></code>", out);
    }
    fputs("</div>\n", out);
}

static void print_layer(FILE *out, const struct silt_results_target *target,
                        const struct silt_finding *finding)
{
    const struct silt_image_layer *layer = silt_results_layer(&target->info, finding->place.layer);
    if (layer == NULL)
        return;
    const char *digest = layer->digest != NULL ? layer->digest : layer->diff_id;
    print_term(out, "Layer");
    fprintf(out, "%d", finding->place.layer);
    if (digest != NULL) {
        fputs(" · <code>", out);
        silt_escape_print_markup_text(out, digest);
        fputs("</code>", out);
    }
    if (silt_results_is_base(target, finding)) {
        fputs(" · of the base image ", out);
        silt_escape_print_markup_text(out, target->base);
    }
    fputs("</dd>\n", out);
}

static void print_state(FILE *out, const struct silt_finding *finding)
{
    print_term(out, "State");
    fputs(silt_state_name(finding->place.state), out);
    if (finding->removed_in >= 0)
        fprintf(out, " by layer %d", finding->removed_in);
    if (finding->place.state != SILT_PRESENT)
        fputs(", but whoever pulls the image still gets it", out);
    fputs("</dd>\n", out);
}

static void print_owner(FILE *out, const struct silt_package *package)
{
    char text[SILT_OWNER_SIZE];
    if (package == NULL)
        return;
    print_term(out, "Package");
    silt_escape_print_markup_text(out, silt_owner_print(package, text));
    fprintf(out, " · the file %s</dd>\n", silt_owner_integrity(package));
}

static void print_certainty(FILE *out, const struct silt_finding *finding)
{
    print_term(out, "Confidence");
    fprintf(out, "%s (score %.2f)", silt_confidence_name(finding->confidence), finding->score);
    if (finding->validation_detail != NULL && finding->validation_detail[0] != '\0') {
        fputs(" · ", out);
        silt_escape_print_markup_text(out, finding->validation_detail);
    }
    for (size_t i = 0; i < finding->decoded_from_count; i++) {
        fputs(i == 0 ? " · decoded from " : ", ", out);
        silt_escape_print_markup_text(out, finding->decoded_from[i]);
    }
    fputs("</dd>\n", out);
}

static bool print_also_at(FILE *out, const struct silt_finding *finding)
{
    bool is_whole = true;
    if (finding->also_at_count == 0)
        return true;
    print_term(out, "Also at");
    fputs("<ul>", out);
    for (size_t i = 0; i < finding->also_at_count && is_whole; i++) {
        const struct silt_place *place = &finding->also_at[i];
        fputs("<li><code>", out);
        is_whole = silt_html_finding_place(out, place);
        fputs("</code>", out);
        if (place->layer >= 0)
            fprintf(out, ", layer %d", place->layer);
        if (place->state != SILT_PRESENT)
            fprintf(out, ", %s", silt_state_name(place->state));
        fputs("</li>", out);
    }
    fputs("</ul></dd>\n", out);
    return is_whole;
}

static void print_references(FILE *out, const struct silt_signature *signature)
{
    bool has_any = false;
    for (size_t i = 0; signature->references[i] != NULL; i++) {
        if (!silt_document_is_uri(signature->references[i]))
            continue;
        if (!has_any)
            fputs("<dt>Read on</dt><dd class=\"more\"><ul>", out);
        has_any = true;
        fputs("<li><a rel=\"noreferrer noopener\" href=\"", out);
        silt_escape_print_markup_text(out, signature->references[i]);
        fputs("\">", out);
        silt_escape_print_markup_text(out, signature->references[i] + strlen("https://"));
        fputs("</a></li>", out);
    }
    if (has_any)
        fputs("</ul></dd>\n", out);
}

static void print_allowance(FILE *out, const struct silt_finding *finding)
{
    if (!silt_results_is_allowed(finding))
        return;
    print_term(out, "Allowed");
    fprintf(out, "by %s", finding->allowed_by);
    if (finding->allowed_reason[0] != '\0') {
        fputs(": ", out);
        silt_escape_print_markup_text(out, finding->allowed_reason);
    }
    fputs("</dd>\n", out);
}

static bool print_body(const struct silt_page *page, const struct silt_html_finding *it)
{
    FILE *out = page->file;
    const struct silt_finding *finding = finding_of(it);
    const struct silt_signature *signature = finding->signature;
    fputs("<div class=\"detail\">\n", out);
    print_frame(out, page, finding);
    fputs("<dl>\n", out);
    print_allowance(out, finding);
    print_row(out, "What it is", signature->description);
    print_row(out, "What to do", signature->remediation);
    print_layer(out, it->target, finding);
    print_state(out, finding);
    print_owner(out, finding->package);
    print_certainty(out, finding);
    bool is_whole = print_also_at(out, finding);
    print_row(out, "Signature", signature->id);
    print_references(out, signature);
    print_term(out, "Fingerprint");
    fprintf(out, "<code>%s</code></dd>\n</dl>\n</div>\n", finding->fingerprint);
    return is_whole;
}

bool silt_html_finding_print(const struct silt_page *page, const struct silt_html_finding *it)
{
    FILE *out = page->file;
    const struct silt_finding *finding = finding_of(it);
    bool is_allowed = silt_results_is_allowed(finding);
    fprintf(out, "<li id=\"f%zu-%zu\" data-severity=\"%s\"%s><details open%s>", it->target_number, it->number,
            silt_severity_name(finding->severity), is_allowed ? " data-allowed=\"yes\"" : "",
            is_allowed ? " class=\"allowed\"" : "");
    bool is_whole = print_head(page, finding) && print_body(page, it);
    fputs("</details></li>\n", out);
    return is_whole;
}

bool silt_html_finding_link(const struct silt_page *page, const struct silt_html_finding *it)
{
    FILE *out = page->file;
    const struct silt_finding *finding = finding_of(it);
    fputs("<li>", out);
    print_badge(out, finding->severity);
    fprintf(out, "<a href=\"#f%zu-%zu\">", it->target_number, it->number);
    silt_escape_print_markup_text(out, finding->signature->name);
    fputs(" in <code>", out);
    bool is_whole = print_place(out, finding);
    fputs("</code></a></li>\n", out);
    return is_whole;
}
