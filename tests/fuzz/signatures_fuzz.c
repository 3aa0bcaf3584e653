/*
 * signatures_fuzz.c: any bytes as a signature file: it loads or says why not.
 */
#include <silt/signatures.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char path[] = "/tmp/silt-fuzz-XXXXXX.json";
    static int fd = -1;
    if (fd < 0)
        fd = mkstemps(path, 5);
    if (fd < 0 || ftruncate(fd, 0) != 0 || pwrite(fd, data, size, 0) != (ssize_t)size)
        return 0;
    struct silt_signatures *set;
    struct silt_error error = {0};
    if (silt_signatures_new(&set, NULL) != SILT_OK)
        return 0;
    if (silt_signatures_add(set, path, &error) != SILT_OK && error.message[0] == '\0')
        abort();
    silt_signatures_digest(set);
    silt_signatures_free(set);
    return 0;
}
