/*
 * Rulesets: compiled, kept in a cache, found again; damage and strangers' files are never used.
 */
#include "match/ruleset.h"

#include "base/span.h"
#include "match/matcher.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[] = "/tmp/silt-ruleset-XXXXXX";
static struct silt_signatures *set;
static struct silt_error error;

static void set_up(void)
{
    cr_assert_not_null(mkdtemp(dir));
    cr_assert_eq(silt_signatures_new(&set, NULL), SILT_OK);
}

static void tear_down(void)
{
    char command[128];
    silt_signatures_free(set);
    snprintf(command, sizeof command, "rm -rf %s", dir);
    cr_assert_eq(system(command), 0);
}

TestSuite(ruleset, .init = set_up, .fini = tear_down);

#define BODY                                                                                                 \
    "\"name\":\"N\",\"provider\":\"P\",\"severity\":\"high\",\"confidence\":\"low\",\"description\":\"D\","  \
    "\"remediation\":\"R\","
#define SIGNATURE(id, pattern) "{\"id\":\"" id "\"," BODY "\"pattern\":\"" pattern "\"}"

static void add(const char *objects)
{
    char path[256];
    snprintf(path, sizeof path, "%s/s.json", dir);
    FILE *file = fopen(path, "w");
    fprintf(file, "{\"schema\":\"silt.signatures/1\",\"signatures\":[%s]}", objects);
    fclose(file);
    cr_assert_eq(silt_signatures_add(set, path, &error), SILT_OK, "%s", error.message);
}

