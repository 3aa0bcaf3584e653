/*
 * package_fuzz.c: package records. The first line is the path of a record, the second a number of bytes to
 * read it in, the rest is the record; then it is asked who owns some files.
 */
#include "image/package_reader.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct silt_span take_line(struct silt_span *rest)
{
    const uint8_t *newline = rest->size > 0 ? memchr(rest->data, '\n', rest->size) : NULL;
    size_t size = newline != NULL ? (size_t)(newline - rest->data) : rest->size;
    struct silt_span line = silt_span_slice(*rest, 0, size);
    *rest = silt_span_slice(*rest, size + 1, rest->size);
    return line;
}

static void ask(const struct silt_packages *packages, const char *path)
{
    const struct silt_checksums sums = {.is_known = true};
    const struct silt_package_question question = {&packages, 1, 0, silt_span_text(path), &sums};
    struct silt_package package;
    if (silt_packages_find(&question, &package) && (package.name[0] == '\0' || package.version == NULL))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct silt_span rest = silt_span_of(data, size);
    struct silt_span path = take_line(&rest), number = take_line(&rest);
    size_t step = number.size > 0 ? (size_t)number.data[0] * number.data[0] + 1 : 1;
    const struct silt_package_format *format = silt_package_reader_find(path);
    struct silt_package_reading reading = {0};
    struct silt_packages *packages = NULL;
    if (format == NULL || silt_packages_new(&packages, NULL) != SILT_OK)
        return 0;
    if (silt_package_reader_begin(&reading, format, path, packages, NULL) == SILT_OK) {
        for (size_t at = 0; at < rest.size; at += step)
            silt_package_reader_put(&reading, silt_span_slice(rest, at, step));
        if (silt_package_reader_end(&reading, true, NULL) == SILT_OK &&
            silt_packages_finish(packages, NULL) == SILT_OK) {
            ask(packages, "usr/bin/x");
            ask(packages, "node_modules/a/x");
        }
    }
    silt_package_reader_clear(&reading);
    silt_packages_free(packages);
    return 0;
}
