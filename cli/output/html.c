/*
 * html.c: the report as one page that needs nothing else: it opens from a disk without a network, reads and
 * prints without its script, and lets nothing run or load but what its policy names by hash. Everything from
 * an image is text.
 */
#include "escape.h"
#include "html_assets.h"
#include "html_finding.h"
#include "html_stack.h"
#include "output.h"
#include "style.h"
#include "units.h"

#include <silt/signatures.h>
#include <silt/version.h>
#include <string.h>
#include <time.h>

enum { SKIPS_SHOWN = 200 };

/* A SHA-256 as Content Security Policy names it (CSP Level 3, section 2.3.1). */
static void print_hash(FILE *out, const unsigned char digest[32])
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    fputs("'sha256-", out);
    for (size_t i = 0; i < 32; i += 3) {
        unsigned bits = (unsigned)digest[i] << 16 | (i + 1 < 32 ? (unsigned)digest[i + 1] << 8 : 0) |
                        (i + 2 < 32 ? digest[i + 2] : 0);
        fprintf(out, "%c%c%c%c", digits[bits >> 18], digits[bits >> 12 & 63], digits[bits >> 6 & 63],
                i + 2 < 32 ? digits[bits & 63] : '=');
    }
    fputc('\'', out);
}

static void print_text(FILE *out, const char *text)
{
    silt_escape_print_markup_text(out, text);
}

static void print_head(FILE *out, const struct silt_results_counts *counts,
                       const struct silt_results *results)
{
    fputs("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; "
          "form-action 'none'; style-src ",
          out);
    print_hash(out, report_css_sha256);
    fputs("; script-src ", out);
    print_hash(out, report_js_sha256);
    fputs("\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"referrer\" content=\"no-referrer\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n<title>",
          out);
    fprintf(out, "silt: %zu secret%s", counts->findings, silt_style_plural(counts->findings));
    if (results->count == 1) {
        fputs(" in ", out);
        print_text(out, results->targets[0].info.name);
    }
    fputs("</title>\n<style>", out);
    fwrite(report_css, 1, sizeof report_css, out);
    fputs("</style>\n</head>\n", out);
}

static void print_time(FILE *out, time_t seconds)
{
    char text[32] = "";
    struct tm parts;
    if (gmtime_r(&seconds, &parts) != NULL &&
        strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &parts) > 0)
        fputs(text, out);
}

static void print_bar(FILE *out, const struct silt_results *results)
{
    fprintf(out, "<header class=\"bar\"><span><b>silt</b> %s</span><span>", silt_version());
    print_time(out, results->occasion.began);
    fputs("</span>", out);
    if (results->occasion.commit != NULL) {
        fputs("<span>commit <code>", out);
        print_text(out, results->occasion.commit);
        fputs("</code></span>", out);
    }
    fprintf(out, "<span>%zu signatures</span></header>\n", silt_signatures_count(results->signatures));
}

static void print_tally(FILE *out, const struct silt_results_counts *counts)
{
    fputs("<ul class=\"tally\">\n", out);
    for (int severity = SILT_CRITICAL; severity >= SILT_INFO; severity--) {
        const char *name = silt_severity_name((enum silt_severity)severity);
        if (counts->by_severity[severity] > 0)
            fprintf(out, "<li class=\"%s\"><b>%zu</b> %s</li>\n", name, counts->by_severity[severity], name);
    }
    if (counts->allowed > 0)
        fprintf(out, "<li class=\"info\"><b>%zu</b> allowed</li>\n", counts->allowed);
    if (counts->base > 0)
        fprintf(out, "<li class=\"info\"><b>%zu</b> in base layers</li>\n", counts->base);
    fputs("</ul>\n", out);
}

static bool has_removed(const struct silt_results *results)
{
    for (size_t i = 0; i < results->count; i++)
        for (size_t j = 0; j < results->targets[i].finding_count; j++)
            if (results->targets[i].findings[j].place.state != SILT_PRESENT)
                return true;
    return false;
}

static void print_advice(FILE *out, const struct silt_results *results,
                         const struct silt_results_counts *counts)
{
    if (!silt_results_is_complete(results))
        fputs("<p class=\"note medium\"><b>The scan is incomplete.</b> Something could not be read; each "
              "target "
              "says what.</p>\n",
              out);
    if (counts->findings == 0)
        return;
    fputs("<p>Whoever can pull the image or read the artifact has these secrets: revoke each one, make a new "
          "one, "
          "and keep it out of the build (<code>RUN --mount=type=secret</code>).</p>\n",
          out);
    if (has_removed(results))
        fputs("<p>Deleting a file in a later layer only hides it: build again without it.</p>\n", out);
}

