/*
 * package_reader.c: which file is a record, and its bytes as lines or as a whole.
 */
#include "image/package_reader.h"

#include "base/error.h"
#include "base/path.h"

enum { LINE_MAX_SIZE = 8 * 1024, NAME_MAX_SIZE = 255, KEPT_MAX = 1024 * 1024 };

#define SILT_PACKAGE_FORMAT(name) extern const struct silt_package_format silt_package_##name;
#include "image/package_formats.def"
#undef SILT_PACKAGE_FORMAT

static const struct silt_package_format *const formats[] = {
#define SILT_PACKAGE_FORMAT(name) &silt_package_##name,
#include "image/package_formats.def"
#undef SILT_PACKAGE_FORMAT
};

const struct silt_package_format *silt_package_reader_find(struct silt_span path)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (formats[i]->is_record(path))
            return formats[i];
    return NULL;
}

void silt_package_reader_keep(struct silt_package_reading *reading, struct silt_buffer *buffer,
                              struct silt_span text)
{
    buffer->size = 0;
    enum silt_status status = silt_buffer_append(buffer, text, NULL);
    if (status != SILT_OK)
        reading->status = status;
}

enum silt_status silt_package_reader_begin(struct silt_package_reading *reading,
                                           const struct silt_package_format *format, struct silt_span path,
                                           struct silt_packages *packages, struct silt_error *error)
{
    reading->format = format;
    reading->packages = packages;
    reading->is_overlong = false;
    reading->status = SILT_OK;
    reading->package = SILT_PACKAGE_NONE;
    reading->section = 0;
    reading->text.size = reading->name.size = reading->directory.size = reading->file.size = 0;
    silt_package_reader_keep(reading, &reading->path, path);
    if (format->begin != NULL)
        format->begin(reading);
    return reading->status == SILT_OK ? SILT_OK : silt_error_memory(error);
}

/* Adds to what is held, unless that grows beyond what is looked at. */
static void hold(struct silt_package_reading *reading, struct silt_span bytes, size_t most)
{
    if (reading->is_overlong || bytes.size > most - reading->text.size) {
        reading->is_overlong = true;
        reading->text.size = 0;
    } else if (silt_buffer_append(&reading->text, bytes, NULL) != SILT_OK) {
        reading->status = SILT_ERR_MEMORY;
    }
}

static void put_line(struct silt_package_reading *reading, struct silt_span line)
{
    if (reading->text.size > 0 || reading->is_overlong) {
        hold(reading, line, LINE_MAX_SIZE);
        line = silt_buffer_span(&reading->text);
    }
    if (!reading->is_overlong && line.size <= LINE_MAX_SIZE)
        reading->format->put(reading, line);
    reading->is_overlong = false;
    reading->text.size = 0;
}

void silt_package_reader_put(struct silt_package_reading *reading, struct silt_span bytes)
{
    if (reading->format->whole_max > 0) {
        hold(reading, bytes, reading->format->whole_max);
        return;
    }
    const uint8_t *newline;
    while (bytes.size > 0 && (newline = memchr(bytes.data, '\n', bytes.size)) != NULL) {
        size_t size = (size_t)(newline - bytes.data);
        put_line(reading, silt_span_slice(bytes, 0, size));
        bytes = silt_span_slice(bytes, size + 1, bytes.size);
    }
    if (bytes.size > 0)
        hold(reading, bytes, LINE_MAX_SIZE);
}

enum silt_status silt_package_reader_end(struct silt_package_reading *reading, bool is_whole,
                                         struct silt_error *error)
{
    bool has_rest = reading->text.size > 0 && !reading->is_overlong;
    if (is_whole && has_rest)
        reading->format->put(reading, silt_buffer_span(&reading->text));
    reading->format = NULL;
    reading->text.size = 0;
    if (reading->text.capacity > KEPT_MAX)
        silt_buffer_clear(&reading->text);
    return reading->status == SILT_OK ? SILT_OK : silt_error_memory(error);
}

void silt_package_reader_clear(struct silt_package_reading *reading)
{
    silt_buffer_clear(&reading->path);
    silt_buffer_clear(&reading->text);
    silt_buffer_clear(&reading->joined);
    silt_buffer_clear(&reading->clean);
    silt_buffer_clear(&reading->name);
    silt_buffer_clear(&reading->directory);
    silt_buffer_clear(&reading->file);
}

/* Copies a name with a NUL; one that no package has comes out cut. */
static void copy_name(struct silt_span from, char to[NAME_MAX_SIZE + 1])
{
    size_t size = from.size < NAME_MAX_SIZE ? from.size : NAME_MAX_SIZE;
    if (size > 0)
        memcpy(to, from.data, size);
    to[size] = '\0';
}

void silt_package_reader_put_name(struct silt_package_reading *reading, struct silt_span name,
                                  struct silt_span version)
{
    char name_text[NAME_MAX_SIZE + 1], version_text[NAME_MAX_SIZE + 1];
    copy_name(name, name_text);
    copy_name(version, version_text);
    const struct silt_package_name entry = {reading->format->manager, name_text, version_text};
    reading->package = SILT_PACKAGE_NONE;
    if (name.size == 0)
        return;
    enum silt_status status = silt_packages_put_name(reading->packages, &entry, &reading->package, NULL);
    if (status == SILT_ERR_MEMORY)
        reading->status = status;
}

/* The path from the root, clean, in reading->clean. */
static enum silt_status clean(struct silt_package_reading *reading, struct silt_span directory,
                              struct silt_span path)
{
    reading->clean.size = 0;
    bool is_absolute = path.size > 0 && path.data[0] == '/';
    if (directory.size == 0 || is_absolute)
        return silt_path_clean(path, &reading->clean, NULL);
    reading->joined.size = 0;
    enum silt_status status = silt_buffer_append(&reading->joined, directory, NULL);
    if (status == SILT_OK)
        status = silt_buffer_append(&reading->joined, silt_span_text("/"), NULL);
    if (status == SILT_OK)
        status = silt_buffer_append(&reading->joined, path, NULL);
    if (status != SILT_OK)
        return status;
    return silt_path_clean(silt_buffer_span(&reading->joined), &reading->clean, NULL);
}

void silt_package_reader_put_file(struct silt_package_reading *reading, struct silt_span directory,
                                  struct silt_span path, enum silt_package_fact_kind kind,
                                  struct silt_span checksum)
{
    if (reading->package == SILT_PACKAGE_NONE || reading->status != SILT_OK)
        return;
    enum silt_status status = clean(reading, directory, path);
    const struct silt_package_fact fact = {
        .path = silt_packages_mark(silt_buffer_span(&reading->clean)),
        .value = silt_packages_value(checksum),
        .package = reading->package,
        .kind = checksum.size > 0 || kind == SILT_PACKAGE_TREE ? kind : SILT_PACKAGE_FILE,
    };
    if (status == SILT_OK && fact.path != 0)
        status = silt_packages_put_fact(reading->packages, &fact, NULL);
    if (status != SILT_OK)
        reading->status = SILT_ERR_MEMORY;
}
