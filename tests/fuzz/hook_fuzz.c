/*
 * hook_fuzz.c: any bytes as the body of a notification, in every dialect.
 */
#include "serve/hook.h"
#include "serve/shape.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever is made of a body has its shape: it goes into addresses, the database and pages. */
static void check(const struct silt_push *push)
{
    bool has_digest = push->digest[0] != '\0', has_tag = push->tag[0] != '\0';
    if (!silt_shape_is_repository(push->repository) || (!has_digest && !has_tag) ||
        (has_digest && !silt_shape_is_digest(push->digest)) || (has_tag && !silt_shape_is_tag(push->tag)) ||
        (push->host[0] != '\0' && !silt_shape_is_host(push->host)) || push->pushed_ms < 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct silt_request_field headers[] = {{"Authorization", "Basic eDp5"}};
    const struct silt_request request = {.headers = {headers, 1}, .body = {data, size}};
    for (size_t i = 0; i < silt_hook_count(); i++) {
        struct silt_pushes pushes = {0};
        if (!silt_hook_is_proven(silt_hook_at(i), &request, "y"))
            abort();
        (void)!silt_hook_read(silt_hook_at(i), &request, &pushes, NULL);
        for (size_t j = 0; j < pushes.count; j++)
            check(&pushes.items[j]);
        silt_hook_clear(&pushes);
    }
    return 0;
}
