/*
 * allow_test.c: which comments allow a secret, and which do not. The secret is written as SECRET.
 */
#include "scan/allow.h"

#include "base/span.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

/* The reason of the comment that allows the secret in a text, or NULL. */
static const char *find(const char *text)
{
    static char reason[256];
    const char *secret = strstr(text, "SECRET");
    size_t start = (size_t)(secret - text);
    struct silt_span found;
    if (!silt_allow_find(silt_span_text(text), start, start + 6, &found))
        return NULL;
    snprintf(reason, sizeof reason, "%.*s", (int)found.size, (const char *)found.data);
    return reason;
}

Test(allow, takes_comments_of_many_languages)
{
    static const char *const texts[] = {
        "a\nkey = SECRET # silt:allow made up\nb",      "key: 'SECRET' //silt:allow: made up",
        "k = \"SECRET\"; /* silt:allow made up */ x",   "<k>SECRET</k> <!-- silt:allow made up -->",
        "SECRET -- silt:allow  made up\r\nb",           "SECRET ; silt:allow made up",
        "/* silt:allow made up */ k = SECRET",          "# silt:allow made up\nkey = SECRET",
        "a\n\t  // silt:allow made up  \nkey = SECRET", "{{! silt:allow made up }}\nSECRET",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        cr_assert_not_null(find(texts[i]), "%s", texts[i]);
        cr_expect_str_eq(find(texts[i]), "made up", "%s", texts[i]);
    }
    cr_expect_str_eq(find("SECRET # silt:allow"), "");
}

Test(allow, needs_a_comment_of_its_own)
{
    static const char *const texts[] = {
        "SECRET silt:allow",                  /* no comment sign */
        "a = OTHER # silt:allow\nb = SECRET", /* speaks of the line above */
        "# silt:allow\n\nb = SECRET",         /* not the line right above */
        "b = SECRET\n# silt:allow",           /* the line below */
        "SECRET # silt:allowed nothing",      /* another word */
        "SECRET # silt:allow \x01\x02",       /* binary */
        "SECRET # silt: allow",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        cr_expect_null(find(texts[i]), "%s", texts[i]);
}

/* A line of `size` bytes around a secret with a comment at its end. */
static bool is_allowed_in(size_t before, size_t behind)
{
    char text[4096];
    snprintf(text, sizeof text, "%*sSECRET%*s/* silt:allow */", (int)before, "", (int)behind, "");
    return find(text) != NULL;
}

Test(allow, does_not_reach_along_minified_lines)
{
    cr_expect(is_allowed_in(0, 10));
    cr_expect(is_allowed_in(SILT_ALLOW_REACH, 10));
    cr_expect(is_allowed_in(10, SILT_ALLOW_REACH - 16));
    cr_expect_not(is_allowed_in(SILT_ALLOW_REACH + 1, 10));
    cr_expect_not(is_allowed_in(10, SILT_ALLOW_REACH - 15));
    cr_expect_not(is_allowed_in(2000, 2000));
}

/* The answer is the same wherever the window around the secret was cut, beyond the reach. */
Test(allow, looks_no_further_than_its_reach)
{
    enum { SIZE = 6000, MIDDLE = 3000 };
    char text[SIZE + 1];
    memset(text, '\n', SIZE);
    text[SIZE] = '\0';
    memcpy(text + MIDDLE, "SECRET # silt:allow", 19);
    struct silt_span reason, whole = silt_span_text(text);
    size_t cut = MIDDLE - 2 * (SILT_ALLOW_REACH + 1);
    struct silt_span part = silt_span_slice(whole, cut, 4 * SILT_ALLOW_REACH);
    cr_expect(silt_allow_find(whole, MIDDLE, MIDDLE + 6, &reason));
    cr_expect(silt_allow_find(part, MIDDLE - cut, MIDDLE - cut + 6, &reason));
}
