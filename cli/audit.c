/*
 * audit.c: scan targets one after the other and report on all of them. The sink's callbacks keep what they
 * are lent (results.h) and pass it on to the reports that want it at once.
 */
#include "audit.h"

#include "escape.h"
#include "interrupt.h"

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

static bool begin_target(void *context, const struct silt_target_info *target)
{
    struct silt_audit *audit = context;
    silt_progress_begin(&audit->progress);
    if (!silt_results_begin(&audit->results, target))
        return fail_memory(audit);
    struct silt_results_target *current = silt_results_current(&audit->results);
    current->base_layer_count = silt_bases_match(audit->bases, target->image, &current->base);
    return true;
}

static bool take_finding(void *context, const struct silt_finding *lent)
{
    struct silt_audit *audit = context;
    const struct silt_results_target *target = silt_results_current(&audit->results);
    struct silt_finding finding = *lent;
    if (!silt_policy_takes(audit->policy, lent)) {
        silt_results_leave_out(&audit->results, lent);
        return true;
    }
    silt_policy_judge(audit->policy, target, &finding);
    audit->has_findings = audit->has_findings || silt_policy_fails(audit->policy, target, &finding);
    if (!silt_results_put_finding(&audit->results, &finding))
        return fail_memory(audit);
    for (size_t i = 0; i < audit->report_count; i++) {
        struct silt_audit_report *report = &audit->reports[i];
        if (report->output->finding == NULL)
            continue;
        silt_progress_erase(&audit->progress);
        if (!report->output->finding(&report->page, target, &finding))
            return fail_memory(audit);
    }
    return are_pages_good(audit);
}

static bool take_skip(void *context, const struct silt_skip *skip)
{
    struct silt_audit *audit = context;
    return silt_results_put_skip(&audit->results, skip) || fail_memory(audit);
}

static bool take_problem(void *context, const struct silt_problem *problem)
{
    struct silt_audit *audit = context;
    return silt_results_put_problem(&audit->results, problem) || fail_memory(audit);
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

static bool end_target(void *context, const struct silt_coverage *coverage)
{
    struct silt_audit *audit = context;
    struct silt_coverage actual = *coverage;
    actual.is_complete = actual.is_complete && !silt_interrupt_has_come();
    if (!silt_results_end(&audit->results, &actual))
        return fail_memory(audit);
    return report_target(audit);
}

static bool show_progress(void *context, const struct silt_progress *progress)
{
    struct silt_audit *audit = context;
    silt_progress_show(&audit->progress, progress);
    return !silt_interrupt_has_come() && are_pages_good(audit);
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

static void scan_target(struct silt_audit *audit, struct silt_scanner *scanner, const char *name)
{
    const struct silt_sink sink = {audit,        begin_target, take_finding, take_skip,
                                   take_problem, end_target,   show_progress};
    struct silt_error error = {0};
    size_t count_before = audit->results.count;
    enum silt_status status = silt_scanner_scan(scanner, name, &sink, &error);
    silt_progress_erase(&audit->progress);
    audit->has_failed = audit->has_failed || status == SILT_ERR_USAGE || status == SILT_ERR_MEMORY;
    bool has_begun = audit->results.count > count_before;
    bool is_open = silt_results_current(&audit->results) != NULL;
    if (status == SILT_OK && !is_open)
        return;
    if (has_begun && !is_open) /* its end was told; only the last word is missing */
        audit->results.targets[audit->results.count - 1].is_complete = false;
    if (!are_pages_good(audit) || (status == SILT_ERR_CANCELLED && has_begun && !is_open))
        return;
    const char *message = error.message[0] != '\0' ? error.message : silt_status_name(status);
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

void silt_audit_run(struct silt_audit *audit, struct silt_scanner *scanner, char *const *targets)
{
    silt_interrupt_watch(scanner);
    audit->results.occasion.began = time(NULL);
    for (; *targets != NULL && are_pages_good(audit); targets++) {
        if (silt_interrupt_has_come())
            fail_target(audit, *targets, SILT_ERR_CANCELLED, "not scanned: interrupted");
        else
            scan_target(audit, scanner, *targets);
    }
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
