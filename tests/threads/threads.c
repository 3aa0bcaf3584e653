/*
 * threads.c: the scan's threads under ThreadSanitizer. A plain main, since Criterion does not start under it.
 *
 * An image of several layers is scanned by four jobs; then by two scanners at once that share one ruleset;
 * then scans are cancelled at different moments from another thread. Every whole scan finds every planted
 * token.
 */
#include <silt/silt.h>

#include <locale.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

enum { LAYERS = 6, FILES = 24, FILE_SIZE = 64 * 1024, TOKENS = LAYERS * FILES, BLOCK = 512 };

static char folder[] = "/tmp/silt-threads-XXXXXX";
static char signature_path[64], image_path[64], target[96];

static _Noreturn void fail(const char *what, const char *why)
{
    fprintf(stderr, "threads: %s: %s\n", what, why);
    exit(1);
}

static void expect(enum silt_status status, const char *what, const struct silt_error *error)
{
    if (status != SILT_OK)
        fail(what, error->message);
}

static void write_signatures(void)
{
    FILE *file = fopen(signature_path, "w");
    if (file == NULL)
        fail(signature_path, "cannot be made");
    fputs("{\"schema\": \"silt.signatures/1\", \"signatures\": [{\"id\": \"test.token\", \"name\": "
          "\"Token\", \"provider\": "
          "\"Test\", \"severity\": \"high\", \"confidence\": \"high\", \"pattern\": "
          "\"\\\\b(exa_[0-9a-f]{16})\\\\b\", "
          "\"description\": \"d\", \"remediation\": \"r\", \"examples\": {\"match\": [[\"exa_\", "
          "\"0123456789abcdef\"], "
          "[\"exa_\", \"fedcba9876543210\"]], \"no_match\": [\"a\", \"b\"]}}]}\n",
          file);
    fclose(file);
}

/* One file of a tar (POSIX.1-2017, pax, ustar); the archive's end is the end of its bytes. */
static void put_file(FILE *tar, const char *name, const void *data, size_t size)
{
    static const char zeros[BLOCK];
    char header[BLOCK] = {0};
    unsigned sum = 0;
    snprintf(header, 100, "%s", name);
    snprintf(header + 100, 8, "%07o", 0644U);
    snprintf(header + 124, 12, "%011zo", size);
    header[156] = '0';
    memcpy(header + 257, "ustar\00000", 8);
    memset(header + 148, ' ', 8);
    for (size_t i = 0; i < BLOCK; i++)
        sum += (unsigned char)header[i];
    snprintf(header + 148, 8, "%06o", sum);
    fwrite(header, 1, BLOCK, tar);
    fwrite(data, 1, size, tar);
    fwrite(zeros, 1, (BLOCK - size % BLOCK) % BLOCK, tar);
}

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407U;
    return *state ^ *state >> 29;
}

/* Lines of prose with one token in the middle, each file another. */
static void put_text(FILE *tar, int layer, int number)
{
    static char text[FILE_SIZE];
    char name[64], token[32];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = "the quick brown fox\n"[i % 20];
    uint64_t state = (uint64_t)(layer * FILES + number + 1);
    next_random(&state);
    snprintf(token, sizeof token, " exa_%016llx ", (unsigned long long)next_random(&state));
    memcpy(text + sizeof text / 2, token, strlen(token));
    snprintf(name, sizeof name, "layer%d/file%d.txt", layer, number);
    put_file(tar, name, text, sizeof text);
}

static void write_image(void)
{
    static const char manifest[] = "[{\"Config\":\"config.json\",\"RepoTags\":[\"t:1\"],\"Layers\":"
                                   "[\"0.tar\",\"1.tar\",\"2.tar\",\"3.tar\",\"4.tar\",\"5.tar\"]}]";
    static const char config[] = "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},\"history\":[]}";
    FILE *image = fopen(image_path, "wb");
    if (image == NULL)
        fail(image_path, "cannot be made");
    put_file(image, "manifest.json", manifest, strlen(manifest));
    put_file(image, "config.json", config, strlen(config));
    for (int layer = 0; layer < LAYERS; layer++) {
        char *bytes, name[16];
        size_t size;
        FILE *tar = open_memstream(&bytes, &size);
        for (int i = 0; i < FILES; i++)
            put_text(tar, layer, i);
        for (int i = 0; i < 2 * BLOCK; i++)
            fputc(0, tar);
        fclose(tar);
        snprintf(name, sizeof name, "%d.tar", layer);
        put_file(image, name, bytes, size);
        free(bytes);
    }
    fclose(image);
}

