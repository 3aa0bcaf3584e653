/*
 * reference.c: familiar names, as docker's reference package has them.
 */
#include "image/reference.h"

#include "base/span.h"

static struct silt_span without_prefix(struct silt_span name, const char *prefix)
{
    return silt_span_has_prefix(name, prefix) ? silt_span_slice(name, strlen(prefix), name.size) : name;
}

static struct silt_span familiar(const char *text)
{
    struct silt_span name = without_prefix(silt_span_text(text), "index.");
    name = without_prefix(name, "docker.io/");
    name = without_prefix(name, "localhost/");
    name = without_prefix(name, "library/");
    if (silt_span_has_suffix(name, ":latest"))
        name.size -= strlen(":latest");
    return name;
}

bool silt_reference_match(const char *wanted, const char *offered)
{
    return strcmp(wanted, offered) == 0 || silt_span_equal(familiar(wanted), familiar(offered));
}
