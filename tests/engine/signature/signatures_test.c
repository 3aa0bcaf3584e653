/*
 * Sets of signatures: files in, choices, digests. All files are made in a directory of the test's own.
 */
#include <silt/signatures.h>

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/silt-signatures-XXXXXX";
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

TestSuite(signatures, .init = set_up, .fini = tear_down);

static const char *file_path(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

static const char *write_file(const char *name, const char *text)
{
    FILE *file = fopen(file_path(name), "w");
    cr_assert_not_null(file);
    fputs(text, file);
    fclose(file);
    return file_path(name);
}

/* A file with these objects. */
static enum silt_status add(const char *name, const char *objects)
{
    static char text[1 << 16];
    snprintf(text, sizeof text, "{\"schema\":\"silt.signatures/1\",\"signatures\":[%s]}", objects);
    return silt_signatures_add(set, write_file(name, text), &error);
}

#define BODY                                                                                                 \
    "\"name\":\"N\",\"provider\":\"P\",\"severity\":\"high\",\"confidence\":\"low\",\"description\":\"D\","  \
    "\"remediation\":\"R\""
#define SIGNATURE(id, pattern) "{\"id\":\"" id "\"," BODY ",\"pattern\":\"" pattern "\"}"

Test(signatures, reads_all_fields)
{
    cr_assert_eq(
        add("a.json",
            "{\"id\":\"a-1.b.c\",\"name\":\"Näme\",\"provider\":\"P\",\"severity\":\"critical\","
            "\"confidence\":\"high\",\"pattern\":\"\\\\bx(y)\",\"prefilter\":\"x\",\"path\":\"**/*.yml\","
            "\"keywords\":[\"k1\",\"k2\"],\"within\":32,\"validators\":[\"base64\"],\"min_score\":0.5,"
            "\"companion\":{\"signature\":\"a.d\",\"within\":256},\"allow\":[\"^no$\"],\"description\":\"D\","
            "\"remediation\":\"R\",\"references\":[\"https://e.example\"],"
            "\"examples\":{\"match\":[[\"x\",\"y\"],\"xy\"],\"no_match\":[[],\"z\"]}}"),
        SILT_OK, "%s", error.message);
    const struct silt_signature *s = silt_signatures_find(set, "a-1.b.c");
    cr_assert_not_null(s);
    cr_expect_str_eq(s->name, "Näme");
    cr_expect(s->severity == SILT_CRITICAL && s->confidence == SILT_CONFIDENCE_HIGH);
    cr_expect_str_eq(s->pattern, "\\bx(y)");
    cr_expect_str_eq(s->prefilter, "x");
    cr_expect_str_eq(s->path, "**/*.yml");
    cr_expect_str_eq(s->keywords[1], "k2");
    cr_expect_null(s->keywords[2]);
    cr_expect(s->within == 32 && s->companion_within == 256 && s->min_score == 0.5);
    cr_expect_str_eq(s->validators[0], "base64");
    cr_expect_str_eq(s->companion, "a.d");
    cr_expect_str_eq(s->allow[0], "^no$");
    cr_expect_str_eq(s->references[0], "https://e.example");
    cr_expect_str_eq(s->examples_match[0], "xy");
    cr_expect_str_eq(s->examples_match[1], "xy");
    cr_expect_str_eq(s->examples_no_match[0], "");
    cr_expect_null(s->examples_no_match[2]);
    cr_expect(strstr(s->file, "a.json") != NULL);
}

Test(signatures, fills_what_is_absent)
{
    cr_assert_eq(add("a.json", "{\"id\":\"a.b\"," BODY ",\"path\":\"id_rsa\"}"), SILT_OK, "%s",
                 error.message);
    const struct silt_signature *s = silt_signatures_at(set, 0);
    cr_expect_str_empty(s->pattern);
    cr_expect_str_empty(s->companion);
    cr_expect_eq(s->within, 64);
    cr_expect(s->keywords[0] == NULL && s->references[0] == NULL && s->examples_match[0] == NULL);
}

/* What is wrong, and what the message must say beside the file's name. */
static const char *const wrong[][3] = {
    {SIGNATURE("a.b", "x") "," SIGNATURE("a.b", "y"), "a.b", "twice"},
    {"{\"id\":\"a.b\"," BODY "}", "a.b", "neither"},
    {"{\"id\":\"a.b\"," BODY ",\"pattern\":\"x\",\"patern\":\"y\"}", "a.b", "\"patern\""},
    {"{\"id\":\"a.b\"," BODY ",\"pattern\":7}", "a.b", "\"pattern\""},
    {"{\"id\":\"a.b\"," BODY ",\"pattern\":\"\"}", "a.b", "\"pattern\""},
    {"{\"id\":\"a.b\"," BODY ",\"pattern\":\"a\\u0000b\"}", "a.b", "NUL"},
    {"{\"id\":\"a.b\"," BODY ",\"pattern\":\"x\",\"keywords\":\"k\"}", "a.b", "\"keywords\""},
    {"{\"id\":\"a.b\"," BODY ",\"pattern\":\"x\",\"keywords\":[1]}", "a.b", "\"keywords\""},
    {"{\"id\":\"a.b\"," BODY ",\"pattern\":\"x\",\"within\":0}", "a.b", "\"within\""},
    {"{\"id\":\"a.b\"," BODY ",\"pattern\":\"x\",\"within\":1.5}", "a.b", "\"within\""},
    {"{\"id\":\"a.b\"," BODY ",\"pattern\":\"x\",\"min_score\":2}", "a.b", "\"min_score\""},
    {"{\"id\":\"a.b\"," BODY ",\"pattern\":\"x\",\"min_score\":\"1\"}", "a.b", "\"min_score\""},
    {"{\"id\":\"a.b\"," BODY ",\"pattern\":\"x\",\"companion\":\"c.d\"}", "a.b", "\"companion\""},
    {"{\"id\":\"a.b\"," BODY ",\"pattern\":\"x\",\"companion\":{\"within\":3}}", "a.b", "\"companion\""},
    {"{\"id\":\"a.b\"," BODY ",\"pattern\":\"x\",\"examples\":{\"mtch\":[]}}", "a.b", "examples"},
    {"{\"id\":\"a.b\"," BODY ",\"pattern\":\"x\",\"examples\":{\"match\":[[1]]}}", "a.b", "examples.match"},
    {"{\"id\":\"a.b\"," BODY ",\"pattern\":\"x\",\"disabled\":1}", "a.b", "\"disabled\""},
    {"{\"id\":\"a.b\",\"name\":\"N\",\"pattern\":\"x\"}", "a.b", "\"provider\" is missing"},
    {"{\"id\":\"a.b\",\"name\":\"N\",\"provider\":\"P\",\"severity\":\"bad\"}", "a.b", "\"severity\""},
    {"{\"id\":\"a.b\",\"name\":\"N\",\"provider\":\"P\",\"confidence\":null}", "a.b", "\"confidence\""},
    {SIGNATURE("A.b", "x"), "signature 1", "A.b"},
    {SIGNATURE("ab", "x"), "signature 1", "\"id\""},
    {SIGNATURE("a..b", "x"), "signature 1", "\"id\""},
    {SIGNATURE("a.b.", "x"), "signature 1", "\"id\""},
    {SIGNATURE("a.b", "x") ",{\"name\":\"N\"}", "signature 2", "\"id\""},
    {"3", "signature 1", "\"id\""},
};

Test(signatures, refuses_what_breaks_the_schema)
{
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        error = (struct silt_error){0};
        cr_expect_eq(add("w.json", wrong[i][0]), SILT_ERR_USAGE, "%s", wrong[i][0]);
        cr_expect(strstr(error.message, "w.json") && strstr(error.message, wrong[i][1]) &&
                      strstr(error.message, wrong[i][2]),
                  "%s gave: %s", wrong[i][0], error.message);
        cr_expect_eq(silt_signatures_count(set), 0);
    }
}

