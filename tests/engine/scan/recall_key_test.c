/*
 * Everything that decides what is found makes another key, and nothing else does.
 */
#include "scan/recall_key.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct silt_signatures *signatures[2];
static struct silt_ruleset *rulesets[2];
static struct silt_scan_options options;
static struct silt_scan scan;
static struct silt_blob_task task;
static struct silt_digest digest;

static void open_rules(int which, const char *pattern)
{
    char path[] = "/tmp/silt-recall-XXXXXX";
    struct silt_error error = {0};
    const struct silt_ruleset_paths paths = {NULL, NULL};
    FILE *file = fdopen(mkstemp(path), "w");
    cr_assert_not_null(file);
    fprintf(file,
            "{\"schema\": \"silt.signatures/1\", \"signatures\": [{\"id\": \"a.b\", \"name\": \"n\", "
            "\"provider\": \"p\", \"severity\": \"high\", \"confidence\": \"high\", \"pattern\": \"%s\", "
            "\"description\": \"d\", \"remediation\": \"r\", \"references\": [\"https://example.com/\"], "
            "\"examples\": {\"match\": [\"exaabc\", \"exaabc\"], \"no_match\": [\"x\", \"y\"]}}]}",
            pattern);
    fclose(file);
    cr_assert_eq(silt_signatures_new(&signatures[which], NULL), SILT_OK);
    cr_assert_eq(silt_signatures_add(signatures[which], path, &error), SILT_OK, "%s", error.message);
    cr_assert_eq(silt_ruleset_open(signatures[which], &paths, &rulesets[which], &error), SILT_OK, "%s",
                 error.message);
    unlink(path);
}

static void set_up(void)
{
    open_rules(0, "(exaabc)");
    open_rules(1, "(exaabd)");
    silt_scan_options_init(&options);
    scan = (struct silt_scan){.ruleset = rulesets[0], .options = &options};
    task = (struct silt_blob_task){.is_layer = true};
}

static void tear_down(void)
{
    for (int i = 0; i < 2; i++) {
        silt_ruleset_free(rulesets[i]);
        silt_signatures_free(signatures[i]);
    }
}

TestSuite(recall_key, .init = set_up, .fini = tear_down);

static struct silt_cache_key make_key(void)
{
    struct silt_cache_key key;
    cr_assert(silt_recall_key_of_blob(&scan, &task, &digest, &key));
    return key;
}

static bool is_same(struct silt_cache_key a, struct silt_cache_key b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

/* The members of struct silt_scan_options, as the header has them: those in the key, and those that change
 * nothing about a result that is kept. */
static const struct {
    const char *name;
    size_t offset;
    bool is_in_key;
} members[] = {
#define MEMBER(name, is_in_key)                                                                              \
    {                                                                                                        \
#name, offsetof(struct silt_scan_options, name), is_in_key                                           \
    }
    MEMBER(jobs, false),           MEMBER(max_depth, true), MEMBER(max_entry_size, true),
    MEMBER(max_total_size, false), MEMBER(max_ratio, true), MEMBER(max_memory, true),
    MEMBER(timeout_ms, false),     MEMBER(platform, false), MEMBER(all_platforms, false),
    MEMBER(all_matches, true),     MEMBER(stdin_fd, false), MEMBER(cache, false),
    MEMBER(wants_secrets, false),  MEMBER(registry, false),
};

enum { MEMBERS = sizeof members / sizeof *members };

Test(recall_key, holds_the_options_that_matter)
{
    struct silt_cache_key usual = make_key();
    for (size_t i = 0; i < MEMBERS; i++) {
        unsigned char *byte = (unsigned char *)&options + members[i].offset;
        *byte ^= 1;
        cr_expect_neq(is_same(make_key(), usual), members[i].is_in_key, "%s", members[i].name);
        *byte ^= 1;
    }
}

/* A new option is to be put into the list above: is a layer's result another with it? */
Test(recall_key, knows_every_option)
{
    FILE *file = fopen(SILT_SOURCE_DIR "/include/silt/scanner.h", "r");
    char line[256];
    size_t count = 0;
    bool is_inside = false;
    cr_assert_not_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        const char *end = strchr(line, ';');
        if (is_inside && line[0] == '}')
            break;
        if (is_inside && end != NULL) {
            size_t size = 0;
            while (end - size > line && strchr(" *", end[-1 - (long)size]) == NULL)
                size++;
            cr_assert_lt(count, MEMBERS, "a new option: %s", line);
            cr_expect(silt_span_equal(silt_span_of(end - size, size), silt_span_text(members[count].name)),
                      "%s, not %s", members[count].name, line);
            count++;
        }
        is_inside = is_inside || strcmp(line, "struct silt_scan_options {\n") == 0;
    }
    fclose(file);
    cr_expect_eq(count, MEMBERS);
}

Test(recall_key, holds_the_signatures_the_bytes_and_how_they_are_taken)
{
    struct silt_cache_key usual = make_key();
    scan.ruleset = rulesets[1];
    cr_expect_not(is_same(make_key(), usual));
    scan.ruleset = rulesets[0];
    digest.bytes[31] ^= 1;
    cr_expect_not(is_same(make_key(), usual));
    digest.bytes[31] ^= 1;
    cr_expect(is_same(make_key(), usual));
    task.is_layer = false;
    struct silt_cache_key file = make_key();
    task.is_target = true;
    struct silt_cache_key target = make_key();
    task.name = silt_span_text("a");
    struct silt_cache_key named = make_key();
    cr_expect_not(is_same(file, usual) || is_same(target, file) || is_same(named, target));
    struct silt_blob_task promised = task;
    promised.digest = promised.diff_id = "sha256:of no importance";
    promised.reads_ahead = true;
    task = promised;
    cr_expect(is_same(make_key(), named), "a promise is no part of it");
}

Test(recall_key, of_a_file_holds_all_of_its_identity)
{
    struct silt_identity identity = {0};
    struct silt_cache_key usual, other;
    cr_assert(silt_recall_key_of_file(&identity, &usual));
    for (size_t i = 0; i < sizeof identity; i++) {
        ((unsigned char *)&identity)[i] ^= 1;
        cr_assert(silt_recall_key_of_file(&identity, &other));
        cr_expect_not(is_same(usual, other), "byte %zu", i);
        ((unsigned char *)&identity)[i] ^= 1;
    }
}