static const char *sub_dir(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

static struct silt_ruleset *open_cached(void)
{
    struct silt_ruleset_paths paths = {.cache_dir = sub_dir("cache/deep")};
    struct silt_ruleset *ruleset = NULL;
    cr_assert_eq(silt_ruleset_open(set, &paths, &ruleset, &error), SILT_OK, "%s", error.message);
    return ruleset;
}

/* The only file of a kind in the cache, which holds one of each. */
static const char *file_of_kind(const char *suffix)
{
    static char path[768];
    int files = 0;
    DIR *stream = opendir(sub_dir("cache/deep"));
    cr_assert_not_null(stream);
    for (struct dirent *entry; (entry = readdir(stream)) != NULL;) {
        if (entry->d_name[0] == '.' || !silt_span_has_suffix(silt_span_text(entry->d_name), suffix))
            continue;
        files++;
        snprintf(path, sizeof path, "%s/cache/deep/%s", dir, entry->d_name);
    }
    closedir(stream);
    cr_assert_eq(files, 1);
    return path;
}

static const char *cache_file(void)
{
    return file_of_kind(".hsdb");
}

static void expect_candidate(const struct silt_ruleset *ruleset, const char *text, size_t rule, size_t end)
{
    struct silt_matcher *matcher;
    struct silt_candidates found;
    cr_assert_eq(silt_matcher_new(ruleset, &matcher, NULL), SILT_OK);
    cr_assert_eq(silt_matcher_find(matcher, silt_span_text(text), &found, NULL), SILT_OK);
    cr_assert_eq(found.count, 1, "%zu candidates in %s", found.count, text);
    cr_expect(found.items[0].rule == rule && found.items[0].end == end, "%u at %u", found.items[0].rule,
              found.items[0].end);
    silt_matcher_free(matcher);
}

Test(ruleset, numbers_rules_as_the_set_does)
{
    add(SIGNATURE("b.token", "tok_[0-9]{20}") ",{\"id\":\"a.file\"," BODY "\"path\":\"id_rsa\"}," SIGNATURE(
        "c.long", "[0-9a-z]{14}\\\\.marker\\\\.[a-z]{30}"));
    struct silt_ruleset *ruleset;
    cr_assert_eq(silt_ruleset_open(set, NULL, &ruleset, &error), SILT_OK, "%s", error.message);
    cr_assert_eq(silt_ruleset_count(ruleset), 3);
    cr_expect_eq(silt_ruleset_signatures(ruleset), set);
    for (size_t i = 0; i < 3; i++)
        cr_expect_eq(silt_ruleset_at(ruleset, i)->signature, silt_signatures_at(set, i));
    cr_expect_eq(silt_ruleset_at(ruleset, 0)->reach, 0);
    cr_expect_eq(silt_ruleset_at(ruleset, 1)->reach, 5);
    expect_candidate(ruleset, "= tok_01234567890123456789", 1, 7);
    silt_ruleset_free(ruleset);
}

Test(ruleset, may_have_no_pattern_at_all)
{
    struct silt_ruleset *ruleset;
    struct silt_matcher *matcher;
    struct silt_candidates found;
    cr_assert_eq(silt_ruleset_open(set, NULL, &ruleset, NULL), SILT_OK);
    cr_assert_eq(silt_matcher_new(ruleset, &matcher, NULL), SILT_OK);
    cr_assert_eq(silt_matcher_find(matcher, silt_span_text("x"), &found, NULL), SILT_OK);
    cr_expect_eq(found.count, 0);
    silt_matcher_free(matcher);
    silt_ruleset_free(ruleset);
}

/* Patterns that are refused, and what the message says beside file and id. */
static const char *const refused[][2] = {
    {"tok_[a-z]{20,}", "without bound: tok_"},
    {"tok_.*", "without bound"},
    {"tok_[a-z]{16384}", "16388 bytes"},
    {"(?:tok_)?", "empty text"},
    {"(?R)tok", "Hyperscan"},
    {"tok(", "Hyperscan"},
};

Test(ruleset, refuses_patterns_by_file_and_id)
{
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        char object[512];
        struct silt_ruleset *ruleset;
        snprintf(object, sizeof object, "{\"id\":\"a.bad\"," BODY "\"pattern\":\"%s\"}", refused[i][0]);
        add(object);
        cr_expect_eq(silt_ruleset_open(set, NULL, &ruleset, &error), SILT_ERR_USAGE, "%s", refused[i][0]);
        cr_expect(strstr(error.message, "s.json: a.bad: ") && strstr(error.message, refused[i][1]), "%s",
                  error.message);
    }
    add("{\"id\":\"a.bad\"," BODY "\"pattern\":\"tok_[a-z]{9}\",\"prefilter\":\"tok(\"}");
    struct silt_ruleset *ruleset;
    cr_expect_eq(silt_ruleset_open(set, NULL, &ruleset, &error), SILT_ERR_USAGE);
    add("{\"id\":\"a.bad\"," BODY "\"pattern\":\"tok_[a-z]{9}\",\"prefilter\":\".*tok_\"}");
    cr_expect_eq(silt_ruleset_open(set, NULL, &ruleset, &error), SILT_ERR_USAGE);
}

Test(ruleset, takes_what_it_cannot_read_as_a_whole)
{
    add(SIGNATURE("a.whole", "(?|(a)|(b))tok_\\\\1[0-9]{3}"));
    struct silt_ruleset *ruleset;
    cr_assert_eq(silt_ruleset_open(set, NULL, &ruleset, &error), SILT_ERR_USAGE);
    add("{\"id\":\"a.whole\"," BODY
        "\"pattern\":\"tok_\\\\x{0041}[0-9]{3}(?=\\\\12)\",\"prefilter\":\"tok_A\"}");
    cr_assert_eq(silt_ruleset_open(set, NULL, &ruleset, &error), SILT_OK, "%s", error.message);
    silt_ruleset_free(ruleset);
}

Test(ruleset, keeps_what_it_compiled)
{
    add(SIGNATURE("a.token", "tok_[0-9]{20}"));
    silt_ruleset_free(open_cached());
    struct stat first, second;
    cr_assert_eq(stat(cache_file(), &first), 0);
    cr_expect_eq(first.st_mode & 0777, 0600);
    struct silt_ruleset *ruleset = open_cached();
    expect_candidate(ruleset, "tok_01234567890123456789", 0, 5);
    silt_ruleset_free(ruleset);
    cr_assert_eq(stat(cache_file(), &second), 0);
    cr_expect_eq(first.st_ino, second.st_ino, "compiled again");
}

