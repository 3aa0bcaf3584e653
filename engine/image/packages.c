/*
 * packages.c: facts in a sorted array; the best of those about a path wins.
 */
#include "image/packages.h"

#include "base/digest.h"
#include "base/error.h"
#include "base/path.h"

#include <endian.h>
#include <stdlib.h>

enum { PATH_SIZE_MAX = 4096, NAME_SIZE_MAX = 255 };

enum silt_status silt_packages_new(struct silt_packages **out, struct silt_error *error)
{
    struct silt_packages *packages = calloc(1, sizeof *packages);
    if (packages == NULL)
        return silt_error_memory(error);
    packages->names.item_size = sizeof(struct silt_package_name);
    packages->facts.item_size = sizeof(struct silt_package_fact);
    packages->by_name.item_size = sizeof(uint32_t);
    *out = packages;
    return SILT_OK;
}

void silt_packages_free(struct silt_packages *packages)
{
    if (packages == NULL)
        return;
    silt_array_clear(&packages->names);
    silt_array_clear(&packages->facts);
    silt_array_clear(&packages->by_name);
    silt_arena_clear(&packages->arena);
    free(packages);
}

static const struct silt_package_name *name_at(const struct silt_packages *packages, uint32_t index)
{
    return silt_array_at(&packages->names, index);
}

static const struct silt_package_fact *fact_at(const struct silt_packages *packages, size_t index)
{
    return silt_array_at(&packages->facts, index);
}

static const char *keep(struct silt_packages *packages, const char *text)
{
    return silt_arena_copy(&packages->arena, silt_span_of(text, strnlen(text, NAME_SIZE_MAX)));
}

enum silt_status silt_packages_put_name(struct silt_packages *packages, const struct silt_package_name *name,
                                        uint32_t *out, struct silt_error *error)
{
    if (packages->names.count >= SILT_PACKAGES_MAX)
        return silt_error_set(error, SILT_ERR_LIMIT, "more packages than are kept");
    const struct silt_package_name copy = {name->manager, keep(packages, name->name),
                                           keep(packages, name->version)};
    struct silt_package_name *slot = silt_array_put(&packages->names);
    if (slot == NULL || copy.name == NULL || copy.version == NULL)
        return silt_error_memory(error);
    *slot = copy;
    *out = (uint32_t)(packages->names.count - 1);
    return SILT_OK;
}

enum silt_status silt_packages_put_fact(struct silt_packages *packages, const struct silt_package_fact *fact,
                                        struct silt_error *error)
{
    if (packages->facts.count >= SILT_PACKAGES_FACTS_MAX)
        return SILT_OK;
    struct silt_package_fact *slot = silt_array_put(&packages->facts);
    if (slot == NULL)
        return silt_error_memory(error);
    *slot = *fact;
    return SILT_OK;
}

static bool is_merged_into_usr(struct silt_span path)
{
    static const char *const directories[] = {"bin/",   "sbin/",   "lib/",   "lib32/",
                                              "lib64/", "libo32/", "libx32/"};
    for (size_t i = 0; i < sizeof directories / sizeof *directories; i++)
        if (silt_span_has_prefix(path, directories[i]))
            return true;
    return false;
}

uint64_t silt_packages_mark(struct silt_span path)
{
    static const char usr[] = {'u', 's', 'r', '/'};
    uint8_t text[sizeof usr + PATH_SIZE_MAX];
    size_t size = 0;
    struct silt_digest digest;
    if (path.size == 0 || path.size > PATH_SIZE_MAX)
        return 0; /* no such file can be made */
    if (is_merged_into_usr(path)) {
        memcpy(text, usr, sizeof usr);
        size = sizeof usr;
    }
    memcpy(text + size, path.data, path.size);
    silt_digest_of(silt_span_of(text, size + path.size), &digest);
    return silt_packages_value(silt_span_of(digest.bytes, sizeof digest.bytes));
}

uint64_t silt_packages_value(struct silt_span checksum)
{
    uint64_t value = 0;
    if (checksum.size < sizeof value)
        return 0;
    memcpy(&value, checksum.data, sizeof value);
    return le64toh(value);
}

/* ---- finishing ---- */

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int by_path(const void *a, const void *b)
{
    const struct silt_package_fact *x = a, *y = b;
    int order = compare_numbers(x->path, y->path);
    if (order == 0)
        order = compare_numbers(x->kind, y->kind);
    if (order == 0)
        order = compare_numbers(x->value, y->value);
    return order != 0 ? order : compare_numbers(x->package, y->package);
}

