/*
 * package_pypi.c: RECORD of an installed Python distribution (packaging.python.org, "Recording installed
 * projects"): CSV of path, "sha256=" and base64, size. Paths stand from the directory that the .dist-info
 * folder is in, whose name tells the project and its version.
 */
#include "base/path.h"
#include "image/package_base64.h"
#include "image/package_reader.h"

#define FOLDER_SUFFIX ".dist-info"

static bool is_record(struct silt_span path)
{
    return silt_span_has_suffix(path, FOLDER_SUFFIX "/RECORD");
}

/* "NAME-VERSION": the name has no hyphen (PEP 427, "Escaping and Unicode"). */
static void begin_record(struct silt_package_reading *reading)
{
    struct silt_span folder = silt_path_parent(silt_buffer_span(&reading->path));
    struct silt_span stem = silt_path_name(folder);
    stem.size -= strlen(FOLDER_SUFFIX);
    const uint8_t *hyphen = stem.size > 0 ? memrchr(stem.data, '-', stem.size) : NULL;
    size_t name_size = hyphen != NULL ? (size_t)(hyphen - stem.data) : stem.size;
    silt_package_reader_keep(reading, &reading->directory, silt_path_parent(folder));
    silt_package_reader_put_name(reading, silt_span_slice(stem, 0, name_size),
                                 silt_span_slice(stem, name_size + 1, stem.size));
}

/* Takes the last field off a line. */
static struct silt_span take_field(struct silt_span *line)
{
    const uint8_t *comma = line->size > 0 ? memrchr(line->data, ',', line->size) : NULL;
    size_t start = comma != NULL ? (size_t)(comma - line->data) : line->size;
    struct silt_span field = silt_span_slice(*line, start + 1, line->size);
    line->size = start;
    return field;
}

/* A path with a comma in it stands in quotes. One with a quote is not known again, which costs nothing. */
static struct silt_span unquote(struct silt_span path)
{
    bool is_quoted = path.size >= 2 && path.data[0] == '"' && path.data[path.size - 1] == '"';
    return is_quoted ? silt_span_slice(path, 1, path.size - 2) : path;
}

static void put_line(struct silt_package_reading *reading, struct silt_span line)
{
    static const char algorithm[] = "sha256=";
    uint8_t sum[SILT_SHA256_SIZE];
    (void)take_field(&line); /* the size */
    struct silt_span text = take_field(&line);
    bool has_sum =
        silt_span_has_prefix(text, algorithm) &&
        silt_package_base64_decode(silt_span_slice(text, sizeof algorithm - 1, text.size), sum, sizeof sum);
    silt_package_reader_put_file(reading, silt_buffer_span(&reading->directory), unquote(line),
                                 SILT_PACKAGE_SHA256, silt_span_of(sum, has_sum ? sizeof sum : 0));
}

const struct silt_package_format silt_package_pypi_record = {
    .manager = SILT_PACKAGE_PYPI, .is_record = is_record, .begin = begin_record, .put = put_line};