struct run {
    struct silt_scanner *scanner;
    enum silt_status status;
    struct silt_error error;
    int findings;
};

static bool count_finding(void *context, const struct silt_finding *finding)
{
    (void)finding;
    ((struct run *)context)->findings++;
    return true;
}

static void *scan(void *context)
{
    struct run *run = context;
    const struct silt_sink sink = {.context = run, .finding = count_finding};
    run->status = silt_scanner_scan(run->scanner, target, &sink, &run->error);
    return NULL;
}

static void open_run(struct run *run, const struct silt_ruleset *ruleset)
{
    struct silt_scan_options options;
    silt_scan_options_init(&options);
    options.jobs = 4;
    memset(run, 0, sizeof *run);
    expect(silt_scanner_new(ruleset, &options, &run->scanner, &run->error), "scanner", &run->error);
}

static void expect_all(struct run *run, const char *what)
{
    expect(run->status, what, &run->error);
    if (run->findings != TOKENS)
        fail(what, "not all tokens were found");
    silt_scanner_free(run->scanner);
}

static void scan_once(const struct silt_ruleset *ruleset)
{
    struct run run;
    open_run(&run, ruleset);
    scan(&run);
    expect_all(&run, "one scan");
}

static void scan_twice_at_once(const struct silt_ruleset *ruleset)
{
    struct run runs[2];
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) {
        open_run(&runs[i], ruleset);
        if (pthread_create(&threads[i], NULL, scan, &runs[i]) != 0)
            fail("thread", "cannot start");
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        expect_all(&runs[i], "two scans");
    }
}

/* Whether the scan was still running when it was told to stop. */
static bool is_cancelled_after(const struct silt_ruleset *ruleset, unsigned delay_us)
{
    struct run run;
    pthread_t thread;
    open_run(&run, ruleset);
    if (pthread_create(&thread, NULL, scan, &run) != 0)
        fail("thread", "cannot start");
    usleep(delay_us);
    silt_scanner_cancel(run.scanner);
    pthread_join(thread, NULL);
    if (run.status != SILT_OK && run.status != SILT_ERR_CANCELLED)
        fail("cancelled scan", run.error.message);
    silt_scanner_free(run.scanner);
    return run.status == SILT_ERR_CANCELLED;
}

static void scan_and_cancel(const struct silt_ruleset *ruleset)
{
    enum { TRIES = 12, STEP_US = 4000 };
    int cancelled = 0;
    for (unsigned i = 0; i < TRIES; i++)
        cancelled += is_cancelled_after(ruleset, i * STEP_US);
    if (cancelled == 0)
        fail("cancelled scan", "no scan was stopped");
}

static void scan_all(void)
{
    struct silt_signatures *set;
    struct silt_ruleset *ruleset;
    struct silt_error error = {0};
    const struct silt_ruleset_paths paths = {NULL, NULL};
    expect(silt_signatures_new(&set, &error), "signatures", &error);
    expect(silt_signatures_add(set, signature_path, &error), "signatures", &error);
    expect(silt_ruleset_open(set, &paths, &ruleset, &error), "ruleset", &error);
    scan_once(ruleset);
    scan_twice_at_once(ruleset);
    scan_and_cancel(ruleset);
    silt_ruleset_free(ruleset);
    silt_signatures_free(set);
}

/* glibc loads a locale when its first user comes, its conversions at their first use, and frees both with the
 * last user, all under locks that ThreadSanitizer does not see: it would report each as a race of the
 * threads. So this one is loaded first and stays. */
static locale_t hold_locale(void)
{
    wchar_t wide;
    mbstate_t state = {0};
    locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (locale == (locale_t)0)
        fail("C.UTF-8", "there is no such locale");
    locale_t before = uselocale(locale);
    if (mbrtowc(&wide, "\xc3\xa4", 2, &state) != 2)
        fail("C.UTF-8", "does not convert");
    uselocale(before);
    return locale;
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        fail(folder, "cannot be made");
    snprintf(signature_path, sizeof signature_path, "%s/test.json", folder);
    snprintf(image_path, sizeof image_path, "%s/image.tar", folder);
    snprintf(target, sizeof target, "docker-archive:%s", image_path);
    locale_t locale = hold_locale();
    write_signatures();
    write_image();
    scan_all();
    freelocale(locale);
    unlink(image_path);
    unlink(signature_path);
    rmdir(folder);
    return 0;
}