Test(signatures, refuses_other_files)
{
    static const char *const texts[] = {"{}", "[]", "{\"schema\":\"silt.signatures/2\",\"signatures\":[]}",
                                        "{\"schema\":\"silt.signatures/1\"}",
                                        "{\"schema\":\"silt.signatures/1\",\"signatures\":[],\"more\":1}"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        cr_expect_eq(silt_signatures_add(set, write_file("x.json", texts[i]), NULL), SILT_ERR_USAGE, "%s",
                     texts[i]);
    cr_expect_eq(silt_signatures_add(set, write_file("x.json", "{,}"), &error), SILT_ERR_CORRUPT);
    cr_expect(strstr(error.message, "x.json") && strstr(error.message, "line 1"), "%s", error.message);
    cr_expect_eq(silt_signatures_add(set, file_path("none.json"), &error), SILT_ERR_NOT_FOUND);
    cr_expect(strstr(error.message, "none.json") != NULL);
    cr_expect_eq(silt_signatures_add(set, "/dev/null", NULL), SILT_ERR_USAGE);
    truncate(write_file("x.json", " "), (8 << 20) + 1);
    cr_expect_eq(silt_signatures_add(set, file_path("x.json"), NULL), SILT_ERR_LIMIT);
}

Test(signatures, later_ones_replace_earlier_ones)
{
    cr_assert_eq(add("a.json", SIGNATURE("a.b", "x") "," SIGNATURE("a.c", "x")), SILT_OK);
    cr_assert_eq(add("b.json", SIGNATURE("a.b", "y") "," SIGNATURE("a.a", "x")), SILT_OK);
    cr_expect_eq(silt_signatures_count(set), 3);
    cr_expect_str_eq(silt_signatures_at(set, 0)->id, "a.a");
    cr_expect_str_eq(silt_signatures_find(set, "a.b")->pattern, "y");
    cr_assert_eq(add("c.json", "{\"id\":\"a.b\",\"disabled\":true},{\"id\":\"no.such\",\"disabled\":true}"),
                 SILT_OK);
    cr_expect_eq(silt_signatures_count(set), 2);
    cr_expect_null(silt_signatures_find(set, "a.b"));
    cr_assert_eq(add("d.json", SIGNATURE("a.b", "z")), SILT_OK);
    cr_expect_str_eq(silt_signatures_find(set, "a.b")->pattern, "z");
}

Test(signatures, reads_a_directory_by_name)
{
    cr_assert_eq(add("a.json", SIGNATURE("a.b", "x")), SILT_OK);
    cr_assert_eq(add("b.json", SIGNATURE("a.b", "y")), SILT_OK);
    write_file("README.md", "no json");
    write_file(".hidden.json", "no json");
    struct silt_signatures *other;
    cr_assert_eq(silt_signatures_new(&other, NULL), SILT_OK);
    cr_assert_eq(silt_signatures_add(other, dir, &error), SILT_OK, "%s", error.message);
    cr_expect_eq(silt_signatures_count(other), 1);
    cr_expect_str_eq(silt_signatures_at(other, 0)->pattern, "y");
    cr_expect_str_eq(silt_signatures_digest(other), silt_signatures_digest(set));
    write_file("c.json", "broken");
    cr_expect_eq(silt_signatures_add(other, dir, NULL), SILT_ERR_CORRUPT);
    cr_expect_eq(silt_signatures_count(other), 1);
    silt_signatures_free(other);
}

Test(signatures, chooses_by_id_and_glob)
{
    cr_assert_eq(add("a.json", SIGNATURE("aws.key", "x") "," SIGNATURE("github.app", "x") "," SIGNATURE(
                                   "github.pat", "x") "," SIGNATURE("gitlab.pat", "x")),
                 SILT_OK);
    cr_expect_eq(silt_signatures_only(set, (const char *[]){"github.*", "aws.kex", NULL}, &error),
                 SILT_ERR_USAGE);
    cr_expect(strstr(error.message, "aws.kex") != NULL);
    cr_expect_eq(silt_signatures_count(set), 4);
    cr_assert_eq(silt_signatures_only(set, (const char *[]){"github.*", "aws.key", NULL}, NULL), SILT_OK);
    cr_expect_eq(silt_signatures_count(set), 3);
    cr_assert_eq(silt_signatures_disable(set, (const char *[]){"github.app", NULL}, NULL), SILT_OK);
    cr_expect_eq(silt_signatures_count(set), 2);
    cr_expect_str_eq(silt_signatures_at(set, 1)->id, "github.pat");
    cr_expect_eq(silt_signatures_disable(set, (const char *[]){"github.app", NULL}, NULL), SILT_ERR_USAGE);
}

static void digest_of(const char *object, char out[72])
{
    struct silt_signatures *keep = set;
    cr_assert_eq(silt_signatures_new(&set, NULL), SILT_OK);
    cr_assert_eq(add("d.json", object), SILT_OK, "%s", error.message);
    memcpy(out, silt_signatures_digest(set), 72);
    silt_signatures_free(set);
    set = keep;
}

Test(signatures, digest_is_of_what_decides)
{
    static const char *const others[] = {
        SIGNATURE("a.b", "y"),
        SIGNATURE("a.c", "x"),
        "{\"id\":\"a.b\"," BODY ",\"pattern\":\"x\",\"within\":65}",
        "{\"id\":\"a.b\"," BODY ",\"pattern\":\"x\",\"min_score\":0.1}",
        "{\"id\":\"a.b\"," BODY ",\"pattern\":\"x\",\"keywords\":[\"k\"]}",
        "{\"id\":\"a.b\"," BODY ",\"pattern\":\"x\",\"validators\":[\"k\"]}",
        "{\"id\":\"a.b\"," BODY ",\"pattern\":\"x\",\"allow\":[\"k\"]}",
        "{\"id\":\"a.b\"," BODY ",\"pattern\":\"x\",\"path\":\"k\"}",
    };
    char first[72], other[72];
    digest_of(SIGNATURE("a.b", "x"), first);
    cr_expect_eq(strlen(first), 71);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        digest_of(others[i], other);
        cr_expect_str_neq(first, other, "%s", others[i]);
    }
    digest_of("{\"pattern\":\"x\"," BODY ",\"id\":\"a.b\",\"references\":[\"https://x\"]}", other);
    cr_expect_str_eq(first, other);
}
