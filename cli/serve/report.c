/*
 * report.c: outputs of silt scan, written to memory.
 */
#include "serve/report.h"

#include "output/output.h"

#include <stdlib.h>

enum { REPORT_MAX = 16 * 1024 * 1024 };

static bool write_report(const struct silt_output *output, struct silt_page *page,
                         const struct silt_results *results)
{
    bool is_good = true;
    for (size_t i = 0; i < results->count && is_good; i++) {
        const struct silt_results_target *target = &results->targets[i];
        for (size_t j = 0; output->finding != NULL && j < target->finding_count && is_good; j++)
            is_good = output->finding(page, target, &target->findings[j]);
        is_good = is_good && (output->target == NULL || output->target(page, target));
    }
    is_good = is_good && (output->end == NULL || output->end(page, results));
    return silt_page_flush(page) && is_good && page->refusal == NULL;
}

static void make(struct silt_report_set *set, const char *format, const struct silt_results *results)
{
    const struct silt_output *output = silt_output_find(format);
    struct silt_page page = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *out = output != NULL ? open_memstream(&text, &size) : NULL;
    if (out == NULL)
        return;
    silt_page_init(&page, out, 100);
    bool is_good = write_report(output, &page, results);
    if (fclose(out) == 0 && is_good && size <= REPORT_MAX)
        set->items[set->count++] = (struct silt_store_report){format, text, size};
    else
        free(text);
}

void silt_report_set_make(struct silt_report_set *set, const struct silt_results *results)
{
    make(set, "json", results);
    make(set, "sarif", results);
}

void silt_report_set_clear(struct silt_report_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        free((void *)set->items[i].data);
    *set = (struct silt_report_set){0};
}
