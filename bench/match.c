/*
 * match.c: how fast a tar that is in memory already is walked, matched and confirmed on one processor.
 * Prints {"bytes": N, "seconds": N, "findings": N}; bytes are those matched, which archives in archives make
 * more than the tar has; seconds are processor time of the scan alone.
 */
#include <silt/silt.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* What a scan told. */
struct tally {
    size_t findings;
    uint64_t bytes; /* of content, archives in archives opened */
};

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

static void check(enum silt_status status, const struct silt_error *error)
{
    if (status == SILT_OK)
        return;
    fprintf(stderr, "bench-match: %s\n", error->message);
    exit(2);
}

/* The file's bytes, all of them touched, so that reading is not timed. */
static struct silt_span load(const char *path)
{
    int fd = open(path, O_RDONLY);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0) {
        perror(path);
        exit(2);
    }
    void *bytes = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    close(fd);
    if (bytes == MAP_FAILED) {
        perror(path);
        exit(2);
    }
    return (struct silt_span){bytes, (size_t)info.st_size};
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: bench-match FILE.tar\n");
        return 2;
    }
    struct silt_error error = {0};
    struct silt_signatures *signatures;
    struct silt_ruleset *ruleset;
    struct silt_scanner *scanner;
    const struct silt_ruleset_paths paths = {SILT_SHARE_DIR "/databases", NULL};
    struct silt_scan_options options;
    silt_scan_options_init(&options);
    options.jobs = 1;
    check(silt_signatures_new(&signatures, &error), &error);
    check(silt_signatures_add(signatures, SILT_SHARE_DIR "/signatures", &error), &error);
    check(silt_ruleset_open(signatures, &paths, &ruleset, &error), &error);
    check(silt_scanner_new(ruleset, &options, &scanner, &error), &error);
    struct silt_span bytes = load(argv[1]);
    struct tally tally = {0};
    const struct silt_sink sink = {.context = &tally, .finding = count_finding, .target_end = take_coverage};
    double start = cpu_seconds();
    check(silt_scanner_scan_buffer(scanner, "corpus.tar", bytes, &sink, &error), &error);
    printf("{\"bytes\": %llu, \"seconds\": %.4f, \"findings\": %zu}\n", (unsigned long long)tally.bytes,
           cpu_seconds() - start, tally.findings);
    silt_scanner_free(scanner);
    silt_ruleset_free(ruleset);
    silt_signatures_free(signatures);
    return 0;
}
