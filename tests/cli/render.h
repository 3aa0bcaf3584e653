/*
 * render.h: the sample's story through results and one output, as an audit does it.
 */
#ifndef SILT_TESTS_CLI_RENDER_H
#define SILT_TESTS_CLI_RENDER_H

#include "output/output.h"
#include "sample.h"

struct rendering {
    const struct silt_output *output;
    struct silt_page *page;
    struct silt_results results;
    bool is_whole;
};

static inline bool render_begin(void *context, const struct silt_target_info *info)
{
    return silt_results_begin(&((struct rendering *)context)->results, info);
}

static inline bool render_finding(void *context, const struct silt_finding *finding)
{
    struct rendering *it = context;
    if (finding->confidence == SILT_CONFIDENCE_LOW) {
        silt_results_leave_out(&it->results, finding);
        return true;
    }
    if (it->output->finding != NULL)
        it->is_whole &= it->output->finding(it->page, silt_results_current(&it->results), finding);
    return silt_results_put_finding(&it->results, finding);
}

static inline bool render_skip(void *context, const struct silt_skip *skip)
{
    return silt_results_put_skip(&((struct rendering *)context)->results, skip);
}

static inline bool render_problem(void *context, const struct silt_problem *problem)
{
    return silt_results_put_problem(&((struct rendering *)context)->results, problem);
}

static inline bool render_end(void *context, const struct silt_coverage *coverage)
{
    struct rendering *it = context;
    bool is_good = silt_results_end(&it->results, coverage);
    if (is_good && it->output->target != NULL)
        it->is_whole &= it->output->target(it->page, &it->results.targets[it->results.count - 1]);
    return is_good;
}

/* Renders the sample; answers whether the output and the results took all of it. */
static inline bool render_sample(const struct silt_output *output, struct silt_page *page)
{
    struct rendering it = {.output = output, .page = page, .is_whole = true};
    const struct silt_sink sink = {&it,        render_begin, render_finding, render_skip, render_problem,
                                   render_end, NULL};
    struct silt_signatures *set = NULL;
    if (silt_signatures_new(&set, NULL) != SILT_OK)
        return false;
    it.results.keeps_secrets = page->shows_secrets;
    it.results.signatures = set;
    it.results.occasion = (struct silt_results_occasion){"5f0c1b7e", 1767323045, 1767323048};
    bool is_good = sample_tell(&sink);
    is_good = is_good && (output->end == NULL || output->end(page, &it.results));
    silt_results_clear(&it.results);
    silt_signatures_free(set);
    return is_good && it.is_whole;
}

#endif