static void print_contents(FILE *out, const struct silt_results *results)
{
    if (results->count < 2)
        return;
    fputs("<nav aria-label=\"Targets\"><ol class=\"targets\">\n", out);
    for (size_t i = 0; i < results->count; i++) {
        struct silt_results_counts counts;
        silt_results_count_target(&results->targets[i], &counts);
        fprintf(out, "<li><a href=\"#t%zu\">", i);
        print_text(out, results->targets[i].info.name);
        fprintf(out, "</a>: %zu%s</li>\n", counts.findings,
                results->targets[i].is_complete ? "" : ", incomplete");
    }
    fputs("</ol></nav>\n", out);
}

static void print_lead(FILE *out, const struct silt_results *results,
                       const struct silt_results_counts *counts)
{
    fputs("<section class=\"lead\" aria-labelledby=\"summary\">\n<h1 id=\"summary\">", out);
    if (counts->findings > 0)
        fprintf(out, "%zu secret%s found", counts->findings, silt_style_plural(counts->findings));
    else
        fputs(silt_results_is_complete(results) ? "No secrets found"
                                                : "No secrets found in what could be read",
              out);
    fputs("</h1>\n", out);
    print_tally(out, counts);
    print_advice(out, results, counts);
    print_contents(out, results);
    fputs("</section>\n", out);
}

static void print_fact(FILE *out, const char *term, const char *text)
{
    if (text == NULL || text[0] == '\0')
        return;
    fprintf(out, "<dt>%s</dt><dd>", term);
    print_text(out, text);
    fputs("</dd>\n", out);
}

static void print_digest(FILE *out, const char *term, const char *digest)
{
    if (digest == NULL)
        return;
    fprintf(out, "<dt>%s</dt><dd><code>", term);
    print_text(out, digest);
    fputs("</code></dd>\n", out);
}

static void print_facts(FILE *out, const struct silt_results_target *target)
{
    const struct silt_image *image = target->info.image;
    char bytes[SILT_UNITS_TEXT_SIZE], entries[SILT_UNITS_TEXT_SIZE], time[SILT_UNITS_TEXT_SIZE];
    fputs("<dl>\n", out);
    print_fact(out, "Kind", silt_target_kind_name(target->info.kind));
    if (image != NULL) {
        print_fact(out, "Reference", image->reference);
        print_fact(out, "Platform", image->platform);
        print_fact(out, "Created", image->created);
        print_fact(out, "Built from", image->revision);
        print_digest(out, "Digest", image->digest);
        print_digest(out, "Config", image->config_digest);
        print_fact(out, "Base image", target->base);
    }
    fprintf(out, "<dt>Scanned</dt><dd>%s in %s files, %s</dd>\n</dl>\n",
            silt_units_print_size(target->coverage.bytes_scanned, bytes),
            silt_units_print_count(target->coverage.entries, entries),
            silt_units_print_duration(target->coverage.duration_ms, time));
}

static bool print_lost(FILE *out, const struct silt_place *place, const char *what, const char *detail)
{
    fputs("<tr><td>", out);
    if (place->layer >= 0)
        fprintf(out, "%d", place->layer);
    fputs("</td><td><code>", out);
    bool is_whole = silt_html_finding_place(out, place);
    fprintf(out, "</code></td><td>%s</td><td>", what);
    print_text(out, detail != NULL ? detail : "");
    fputs("</td></tr>\n", out);
    return is_whole;
}

/* What was not scanned: problems, and skips as far as there is room. */
static bool print_losses(FILE *out, const struct silt_results_target *target)
{
    bool is_whole = true;
    size_t shown = 0;
    if (target->problem_count == 0 && target->skip_count == 0)
        return true;
    fprintf(out,
            "<h3>Not scanned</h3>\n%s<details class=\"fold\"><summary>%zu problem%s, %zu skipped</summary>\n",
            target->is_complete ? ""
                                : "<p class=\"note medium\">This target was not scanned completely.</p>\n",
            target->problem_count, silt_style_plural(target->problem_count), target->skip_count);
    fputs("<table><thead><tr><th scope=\"col\">Layer</th><th scope=\"col\">Path</th><th "
          "scope=\"col\">Reason</th>"
          "<th scope=\"col\">Detail</th></tr></thead><tbody>\n",
          out);
    for (size_t i = 0; i < target->problem_count && is_whole; i++)
        is_whole = print_lost(out, &target->problems[i].place, silt_status_name(target->problems[i].status),
                              target->problems[i].message);
    for (; shown < target->skip_count && shown < SKIPS_SHOWN && is_whole; shown++)
        is_whole =
            print_lost(out, &target->skips[shown].place, silt_skip_reason_name(target->skips[shown].reason),
                       target->skips[shown].detail);
    fputs("</tbody></table>\n", out);
    if (target->skip_count > shown)
        fprintf(out, "<p>and %zu more; --format json lists them.</p>\n", target->skip_count - shown);
    fputs("</details>\n", out);
    return is_whole;
}

