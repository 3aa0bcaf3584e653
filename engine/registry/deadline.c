/*
 * deadline.c: time left.
 */
#include "registry/deadline.h"

#include <time.h>

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct silt_deadline silt_deadline_after(uint64_t timeout_ms)
{
    bool is_none = timeout_ms == 0 || timeout_ms > INT32_MAX;
    return (struct silt_deadline){is_none ? INT64_MAX : now_ms() + (int64_t)timeout_ms};
}

bool silt_deadline_lasts(void *deadline)
{
    return now_ms() < ((const struct silt_deadline *)deadline)->at_ms;
}
