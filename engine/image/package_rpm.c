/*
 * package_rpm.c: rpmdb.sqlite, the database of rpm since 4.16 (Fedora 33, RHEL 9): each row of its table
 * Packages holds a package's header (rpm.org, "RPM Package format", Header structure): sizes, an index of
 * tags, and a store of values, all numbers big-endian.
 *
 * Older databases (Berkeley DB in RHEL 8 and before, ndb in SUSE) are in forms of their own for which there
 * is no library among silt's: files there have no package.
 */
#include "base/hex.h"
#include "image/package_reader.h"
#include "store/blobs.h"

enum {
    DATABASE_MAX = 48 * 1024 * 1024,
    PADDING = 64 * 1024,
    ENTRY_SIZE = 16,
    FILES_MAX = 1 << 20,
    DIRECTORIES_MAX = 1 << 16
};

enum tag {
    TAG_NAME = 1000,
    TAG_VERSION = 1001,
    TAG_RELEASE = 1002,
    TAG_FILEDIGESTS = 1035,
    TAG_DIRINDEXES = 1116,
    TAG_BASENAMES = 1117,
    TAG_DIRNAMES = 1118,
    TAG_FILEDIGESTALGO = 5011,
};

/* Algorithms of FILEDIGESTALGO (RFC 4880, section 9.4). */
enum { ALGORITHM_MD5 = 1, ALGORITHM_SHA1 = 2, ALGORITHM_SHA256 = 8 };

struct header {
    struct silt_span index, store;
};

/* A tag's values: from where they begin to the end of the store. */
struct values {
    struct silt_span rest;
    uint32_t count;
};

static bool is_database(struct silt_span path)
{
    return silt_span_is_text(path, "var/lib/rpm/rpmdb.sqlite") ||
           silt_span_is_text(path, "usr/lib/sysimage/rpm/rpmdb.sqlite") ||
           silt_span_is_text(path, "usr/share/rpm/rpmdb.sqlite");
}

