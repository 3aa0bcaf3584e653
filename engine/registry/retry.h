/*
 * retry.h: when to ask again, and after how long.
 */
#ifndef SILT_REGISTRY_RETRY_H
#define SILT_REGISTRY_RETRY_H

#include "registry/exchange.h"

#include <time.h>

/* How often something was tried in vain. Zero-initialise; zero it again after progress. */
struct silt_retry {
    unsigned failures;
};

/* Whether an answer's code says that the same request may succeed later. */
bool silt_retry_is_worth(unsigned code);

/* Reads Retry-After (RFC 9110, 10.2.3): seconds, or a date, of which `now` is taken. 0 if it says nothing. */
uint64_t silt_retry_parse_after(struct silt_span value, time_t now);

/* Waits before the next try: as long as the server asked, else half a second, one, two, four, each a little
 * more by chance. LIMIT when it was tried often enough or the server asks for more than a minute; CANCELLED.
 */
SILT_MUST_USE enum silt_status silt_retry_wait(struct silt_retry *retry, const struct silt_client *client,
                                               uint64_t after_ms, struct silt_error *error);

#endif
