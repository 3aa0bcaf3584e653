/*
 * retry.c: patience with servers, in small bounded doses.
 */
#include "registry/retry.h"

#include "base/error.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>

enum { TRIES_MAX = 5, FIRST_MS = 500, SLICE_MS = 50, AFTER_MAX_MS = 60 * 1000 };

bool silt_retry_is_worth(unsigned code)
{
    return code == 408 || code == 429 || code == 500 || code == 502 || code == 503 || code == 504;
}

static bool is_number(struct silt_span value)
{
    for (size_t i = 0; i < value.size; i++)
        if (value.data[i] < '0' || value.data[i] > '9')
            return false;
    return value.size > 0 && value.size < 10;
}

uint64_t silt_retry_parse_after(struct silt_span value, time_t now)
{
    char text[64];
    if (value.size == 0 || value.size >= sizeof text)
        return 0;
    memcpy(text, value.data, value.size);
    text[value.size] = '\0';
    if (is_number(value))
        return strtoull(text, NULL, 10) * 1000;
    time_t then = curl_getdate(text, NULL);
    return then > now ? (uint64_t)(then - now) * 1000 : 0;
}

/* Up to a quarter more, so that many clients do not come back together. */
static uint64_t add_chance(uint64_t ms)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return ms + (uint64_t)(now.tv_nsec / 1000) % (ms / 4 + 1);
}

enum silt_status silt_retry_wait(struct silt_retry *retry, const struct silt_client *client,
                                 uint64_t after_ms, struct silt_error *error)
{
    if (++retry->failures >= TRIES_MAX)
        return silt_error_set(error, SILT_ERR_LIMIT, "tried %d times", TRIES_MAX);
    if (after_ms > AFTER_MAX_MS)
        return silt_error_set(error, SILT_ERR_LIMIT, "it asks to come back in %" PRIu64 " s",
                              after_ms / 1000);
    uint64_t left = add_chance(after_ms > 0 ? after_ms : (uint64_t)FIRST_MS << (retry->failures - 1));
    enum silt_status status = silt_client_check(client, error);
    while (status == SILT_OK && left > 0) {
        uint64_t slice = left < SLICE_MS ? left : SLICE_MS;
        poll(NULL, 0, (int)slice);
        left -= slice;
        status = silt_client_check(client, error);
    }
    return status;
}