Test(ruleset, works_without_a_cache_that_can_be_written)
{
    add(SIGNATURE("a.token", "tok_[0-9]{20}"));
    struct silt_ruleset_paths paths = {.cache_dir = "/proc/no/such", .prebuilt_dir = "/nonexistent"};
    struct silt_ruleset *ruleset;
    cr_assert_eq(silt_ruleset_open(set, &paths, &ruleset, &error), SILT_OK, "%s", error.message);
    expect_candidate(ruleset, "tok_01234567890123456789", 0, 5);
    silt_ruleset_free(ruleset);
}

static void flip_byte(const char *path, long offset)
{
    FILE *file = fopen(path, "r+");
    fseek(file, offset, SEEK_SET);
    int c = fgetc(file);
    fseek(file, offset, SEEK_SET);
    fputc(c ^ 0x10, file);
    fclose(file);
}

static void open_and_match(void)
{
    struct silt_ruleset *ruleset = open_cached();
    expect_candidate(ruleset, "tok_01234567890123456789", 0, 5);
    silt_ruleset_free(ruleset);
}

static void expect_damage_noticed(const char *kind, long offset)
{
    struct stat before, after;
    flip_byte(file_of_kind(kind), offset);
    cr_assert_eq(stat(file_of_kind(kind), &before), 0);
    open_and_match();
    cr_assert_eq(stat(file_of_kind(kind), &after), 0);
    cr_expect_neq(before.st_ino, after.st_ino, "%s: byte %ld went unnoticed", kind, offset);
}

static void expect_no_damaged_file_used(const char *kind)
{
    struct stat info;
    add(SIGNATURE("a.token", "tok_[0-9]{20}"));
    silt_ruleset_free(open_cached());
    cr_assert_eq(stat(file_of_kind(kind), &info), 0);
    srand(7);
    for (int i = 0; i < 60; i++)
        expect_damage_noticed(kind, i < 40 ? i * 3 : rand() % (long)info.st_size);
    cr_assert_eq(truncate(file_of_kind(kind), info.st_size / 2), 0);
    open_and_match();
    cr_assert_eq(truncate(file_of_kind(kind), 0), 0);
    open_and_match();
    struct stat last;
    cr_assert_eq(stat(file_of_kind(kind), &last), 0);
    cr_expect_eq(info.st_size, last.st_size);
}

Test(ruleset, never_uses_a_damaged_file, .timeout = 120)
{
    expect_no_damaged_file_used(".hsdb");
}

Test(ruleset, never_uses_a_damaged_plan, .timeout = 120)
{
    expect_no_damaged_file_used(".plan");
}

Test(ruleset, never_uses_a_file_that_others_may_write)
{
    add(SIGNATURE("a.token", "tok_[0-9]{20}"));
    silt_ruleset_free(open_cached());
    cr_assert_eq(chmod(cache_file(), 0622), 0);
    silt_ruleset_free(open_cached());
    struct stat info;
    cr_assert_eq(stat(cache_file(), &info), 0);
    cr_expect_eq(info.st_mode & 0777, 0600, "not written anew");
}

/* A file under the name of another is not taken for it: neither a level's, nor another set's. */
Test(ruleset, keeps_levels_and_keys_apart)
{
    char command[1024];
    struct stat before, after;
    add(SIGNATURE("a.token", "tok_[0-9]{5}"));
    silt_ruleset_free(open_cached());
    snprintf(command, sizeof command, "cd %s/cache/deep && mv *.hsdb ../h && mv *.plan ../p", dir);
    cr_assert_eq(system(command), 0);
    add(SIGNATURE("a.token", "tok_[0-9]{20}"));
    silt_ruleset_free(open_cached());
    snprintf(command, sizeof command, "cd %s/cache/deep && cp ../h *.hsdb && cp ../p *.plan", dir);
    cr_assert_eq(system(command), 0);
    cr_assert_eq(stat(cache_file(), &before), 0);
    open_and_match();
    cr_assert_eq(stat(cache_file(), &after), 0);
    cr_expect_neq(before.st_ino, after.st_ino, "another set's file was used");
}

