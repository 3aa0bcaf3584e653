/*
 * allocations.c: the n-th allocation of the engine fails, for n = 1, 2, 3 … until a run has fewer.
 *
 * The engine's calls of malloc and its kind come here through the linker's --wrap; those of the libraries do
 * not. With ASan nothing may leak after any n; what is freed twice or used after it was freed shows in every
 * build. usage: allocations SIGNATURES.json IMAGE
 */
#include <silt/silt.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);

static atomic_ulong calls;
static unsigned long failing; /* the number of the call that fails; 0: none */

static bool fails(void)
{
    return atomic_fetch_add(&calls, 1) + 1 == failing;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails() ? NULL : __real_realloc(old, size);
}

char *__wrap_strdup(const char *text)
{
    return fails() ? NULL : __real_strdup(text);
}

/* What a scan told its sink. */
struct told {
    unsigned targets, findings, reasons;
    bool is_complete;
};

static bool count_finding(void *context, const struct silt_finding *finding)
{
    (void)finding;
    ((struct told *)context)->findings++;
    return true;
}

static bool count_skip(void *context, const struct silt_skip *skip)
{
    ((struct told *)context)->reasons += silt_skip_is_content(skip->reason);
    return true;
}

static bool count_problem(void *context, const struct silt_problem *problem)
{
    ((struct told *)context)->reasons += problem->message[0] != '\0';
    return true;
}

static bool take_coverage(void *context, const struct silt_coverage *coverage)
{
    struct told *told = context;
    told->targets++;
    told->is_complete = coverage->is_complete;
    return true;
}

/* All that a program allocates before it scans. */
struct tools {
    struct silt_signatures *set;
    struct silt_ruleset *ruleset;
    struct silt_scanner *scanner;
};

static void close_tools(struct tools *tools)
{
    silt_scanner_free(tools->scanner);
    silt_ruleset_free(tools->ruleset);
    silt_signatures_free(tools->set);
    *tools = (struct tools){0};
}

static enum silt_status open_tools(struct tools *tools, const char *signatures, struct silt_error *error)
{
    struct silt_scan_options options;
    silt_scan_options_init(&options);
    options.jobs = 1;
    const struct silt_ruleset_paths nowhere = {0};
    enum silt_status status = silt_signatures_new(&tools->set, error);
    if (status == SILT_OK)
        status = silt_signatures_add(tools->set, signatures, error);
    if (status == SILT_OK)
        status = silt_ruleset_open(tools->set, &nowhere, &tools->ruleset, error);
    if (status == SILT_OK)
        status = silt_scanner_new(tools->ruleset, &options, &tools->scanner, error);
    return status;
}

static enum silt_status scan(struct tools *tools, const char *image, struct told *told,
                             struct silt_error *error)
{
    const struct silt_sink sink = {.context = told,
                                   .finding = count_finding,
                                   .skip = count_skip,
                                   .problem = count_problem,
                                   .target_end = take_coverage};
    return silt_scanner_scan(tools->scanner, image, &sink, error);
}

static int complain(const char *what, const struct silt_error *error)
{
    printf("allocation %lu: %s (%s)\n", failing, what, error->message);
    return 1;
}

static int check_leaks(void)
{
#ifdef __SANITIZE_ADDRESS__
    if (__lsan_do_recoverable_leak_check() != 0) {
        printf("allocation %lu: its failure leaks\n", failing);
        return 1;
    }
#endif
    return 0;
}

/* Loading and compiling signatures. Answers how many n went wrong. */
static int fail_opening(const char *signatures, unsigned long *runs)
{
    int bad = 0;
    for (failing = 1;; failing++) {
        struct tools tools = {0};
        struct silt_error error = {0};
        atomic_store(&calls, 0);
        enum silt_status status = open_tools(&tools, signatures, &error);
        close_tools(&tools);
        if (atomic_load(&calls) < failing)
            break;
        if (status != SILT_OK && error.message[0] == '\0')
            bad += complain("a failure without a word", &error);
        bad += check_leaks();
        *runs += 1;
    }
    failing = 0;
    return bad;
}

static int judge(const struct told *whole, const struct told *told, enum silt_status status,
                 const struct silt_error *error)
{
    if (status != SILT_OK && error->message[0] == '\0')
        return complain("a failure without a word", error);
    if (status == SILT_OK && told->targets == 0)
        return complain("success, and no target was told", error);
    if (status == SILT_OK && told->is_complete && told->findings != whole->findings)
        return complain("complete, but not all was found", error);
    if (status == SILT_OK && !told->is_complete && told->reasons == 0)
        return complain("incomplete, and no reason is given", error);
    return 0;
}

/* Scanning with tools that are there. */
static int fail_scanning(struct tools *tools, const char *image, unsigned long *runs)
{
    struct told whole = {0};
    struct silt_error error = {0};
    failing = 0;
    if (scan(tools, image, &whole, &error) != SILT_OK || !whole.is_complete || whole.findings == 0)
        return complain("the scan without any failure", &error);
    int bad = 0;
    for (failing = 1;; failing++) {
        struct told told = {0};
        error = (struct silt_error){0};
        atomic_store(&calls, 0);
        enum silt_status status = scan(tools, image, &told, &error);
        if (atomic_load(&calls) < failing)
            break;
        bad += judge(&whole, &told, status, &error) + check_leaks();
        *runs += 1;
    }
    failing = 0;
    return bad;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    unsigned long openings = 0, scans = 0;
    int bad = fail_opening(argv[1], &openings);
    struct tools tools = {0};
    struct silt_error error = {0};
    if (open_tools(&tools, argv[1], &error) != SILT_OK)
        return complain("the signatures do not load", &error);
    bad += fail_scanning(&tools, argv[2], &scans);
    close_tools(&tools);
    printf("%lu allocations failed in turn while opening, %lu while scanning; %d went wrong\n", openings,
           scans, bad);
    return bad > 0;
}
