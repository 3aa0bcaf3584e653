/*
 * jsonl.c: one finding a line, written as it is found, with its target added.
 */
#include "document.h"
#include "output.h"

static bool print_finding(struct silt_page *page, const struct silt_results_target *target,
                          const struct silt_finding *finding)
{
    json_t *object = silt_document_finding(target, finding, page->shows_secrets);
    silt_document_put(&object, "target", silt_document_string(target->info.name));
    bool is_whole = silt_document_print(page->file, object);
    fputc('\n', page->file);
    silt_page_flush(page); /* whoever reads the pipe wants it now */
    return is_whole;
}

const struct silt_output silt_jsonl_output = {.name = "jsonl", .finding = print_finding};
