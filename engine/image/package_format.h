/*
 * package_format.h: what a kind of package record is: which files are such, and how they are read. Each kind
 * is a `const struct silt_package_format` in a file of its manager, and a line in package_formats.def.
 *
 * Records are hostile text. A line or value that makes no sense is passed over; nothing in a record is a
 * failure of the scan.
 */
#ifndef SILT_IMAGE_PACKAGE_FORMAT_H
#define SILT_IMAGE_PACKAGE_FORMAT_H

#include "base/buffer.h"
#include "image/packages.h"

/* No package yet. */
#define SILT_PACKAGE_NONE UINT32_MAX

/* One record being read. Fields below `package` belong to the format; all zero at its beginning. */
struct silt_package_reading {
    const struct silt_package_format *format;
    struct silt_packages *packages;   /* what is found goes here; borrowed */
    struct silt_buffer path;          /* of the record itself */
    struct silt_buffer text;          /* a line not whole yet, or all so far */
    bool is_overlong;                 /* the line, or the record, is longer than is looked at */
    struct silt_buffer joined, clean; /* for silt_package_reader_put_file */
    enum silt_status status;          /* MEMORY once that is out */
    uint32_t package;                 /* that the facts are about, or SILT_PACKAGE_NONE */
    struct silt_buffer name, directory, file;
    unsigned section;
};

struct silt_package_format {
    enum silt_package_manager manager;
    size_t whole_max; /* records that are looked at as a whole: how many bytes at most; 0: line by line */
    bool (*is_record)(struct silt_span path);
    void (*begin)(struct silt_package_reading *reading);                      /* may be NULL */
    void (*put)(struct silt_package_reading *reading, struct silt_span text); /* a line, or all of it */
};

#endif
