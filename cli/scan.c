/*
 * scan.c: the command `silt scan`: its options, and the way from them to an audit.
 */
#include "audit.h"
#include "command.h"
#include "config.h"
#include "crew.h"
#include "datadir.h"
#include "escape.h"
#include "registries.h"
#include "rules.h"
#include "scan_options.h"
#include "targets.h"
#include "verdict.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const examples[] = {
    "silt scan myapp.tar",
    "the images in an archive that docker save or podman save wrote",
    "docker save myapp | silt scan -",
    "the same without a file",
    "silt scan oci:build/image:latest --platform linux/arm64",
    "one image of an OCI layout",
    "silt scan ghcr.io/team/app:1.2",
    "an image in a registry, with the login that docker or podman has kept",
    "silt scan docker://registry.example/team/app --since 7d --referrers",
    "its images of the last week and what is attached to them, each layer once",
    "silt scan docker-daemon:myapp",
    "an image that Docker or podman has here",
    "silt scan dist/*.whl app.jar --format sarif --output silt.sarif --fail-on high",
    "artifacts in CI: exit code 1 from high severity on",
    "silt scan '**/*.jar' @artifacts.txt --baseline silt-baseline.json",
    "all jars below here and what a list names, but for what is known",
    "silt scan app.tar --base docker://debian:12 --ignore-base",
    "what the image adds to the one that it was made from",
    "silt scan dir:rootfs --report json=all.json --report sarif=silt.sarif",
    "a table here, and two reports in files",
    NULL,
};

static const char text[] =
    "Scans images and artifacts for credentials. A TARGET is a file, a directory, an image in a registry or "
    "transport:location:\n"
    "docker-archive:FILE[:REF], oci:DIR[:REF], oci-archive:FILE[:REF], docker://HOST/REPO[:TAG|@DIGEST], "
    "docker-daemon:IMAGE, dir:DIR, file:FILE, or - for a tar stream on standard input. Without a transport, "
    "what a path holds is found out by looking into it, and what is no path is an image in a registry.\n\n"
    "Several targets are scanned at a time and reported in their order. @FILE stands for the targets in a "
    "file, one a line; @- for those on standard input. A pattern stands for the files that fit it, also "
    "where no shell reads it: * and ? stay within a folder, ** does not.\n\n"
    "Logins come from docker's config.json and podman's auth.json, credential helpers included; "
    "REGISTRY_AUTH_FILE and DOCKER_CONFIG name other files. DOCKER_HOST says where the daemon "
    "is, https_proxy and no_proxy what is asked through a proxy.\n\n"
    "What stands in a file just as a distribution's package (dpkg, apk, rpm) brought it is info, by the "
    "records of the image itself.\n\n"
    "Exit code: 0 scanned completely, nothing at or above --fail-on; 1 findings; 2 wrong usage; 3 something "
    "could not be scanned, and there are no findings.";

static bool complain(const char *what, const char *about, const char *why)
{
    fprintf(stderr, "silt: %s ", what);
    silt_escape_print_text(stderr, about);
    fprintf(stderr, "%s\n", why);
    return false;
}

/* Whether colour is wanted at all; only a terminal gets it. */
static bool wants_color(const struct silt_scan_settings *settings)
{
    const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");
    bool is_refused = settings->no_color || (no_color != NULL && no_color[0] != '\0');
    return !is_refused && terminal != NULL && strcmp(terminal, "dumb") != 0;
}

static bool open_report(struct silt_audit *audit, const struct silt_scan_settings *settings,
                        const struct silt_output *output, const char *path)
{
    if (audit->report_count == SILT_AUDIT_MOST_REPORTS)
        return complain("the report", path, " is one too many");
    struct silt_audit_report *report = &audit->reports[audit->report_count];
    bool is_open = silt_page_open(&report->page, path, settings->show_secrets);
    if (!is_open) {
        char why[128];
        snprintf(why, sizeof why, ": %s", strerror(errno));
        return complain("cannot write to", report->page.path, why);
    }
    report->output = output;
    report->page.shows_allowed = settings->show_allowed;
    report->page.has_color = report->page.is_terminal && wants_color(settings);
    audit->report_count++;
    for (size_t i = 0; i + 1 < audit->report_count; i++)
        if (strcmp(audit->reports[i].page.path, report->page.path) == 0)
            return complain("two reports cannot go to", report->page.path,
                            " together; --report FORMAT=FILE names a file for one");
    return true;
}

