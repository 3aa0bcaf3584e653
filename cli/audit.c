/*
 * audit.c: scan targets and report on all of them in their order. Threads scan (lanes.h); everything here is
 * one thread's.
 */
#include "audit.h"

#include "escape.h"
#include "interrupt.h"
#include "lanes.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* Out of memory: what is known is reported, but the answer cannot be trusted. */
static bool fail_memory(struct silt_audit *audit)
{
    if (!audit->has_failed)
        fputs("silt: out of memory\n", stderr);
    audit->has_failed = true;
    return false;
}

static bool are_pages_good(const struct silt_audit *audit)
{
    for (size_t i = 0; i < audit->report_count; i++)
        if (audit->reports[i].page.failure != 0)
            return false;
    return true;
}

/* Judges the findings of the target that ended last, and tells them to the reports that want them one by one.
 */
static bool judge_findings(struct silt_audit *audit, struct silt_results_target *target)
{
    for (size_t i = 0; i < target->finding_count; i++) {
        struct silt_finding *finding = &target->findings[i];
        silt_policy_judge(audit->policy, target, finding);
        audit->has_findings = audit->has_findings || silt_policy_fails(audit->policy, target, finding);
        for (size_t j = 0; j < audit->report_count; j++) {
            struct silt_audit_report *report = &audit->reports[j];
            if (report->output->finding != NULL && !report->output->finding(&report->page, target, finding))
                return fail_memory(audit);
        }
    }
    return are_pages_good(audit);
}

/* Hands the target that ended last to the reports that show targets one by one. */
static bool report_target(struct silt_audit *audit)
{
    silt_progress_erase(&audit->progress);
    for (size_t i = 0; i < audit->report_count; i++) {
        struct silt_audit_report *report = &audit->reports[i];
        const struct silt_results_target *target = &audit->results.targets[audit->results.count - 1];
        if (report->output->target != NULL && !report->output->target(&report->page, target))
            return fail_memory(audit);
    }
    return are_pages_good(audit);
}

/* Takes what was heard of a file, a directory or an image into the results. */
static bool take_heard(struct silt_audit *audit, struct silt_results *heard)
{
    silt_progress_erase(&audit->progress);
    if (!silt_results_adopt(&audit->results, heard)) {
        silt_results_clear(heard);
        return fail_memory(audit);
    }
    struct silt_results_target *target = &audit->results.targets[audit->results.count - 1];
    target->base_layer_count = silt_bases_match(audit->bases, target->info.image, &target->base);
    return judge_findings(audit, target) && (!target->has_ended || report_target(audit));
}

static void show_progress(void *context, const struct silt_progress *progress, const struct timespec *began)
{
    struct silt_audit *audit = context;
    silt_progress_begin(&audit->progress, began);
    silt_progress_show(&audit->progress, progress);
}

/* Whether a person sees the table anyway. */
static bool has_table_on_terminal(const struct silt_audit *audit)
{
    for (size_t i = 0; i < audit->report_count; i++)
        if (audit->reports[i].page.is_terminal && strcmp(audit->reports[i].output->name, "table") == 0)
            return true;
    return false;
}

/* A target that could not be opened, or whose scan broke off without an end. */
static void fail_target(struct silt_audit *audit, const char *name, enum silt_status status,
                        const char *message)
{
    if (!silt_results_fail(&audit->results, name, status, message)) {
        fail_memory(audit);
        return;
    }
    if (!has_table_on_terminal(audit)) {
        fputs("silt: ", stderr);
        silt_escape_print_text(stderr, name);
        fputs(": ", stderr);
        silt_escape_print_text(stderr, message);
        fputc('\n', stderr);
    }
    (void)report_target(audit);
}

