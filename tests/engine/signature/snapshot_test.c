/*
 * Snapshots: the same set as the files give, field by field; never a stale one, never a damaged one; any
 * bytes can be read.
 */
#include "signature/snapshot.h"

#include "base/stored.h"
#include "signature/snapshot_fields.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/silt-snapshot-XXXXXX";
static char json_dir[64], built_dir[64];
static struct silt_error error;

/* A copy of silt's own files, so that they can be changed. */
static void set_up(void)
{
    char command[512];
    cr_assert_not_null(mkdtemp(dir));
    snprintf(json_dir, sizeof json_dir, "%s/signatures", dir);
    snprintf(built_dir, sizeof built_dir, "%s/built", dir);
    snprintf(command, sizeof command, "mkdir %s && cp " SILT_SOURCE_DIR "/signatures/*.json %s", json_dir,
             json_dir);
    cr_assert_eq(system(command), 0);
}

static void tear_down(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", dir);
    cr_assert_eq(system(command), 0);
}

TestSuite(snapshot, .init = set_up, .fini = tear_down, .timeout = 120);

static void run(const char *format, const char *a, const char *b)
{
    char command[512];
    snprintf(command, sizeof command, format, a, b);
    cr_assert_eq(system(command), 0, "%s", command);
}

static void build(void)
{
    cr_assert_eq(silt_signatures_build(json_dir, built_dir, &error), SILT_OK, "%s", error.message);
}

static struct silt_signatures *open_set(const char *snapshot_dir)
{
    struct silt_signatures *set = NULL;
    cr_assert_eq(silt_signatures_open(json_dir, snapshot_dir, &set, &error), SILT_OK, "%s", error.message);
    return set;
}

static bool is_from_snapshot(const struct silt_signatures *set)
{
    return set->snapshot.data != NULL;
}

static bool same_list(const char *const *a, const char *const *b)
{
    size_t i = 0;
    for (; a[i] != NULL && b[i] != NULL; i++)
        if (strcmp(a[i], b[i]) != 0)
            return false;
    return a[i] == b[i];
}

static bool same_field(const struct silt_snapshot_field *field, const void *a, const void *b)
{
    switch (field->kind) {
    case SILT_SNAPSHOT_TEXT:
    case SILT_SNAPSHOT_FILE:
        return strcmp(*(const char *const *)a, *(const char *const *)b) == 0;
    case SILT_SNAPSHOT_LIST:
        return same_list(*(const char *const *const *)a, *(const char *const *const *)b);
    case SILT_SNAPSHOT_NUMBER:
        return memcmp(a, b, sizeof(uint32_t)) == 0;
    case SILT_SNAPSHOT_SCORE:
        return memcmp(a, b, sizeof(double)) == 0;
    }
    return false;
}

static void expect_same(const struct silt_signatures *a, const struct silt_signatures *b)
{
    size_t count;
    const struct silt_snapshot_field *fields = silt_snapshot_fields(&count);
    cr_expect_str_eq(silt_signatures_digest(a), silt_signatures_digest(b));
    cr_assert_eq(silt_signatures_count(a), silt_signatures_count(b));
    for (size_t i = 0; i < silt_signatures_count(a); i++)
        for (size_t j = 0; j < count; j++)
            cr_expect(same_field(&fields[j], (const char *)silt_signatures_at(a, i) + fields[j].target,
                                 (const char *)silt_signatures_at(b, i) + fields[j].target),
                      "%s: field %zu", silt_signatures_at(a, i)->id, j);
}

/* The set that the files give, whatever the snapshot is; and whether it came from it. */
static bool open_as(const struct silt_signatures *read)
{
    struct silt_signatures *set = open_set(built_dir);
    bool is_fast = is_from_snapshot(set);
    expect_same(read, set);
    silt_signatures_free(set);
    return is_fast;
}

static bool open_and_compare(void)
{
    struct silt_signatures *read = open_set(NULL);
    bool is_fast = open_as(read);
    silt_signatures_free(read);
    return is_fast;
}

/* No byte of the struct is in no field, but for what aligns the next. */
Test(snapshot, has_all_fields)
{
    static const size_t sizes[] = {sizeof(char *), sizeof(char **), sizeof(uint32_t), sizeof(double),
                                   sizeof(char *)};
    size_t count, sum = 0, gap = 0;
    const struct silt_snapshot_field *fields = silt_snapshot_fields(&count);
    for (size_t i = 0; i < count; i++) {
        gap += fields[i].target - sum;
        cr_expect_lt(fields[i].target - sum, 8, "what stands before field %zu?", i);
        sum = fields[i].target + sizes[fields[i].kind];
    }
    cr_expect_eq(sum, sizeof(struct silt_signature));
    cr_expect_leq(gap, 8);
}

Test(snapshot, gives_the_same_as_the_files)
{
    build();
    cr_expect(open_and_compare());
    struct silt_signatures *set = open_set(built_dir);
    cr_expect_gt(silt_signatures_count(set), 500);
    cr_expect_not_null(silt_signatures_find(set, "github.pat"));
    silt_signatures_free(set);
}