/* Opens FORMAT=FILE. */
static bool open_named_report(struct silt_audit *audit, const struct silt_scan_settings *settings,
                              const char *word)
{
    char format[32];
    size_t size = strcspn(word, "=");
    if (word[size] == '\0' || word[size + 1] == '\0')
        return complain("--report", word, " is not FORMAT=FILE");
    snprintf(format, sizeof format, "%.*s", (int)size, word);
    const struct silt_output *output = silt_output_find(format);
    if (output == NULL)
        return complain("--report: there is no format", format, "; see --format");
    return open_report(audit, settings, output, word + size + 1);
}

/* Reports are opened before the scan, so that a wrong path costs no time. */
static bool open_reports(struct silt_audit *audit, const struct silt_scan_settings *settings)
{
    const struct silt_output *output = silt_output_find(silt_output_names[settings->format]);
    bool is_table_here = settings->format == 0 && strcmp(settings->output, "-") == 0;
    if (!(settings->quiet && is_table_here) && !open_report(audit, settings, output, settings->output))
        return false;
    for (size_t i = 0; i < settings->reports.count; i++)
        if (!open_named_report(audit, settings, settings->reports.items[i]))
            return false;
    return true;
}

static void fill_scan(const struct silt_scan_settings *settings, struct silt_scan_options *options)
{
    silt_scan_options_init(options);
    options->jobs = settings->jobs;
    options->max_depth = settings->max_depth;
    options->max_entry_size = settings->max_entry_size;
    options->max_total_size = settings->max_total_size;
    options->max_ratio = settings->max_ratio;
    options->max_memory = settings->max_memory;
    options->timeout_ms = settings->timeout_ms;
    options->platform = settings->platform;
    options->all_platforms = settings->all_platforms;
    options->stdin_fd = STDIN_FILENO;
    options->wants_secrets = settings->show_secrets;
}

/* The layer cache; NULL if none is wanted, or nobody knows where it would be. */
static struct silt_cache *open_cache(const struct silt_scan_settings *settings)
{
    char usual[PATH_MAX];
    struct silt_cache *cache = NULL;
    struct silt_error error = {0};
    const char *dir = settings->cache_dir;
    if (settings->no_cache || settings->cache_size == 0)
        return NULL;
    if (dir == NULL && silt_datadir_cache(usual))
        dir = usual;
    if (dir != NULL && silt_store_open(dir, settings->cache_size, &cache, &error) != SILT_OK)
        complain("no layer cache:", error.message, "");
    return cache;
}

/* A cache that cannot be used is no reason to fail, but to be slower than need be. */
static void close_cache(struct silt_cache *cache, bool is_quiet)
{
    const char *said = cache != NULL ? cache->ops->complaint(cache) : NULL;
    if (said != NULL && !is_quiet)
        complain("note:", said, "");
    silt_cache_free(cache);
}

static bool write_baseline(const struct silt_scan_settings *settings, const struct silt_audit *audit)
{
    const char *user = getenv("USER");
    const struct silt_baseline_terms terms = {
        settings->baseline_reason, settings->baseline_author != NULL ? settings->baseline_author : user,
        settings->baseline_expires};
    return settings->write_baseline == NULL ||
           silt_baseline_write(&audit->policy->baseline, &audit->results, &terms, settings->write_baseline);
}

