/*
 * several.c: several scanners in one process, each in a thread of its own over one ruleset, and two rulesets:
 * nothing is shared but what is immutable. usage: several SIGNATURES DATABASES TARGET
 */
#include <pthread.h>
#include <silt/silt.h>
#include <stdio.h>
#include <string.h>

enum { THREADS = 4 };

/* One thread's: its findings' fingerprints, summed in an order that does not matter. */
struct work {
    const struct silt_ruleset *ruleset;
    const char *target;
    unsigned count, sum;
    struct silt_error error;
};

static bool add(void *context, const struct silt_finding *finding)
{
    struct work *work = context;
    work->count++;
    for (const char *digit = finding->fingerprint; *digit != '\0'; digit++)
        work->sum += (unsigned)*digit * (unsigned)(digit - finding->fingerprint + 1);
    return true;
}

static void *scan(void *argument)
{
    struct work *work = argument;
    struct silt_scanner *scanner = NULL;
    const struct silt_sink sink = {.context = work, .finding = add};
    if (silt_scanner_new(work->ruleset, NULL, &scanner, &work->error) != SILT_OK ||
        silt_scanner_scan(scanner, work->target, &sink, &work->error) != SILT_OK)
        work->count = 0;
    silt_scanner_free(scanner);
    return NULL;
}

static bool open_rules(char **words, struct silt_signatures **set, struct silt_ruleset **ruleset)
{
    struct silt_error error = {0};
    const struct silt_ruleset_paths paths = {.prebuilt_dir = words[2]};
    bool is_open = silt_signatures_new(set, &error) == SILT_OK &&
                   silt_signatures_add(*set, words[1], &error) == SILT_OK &&
                   silt_ruleset_open(*set, &paths, ruleset, &error) == SILT_OK;
    if (!is_open)
        fprintf(stderr, "several: %s\n", error.message);
    return is_open;
}

int main(int count, char **words)
{
    struct silt_signatures *sets[2] = {NULL, NULL};
    struct silt_ruleset *rulesets[2] = {NULL, NULL};
    struct work works[THREADS] = {0};
    pthread_t threads[THREADS];
    bool is_good =
        count == 4 && open_rules(words, &sets[0], &rulesets[0]) && open_rules(words, &sets[1], &rulesets[1]);
    for (int i = 0; i < THREADS && is_good; i++) {
        works[i] = (struct work){.ruleset = rulesets[i % 2], .target = words[3]};
        is_good = pthread_create(&threads[i], NULL, scan, &works[i]) == 0;
    }
    for (int i = 0; i < THREADS && is_good; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS && is_good; i++) {
        printf("%u findings, sum %u %s\n", works[i].count, works[i].sum, works[i].error.message);
        is_good = works[i].count > 0 && works[i].count == works[0].count && works[i].sum == works[0].sum;
    }
    for (int i = 0; i < 2; i++) {
        silt_ruleset_free(rulesets[i]);
        silt_signatures_free(sets[i]);
    }
    return is_good ? 0 : 1;
}
