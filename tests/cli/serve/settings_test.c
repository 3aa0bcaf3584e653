/*
 * settings_test.c: options, environment and file together; each mistake is told with its key.
 */
#include "serve/settings_load.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];

static void set_up(void)
{
    strcpy(folder, "/tmp/silt-settings-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    cr_redirect_stderr();
}

static void tear_down(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    cr_expect_eq(system(command), 0);
}

TestSuite(settings, .init = set_up, .fini = tear_down);

static const char *write_file(const char *name, const char *text)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
    return path;
}

/* Loads with a file (NULL: none), words, and a state directory below the test's. */
static bool load(struct silt_settings_options *options, const char *json, char *const *words)
{
    char config[160], state[96];
    char *line[16] = {config};
    size_t count = 0;
    if (json != NULL) {
        snprintf(config, sizeof config, "--config=%s", write_file("serve.json", json));
        count++;
    }
    snprintf(state, sizeof state, "%s/a/b", folder);
    setenv("SILT_STATE_DIR", state, 1);
    for (; words != NULL && *words != NULL; words++)
        line[count++] = *words;
    return silt_settings_load(options, line);
}

Test(settings, a_registry_is_enough)
{
    struct silt_settings_options options = {0};
    char *words[] = {"--registry", "registry:5000=localhost:5000,Other", "--plain-http", "registry:5000",
                     NULL};
    cr_assert(load(&options, NULL, words));
    const struct silt_settings *settings = &options.settings;
    cr_expect_str_eq(settings->listen, "127.0.0.1:8080");
    cr_expect_eq(settings->registry_count, 1);
    cr_expect_str_eq(settings->registries[0].host, "registry:5000");
    cr_expect(settings->registries[0].plain_http && !settings->registries[0].insecure);
    cr_expect_eq(silt_settings_find_registry(settings, "LOCALHOST:5000"), &settings->registries[0]);
    cr_expect_eq(silt_settings_find_registry(settings, "other"), &settings->registries[0]);
    cr_expect_null(silt_settings_find_registry(settings, "localhost"));
    cr_expect_eq(settings->tokens.count, 1);
    cr_expect_eq(strlen(settings->tokens.items[0]), 64);
    cr_expect_str_eq(settings->hooks[0].dialect, "*");
    cr_expect_str_eq(settings->hooks[0].registry, "registry:5000");
    struct silt_settings_options again = {0};
    cr_assert(load(&again, NULL, words));
    cr_expect_str_eq(again.settings.tokens.items[0], settings->tokens.items[0], "a token is made once");
    char path[128];
    struct stat status;
    snprintf(path, sizeof path, "%s/a/b/api-token", folder);
    cr_expect(stat(path, &status) == 0 && (status.st_mode & 077) == 0);
    silt_settings_load_clear(&options);
    silt_settings_load_clear(&again);
}

Test(settings, the_nearest_wins)
{
    struct silt_settings_options options = {0};
    write_file("secret", "0123456789abcdef-file\n");
    setenv("TEST_SECRET", "0123456789abcdef-env", 1);
    setenv("SILT_WORKERS", "5", 1);
    setenv("SILT_MAX_QUEUE", "6", 1);
    const char *json = "{\"workers\": 3, \"max-queue\": 4, \"max-attempts\": 7, \"max-memory\": \"128M\", "
                       "\"referrers\": true,"
                       " \"registries\": [{\"host\": \"r.example\", \"username\": \"u\", \"password\": "
                       "\"p\", \"sweep\": \"none\","
                       "   \"concurrency\": 2, \"aliases\": [\"r\"], \"insecure\": true}],"
                       " \"hooks\": [{\"dialect\": \"harbor\", \"secret\": {\"file\": \"secret\"}, "
                       "\"registry\": \"r.example\"}],"
                       " \"tokens\": [{\"env\": \"TEST_SECRET\"}],"
                       " \"announcements\": [{\"kind\": \"slack\", \"url\": \"https://x.example/\", "
                       "\"min-severity\": \"high\"}]}";
    char *words[] = {"--max-queue=8", NULL};
    cr_assert(load(&options, json, words));
    const struct silt_settings *settings = &options.settings;
    cr_expect_eq(settings->max_attempts, 7);
    cr_expect_eq(settings->workers, 5);
    cr_expect_eq(settings->max_queue, 8);
    cr_expect_eq(settings->max_memory, 128 << 20);
    cr_expect(settings->referrers);
    cr_expect_eq(settings->registries[0].sweep_ms, 0);
    cr_expect_eq(settings->registries[0].concurrency, 2);
    cr_expect_str_eq(settings->registries[0].password, "p");
    cr_expect_eq(settings->hook_count, 1, "no secret is made where one is configured");
    cr_expect_str_eq(settings->hooks[0].secret, "0123456789abcdef-file");
    cr_expect_str_eq(settings->tokens.items[0], "0123456789abcdef-env");
    cr_expect_eq(settings->announcements[0].min_severity, SILT_HIGH);
    silt_settings_load_clear(&options);
}