/* Scans with rules that are loaded; answers the exit code. */
static int audit_targets(const struct silt_scan_settings *settings, const struct silt_rules *rules,
                         const struct silt_registries *registries, const struct silt_words *targets)
{
    struct silt_scan_options options;
    struct silt_crew crew = {0};
    struct silt_error error = {0};
    struct silt_policy policy = {0};
    struct silt_bases bases = {0};
    struct silt_audit audit = {.policy = &policy, .bases = &bases, .is_quiet = settings->quiet};
    int code = SILT_EXIT_USAGE;
    audit.results.keeps_secrets = settings->show_secrets;
    audit.results.signatures = rules->set;
    audit.results.occasion.commit = settings->commit;
    silt_progress_init(&audit.progress, stderr, !settings->quiet && !settings->no_progress);
    fill_scan(settings, &options);
    options.cache = open_cache(settings);
    options.registry = &registries->options;
    if (!silt_policy_load(&policy, settings) || !open_reports(&audit, settings))
        goto out;
    if (silt_crew_gather(&crew, rules->ruleset, &options, targets->count, &error) != SILT_OK) {
        complain("cannot start:", error.message, "");
        goto out;
    }
    if (!silt_bases_load(&bases, crew.scanners[0], &settings->base))
        goto out;
    silt_audit_run(&audit, crew.scanners, targets->items);
    audit.has_failed = !write_baseline(settings, &audit) || audit.has_failed;
    code = silt_verdict_exit(&(struct silt_verdict){.has_failed = audit.has_failed,
                                                    .has_findings = audit.has_findings,
                                                    .is_complete = silt_results_is_complete(&audit.results),
                                                    .allow_incomplete = settings->allow_incomplete});
out:
    silt_audit_clear(&audit);
    silt_policy_clear(&policy);
    silt_bases_clear(&bases);
    silt_crew_clear(&crew);
    close_cache(options.cache, settings->quiet);
    return code;
}

/* Guards against calls that would do nothing or wait forever. */
static bool are_targets_good(const struct silt_words *targets)
{
    if (targets->count == 0) {
        fputs("silt: nothing to scan: name an image, a file or a directory\n"
              "  silt scan --help tells how.\n",
              stderr);
        return false;
    }
    for (size_t i = 0; i < targets->count; i++)
        if (strcmp(targets->items[i], "-") == 0 && isatty(STDIN_FILENO) == 1)
            return complain("target", "-", " reads standard input, which is a terminal: pipe a tar into it");
    return true;
}

/* Reads the configuration that the command line or the environment names, or the one that is found. */
static bool load_config(const struct silt_command *command, char *const *words, struct silt_config *config)
{
    struct silt_scan_settings settings = {0};
    struct silt_words targets = {0};
    bool is_good = silt_options_parse(command->options, words, &settings, &targets, stderr);
    bool is_named = settings.config != NULL && !settings.no_config;
    if (is_good && is_named)
        snprintf(config->path, sizeof config->path, "%s", settings.config);
    if (is_good && (is_named || (!settings.no_config && silt_config_find(config))))
        is_good = silt_config_load(config, command->options);
    silt_words_clear(&targets);
    silt_options_clear(command->options, &settings);
    return is_good;
}

/* One line about a configuration that was found, so that nobody wonders. */
static void tell_config(const struct silt_config *config, const struct silt_scan_settings *settings)
{
    if (config->presets == NULL || settings->config != NULL || settings->quiet)
        return;
    fputs("silt: options from ", stderr);
    silt_escape_print_text(stderr, config->path);
    fputc('\n', stderr);
}

static int run(const struct silt_command *command, char *const *words)
{
    struct silt_scan_settings settings = {0};
    struct silt_words operands = {0}, targets = {0};
    struct silt_rules rules = {0};
    struct silt_config config = {0};
    struct silt_registries registries = {0};
    int code = SILT_EXIT_USAGE;
    if (load_config(command, words, &config) &&
        silt_options_parse_over(command->options, config.presets, words, &settings, &operands, stderr) &&
        silt_targets_expand(&operands, &targets) && are_targets_good(&targets) &&
        silt_registries_set_up(&registries, &settings, &targets)) {
        const struct silt_rules_choice choice = {&settings.signatures, &settings.only, &settings.disable,
                                                 settings.cache_dir, settings.no_cache};
        tell_config(&config, &settings);
        if (silt_rules_load(&rules, &choice, false) && silt_rules_compile(&rules, &choice))
            code = audit_targets(&settings, &rules, &registries, &targets);
    }
    silt_registries_clear(&registries);
    silt_rules_clear(&rules);
    silt_words_clear(&targets);
    silt_words_clear(&operands);
    silt_options_clear(command->options, &settings);
    silt_config_clear(&config);
    return code;
}

const struct silt_command silt_scan_command = {
    .name = "scan",
    .usage = "[OPTIONS] TARGET...",
    .summary = "scan images and artifacts",
    .text = text,
    .examples = examples,
    .options = silt_scan_options_rows,
    .run = run,
};