Test(snapshot, can_be_added_to_and_chosen_from)
{
    build();
    char path[128];
    snprintf(path, sizeof path, "%s/user.json", dir);
    FILE *file = fopen(path, "w");
    fputs("{\"schema\":\"silt.signatures/1\",\"signatures\":[{\"id\":\"github.pat\",\"disabled\":true},"
          "{\"id\":\"a.b\",\"name\":\"N\",\"provider\":\"P\",\"severity\":\"high\",\"confidence\":\"low\","
          "\"description\":\"D\",\"remediation\":\"R\",\"pattern\":\"x\"}]}",
          file);
    fclose(file);
    struct silt_signatures *sets[] = {open_set(NULL), open_set(built_dir)};
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(silt_signatures_add(sets[i], path, &error), SILT_OK, "%s", error.message);
        cr_expect_null(silt_signatures_find(sets[i], "github.pat"));
        cr_assert_eq(silt_signatures_only(sets[i], (const char *[]){"git*", "a.b", "aws.*", NULL}, NULL),
                     SILT_OK);
        cr_assert_eq(silt_signatures_disable(sets[i], (const char *[]){"gitlab.*", NULL}, NULL), SILT_OK);
        cr_expect_not_null(silt_signatures_find(sets[i], "a.b"));
    }
    cr_expect(is_from_snapshot(sets[1]));
    expect_same(sets[0], sets[1]);
    silt_signatures_free(sets[0]);
    silt_signatures_free(sets[1]);
}

/* Where files lie and when they were written is not what they say. */
Test(snapshot, knows_no_place_and_no_time)
{
    build();
    run("touch -d 2001-01-01 %s/*.json %s/*", json_dir, built_dir);
    cr_expect(open_and_compare());
    run("mv %s %s.moved", json_dir, json_dir);
    snprintf(json_dir, sizeof json_dir, "%s/signatures.moved", dir);
    cr_expect(open_and_compare());
}

Test(snapshot, is_not_used_when_stale)
{
    static const char *const changes[][2] = {
        {"sed -i '0,/critical/s//high/' %s/cloud.json", "an edit"},
        {"sed -i '0,/\"name\": \"A/s//\"name\": \"B/' %s/saas.json", "an edit of the same size"},
        {"mv %s/ai.json %s/ia.json", "a file with another name"},
        {"rm %s/chat.json", "a file that is gone"},
        {"echo '{\"schema\":\"silt.signatures/1\",\"signatures\":[]}' >%s/new.json", "a new file"},
    };
    build();
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        run("rm -rf %s && cp -r " SILT_SOURCE_DIR "/signatures %s", json_dir, json_dir);
        cr_expect(open_and_compare());
        run(changes[i][0], json_dir, json_dir);
        cr_expect_not(open_and_compare(), "%s", changes[i][1]);
    }
}

Test(snapshot, may_be_missing)
{
    cr_expect_not(open_and_compare());
    struct silt_signatures *set = NULL;
    cr_expect_eq(silt_signatures_open("/nonexistent", built_dir, &set, &error), SILT_ERR_NOT_FOUND);
    cr_expect(strstr(error.message, "/nonexistent") != NULL);
}

static void flip(const char *path, long offset)
{
    FILE *file = fopen(path, "r+");
    fseek(file, offset, SEEK_SET);
    int byte = fgetc(file);
    fseek(file, offset, SEEK_SET);
    fputc(byte ^ 0x10, file);
    fclose(file);
}

Test(snapshot, is_not_used_when_damaged)
{
    char path[128];
    struct stat info;
    run("cd %s && ls | grep -v -e cloud -e packages | xargs rm", json_dir, "");
    build();
    struct silt_signatures *read = open_set(NULL);
    snprintf(path, sizeof path, "%s/signatures.snapshot", built_dir);
    cr_assert_eq(stat(path, &info), 0);
    for (long offset = 0; offset < info.st_size; offset += offset < 200 ? 17 : 99991) {
        flip(path, offset);
        cr_expect_not(open_as(read), "byte %ld", offset);
        flip(path, offset);
    }
    cr_expect(open_as(read));
    for (long size = info.st_size - 1; size > 0; size = size * 2 / 5) {
        cr_assert_eq(truncate(path, size), 0);
        cr_expect_not(open_as(read), "%ld bytes", size);
    }
    silt_signatures_free(read);
}

/* As if the checksum were right: what is read is whole, or refused. */
static void parse(struct silt_span bytes)
{
    struct silt_signatures *set;
    cr_assert_eq(silt_signatures_new(&set, NULL), SILT_OK);
    enum silt_status status = silt_snapshot_parse(bytes, "d", set, &error);
    cr_expect(status == SILT_OK || status == SILT_ERR_CORRUPT);
    for (size_t i = 0; status == SILT_OK && i < silt_signatures_count(set); i++)
        cr_expect_eq(silt_signatures_find(set, silt_signatures_at(set, i)->id), silt_signatures_at(set, i));
    silt_signatures_free(set);
}

Test(snapshot, takes_any_bytes)
{
    struct silt_buffer bytes = {0};
    struct silt_signatures *set = open_set(NULL);
    cr_assert_eq(silt_signatures_only(set, (const char *[]){"github.*", NULL}, NULL), SILT_OK);
    cr_assert_eq(silt_snapshot_print(set, &bytes, NULL), SILT_OK);
    for (size_t i = 0; i < bytes.size; i += i < 2000 ? 1 : 31) {
        uint8_t byte = bytes.data[i];
        for (int value = 0; value < 256; value += 85) {
            bytes.data[i] = (uint8_t)value;
            parse(silt_buffer_span(&bytes));
        }
        bytes.data[i] = byte;
    }
    for (size_t size = 0; size < bytes.size; size += 97) {
        /* memory of just that size, so that ASan sees what goes beyond */
        uint8_t *copy = malloc(size + 1);
        memcpy(copy, bytes.data, size);
        parse(silt_span_of(copy, size));
        free(copy);
    }
    silt_buffer_clear(&bytes);
    silt_signatures_free(set);
}
