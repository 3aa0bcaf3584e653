/*
 * output_test.c: every output, over the same story: nothing hostile gets through, secrets only where they
 * were asked for, JSON parses back, writes that fail are noticed.
 */
#include "render.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

/* Renders into memory; the caller frees it. */
static char *render(const char *format, bool shows_secrets, bool has_color, size_t *size)
{
    char *text = NULL;
    struct silt_page page;
    FILE *memory = open_memstream(&text, size);
    silt_page_init(&page, memory, 80);
    page.shows_secrets = shows_secrets;
    page.has_color = page.is_terminal = has_color;
    cr_assert(render_sample(silt_output_find(format), &page), "%s", format);
    fclose(memory);
    return text;
}

/* What may stand in a report: printable ASCII, line breaks, and characters above U+00A0 that are not bidi
 * controls. */
static void check_is_safe(const char *format, const char *text, size_t size)
{
    const uint8_t *bytes = (const uint8_t *)text;
    for (size_t i = 0; i < size; i++) {
        cr_assert(bytes[i] >= 0x20 || bytes[i] == '\n', "%s: control character %02x at %zu", format, bytes[i],
                  i);
        cr_assert(bytes[i] != 0x7F, "%s: DEL at %zu", format, i);
        cr_assert(bytes[i] != 0xC2 || bytes[i + 1] >= 0xA0, "%s: C1 control at %zu", format, i);
        cr_assert(strncmp(text + i, "\xe2\x80\xae", 3) != 0, "%s: bidi override at %zu", format, i);
        cr_assert(bytes[i] != 0xFF && bytes[i] != 0xED, "%s: broken UTF-8 at %zu", format, i);
    }
}

Test(output, lets_nothing_hostile_through)
{
    for (size_t i = 0; silt_output_names[i] != NULL; i++) {
        size_t size;
        char *text = render(silt_output_names[i], true, false, &size);
        cr_assert_gt(size, 500);
        check_is_safe(silt_output_names[i], text, size);
        free(text);
    }
}

Test(output, shows_secrets_only_when_asked)
{
    for (size_t i = 0; silt_output_names[i] != NULL; i++) {
        size_t size;
        char *text = render(silt_output_names[i], false, true, &size);
        cr_expect_null(strstr(text, "thesecretitself"), "%s leaks", silt_output_names[i]);
        free(text);
        text = render(silt_output_names[i], true, true, &size);
        cr_expect_not_null(strstr(text, "thesecretitself"), "%s hides", silt_output_names[i]);
        free(text);
    }
}

Test(output, notices_a_full_disk)
{
    for (size_t i = 0; silt_output_names[i] != NULL; i++) {
        struct silt_page page;
        cr_assert(silt_page_open(&page, "/dev/full", false));
        cr_expect(render_sample(silt_output_find(silt_output_names[i]), &page));
        cr_expect_eq(silt_page_close(&page), ENOSPC, "%s", silt_output_names[i]);
    }
}

Test(output, puts_color_on_terminals_only)
{
    size_t size;
    char *plain = render("table", false, false, &size), *colored = render("table", false, true, &size);
    cr_expect_null(strchr(plain, '\033'));
    cr_expect_not_null(strstr(colored, "\033[1;31mCRITICAL\033[0m"));
    free(plain);
    free(colored);
}

/* Checks that an object has exactly these keys in this order; keys are parted by blanks. */
static void check_keys(json_t *object, const char *expected)
{
    char keys[1024] = "";
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
        snprintf(keys + strlen(keys), sizeof keys - strlen(keys), "%s%s", keys[0] != '\0' ? " " : "", key);
    cr_expect_str_eq(keys, expected);
}

#define FINDING_START "fingerprint signature name provider severity confidence score redacted secret_hash "
#define FINDING_END                                                                                          \
    "chain line column offset origin layer state removed_in also_at package base validation decoded_from "   \
    "related "                                                                                               \
    "description remediation references"

static json_t *parse_report(bool shows_secrets)
{
    size_t size;
    char *text = render("json", shows_secrets, false, &size);
    json_error_t error;
    json_t *report = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    cr_assert_not_null(report, "%s at %d", error.text, error.position);
    free(text);
    return report;
}

