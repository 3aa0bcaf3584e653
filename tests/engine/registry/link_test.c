/*
 * Link headers: the next page, among others, in all ways of writing.
 */
#include "registry/link.h"

#include <criterion/criterion.h>

static void check(const char *value, const char *expected)
{
    struct silt_span next = silt_link_next(silt_span_text(value));
    cr_expect(silt_span_is_text(next, expected), "%s: '%.*s'", value, (int)next.size,
              (const char *)next.data);
}

Test(link, next)
{
    check("</v2/_catalog?last=b&n=2>; rel=\"next\"", "/v2/_catalog?last=b&n=2");
    check("<a>; rel=next", "a");
    check("<a>;REL=\"NEXT\"", "a");
    check("<a>; title=\"x; rel=next\"; rel=\"prev next\"", "a");
    check("<a>; rel=prev, <b>; rel=next", "b");
    check("<a>; rel=\"prev\",<b>; x; rel = next , <c>; rel=next", "b");
}

Test(link, none)
{
    check("", "");
    check("<a>", "");
    check("<a>; rel=prev", "");
    check("<a>; rel=prev; rel=next", "");
    check("<a; rel=next", "");
    check("a; rel=next", "");
    check("<a>; rel=\"nextish\"", "");
    check("<a>; rel", "");
    check("<a>; rel=\"", "");
}
