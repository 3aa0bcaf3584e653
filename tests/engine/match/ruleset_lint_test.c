/*
 * Lint: each thing that can be said about a signature is said, and nothing about a good one.
 */
#include <silt/scanner.h>

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BODY                                                                                                 \
    "{\"id\":\"a.b\",\"name\":\"N\",\"provider\":\"P\",\"severity\":\"low\",\"confidence\":\"low\","         \
    "\"description\":\"D\",\"remediation\":\"R\","
#define GOOD                                                                                                 \
    "\"references\":[\"https://"                                                                             \
    "e.example\"],\"examples\":{\"match\":[\"tok_12345678\",\"tok_00000000\"],\"no_match\":[\"x\",\"y\"]}"

struct heard {
    char text[4096];
    int errors, count;
};

static bool hear(void *context, const struct silt_lint *lint)
{
    struct heard *heard = context;
    heard->count++;
    heard->errors += lint->is_error;
    size_t used = strlen(heard->text);
    snprintf(heard->text + used, sizeof heard->text - used, "%s: %s\n", lint->signature->id, lint->message);
    return heard->count < 10;
}

static struct heard lint(const char *object)
{
    char path[] = "/tmp/silt-lint-XXXXXX.json";
    FILE *file = fdopen(mkstemps(path, 5), "w");
    fprintf(file, "{\"schema\":\"silt.signatures/1\",\"signatures\":[%s]}", object);
    fclose(file);
    struct silt_signatures *set;
    struct silt_error error = {0};
    struct heard heard = {0};
    cr_assert_eq(silt_signatures_new(&set, NULL), SILT_OK);
    cr_assert_eq(silt_signatures_add(set, path, &error), SILT_OK, "%s", error.message);
    unlink(path);
    cr_assert_eq(silt_ruleset_lint(set, hear, &heard, &error), SILT_OK, "%s", error.message);
    silt_signatures_free(set);
    return heard;
}

Test(ruleset_lint, has_nothing_to_say_about_a_good_one)
{
    struct heard heard = lint(BODY "\"pattern\":\"tok_[0-9]{8}\"," GOOD "}");
    cr_expect_eq(heard.count, 0, "%s", heard.text);
}

/* Fields, whether it is an error, and what is said. */
struct expectation {
    const char *object;
    int errors;
    const char *says;
};

static const struct expectation expectations[] = {
    {BODY "\"pattern\":\"tok_[0-9]{8}\"}", 2, "no references"},
    {BODY "\"pattern\":\"tok_[0-9]{8,}\"," GOOD "}", 1, "without bound"},
    {BODY "\"pattern\":\"tok_[0-9]{20000}\"," GOOD "}", 1, "20004 bytes"},
    {BODY "\"pattern\":\"tik_[0-9]{8}\"," GOOD "}", 2, "matching example 2"},
    {BODY "\"pattern\":\"[a-z_0-9]{12}\"," GOOD "}", 0, "looked for as a whole"},
    {BODY "\"pattern\":\"[^x]{1,200}_[0-9]{8}\"," GOOD "}", 0, "looked for as a whole"},
    {BODY "\"pattern\":\"value[a-z_0-9]{9}\"," GOOD "}", 2, "nothing rarer"},
    {BODY "\"pattern\":\"tok_[0-9]{8}\",\"prefilter\":\".{1,400}tik_\"," GOOD "}", 2, "matching example 1"},
    {BODY "\"pattern\":\"tok_[0-9]{8}\",\"prefilter\":\"tok_(\"," GOOD "}", 1, "Hyperscan"},
    {BODY "\"pattern\":\"tok_[0-9]{8}\",\"companion\":{\"signature\":\"c.d\"}," GOOD "}", 1, "c.d"},
};

Test(ruleset_lint, says_what_is_wrong)
{
    for (size_t i = 0; i < sizeof expectations / sizeof expectations[0]; i++) {
        struct heard heard = lint(expectations[i].object);
        cr_expect(strstr(heard.text, expectations[i].says) != NULL, "%s said: %s", expectations[i].object,
                  heard.text);
        cr_expect_eq(heard.errors, expectations[i].errors, "%s said: %s", expectations[i].object, heard.text);
    }
}