Test(output, json_has_the_keys_of_the_contract)
{
    json_t *report = parse_report(false);
    json_t *image = json_array_get(json_object_get(report, "targets"), 0);
    json_t *file = json_array_get(json_object_get(report, "targets"), 1);
    json_t *findings = json_object_get(image, "findings"), *coverage = json_object_get(image, "coverage");
    check_keys(report, "schema tool signatures targets summary");
    check_keys(json_object_get(report, "signatures"), "count digest");
    check_keys(image, "target kind image findings coverage complete errors duration_ms");
    check_keys(file, "target kind findings coverage complete errors duration_ms");
    check_keys(json_object_get(image, "image"), "reference digest config_digest platform created layers");
    check_keys(json_array_get(json_object_get(json_object_get(image, "image"), "layers"), 0),
               "index digest diff_id media_type size created_by empty");
    check_keys(coverage, "entries bytes bytes_scanned archives max_depth cached_layers skipped");
    check_keys(json_array_get(json_object_get(coverage, "skipped"), 0), "path layer reason bytes");
    check_keys(json_array_get(json_object_get(image, "errors"), 0), "code message layer path");
    check_keys(json_object_get(report, "summary"), "findings by_severity allowed base complete");
    check_keys(json_object_get(json_object_get(report, "summary"), "by_severity"),
               "critical high medium low info");
    check_keys(json_array_get(findings, 1), FINDING_START "path " FINDING_END);
    check_keys(json_array_get(findings, 2), FINDING_START "path path_bytes " FINDING_END);
    json_decref(report);
    report = parse_report(true);
    findings = json_object_get(json_array_get(json_object_get(report, "targets"), 0), "findings");
    check_keys(json_array_get(findings, 1), FINDING_START "secret path " FINDING_END);
    json_decref(report);
}

/* A member by a path of keys, for strings and numbers as text. */
static const char *text_at(json_t *value, const char *key, const char *inner)
{
    json_t *member = json_object_get(value, key);
    return json_string_value(inner != NULL ? json_object_get(member, inner) : member);
}

