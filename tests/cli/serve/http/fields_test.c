/*
 * fields_test.c: forms.
 */
#include "serve/http/fields.h"

#include <criterion/criterion.h>
#include <string.h>

static struct silt_span span(const char *text)
{
    return (struct silt_span){(const uint8_t *)text, strlen(text)};
}

Test(fields, forms)
{
    struct silt_fields fields = {0};
    silt_fields_put_form(&fields, span("a=1&b=x+y%21&&c&=d&e=%zz%4&a=2&f=%00"));
    const struct silt_request request = {.form = silt_fields_list(&fields)};
    cr_expect_str_eq(silt_request_form(&request, "a"), "1");
    cr_expect_str_eq(silt_request_form(&request, "b"), "x y!");
    cr_expect_str_eq(silt_request_form(&request, "c"), "");
    cr_expect_str_eq(silt_request_form(&request, "e"), "%zz%4");
    cr_expect_str_eq(silt_request_form(&request, "f"), "%00", "no text ends early");
    cr_expect_eq(fields.count, 6);
    silt_fields_clear(&fields);
}

Test(fields, too_many)
{
    char text[4 * SILT_FIELDS_MOST + 8] = "";
    for (int i = 0; i <= SILT_FIELDS_MOST; i++)
        strcat(text, "a=&");
    struct silt_fields fields = {0};
    silt_fields_put_form(&fields, span(text));
    cr_expect(fields.has_failed);
    cr_expect_eq(fields.count, SILT_FIELDS_MOST);
    silt_fields_clear(&fields);
}
