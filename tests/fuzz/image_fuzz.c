/*
 * image_fuzz.c: any bytes as an image archive on disk, with the random-access sources, and as a stream.
 */
#include "shared.h"

#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char path[] = "/tmp/silt-fuzz-image-XXXXXX";
    static int fd = -1;
    if (fd < 0)
        fd = mkstemp(path);
    if (fd < 0 || ftruncate(fd, 0) != 0 || pwrite(fd, data, size, 0) != (ssize_t)size)
        return 0;
    static const char *const transports[] = {"docker-archive:", "oci-archive:", "file:"};
    const struct silt_sink sink = {0};
    for (size_t i = 0; i < sizeof transports / sizeof *transports; i++) {
        char target[64];
        struct silt_error error = {0};
        snprintf(target, sizeof target, "%s%s", transports[i], path);
        enum silt_status status = silt_scanner_scan(shared_scanner(), target, &sink, &error);
        if (status != SILT_OK && error.message[0] == '\0')
            abort();
    }
    return 0;
}