/* Whether facts behind this one, on the same path, say it and more: a dpkg list repeats its md5sums. */
static bool is_outdone(const struct silt_packages *packages, size_t index, size_t end)
{
    const struct silt_package_fact *fact = fact_at(packages, index);
    enum silt_package_manager manager = name_at(packages, fact->package)->manager;
    for (size_t i = index + 1; fact->kind == SILT_PACKAGE_FILE && i < end; i++) {
        const struct silt_package_fact *other = fact_at(packages, i);
        if (other->kind <= SILT_PACKAGE_SHA256 && name_at(packages, other->package)->manager == manager)
            return true;
    }
    return false;
}

static size_t group_end(const struct silt_packages *packages, size_t start)
{
    size_t end = start + 1;
    while (end < packages->facts.count && fact_at(packages, end)->path == fact_at(packages, start)->path)
        end++;
    return end;
}

/* Of one path only so many facts stay that a question is answered soon: hostile records may say a thing a
 * million times. */
static void drop_needless(struct silt_packages *packages)
{
    enum { GROUP_MAX = 64 };
    size_t kept = 0;
    struct silt_package_fact *facts = packages->facts.items;
    for (size_t start = 0, end; start < packages->facts.count; start = end) {
        end = group_end(packages, start);
        size_t stop = end - start < GROUP_MAX ? end : start + GROUP_MAX;
        for (size_t i = start; i < stop; i++)
            if (!is_outdone(packages, i, stop))
                facts[kept++] = facts[i];
    }
    packages->facts.count = kept;
}

static int compare_names(const struct silt_package_name *a, const struct silt_package_name *b)
{
    return a->manager != b->manager ? compare_numbers(a->manager, b->manager) : strcmp(a->name, b->name);
}

static int by_name(const void *a, const void *b, void *context)
{
    const struct silt_packages *packages = context;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    int order = compare_names(name_at(packages, x), name_at(packages, y));
    return order != 0 ? order : compare_numbers(x, y);
}

static enum silt_status index_names(struct silt_packages *packages, struct silt_error *error)
{
    for (size_t i = 0; i < packages->names.count; i++) {
        if (name_at(packages, (uint32_t)i)->version[0] == '\0')
            continue;
        uint32_t *slot = silt_array_put(&packages->by_name);
        if (slot == NULL)
            return silt_error_memory(error);
        *slot = (uint32_t)i;
    }
    if (packages->by_name.count > 0)
        qsort_r(packages->by_name.items, packages->by_name.count, sizeof(uint32_t), by_name, packages);
    return SILT_OK;
}

enum silt_status silt_packages_finish(struct silt_packages *packages, struct silt_error *error)
{
    if (packages == NULL)
        return SILT_OK;
    if (packages->facts.count > 0)
        qsort(packages->facts.items, packages->facts.count, sizeof(struct silt_package_fact), by_path);
    drop_needless(packages);
    packages->by_name.count = 0;
    return index_names(packages, error);
}

/* ---- questions ---- */

/* The n-th layer to ask: the file's own, those below it, then those above it, nearest first. False at the
 * end. */
static bool nearest_layer(size_t own, size_t count, size_t n, size_t *out)
{
    if (n >= count)
        return false;
    *out = n <= own ? own - n : n;
    return true;
}

static bool is_distribution(enum silt_package_manager manager)
{
    return manager == SILT_PACKAGE_DPKG || manager == SILT_PACKAGE_APK || manager == SILT_PACKAGE_RPM;
}

static enum silt_integrity judge(const struct silt_package_fact *fact, const struct silt_checksums *checksums)
{
    struct silt_span sum = {NULL, 0};
    if (checksums == NULL || !checksums->is_known)
        return SILT_INTEGRITY_UNKNOWN;
    if (fact->kind == SILT_PACKAGE_MD5)
        sum = silt_span_of(checksums->md5, sizeof checksums->md5);
    else if (fact->kind == SILT_PACKAGE_SHA1)
        sum = silt_span_of(checksums->sha1, sizeof checksums->sha1);
    else if (fact->kind == SILT_PACKAGE_SHA256)
        sum = silt_span_of(checksums->sha256, sizeof checksums->sha256);
    else
        return SILT_INTEGRITY_UNKNOWN;
    return silt_packages_value(sum) == fact->value ? SILT_INTEGRITY_UNMODIFIED : SILT_INTEGRITY_MODIFIED;
}

/* What is believed of several: a checksum that fits, then the distribution, then that one is known. */
static int rank(enum silt_package_manager manager, enum silt_integrity integrity)
{
    return (integrity == SILT_INTEGRITY_UNMODIFIED ? 8 : 0) + (is_distribution(manager) ? 4 : 0) +
           (integrity == SILT_INTEGRITY_MODIFIED ? 2 : 0) + 1;
}

/* The best owner so far. */
struct choice {
    int rank; /* 0: none */
    size_t layer;
    uint32_t package;
    enum silt_integrity integrity;
};

