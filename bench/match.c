/*
 * match.c: what matching and confirming cost by themselves, on one processor, over a file that is in memory.
 *
 * The same bytes are scanned in turn with all signatures and with one that has no pattern, which is about
 * files of a certain name and leaves nothing to match in content. The second scan is the cost of everything
 * else: the walk through archives and their decompression, digests, windows. So matching and confirming is
 * the difference.
 *
 *   bench-match [RUNS] FILE    prints {"bytes": N, "findings": N, "whole": [SECONDS, …], "rest": [SECONDS,
 * …]}
 *
 * Bytes are those of content, archives in archives opened; seconds are processor time of one scan.
 */
#include <silt/silt.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { RUNS_MAX = 100 };

/* A set of signatures made ready. */
struct engine {
    struct silt_signatures *signatures;
    struct silt_ruleset *ruleset;
    struct silt_scanner *scanner;
};

/* What a scan told. */
struct tally {
    size_t findings;
    uint64_t bytes;
    double seconds;
};

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool count_finding(void *context, const struct silt_finding *finding)
{
    (void)finding;
    ((struct tally *)context)->findings++;
    return true;
}

static bool take_coverage(void *context, const struct silt_coverage *coverage)
{
    ((struct tally *)context)->bytes += coverage->bytes_scanned;
    return true;
}

static void fail(const char *message)
{
    fprintf(stderr, "bench-match: %s\n", message);
    exit(2);
}

static void check(enum silt_status status, const struct silt_error *error)
{
    if (status != SILT_OK)
        fail(error->message);
}

/* The file's bytes, all of them touched, so that reading is not timed. */
static struct silt_span load(const char *path)
{
    int fd = open(path, O_RDONLY);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0)
        fail(path);
    void *bytes = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    close(fd);
    if (bytes == MAP_FAILED)
        fail(path);
    return (struct silt_span){bytes, (size_t)info.st_size};
}

/* A signature without a pattern. */
static const char *find_bare(const struct silt_signatures *signatures)
{
    for (size_t i = 0; i < silt_signatures_count(signatures); i++)
        if (silt_signatures_at(signatures, i)->pattern[0] == '\0')
            return silt_signatures_at(signatures, i)->id;
    fail("no signature without a pattern");
    return NULL;
}

static void engine_init(struct engine *engine, bool is_bare)
{
    const struct silt_ruleset_paths paths = {SILT_SHARE_DIR "/databases", NULL};
    struct silt_error error = {0};
    struct silt_scan_options options;
    silt_scan_options_init(&options);
    options.jobs = 1;
    check(silt_signatures_new(&engine->signatures, &error), &error);
    check(silt_signatures_add(engine->signatures, SILT_SHARE_DIR "/signatures", &error), &error);
    if (is_bare) {
        const char *only[] = {find_bare(engine->signatures), NULL};
        check(silt_signatures_only(engine->signatures, only, &error), &error);
    }
    check(silt_ruleset_open(engine->signatures, &paths, &engine->ruleset, &error), &error);
    check(silt_scanner_new(engine->ruleset, &options, &engine->scanner, &error), &error);
}

static void engine_clear(struct engine *engine)
{
    silt_scanner_free(engine->scanner);
    silt_ruleset_free(engine->ruleset);
    silt_signatures_free(engine->signatures);
}

static struct tally scan(struct engine *engine, const char *name, struct silt_span bytes)
{
    struct tally tally = {0};
    const struct silt_sink sink = {.context = &tally, .finding = count_finding, .target_end = take_coverage};
    struct silt_error error = {0};
    double start = cpu_seconds();
    check(silt_scanner_scan_buffer(engine->scanner, name, bytes, &sink, &error), &error);
    tally.seconds = cpu_seconds() - start;
    return tally;
}

static void print_seconds(const char *name, const struct tally *tallies, int runs)
{
    printf(", \"%s\": [", name);
    for (int i = 0; i < runs; i++)
        printf("%s%.6f", i > 0 ? ", " : "", tallies[i].seconds);
    printf("]");
}

int main(int argc, char **argv)
{
    int runs = argc == 3 ? atoi(argv[1]) : 1;
    if (argc < 2 || argc > 3 || runs < 1 || runs > RUNS_MAX) {
        fprintf(stderr, "usage: bench-match [RUNS] FILE\n");
        return 2;
    }
    const char *path = argv[argc - 1];
    struct silt_span bytes = load(path);
    struct engine all, bare;
    struct tally whole[RUNS_MAX], rest[RUNS_MAX];
    engine_init(&all, false);
    engine_init(&bare, true);
    for (int i = 0; i < runs; i++) {
        whole[i] = scan(&all, path, bytes);
        rest[i] = scan(&bare, path, bytes);
    }
    printf("{\"bytes\": %llu, \"findings\": %zu", (unsigned long long)whole[0].bytes, whole[0].findings);
    print_seconds("whole", whole, runs);
    print_seconds("rest", rest, runs);
    printf("}\n");
    engine_clear(&bare);
    engine_clear(&all);
    return 0;
}