/* What does not change an expression does not compile anew, however it changes what is found. */
Test(ruleset, compiles_by_expressions_only)
{
    add(SIGNATURE("a.token", "tok_[0-9]{20}"));
    silt_ruleset_free(open_cached());
    add("{\"id\":\"a.token\"," BODY "\"pattern\":\"tok_[0-9]{20}\",\"keywords\":[\"k\"]}");
    silt_ruleset_free(open_cached());
    cache_file(); /* that there is one only */
    add("{\"id\":\"a.token\"," BODY "\"pattern\":\"tok_[0-9]{20}\",\"prefilter\":\"tok_[0-9]\"}");
    struct silt_ruleset *ruleset = open_cached();
    expect_candidate(ruleset, "tok_01234567890123456789", 0, 5);
    silt_ruleset_free(ruleset);
}

Test(ruleset, builds_for_all_levels_and_finds_one)
{
    add(SIGNATURE("a.token", "tok_[0-9]{20}"));
    cr_assert_eq(silt_ruleset_build(set, sub_dir("share"), &error), SILT_OK, "%s", error.message);
    struct silt_ruleset_paths paths = {.prebuilt_dir = sub_dir("share")};
    struct silt_ruleset *ruleset;
    cr_assert_eq(silt_ruleset_open(set, &paths, &ruleset, &error), SILT_OK, "%s", error.message);
    expect_candidate(ruleset, "tok_01234567890123456789", 0, 5);
    silt_ruleset_free(ruleset);
    char command[512];
    snprintf(command, sizeof command,
             "test $(ls %s/share/x86-64-v[234]-*.hsdb | wc -l) = 3 && test -r %s/share/*.plan", dir, dir);
    cr_expect_eq(system(command), 0);
    /* with the lowest level only, it is still found: nothing is written to the cache */
    snprintf(command, sizeof command, "rm %s/share/x86-64-v[34]-*", dir);
    cr_assert_eq(system(command), 0);
    char cache[512];
    snprintf(cache, sizeof cache, "%s/empty", dir);
    paths.cache_dir = cache;
    cr_assert_eq(silt_ruleset_open(set, &paths, &ruleset, &error), SILT_OK, "%s", error.message);
    silt_ruleset_free(ruleset);
    cr_expect_neq(access(cache, F_OK), 0);
}

/* Opens the ruleset again and again, removing the file now and then. No assertions: Criterion's are for its
 * own process. */
static int fill_cache(int number, const char *file)
{
    struct silt_ruleset_paths paths = {.cache_dir = sub_dir("cache/deep")};
    for (int round = 0; round < 10; round++) {
        struct silt_ruleset *ruleset;
        if (silt_ruleset_open(set, &paths, &ruleset, NULL) != SILT_OK)
            return 1;
        silt_ruleset_free(ruleset);
        if (round % 3 == number % 3)
            unlink(file);
    }
    return 0;
}

Test(ruleset, several_processes_may_fill_one_cache, .timeout = 120)
{
    add(SIGNATURE("a.token", "tok_[0-9]{20}"));
    silt_ruleset_free(open_cached());
    const char *file = cache_file();
    pid_t children[6];
    for (int i = 0; i < 6; i++) {
        children[i] = fork();
        if (children[i] == 0)
            _exit(fill_cache(i, file));
    }
    for (int i = 0; i < 6; i++) {
        int status;
        cr_assert_eq(waitpid(children[i], &status, 0), children[i]);
        cr_expect_eq(status, 0);
    }
    struct silt_ruleset *ruleset = open_cached();
    expect_candidate(ruleset, "tok_01234567890123456789", 0, 5);
    silt_ruleset_free(ruleset);
    cr_expect_not_null(cache_file());
}
