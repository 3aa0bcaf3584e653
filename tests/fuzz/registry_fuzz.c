/*
 * registry_fuzz.c: any bytes as what users and registries write: references, challenges, links, addresses,
 * token answers, dates.
 */
#include "registry/challenge.h"
#include "registry/created.h"
#include "registry/image_name.h"
#include "registry/link.h"
#include "registry/retry.h"
#include "registry/token.h"
#include "registry/url.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A name that is taken apart must be made of parts that pass by themselves: they become addresses. */
static void read_name(struct silt_span text)
{
    struct silt_image_name name;
    if (silt_image_name_parse(text, &name, NULL) != SILT_OK)
        return;
    bool has_tag = name.tag[0] != '\0', has_digest = name.digest[0] != '\0';
    if (!silt_image_name_is_repository(silt_span_text(name.repository)) ||
        (has_tag && !silt_image_name_is_tag(silt_span_text(name.tag))) ||
        (has_digest && !silt_image_name_is_digest(silt_span_text(name.digest))) ||
        strstr(name.repository, "..") != NULL)
        abort();
}

/* A reference may lead to http and https alone, and never with a password. */
static void read_reference(struct silt_span text)
{
    struct silt_buffer out = {0};
    struct silt_site site;
    if (silt_url_join("https://host/v2/x?y", text, &out, NULL) == SILT_OK &&
        (silt_url_site((const char *)out.data, &site, NULL) != SILT_OK || site.host[0] == '\0'))
        abort();
    silt_buffer_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct silt_span text = {data, size};
    struct silt_challenge challenge = {0};
    struct silt_buffer token = {0};
    int64_t created;
    char *copy = size > 0 ? strndup((const char *)data, size) : NULL;
    read_name(text);
    silt_challenge_read(text, &challenge);
    struct silt_span next = silt_link_next(text);
    if (next.size > 0 && (next.data < data || next.data + next.size > data + size))
        abort();
    read_reference(next);
    read_reference(text);
    (void)silt_retry_parse_after(text, 0);
    if (silt_token_parse(text, &token, NULL) == SILT_OK && strpbrk((const char *)token.data, "\r\n ") != NULL)
        abort();
    silt_buffer_clear(&token);
    if (copy != NULL)
        (void)silt_created_parse(copy, &created);
    free(copy);
    return 0;
}