/* The script shows it: without one it would do nothing. */
static void print_filter(FILE *out, const struct silt_results *results,
                         const struct silt_results_counts *counts)
{
    bool severities[SILT_RESULTS_SEVERITIES] = {false};
    for (size_t i = 0; i < results->count; i++)
        for (size_t j = 0; j < results->targets[i].finding_count; j++)
            severities[results->targets[i].findings[j].severity] = true;
    fputs("<form class=\"filter\" role=\"search\" hidden><input type=\"search\" name=\"search\" "
          "aria-label=\"Search findings\" placeholder=\"Search: path, kind, layer … ( / )\">\n"
          "<fieldset><legend>Severity</legend>",
          out);
    for (int severity = SILT_CRITICAL; severity >= SILT_INFO; severity--) {
        const char *name = silt_severity_name((enum silt_severity)severity);
        if (severities[severity])
            fprintf(out, "<label><input type=\"checkbox\" name=\"severity\" value=\"%s\" checked> %s</label>",
                    name, name);
    }
    if (counts->allowed > 0)
        fputs("<label><input type=\"checkbox\" name=\"allowed\" checked> allowed</label>", out);
    fputs("</fieldset>\n<button type=\"button\" name=\"fold\">Fold all</button><output name=\"count\" "
          "aria-live=\"polite\"></output></form>\n",
          out);
}

/* Worst first; among equals in the report's order. */
static bool print_findings(const struct silt_page *page, const struct silt_results_target *target,
                           size_t number)
{
    bool is_whole = true;
    fputs("<ol class=\"findings\">\n", page->file);
    for (int severity = SILT_CRITICAL; severity >= SILT_INFO; severity--)
        for (size_t i = 0; i < target->finding_count && is_whole; i++)
            if (target->findings[i].severity == (enum silt_severity)severity)
                is_whole = silt_html_finding_print(page, &(struct silt_html_finding){target, number, i});
    fputs("</ol>\n", page->file);
    return is_whole;
}

static bool print_target(const struct silt_page *page, const struct silt_results_target *target,
                         size_t number)
{
    FILE *out = page->file;
    fprintf(out, "<section class=\"target\" id=\"t%zu\" aria-labelledby=\"n%zu\">\n<h2 id=\"n%zu\">", number,
            number, number);
    print_text(out, target->info.name);
    fputs("</h2>\n", out);
    print_facts(out, target);
    bool is_whole = true;
    if (target->info.image != NULL) {
        fputs("<h3>Layers</h3>\n", out);
        is_whole = silt_html_stack_print(page, target, number);
    }
    fputs("<h3>Findings</h3>\n", out);
    if (target->finding_count == 0)
        fputs("<p class=\"note good\">None.</p>\n", out);
    else
        is_whole = is_whole && print_findings(page, target, number);
    is_whole = is_whole && print_losses(out, target);
    fputs("</section>\n", out);
    return is_whole;
}

static bool print_end(struct silt_page *page, const struct silt_results *results)
{
    FILE *out = page->file;
    struct silt_results_counts counts;
    silt_results_count(results, &counts);
    print_head(out, &counts, results);
    fputs("<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n", out);
    print_bar(out, results);
    fputs("<main id=\"main\">\n", out);
    print_lead(out, results, &counts);
    if (counts.findings + counts.allowed > 0)
        print_filter(out, results, &counts);
    bool is_whole = true;
    for (size_t i = 0; i < results->count && is_whole; i++)
        is_whole = print_target(page, &results->targets[i], i);
    fputs("</main>\n<footer>silt: secrets in layers, traced. Secrets are shown redacted", out);
    fputs(page->shows_secrets ? ", but in this report: it holds them in full.</footer>\n<script>"
                              : "; fingerprints are keyed hashes.</footer>\n<script>",
          out);
    fwrite(report_js, 1, sizeof report_js, out);
    fputs("</script>\n</body>\n</html>\n", out);
    return is_whole;
}

const struct silt_output silt_html_output = {.name = "html", .end = print_end};