#define REGISTRY "\"registries\": [{\"host\": \"r.example\"}]"

Test(settings, mistakes_are_told_with_their_key)
{
    static const struct {
        const char *json, *told;
    } rows[] = {
        {"{", "line 1"},
        {"[]", "no JSON object"},
        {"{\"registry\": 5}", "registry: it must be a string"},
        {"{}", "no registry is named"},
        {"{\"registrys\": []}", "registrys: there is no such key; did you mean registry"},
        {"{\"config\": \"x\"}", "config: it is taken from the command line only"},
        {"{\"registries\": {}}", "registries: it must be an array"},
        {"{\"registries\": [5]}", "registries[0]: it must be an object"},
        {"{\"registries\": [{}]}", "registries[0].host: it is missing"},
        {"{\"registries\": [{\"host\": \"a.b\"}, {\"host\": \"b.c\", \"plainhttp\": true}]}",
         "registries[1].plainhttp: there is no such key; did you mean plain-http?"},
        {"{\"registries\": [{\"host\": \"a.b\", \"concurrency\": 65}]}",
         "registries[0].concurrency: it must be a whole number from 1 to 64"},
        {"{\"registries\": [{\"host\": \"a.b\", \"insecure\": 1}]}",
         "registries[0].insecure: it must be true or"},
        {"{\"registries\": [{\"host\": \"a.b\", \"sweep\": \"soon\"}]}",
         "registries[0].sweep: it must be a duration"},
        {"{\"registries\": [{\"host\": \"a.b\", \"aliases\": [1]}]}",
         "registries[0].aliases: it must be an array"},
        {"{\"registries\": [{\"host\": \"a.b\", \"username\": \"u\"}]}",
         "a.b: username and password belong together"},
        {"{\"registries\": [{\"host\": \"https://a.b\"}]}", "https://a.b is no host"},
        {"{" REGISTRY ", \"hooks\": [{\"dialect\": \"zot\", \"secret\": \"short\"}]}",
         "hooks[0].secret: it must have at least 16"},
        {"{" REGISTRY ", \"hooks\": [{\"dialect\": \"zot\", \"secret\": 7}]}",
         "hooks[0].secret: it must be a string, {"},
        {"{" REGISTRY ", \"hooks\": [{\"dialect\": \"zot\", \"secret\": {\"file\": \"gone\"}}]}",
         "gone: No such file"},
        {"{" REGISTRY ", \"hooks\": [{\"dialect\": \"zot\", \"secret\": {\"env\": \"NOT_SET\"}}]}",
         "hooks[0].secret: the environment variable NOT_SET is not set"},
        {"{" REGISTRY
         ", \"hooks\": [{\"dialect\": \"zot\", \"secret\": \"0123456789abcdef\", \"registry\": \"z\"}]}",
         "z is not one of the registries"},
        {"{" REGISTRY ", \"tokens\": [\"short\"]}", "tokens[0]: it must have at least 16"},
        {"{" REGISTRY ", \"announcements\": [{\"kind\": \"mail\"}]}",
         "announcements[0].kind: it must be one of webhook, slack, cloudevents, referrer"},
        {"{" REGISTRY ", \"announcements\": [{\"kind\": \"slack\", \"url\": \"file:///etc\"}]}",
         "its url must begin"},
        {"{" REGISTRY ", \"workers\": 65}", "workers: 65 is not a whole number from 0 to 64"},
        {"{" REGISTRY ", \"workers\": [1]}", "workers: it must be a string or a number"},
        {"{" REGISTRY ", \"max-memory\": \"big\"}", "max-memory: big is not a size"},
        {"{" REGISTRY ", \"tls-cert\": \"c.pem\"}", "tls-cert and tls-key belong together"},
        {"{" REGISTRY ", \"trusted-proxy\": [\"proxy\"]}", "trusted-proxy: proxy is no address"},
        {"{" REGISTRY ", \"plain-http\": [\"other\"]}", "--plain-http: other is no registry"},
    };
    char told[64 * 1024] = "";
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct silt_settings_options options = {0};
        cr_expect_not(load(&options, rows[i].json, NULL), "%s", rows[i].json);
        silt_settings_load_clear(&options);
    }
    fflush(stderr);
    size_t size = fread(told, 1, sizeof told - 1, cr_get_redirected_stderr());
    told[size] = '\0';
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_not_null(strstr(told, rows[i].told), "not told: %s\n%s", rows[i].told, told);
}
