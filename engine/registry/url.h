/*
 * url.h: addresses: joined, compared, and looked at for what may be sent there. Parsed by libcurl, so that
 * what is checked is what is asked.
 */
#ifndef SILT_REGISTRY_URL_H
#define SILT_REGISTRY_URL_H

#include "base/buffer.h"

enum { SILT_URL_HOST_SIZE = 256, SILT_URL_SIZE_MAX = 16 * 1024 };

/* The site that an address leads to. Two sites are the same if all three are. */
struct silt_site {
    bool is_tls;
    char host[SILT_URL_HOST_SIZE]; /* in lower case */
    unsigned port;
};

/* Takes an address apart. CORRUPT unless it is http or https, with a host and without user name and password:
 * those would be sent along. */
SILT_MUST_USE enum silt_status silt_url_site(const char *url, struct silt_site *out,
                                             struct silt_error *error);

/* Whether two sites are the same. */
bool silt_url_is_same(const struct silt_site *a, const struct silt_site *b);

/* Whether a list of HOST[:PORT], NULL-terminated or NULL, names the site. */
bool silt_url_is_listed(const struct silt_site *site, const char *const *list);

/* Resolves a reference, absolute or relative, against the address in which it was found (RFC 3986, 5). The
 * answer is NUL-terminated. CORRUPT as silt_url_site. */
SILT_MUST_USE enum silt_status silt_url_join(const char *base, struct silt_span reference,
                                             struct silt_buffer *out, struct silt_error *error);

/* Appends text in which all but unreserved characters are percent-encoded (RFC 3986, 2.3). */
SILT_MUST_USE enum silt_status silt_url_escape(struct silt_buffer *out, const char *text,
                                               struct silt_error *error);

#endif