static uint32_t number_at(struct silt_span bytes, size_t at)
{
    if (at > bytes.size || bytes.size - at < 4)
        return 0;
    const uint8_t *p = bytes.data + at;
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool open_header(struct silt_span blob, struct header *out)
{
    uint64_t index_size = (uint64_t)number_at(blob, 0) * ENTRY_SIZE;
    uint64_t store_size = number_at(blob, 4);
    if (blob.size < 8 || index_size + store_size > blob.size - 8)
        return false;
    out->index = silt_span_slice(blob, 8, (size_t)index_size);
    out->store = silt_span_slice(blob, 8 + (size_t)index_size, (size_t)store_size);
    return true;
}

static struct values find(const struct header *header, enum tag tag)
{
    for (size_t at = 0; at < header->index.size; at += ENTRY_SIZE)
        if (number_at(header->index, at) == (uint32_t)tag)
            return (struct values){
                silt_span_slice(header->store, number_at(header->index, at + 8), header->store.size),
                number_at(header->index, at + 12)};
    return (struct values){0};
}

/* The next of several strings. */
static struct silt_span take_string(struct values *values)
{
    const uint8_t *nul = values->rest.size > 0 ? memchr(values->rest.data, '\0', values->rest.size) : NULL;
    struct silt_span text = {NULL, 0};
    if (nul != NULL && values->count > 0) {
        text = silt_span_slice(values->rest, 0, (size_t)(nul - values->rest.data));
        values->rest = silt_span_slice(values->rest, text.size + 1, values->rest.size);
        values->count--;
    }
    return text;
}

static uint32_t take_number(struct values *values)
{
    uint32_t number = number_at(values->rest, 0);
    values->rest = silt_span_slice(values->rest, 4, values->rest.size);
    return number;
}

/* Directories stand once each and files name them by index: where each begins, in reading->name. */
static void index_directories(struct silt_package_reading *reading, struct values names)
{
    struct silt_span all = names.rest;
    reading->name.size = 0;
    for (uint32_t i = 0; names.count > 0 && i < DIRECTORIES_MAX; i++) {
        uint32_t at = (uint32_t)(names.rest.data - all.data);
        if (silt_buffer_append(&reading->name, silt_span_of(&at, sizeof at), NULL) != SILT_OK)
            reading->status = SILT_ERR_MEMORY;
        if (take_string(&names).data == NULL)
            return;
    }
}

static struct silt_span directory_at(const struct silt_package_reading *reading, struct values names,
                                     uint32_t index)
{
    uint32_t at;
    if (index >= reading->name.size / sizeof at)
        return (struct silt_span){NULL, 0};
    memcpy(&at, reading->name.data + index * sizeof at, sizeof at);
    names.rest = silt_span_slice(names.rest, at, names.rest.size);
    return take_string(&names);
}

static bool choose_kind(const struct header *header, enum silt_package_fact_kind *kind, size_t *size)
{
    struct values values = find(header, TAG_FILEDIGESTALGO);
    uint32_t algorithm = values.count > 0 ? take_number(&values) : ALGORITHM_MD5;
    *kind = algorithm == ALGORITHM_MD5    ? SILT_PACKAGE_MD5
            : algorithm == ALGORITHM_SHA1 ? SILT_PACKAGE_SHA1
                                          : SILT_PACKAGE_SHA256;
    *size = algorithm == ALGORITHM_MD5    ? SILT_MD5_SIZE
            : algorithm == ALGORITHM_SHA1 ? SILT_SHA1_SIZE
                                          : SILT_SHA256_SIZE;
    return algorithm == ALGORITHM_MD5 || algorithm == ALGORITHM_SHA1 || algorithm == ALGORITHM_SHA256;
}

static void put_files(struct silt_package_reading *reading, const struct header *header)
{
    enum silt_package_fact_kind kind;
    size_t size;
    uint8_t sum[SILT_SHA256_SIZE];
    bool has_kind = choose_kind(header, &kind, &size);
    struct values names = find(header, TAG_BASENAMES), sums = find(header, TAG_FILEDIGESTS);
    struct values indexes = find(header, TAG_DIRINDEXES);
    struct values directories = find(header, TAG_DIRNAMES);
    index_directories(reading, directories);
    for (uint32_t left = names.count < FILES_MAX ? names.count : FILES_MAX; left > 0; left--) {
        struct silt_span name = take_string(&names), hex = take_string(&sums);
        struct silt_span directory = directory_at(reading, directories, take_number(&indexes));
        if (name.size == 0)
            return;
        bool has_sum = has_kind && hex.size == 2 * size && silt_hex_parse(hex, sum);
        silt_package_reader_put_file(reading, directory, name, kind, silt_span_of(sum, has_sum ? size : 0));
    }
}

static void put_package(void *context, struct silt_span blob)
{
    struct silt_package_reading *reading = context;
    struct header header;
    if (!open_header(blob, &header))
        return;
    struct values names = find(&header, TAG_NAME), versions = find(&header, TAG_VERSION);
    struct values releases = find(&header, TAG_RELEASE);
    struct silt_span version = take_string(&versions), release = take_string(&releases);
    silt_package_reader_keep(reading, &reading->file, version);
    if (silt_buffer_append(&reading->file, silt_span_text("-"), NULL) != SILT_OK ||
        silt_buffer_append(&reading->file, release, NULL) != SILT_OK)
        reading->status = SILT_ERR_MEMORY;
    silt_package_reader_put_name(reading, take_string(&names), silt_buffer_span(&reading->file));
    put_files(reading, &header);
}

/* SQLite may read a little behind the end of a database that is made to fool it, so there is something. */
static void put_database(struct silt_package_reading *reading, struct silt_span text)
{
    static const uint8_t padding[PADDING];
    size_t size = text.size;
    enum silt_status status = silt_buffer_append(&reading->text, silt_span_of(padding, sizeof padding), NULL);
    if (status == SILT_OK)
        status = silt_blobs_read(silt_span_slice(silt_buffer_span(&reading->text), 0, size), "Packages",
                                 "blob", reading, put_package, NULL);
    if (status == SILT_ERR_MEMORY)
        reading->status = status;
}

const struct silt_package_format silt_package_rpm_sqlite = {
    .manager = SILT_PACKAGE_RPM, .whole_max = DATABASE_MAX, .is_record = is_database, .put = put_database};