Test(output, json_says_what_the_finding_says)
{
    json_t *report = parse_report(false);
    json_t *image = json_array_get(json_object_get(report, "targets"), 0);
    json_t *findings = json_object_get(image, "findings");
    json_t *environment = json_array_get(findings, 0), *deleted = json_array_get(findings, 1);
    json_t *hostile = json_array_get(findings, 2);
    cr_expect_str_eq(text_at(environment, "origin", NULL), "env");
    cr_expect(json_is_null(json_object_get(json_object_get(environment, "layer"), "index")));
    cr_expect_str_eq(text_at(environment, "layer", "created_by"),
                     "ENV DATABASE_URL=postgres://app:****@db/shop");
    cr_expect_str_eq(text_at(deleted, "state", NULL), "deleted");
    cr_expect_eq(json_integer_value(json_object_get(deleted, "removed_in")), 2);
    cr_expect_str_eq(text_at(deleted, "layer", "digest"), sample_layers[1].digest);
    cr_expect_eq(json_array_size(json_object_get(deleted, "also_at")), 2);
    cr_expect_str_eq(text_at(deleted, "validation", "structure"), "valid");
    cr_expect_float_eq(json_real_value(json_object_get(deleted, "score")), 0.87, 1e-9);
    cr_expect(json_is_null(json_object_get(deleted, "package")));
    cr_expect(json_is_false(json_object_get(deleted, "base")));
    cr_expect_eq(json_array_size(json_object_get(deleted, "related")), 0);
    cr_expect_str_eq(text_at(hostile, "path_bytes", NULL),
                     "696e20736964652f651b5d303b6f776e656407c29b316de280aeffc3287f225c0a2573eda080");
    cr_expect_str_eq(text_at(hostile, "path", NULL),
                     "in side/e\033]0;owned\007\xc2\x9b\x31m\xe2\x80\xae\xef\xbf\xbd\xef\xbf\xbd(\x7f\"\\\n%s"
                     "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    cr_expect(json_is_false(json_object_get(image, "complete")));
    cr_expect(
        json_is_true(json_object_get(json_array_get(json_object_get(report, "targets"), 1), "complete")));
    cr_expect_eq(json_integer_value(json_object_get(json_object_get(report, "summary"), "findings")), 3);
    json_decref(report);
}

Test(output, jsonl_is_one_finding_a_line)
{
    size_t size, count = 0;
    char *text = render("jsonl", false, false, &size), *rest = text, *line;
    while ((line = strsep(&rest, "\n")) != NULL && line[0] != '\0') {
        json_t *finding = json_loads(line, 0, NULL);
        cr_assert_not_null(finding);
        cr_expect_str_eq(text_at(finding, "target", NULL), "docker-archive:shop.tar");
        json_decref(finding);
        count++;
    }
    cr_expect_eq(count, 3);
    free(text);
}

Test(output, sarif_names_rule_place_and_layer)
{
    size_t size;
    char *text = render("sarif", false, false, &size);
    json_t *log = json_loadb(text, size, 0, NULL);
    json_t *run = json_array_get(json_object_get(log, "runs"), 0), *results = json_object_get(run, "results");
    json_t *rules = json_object_get(json_object_get(json_object_get(run, "tool"), "driver"), "rules");
    json_t *invocation = json_array_get(json_object_get(run, "invocations"), 0);
    json_t *deleted = json_array_get(results, 1), *hostile = json_array_get(results, 2);
    cr_assert_eq(json_array_size(rules), 2);
    cr_expect_str_eq(text_at(json_array_get(rules, 1), "properties", "security-severity"), "9.5");
    cr_expect_str_eq(text_at(json_array_get(rules, 1), "defaultConfiguration", "level"), "error");
    cr_expect_str_eq(text_at(deleted, "partialFingerprints", "silt/v1"), "00112233445566778899aabbccddeeff");
    json_t *location = json_array_get(json_object_get(deleted, "locations"), 0);
    cr_expect_str_eq(text_at(json_object_get(location, "physicalLocation"), "artifactLocation", "uri"),
                     "srv/app/config.yml");
    cr_expect_str_eq(
        text_at(json_array_get(json_object_get(location, "logicalLocations"), 0), "fullyQualifiedName", NULL),
        sample_layers[1].digest);
    location = json_array_get(json_object_get(hostile, "locations"), 0);
    const char *uri = text_at(json_object_get(location, "physicalLocation"), "artifactLocation", "uri");
    cr_expect_eq(
        strncmp(uri, "opt/outer.jar!/lib/e%1B%5D0;owned%07%C2%9B1m%E2%80%AE%FF%C3(%7F%22%5C%0A%25s%ED%A0%80",
                78),
        0, "%s", uri);
    cr_expect(json_is_false(json_object_get(invocation, "executionSuccessful")));
    cr_expect_eq(json_array_size(json_object_get(invocation, "toolExecutionNotifications")), 3);
    json_decref(log);
    free(text);
}

Test(output, table_tells_the_story)
{
    static const char *const lines[] = {
        "registry.example.com/shop:1.4\n",
        "  Layer 1 · sha256:222222222222 · 1.7 MiB\n  COPY app /srv/app\n",
        "    CRITICAL  Example access token  exa_****…9f3c\n              srv/app/config.yml:12:9\n",
        "deleted by layer 2, but still in the image\n",
        "              ENV DATABASE_URL=postgres://app:****@db/shop\n",
        "  Not scanned: 1 encrypted\n",
        ("3 secrets in 2 targets: 1 critical, 1 high, 1 low\n1 more at low confidence, see --min-confidence "
         "low\n"),
        "The scan is incomplete",
        "    Revoke it in the account's settings under Tokens",
    };
    size_t size;
    char *text = render("table", false, false, &size);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        cr_expect_not_null(strstr(text, lines[i]), "not in the table: %s", lines[i]);
    free(text);
}

/* jansson's n-th allocation fails: no crash, no leak, and the output says that its report is not whole. */
static size_t allocations_left;

static void *allocate_while_left(size_t size)
{
    return allocations_left > 0 && allocations_left-- > 0 ? malloc(size) : NULL;
}

Test(output, survives_every_failed_allocation)
{
    static const char *const formats[] = {"json", "jsonl", "sarif", "gitlab"};
    json_set_alloc_funcs(allocate_while_left, free);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        bool is_whole = false;
        size_t count = 0;
        for (; !is_whole && count < 20000; count += 7) {
            struct silt_page page;
            FILE *nowhere = fopen("/dev/null", "w");
            silt_page_init(&page, nowhere, 80);
            allocations_left = count;
            is_whole = render_sample(silt_output_find(formats[i]), &page);
            cr_expect(is_whole || allocations_left == 0);
            fclose(nowhere);
        }
        cr_expect(is_whole, "%s", formats[i]);
        cr_expect_gt(count, 50, "%s", formats[i]);
    }
}
