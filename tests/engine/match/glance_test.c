/*
 * Glances: wrong on one side only. What PCRE2 makes of all signatures is compared in tests/truth.
 */
#include "match/glance.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* The answer for a text in which matches begin with `hit`, bytes of the pattern itself. */
static bool ask(const char *pattern, const char *hit, const char *text, uint32_t head)
{
    struct silt_glances glances;
    uint32_t program, size = (uint32_t)strlen(hit);
    struct silt_glance_hit where = {size, size, head};
    silt_glance_init(&glances);
    cr_assert_eq(silt_glance_put(&glances, pattern, &where, &program, NULL), SILT_OK);
    cr_assert_neq(program, SILT_GLANCE_NONE, "%s: no glance", pattern);
    cr_assert(strstr(text, hit) != NULL);
    size_t end = (size_t)(strstr(text, hit) - text) + size;
    bool answer = silt_glance_may_match(&glances, program, silt_span_text(text), end, &where);
    silt_glance_clear(&glances);
    return answer;
}

/* With and without the short look behind the hit. */
static bool may_match(const char *pattern, const char *hit, const char *text)
{
    bool answer = ask(pattern, hit, text, 0);
    cr_expect_eq(ask(pattern, hit, text, (uint32_t)strlen(hit)), answer, "%s in %s", pattern, text);
    return answer;
}

Test(glance, follows_a_pattern)
{
    const char *pattern =
        "vendor[a-z_]{0,20}(?:key|token)[\"']?[ ]{0,8}(?:=>|:=|[=:])[ ]{0,8}[\"']?([0-9a-f]{16})";
    cr_expect(may_match(pattern, "vendor", "the vendor_api_key = '0123456789abcdef'"));
    cr_expect(may_match(pattern, "vendor", "vendor_token\": \"0123456789abcdef\""));
    cr_expect(may_match(pattern, "vendor", "vendortoken=>0123456789abcdef"));
    cr_expect_not(may_match(pattern, "vendor", "vendor_api_key is '0123456789abcdef'"), "no operator");
    cr_expect_not(may_match(pattern, "vendor", "vendor_api_key = '0123456789abcdeg'"), "an alphabet");
    cr_expect_not(may_match(pattern, "vendor", "vendor_api_key = '0123456789abcde"), "a byte too few");
    cr_expect_not(may_match(pattern, "vendor", "vendor_name = '0123456789abcdef'"), "no kind");
    cr_expect_not(may_match(pattern, "vendor", "vendor"), "nothing behind");
}

Test(glance, looks_around)
{
    cr_expect(may_match("(?<![0-9a-z])abc_[0-9]{4}(?![0-9])", "abc_", "x=abc_1234."));
    cr_expect_not(may_match("(?<![0-9a-z])abc_[0-9]{4}(?![0-9])", "abc_", "xabc_1234."));
    cr_expect_not(may_match("(?<![0-9a-z])abc_[0-9]{4}(?![0-9])", "abc_", "x=abc_12345"));
    cr_expect(may_match("(?:(?<![a-z])|(?<=\\\\[nrt]))abc_[0-9]{4}", "abc_", "x\\nabc_1234"));
    cr_expect_not(may_match("(?:(?<![a-z])|(?<=\\\\[nrt]))abc_[0-9]{4}", "abc_", "x\\zabc_1234"));
    cr_expect(may_match("abc_(?=[^ ]{0,9}[0-9])[a-z0-9]{4}", "abc_", "abc_xy9z"));
    cr_expect_not(may_match("abc_(?=[^ ]{0,9}[0-9])[a-z0-9]{4}", "abc_", "abc_xyzz 9"));
    cr_expect_not(may_match("abc_(?!xy|zz)[a-z0-9]{4}", "abc_", "abc_xyzz"));
    cr_expect(may_match("abc_(?!xy|zz)[a-z0-9]{4}", "abc_", "abc_xxzz"));
}

/* Assertions that the tree widens must refuse nothing. */
Test(glance, takes_what_it_cannot_tell_for_a_match)
{
    cr_expect(may_match("abc_(?!xy\\b)[a-z]{4}", "abc_", "abc_xyzz"));
    cr_expect(may_match("abc_(?!x$)[a-z]{4}", "abc_", "abc_xyzz"));
    cr_expect(may_match("abc_(?!(?!x)y)[a-z]{4}", "abc_", "abc_yyzz"));
    cr_expect(may_match("abc_(?!\\p{Lu})[a-z]{4}", "abc_", "abc_yyzz"));
    cr_expect(may_match("abc_(?=[a-z]|\\z)x{0,4}", "abc_", "abc_"));
    cr_expect(may_match("abc_[a-z]{90}", "abc_",
                        "abc_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"));
    cr_expect_not(may_match("abc_[a-z]{90}", "abc_", "abc_xxxxx"));
}

Test(glance, repeats_groups)
{
    cr_expect(may_match("abc(?:-[0-9]{4}){3}(?![0-9-])", "abc", "abc-1234-1234-1234"));
    cr_expect_not(may_match("abc(?:-[0-9]{4}){3}(?![0-9-])", "abc", "abc-1234-1234-123"));
    cr_expect(may_match("abc(?:-[0-9]){6}x", "abc", "abc-1-2-3-4-5-6x"));
    cr_expect_not(may_match("abc(?:-[0-9]){6}x", "abc", "abc-1-2-3-4-x"));
    cr_expect(may_match("abc(?:_ci)?=x", "abc", "abc=x"));
    cr_expect(may_match("abc(?:_ci)?=x", "abc", "abc_ci=x"));
    cr_expect_not(may_match("abc(?:_ci)?=x", "abc", "abc_cd=x"));
}

/* At each place of a window, near its ends too. */
Test(glance, sees_no_byte_outside)
{
    const char match[] = "key='0123456789abcdef'";
    for (size_t before = 0; before < 70; before++)
        for (size_t after = 0; after < 70; after += 23) {
            size_t size = before + sizeof match - 1 + after;
            char *text = malloc(size + 1);
            memset(text, ' ', size);
            text[size] = '\0';
            memcpy(text + before, match, sizeof match - 1);
            cr_expect(may_match("key[=:]'([0-9a-f]{16})'", "key", text), "%zu, %zu", before, after);
            text[before + sizeof match - 2] = ' ';
            cr_expect_not(may_match("key[=:]'([0-9a-f]{16})'", "key", text), "%zu, %zu", before, after);
            free(text);
        }
}

Test(glance, refuses_broken_programs)
{
    struct silt_glances glances;
    uint32_t program;
    struct silt_glance_hit hit = {3, 3, 0};
    silt_glance_init(&glances);
    cr_assert_eq(silt_glance_put(&glances, "key(?:a|b|c(?:d|e))", &hit, &program, NULL), SILT_OK);
    cr_expect(silt_glance_link(&glances) && silt_glance_has(&glances, program));
    cr_expect_not(silt_glance_has(&glances, program + 1));
    struct silt_glance_step *steps = glances.steps.items;
    for (size_t i = 0; i < glances.steps.count; i++)
        for (uint16_t kind = 0; kind < 40; kind++) {
            struct silt_glance_step kept = steps[i];
            steps[i].kind = kind;
            steps[i].set = (uint16_t)(kind * 7);
            if (silt_glance_link(&glances))
                silt_glance_may_match(&glances, program, silt_span_text("a key for a lock"), 5, &hit);
            steps[i] = kept;
        }
    silt_glance_clear(&glances);
}
