/*
 * confirm_fuzz.c: any bytes as a plain file through windows, matching and confirming.
 */
#include "shared.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct silt_sink sink = {0};
    struct silt_error error = {0};
    const struct silt_span bytes = {data, size};
    enum silt_status status = silt_scanner_scan_buffer(shared_scanner(), "input.txt", bytes, &sink, &error);
    if (status != SILT_OK && error.message[0] == '\0')
        abort();
    return 0;
}