/* Takes all that a target brings, and how its scan ended. */
static void hear_target(struct silt_audit *audit, struct silt_lanes *lanes, size_t index, const char *name)
{
    struct silt_results heard;
    const char *message;
    size_t count_before = audit->results.count;
    bool is_good = true;
    while (is_good && silt_lanes_next(lanes, index, &heard))
        is_good = take_heard(audit, &heard);
    if (!is_good)
        return;
    enum silt_status status = silt_lanes_status(lanes, index, &message);
    silt_progress_erase(&audit->progress);
    audit->has_failed = audit->has_failed || status == SILT_ERR_USAGE || status == SILT_ERR_MEMORY;
    bool has_begun = audit->results.count > count_before;
    bool is_open = silt_results_current(&audit->results) != NULL;
    if (status == SILT_OK && !is_open)
        return;
    if (has_begun && !is_open) /* its end was told; only the last word is missing */
        audit->results.targets[audit->results.count - 1].is_complete = false;
    if (status != SILT_ERR_CANCELLED || !has_begun || is_open)
        fail_target(audit, name, status, message);
}

/* Says in one line that something is missing, to those who do not see the table. */
static void print_incomplete(const struct silt_audit *audit)
{
    uint64_t skips = 0, problems = 0;
    for (size_t i = 0; i < audit->results.count; i++) {
        const struct silt_results_target *target = &audit->results.targets[i];
        problems += target->problem_count;
        for (int reason = 0; reason < SILT_RESULTS_REASONS; reason++)
            if (silt_skip_is_content((enum silt_skip_reason)reason))
                skips += target->skips_by_reason[reason];
    }
    if (audit->is_quiet || !are_pages_good(audit) || has_table_on_terminal(audit) ||
        silt_results_is_complete(&audit->results))
        return;
    fprintf(stderr,
            "silt: the scan is incomplete: %" PRIu64 " skipped, %" PRIu64 " problem%s; the report has them\n",
            skips, problems, problems == 1 ? "" : "s");
}

static void end_reports(struct silt_audit *audit)
{
    for (size_t i = 0; i < audit->report_count; i++) {
        struct silt_audit_report *report = &audit->reports[i];
        if (report->output->end != NULL && !report->output->end(&report->page, &audit->results))
            fail_memory(audit);
        int failure = silt_page_close(&report->page);
        if (report->page.refusal != NULL)
            fprintf(stderr, "silt: %s: %s\n", report->page.path, report->page.refusal);
        audit->has_failed = audit->has_failed || failure != 0 || report->page.refusal != NULL;
        if (failure == 0)
            continue;
        if (failure != EPIPE) /* whoever closed the pipe knows */
            fprintf(stderr, "silt: %s: %s\n", report->page.path, strerror(failure));
    }
}

static void hear_targets(struct silt_audit *audit, struct silt_scanner *const *scanners, char *const *targets)
{
    const struct silt_lanes_plan plan = {scanners,        targets,       audit->policy,
                                         &audit->results, show_progress, audit};
    struct silt_lanes *lanes = silt_lanes_new(&plan);
    bool is_good = lanes != NULL || fail_memory(audit);
    for (size_t i = 0; targets[i] != NULL && is_good; i++) {
        hear_target(audit, lanes, i, targets[i]);
        is_good = are_pages_good(audit);
    }
    silt_lanes_free(lanes);
}

void silt_audit_run(struct silt_audit *audit, struct silt_scanner *const *scanners, char *const *targets)
{
    silt_interrupt_watch(scanners);
    audit->results.occasion.began = time(NULL);
    hear_targets(audit, scanners, targets);
    silt_interrupt_forget();
    audit->results.occasion.ended = time(NULL);
    end_reports(audit);
    if (!audit->is_quiet)
        silt_baseline_report(&audit->policy->baseline);
    print_incomplete(audit);
}

void silt_audit_clear(struct silt_audit *audit)
{
    for (size_t i = 0; i < audit->report_count; i++)
        silt_page_close(&audit->reports[i].page);
    silt_results_clear(&audit->results);
}
