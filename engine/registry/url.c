/*
 * url.c: addresses by libcurl's parser.
 */
#include "registry/url.h"

#include "base/error.h"

#include <ctype.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <strings.h>

static bool has_part(CURLU *url, CURLUPart part)
{
    char *text = NULL;
    bool is_there = curl_url_get(url, part, &text, 0) == CURLUE_OK;
    curl_free(text);
    return is_there;
}

static bool copy_host(CURLU *url, char out[SILT_URL_HOST_SIZE])
{
    char *host = NULL;
    if (curl_url_get(url, CURLUPART_HOST, &host, 0) != CURLUE_OK)
        return false;
    size_t size = strlen(host);
    bool fits = size > 0 && size < SILT_URL_HOST_SIZE;
    for (size_t i = 0; fits && i <= size; i++)
        out[i] = (char)tolower((unsigned char)host[i]);
    curl_free(host);
    return fits;
}

static bool read_port(CURLU *url, unsigned *out)
{
    char *port = NULL;
    if (curl_url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) != CURLUE_OK)
        return false;
    *out = (unsigned)strtoul(port, NULL, 10);
    curl_free(port);
    return true;
}

static bool read_scheme(CURLU *url, bool *is_tls)
{
    char *scheme = NULL;
    if (curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK)
        return false;
    *is_tls = strcasecmp(scheme, "https") == 0;
    bool is_known = *is_tls || strcasecmp(scheme, "http") == 0;
    curl_free(scheme);
    return is_known;
}

static bool read_site(CURLU *url, struct silt_site *out)
{
    return read_scheme(url, &out->is_tls) && copy_host(url, out->host) && read_port(url, &out->port) &&
           !has_part(url, CURLUPART_USER) && !has_part(url, CURLUPART_PASSWORD);
}

static enum silt_status refuse(const char *url, struct silt_error *error)
{
    return silt_error_set(error, SILT_ERR_CORRUPT,
                          "'%.200s' is no address to go to: only https and http are, without a user name",
                          url);
}

enum silt_status silt_url_site(const char *url, struct silt_site *out, struct silt_error *error)
{
    *out = (struct silt_site){0};
    CURLU *parsed = curl_url();
    if (parsed == NULL)
        return silt_error_memory(error);
    bool is_good = curl_url_set(parsed, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
                   read_site(parsed, out);
    curl_url_cleanup(parsed);
    return is_good ? SILT_OK : refuse(url, error);
}

bool silt_url_is_same(const struct silt_site *a, const struct silt_site *b)
{
    return a->is_tls == b->is_tls && a->port == b->port && strcmp(a->host, b->host) == 0;
}

/* Whether HOST or HOST:PORT means a site; a host without a port means all its ports. */
static bool is_named(const struct silt_site *site, const char *name)
{
    size_t host = strlen(site->host);
    if (strncasecmp(name, site->host, host) != 0)
        return false;
    if (name[host] == '\0')
        return true;
    return name[host] == ':' && strtoul(name + host + 1, NULL, 10) == site->port;
}

bool silt_url_is_listed(const struct silt_site *site, const char *const *list)
{
    for (; list != NULL && *list != NULL; list++)
        if (is_named(site, *list))
            return true;
    return false;
}

static enum silt_status keep(const char *url, struct silt_buffer *out, struct silt_error *error)
{
    out->size = 0;
    return silt_buffer_append(out, silt_span_of(url, strlen(url) + 1), error);
}

enum silt_status silt_url_join(const char *base, struct silt_span reference, struct silt_buffer *out,
                               struct silt_error *error)
{
    if (reference.size == 0)
        return refuse("", error);
    char *text = strndup((const char *)reference.data, reference.size), *joined = NULL;
    CURLU *url = curl_url();
    struct silt_site site;
    enum silt_status status = SILT_OK;
    if (text == NULL || url == NULL)
        status = silt_error_memory(error);
    else if (reference.size > SILT_URL_SIZE_MAX || strlen(text) != reference.size ||
             curl_url_set(url, CURLUPART_URL, base, 0) != CURLUE_OK ||
             curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK ||
             !read_site(url, &site) || curl_url_get(url, CURLUPART_URL, &joined, 0) != CURLUE_OK)
        status = refuse(text, error);
    if (status == SILT_OK)
        status = joined != NULL ? keep(joined, out, error) : silt_error_memory(error);
    curl_free(joined);
    curl_url_cleanup(url);
    free(text);
    return status;
}

enum silt_status silt_url_escape(struct silt_buffer *out, const char *text, struct silt_error *error)
{
    static const char digits[] = "0123456789ABCDEF";
    enum silt_status status = SILT_OK;
    for (; *text != '\0' && status == SILT_OK; text++) {
        unsigned char byte = (unsigned char)*text;
        char code[3] = {'%', digits[byte >> 4], digits[byte & 15]};
        bool is_plain = isalnum(byte) || strchr("-._~", byte) != NULL;
        status = silt_buffer_append(out, is_plain ? silt_span_of(text, 1) : silt_span_of(code, 3), error);
    }
    return status;
}
