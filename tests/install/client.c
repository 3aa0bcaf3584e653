/*
 * client.c: all that a program on libsilt has to do: find secrets in a buffer, a file, a directory or an
 * image. usage: client SIGNATURES DATABASES [TARGET...]
 */
#include <silt/silt.h>
#include <stdio.h>
#include <string.h>

/* Called for each secret; the finding is lent until it returns. Answering false would end the scan. */
static bool show(void *context, const struct silt_finding *finding)
{
    ++*(int *)context;
    printf("%s in %.*s, line %llu: %.*s\n", finding->signature->id, (int)finding->place.path.size,
           (const char *)finding->place.path.data, (unsigned long long)finding->line,
           (int)finding->redacted.size, (const char *)finding->redacted.data);
    return true;
}

int main(int argc, char **argv)
{
    const char *text = "# settings\ntoken = glpat-"
                       "Xk4mVq8rTz2LbNw7YcHd\n";
    struct silt_span bytes = {(const uint8_t *)text, strlen(text)};
    struct silt_ruleset_paths paths = {.prebuilt_dir = argc >= 3 ? argv[2] : NULL};
    struct silt_signatures *set = NULL;
    struct silt_ruleset *ruleset = NULL;
    struct silt_scanner *scanner = NULL;
    struct silt_error error = {0};
    int count = 0;
    struct silt_sink sink = {.context = &count, .finding = show};
    bool is_done = argc >= 3 && !silt_signatures_new(&set, &error) &&
                   !silt_signatures_add(set, argv[1], &error) &&
                   !silt_ruleset_open(set, &paths, &ruleset, &error) &&
                   !silt_scanner_new(ruleset, NULL, &scanner, &error) &&
                   !silt_scanner_scan_buffer(scanner, "app.conf", bytes, &sink, &error);
    for (int i = 3; i < argc && is_done; i++)
        is_done = !silt_scanner_scan(scanner, argv[i], &sink, &error);
    if (!is_done)
        fprintf(stderr, "client: %s\n", error.message);
    silt_scanner_free(scanner);
    silt_ruleset_free(ruleset);
    silt_signatures_free(set);
    return is_done && count > 0 ? 0 : 1;
}