/* Index of the first fact about a path. */
static size_t find_facts(const struct silt_packages *packages, uint64_t path)
{
    size_t low = 0, high = packages->facts.count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (fact_at(packages, middle)->path < path)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void weigh(const struct silt_package_question *question, size_t layer,
                  const struct silt_package_fact *fact, struct choice *choice)
{
    enum silt_package_manager manager = name_at(question->layers[layer], fact->package)->manager;
    enum silt_integrity integrity = judge(fact, question->checksums);
    int value = rank(manager, integrity);
    if (value > choice->rank)
        *choice = (struct choice){value, layer, fact->package, integrity};
}

/* Looks at the facts about a path that are of a kind between two. */
static void look(const struct silt_package_question *question, uint64_t path,
                 enum silt_package_fact_kind from, enum silt_package_fact_kind to, struct choice *choice)
{
    size_t layer;
    for (size_t n = 0; nearest_layer(question->layer, question->count, n, &layer); n++) {
        const struct silt_packages *packages = question->layers[layer];
        if (packages == NULL)
            continue;
        for (size_t i = find_facts(packages, path); i < packages->facts.count; i++) {
            const struct silt_package_fact *fact = fact_at(packages, i);
            if (fact->path != path)
                break;
            if (fact->kind >= from && fact->kind <= to)
                weigh(question, layer, fact, choice);
        }
    }
}

/* dpkg-divert(1): a file that another package's file took the place of stands under another name, but in
 * the records under its old one. */
static void look_at_diversions(const struct silt_package_question *question, uint64_t path,
                               struct choice *choice)
{
    size_t layer;
    for (size_t n = 0; nearest_layer(question->layer, question->count, n, &layer); n++) {
        const struct silt_packages *packages = question->layers[layer];
        if (packages == NULL)
            continue;
        for (size_t i = find_facts(packages, path); i < packages->facts.count; i++) {
            const struct silt_package_fact *fact = fact_at(packages, i);
            if (fact->path != path || choice->rank > 0)
                break;
            if (fact->kind == SILT_PACKAGE_DIVERTED)
                look(question, fact->value, SILT_PACKAGE_FILE, SILT_PACKAGE_SHA256, choice);
        }
    }
}

/* The package directory that a path below node_modules is in; false if there is none above `end`. */
static bool find_tree(struct silt_span path, size_t end, struct silt_span *out)
{
    static const char folder[] = "node_modules/";
    const uint8_t *at = NULL;
    for (size_t from = 0; from < end; from++) {
        struct silt_span rest = silt_span_slice(path, from, end - from);
        if ((from == 0 || path.data[from - 1] == '/') && silt_span_has_prefix(rest, folder))
            at = rest.data;
    }
    if (at == NULL)
        return false;
    size_t start = (size_t)(at - path.data) + sizeof folder - 1;
    size_t slashes = start < path.size && path.data[start] == '@' ? 2 : 1;
    size_t stop = start;
    for (; stop < path.size; stop++)
        if (path.data[stop] == '/' && --slashes == 0)
            break;
    *out = silt_span_slice(path, 0, stop);
    return true;
}

static void look_at_trees(const struct silt_package_question *question, struct choice *choice)
{
    struct silt_span tree;
    if (find_tree(question->path, question->path.size, &tree))
        look(question, silt_packages_mark(tree), SILT_PACKAGE_TREE, SILT_PACKAGE_TREE, choice);
}

/* The version that some record of the package tells. */
static const char *find_version(const struct silt_packages *packages, const struct silt_package_name *name)
{
    size_t low = 0, high = packages->by_name.count;
    const uint32_t *items = packages->by_name.items;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (compare_names(name_at(packages, items[middle]), name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == packages->by_name.count || compare_names(name_at(packages, items[low]), name) != 0)
        return "";
    return name_at(packages, items[low])->version;
}

static void describe(const struct silt_package_question *question, const struct choice *choice,
                     struct silt_package *out)
{
    const struct silt_package_name *name = name_at(question->layers[choice->layer], choice->package);
    const char *version = name->version;
    size_t layer;
    for (size_t n = 0; version[0] == '\0' && nearest_layer(choice->layer, question->count, n, &layer); n++)
        if (question->layers[layer] != NULL)
            version = find_version(question->layers[layer], name);
    *out = (struct silt_package){name->manager, name->name, version, choice->integrity};
}

bool silt_packages_find(const struct silt_package_question *question, struct silt_package *out)
{
    uint64_t path = silt_packages_mark(question->path);
    struct choice choice = {0};
    look(question, path, SILT_PACKAGE_FILE, SILT_PACKAGE_SHA256, &choice);
    if (choice.rank == 0)
        look_at_diversions(question, path, &choice);
    if (choice.rank == 0)
        look_at_trees(question, &choice);
    if (choice.rank == 0)
        return false;
    describe(question, &choice, out);
    return true;
}

bool silt_packages_is_public(const struct silt_package *package)
{
    return is_distribution(package->manager) && package->integrity == SILT_INTEGRITY_UNMODIFIED;
}
