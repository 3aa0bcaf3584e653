/*
 * package_dpkg.c: the records of dpkg, below var/lib/dpkg: what is installed (deb-control(5)), the files of
 * each package (dpkg-query --listfiles), their MD5 sums (deb-md5sums(5)), and diversions (dpkg-divert(1)).
 *
 * Images without dpkg (distroless) have one status file and one of sums a package in status.d.
 */
#include "base/hex.h"
#include "base/path.h"
#include "image/package_reader.h"

#define ADMIN "var/lib/dpkg/"

static bool is_in(struct silt_span path, const char *folder, const char *suffix)
{
    return silt_span_has_prefix(path, folder) && silt_span_has_suffix(path, suffix);
}

/* The name of the package whose file this is: what stands before the suffix and the architecture. */
static void begin_package(struct silt_package_reading *reading)
{
    struct silt_span name = silt_path_name(silt_buffer_span(&reading->path));
    for (size_t i = name.size; i > 0; i--)
        if (name.data[i - 1] == '.') {
            name.size = i - 1;
            break;
        }
    const uint8_t *colon = name.size > 0 ? memchr(name.data, ':', name.size) : NULL;
    if (colon != NULL)
        name.size = (size_t)(colon - name.data);
    silt_package_reader_put_name(reading, name, (struct silt_span){NULL, 0});
}

static void put_sum(struct silt_package_reading *reading, struct silt_span hex, struct silt_span path)
{
    uint8_t sum[SILT_MD5_SIZE];
    bool has_sum = hex.size == 2 * sizeof sum && silt_hex_parse(hex, sum);
    silt_package_reader_put_file(reading, (struct silt_span){NULL, 0}, path, SILT_PACKAGE_MD5,
                                 silt_span_of(sum, has_sum ? sizeof sum : 0));
}

/* ---- *.md5sums: the sum, two spaces, the path ---- */

static bool is_sums(struct silt_span path)
{
    return is_in(path, ADMIN "info/", ".md5sums") || is_in(path, ADMIN "status.d/", ".md5sums");
}

static void put_sums_line(struct silt_package_reading *reading, struct silt_span line)
{
    enum { HEX_SIZE = 2 * SILT_MD5_SIZE, PATH_AT = HEX_SIZE + 2 };
    if (line.size > PATH_AT && line.data[HEX_SIZE] == ' ')
        put_sum(reading, silt_span_slice(line, 0, HEX_SIZE), silt_span_slice(line, PATH_AT, line.size));
}

/* ---- *.list: a path a line ---- */

static bool is_list(struct silt_span path)
{
    return is_in(path, ADMIN "info/", ".list");
}

static void put_list_line(struct silt_package_reading *reading, struct silt_span line)
{
    put_sum(reading, (struct silt_span){NULL, 0}, line);
}

/* ---- status: stanzas of fields ---- */

enum { ELSEWHERE, IN_CONFFILES };

static bool is_status(struct silt_span path)
{
    return silt_span_is_text(path, ADMIN "status") ||
           (silt_span_has_prefix(path, ADMIN "status.d/") && !is_sums(path));
}

/* The value behind a field's name; an empty span if it is another field. */
static struct silt_span value_of(struct silt_span line, const char *field)
{
    if (!silt_span_has_prefix(line, field))
        return (struct silt_span){NULL, 0};
    line = silt_span_slice(line, strlen(field), line.size);
    while (line.size > 0 && line.data[0] == ' ')
        line = silt_span_slice(line, 1, line.size);
    return line;
}

/* " /etc/file sum", perhaps with words behind it. A sum of "newconffile" is none. */
static void put_conffile(struct silt_package_reading *reading, struct silt_span line)
{
    line = silt_span_slice(line, 1, line.size);
    const uint8_t *space = line.size > 0 ? memchr(line.data, ' ', line.size) : NULL;
    if (space == NULL)
        return;
    size_t size = (size_t)(space - line.data);
    put_sum(reading, silt_span_slice(line, size + 1, (size_t)2 * SILT_MD5_SIZE),
            silt_span_slice(line, 0, size));
}

static void put_status_line(struct silt_package_reading *reading, struct silt_span line)
{
    if (line.size > 0 && line.data[0] == ' ') {
        if (reading->section == IN_CONFFILES)
            put_conffile(reading, line);
        return;
    }
    reading->section = silt_span_has_prefix(line, "Conffiles:") ? IN_CONFFILES : ELSEWHERE;
    struct silt_span name = value_of(line, "Package:"), version = value_of(line, "Version:");
    if (name.size > 0) {
        silt_package_reader_keep(reading, &reading->name, name);
        reading->package = SILT_PACKAGE_NONE;
    } else if (version.size > 0) {
        silt_package_reader_put_name(reading, silt_buffer_span(&reading->name), version);
    } else if (line.size == 0) {
        reading->name.size = 0;
        reading->package = SILT_PACKAGE_NONE;
    }
}

/* ---- diversions: three lines each: the path, where it went, the package whose file took its place ---- */

enum { FROM, TO, BY };

static bool is_diversions(struct silt_span path)
{
    return silt_span_is_text(path, ADMIN "diversions");
}

static void put_diversion(struct silt_package_reading *reading, struct silt_span by)
{
    struct silt_span from = silt_buffer_span(&reading->name);
    uint8_t mark[sizeof(uint64_t)];
    uint64_t value = silt_packages_mark(silt_span_slice(from, 1, from.size));
    for (size_t i = 0; i < sizeof mark; i++)
        mark[i] = (uint8_t)(value >> (8 * i));
    silt_package_reader_put_name(reading, by, (struct silt_span){NULL, 0});
    silt_package_reader_put_file(reading, (struct silt_span){NULL, 0}, silt_buffer_span(&reading->file),
                                 SILT_PACKAGE_DIVERTED, silt_span_of(mark, sizeof mark));
}

static void put_diversions_line(struct silt_package_reading *reading, struct silt_span line)
{
    if (reading->section == FROM)
        silt_package_reader_keep(reading, &reading->name, line);
    else if (reading->section == TO)
        silt_package_reader_keep(reading, &reading->file, line);
    else
        put_diversion(reading, line);
    reading->section = reading->section == BY ? FROM : reading->section + 1;
}

const struct silt_package_format silt_package_dpkg_sums = {
    .manager = SILT_PACKAGE_DPKG, .is_record = is_sums, .begin = begin_package, .put = put_sums_line};
const struct silt_package_format silt_package_dpkg_list = {
    .manager = SILT_PACKAGE_DPKG, .is_record = is_list, .begin = begin_package, .put = put_list_line};
const struct silt_package_format silt_package_dpkg_status = {
    .manager = SILT_PACKAGE_DPKG, .is_record = is_status, .put = put_status_line};
const struct silt_package_format silt_package_dpkg_diversions = {
    .manager = SILT_PACKAGE_DPKG, .is_record = is_diversions, .put = put_diversions_line};
