/*
 * html_stack.c: the layers of an image, the last one on top, as they lie on each other. The bar of a layer is
 * its size beside that of the largest.
 */
#include "html_stack.h"

#include "escape.h"
#include "html_finding.h"
#include "instruction.h"
#include "units.h"

#include <string.h>

enum { LINKS_SHOWN = 12 };

/* One slab: a layer, or the configuration (-1). */
struct slab {
    const struct silt_results_target *target;
    size_t target_number;
    int index;
    uint64_t largest;
};

static bool is_in(const struct slab *slab, size_t number)
{
    return slab->target->findings[number].place.layer == slab->index;
}

/* The slab's edge has the colour of the worst finding in it that counts. */
static void print_class(FILE *out, const struct slab *slab)
{
    int worst = -1;
    for (size_t i = 0; i < slab->target->finding_count; i++) {
        const struct silt_finding *finding = &slab->target->findings[i];
        if (is_in(slab, i) && !silt_results_is_allowed(finding) && (int)finding->severity > worst)
            worst = (int)finding->severity;
    }
    fputs("<li class=\"layer", out);
    if (worst >= 0)
        fprintf(out, " edge-%s", silt_severity_name((enum silt_severity)worst));
    fputs("\">", out);
}

static bool print_links_of(const struct silt_page *page, const struct slab *slab, enum silt_severity severity,
                           size_t *count)
{
    bool is_whole = true;
    for (size_t i = 0; i < slab->target->finding_count && is_whole; i++) {
        if (!is_in(slab, i) || slab->target->findings[i].severity != severity)
            continue;
        if (*count == 0)
            fputs("<ul>\n", page->file);
        if ((*count)++ < LINKS_SHOWN)
            is_whole = silt_html_finding_link(
                page, &(struct silt_html_finding){slab->target, slab->target_number, i});
    }
    return is_whole;
}

/* The worst first. */
static bool print_links(const struct silt_page *page, const struct slab *slab)
{
    size_t count = 0;
    bool is_whole = true;
    for (int severity = SILT_CRITICAL; severity >= SILT_INFO; severity--)
        is_whole = is_whole && print_links_of(page, slab, (enum silt_severity)severity, &count);
    if (count > LINKS_SHOWN)
        fprintf(page->file, "<li>and %zu more below</li>\n", count - LINKS_SHOWN);
    if (count > 0)
        fputs("</ul>\n", page->file);
    return is_whole;
}

static void print_instruction(FILE *out, const char *created_by)
{
    char line[SILT_INSTRUCTION_SIZE];
    if (created_by == NULL)
        return;
    fputs("<code>", out);
    silt_escape_print_markup_text(out, silt_instruction_print(created_by, line));
    fputs("</code>\n", out);
}

static void print_size(FILE *out, const struct slab *slab, uint64_t size)
{
    unsigned width = slab->largest > 0 ? (unsigned)(size * 1000 / slab->largest) : 0;
    fprintf(
        out,
        "<svg viewBox=\"0 0 1000 5\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect width=\"%u\" "
        "height=\"5\"/></svg>\n",
        width > 0 ? width : 1);
}

static void print_head(FILE *out, const struct slab *slab, const struct silt_image_layer *layer)
{
    char size[SILT_UNITS_TEXT_SIZE];
    const char *digest = layer->digest != NULL ? layer->digest : layer->diff_id;
    fprintf(out, "<header><b>Layer %d</b>", slab->index);
    if ((size_t)slab->index < slab->target->base_layer_count) {
        fputs("<span>base ", out);
        silt_escape_print_markup_text(out, slab->target->base);
        fputs("</span>", out);
    }
    if (digest != NULL) {
        fputs("<code>", out);
        silt_escape_print_markup(out, (struct silt_span){(const uint8_t *)digest, strnlen(digest, 19)});
        fputs("</code>", out);
    }
    fprintf(out, "<span>%s</span></header>\n", silt_units_print_size(layer->size_bytes, size));
}

static bool print_layer(const struct silt_page *page, const struct slab *slab)
{
    const struct silt_image_layer *layer = silt_results_layer(&slab->target->info, slab->index);
    print_class(page->file, slab);
    print_head(page->file, slab, layer);
    print_instruction(page->file, layer->created_by);
    print_size(page->file, slab, layer->size_bytes);
    bool is_whole = print_links(page, slab);
    fputs("</li>\n", page->file);
    return is_whole;
}

static bool print_configuration(const struct silt_page *page, const struct slab *slab)
{
    print_class(page->file, slab);
    fputs("<header><b>Image configuration</b><span>environment, labels, history</span></header>\n",
          page->file);
    bool is_whole = print_links(page, slab);
    fputs("</li>\n", page->file);
    return is_whole;
}

bool silt_html_stack_print(const struct silt_page *page, const struct silt_results_target *target,
                           size_t target_number)
{
    const struct silt_image *image = target->info.image;
    struct slab slab = {target, target_number, -1, 0};
    int last = -1;
    for (size_t i = 0; i < image->layer_count; i++) {
        const struct silt_image_layer *layer = &image->layers[i];
        slab.largest = layer->size_bytes > slab.largest ? layer->size_bytes : slab.largest;
        last = layer->index > last ? layer->index : last;
    }
    fputs("<ol class=\"stack\">\n", page->file);
    bool is_whole = print_configuration(page, &slab);
    for (slab.index = last; slab.index >= 0 && is_whole; slab.index--)
        if (silt_results_layer(&target->info, slab.index) != NULL)
            is_whole = print_layer(page, &slab);
    fputs("</ol>\n", page->file);
    return is_whole;
}
