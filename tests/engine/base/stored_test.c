/*
 * Stored files: written whole, read with suspicion.
 */
#include "base/stored.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/silt-stored-XXXXXX";
static char path[256];
static const struct silt_stored_label label = {"silt.test/1", {{1, 2, 3}}};
static struct silt_error error;

static void set_up(void)
{
    cr_assert_not_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/a/b/file", dir);
}

static void tear_down(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", dir);
    cr_assert_eq(system(command), 0);
}

TestSuite(stored, .init = set_up, .fini = tear_down);

static void write_body(const char *body)
{
    cr_assert_eq(silt_stored_write(path, 0640, &label, silt_span_text(body), &error), SILT_OK, "%s",
                 error.message);
}

static enum silt_status read_body(enum silt_stored_trust trust, const struct silt_stored_label *wanted,
                                  char body[64])
{
    struct silt_region file = {0};
    enum silt_status status = silt_stored_read(path, trust, wanted, &file, &error);
    if (status == SILT_OK) {
        struct silt_span span = silt_stored_body(&file);
        snprintf(body, 64, "%.*s", (int)span.size, (const char *)span.data);
        cr_expect_eq((uintptr_t)span.data % 16, 0);
    }
    silt_region_clear(&file);
    return status;
}

static void expect_read(enum silt_stored_trust trust, enum silt_status status)
{
    char body[64] = "";
    cr_expect_eq(read_body(trust, &label, body), status, "%s", error.message);
    if (status == SILT_OK)
        cr_expect_str_eq(body, "body");
}

Test(stored, reads_what_it_wrote)
{
    static const char *const bodies[] = {"", "1", "12", "123", "1234", "12345"};
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        char body[64];
        write_body(bodies[i]);
        cr_assert_eq(read_body(SILT_STORED_OWN, &label, body), SILT_OK, "%s", error.message);
        cr_expect_str_eq(body, bodies[i]);
    }
    struct stat info;
    cr_assert_eq(stat(path, &info), 0);
    cr_expect_eq(info.st_mode & 0777, 0640);
    snprintf(path, sizeof path, "%s/a", dir);
    cr_assert_eq(stat(path, &info), 0);
    cr_expect_eq(info.st_mode & 0777, 0700);
}

Test(stored, leaves_nothing_beside_it)
{
    char command[256];
    write_body("body");
    write_body("body");
    snprintf(command, sizeof command, "test $(ls -A %s/a/b | wc -l) = 1", dir);
    cr_expect_eq(system(command), 0);
}

Test(stored, notices_every_changed_byte_and_every_cut)
{
    write_body("body of more than one word");
    struct stat info;
    cr_assert_eq(stat(path, &info), 0);
    char bytes[256], body[64];
    FILE *file = fopen(path, "r+");
    cr_assert_eq(fread(bytes, 1, sizeof bytes, file), (size_t)info.st_size);
    for (long i = 0; i < info.st_size; i++)
        for (int bit = 1; bit < 256; bit *= 2) {
            cr_assert(fseek(file, i, SEEK_SET) == 0 && fputc(bytes[i] ^ bit, file) != EOF &&
                      fflush(file) == 0);
            cr_expect_eq(read_body(SILT_STORED_OWN, &label, body), SILT_ERR_NOT_FOUND, "byte %ld", i);
            cr_assert(fseek(file, i, SEEK_SET) == 0 && fputc(bytes[i], file) != EOF && fflush(file) == 0);
        }
    cr_expect_eq(read_body(SILT_STORED_OWN, &label, body), SILT_OK);
    for (long size = info.st_size - 1; size >= 0; size--) {
        cr_assert_eq(truncate(path, size), 0);
        cr_expect_eq(read_body(SILT_STORED_OWN, &label, body), SILT_ERR_NOT_FOUND, "size %ld", size);
    }
    fclose(file);
}

Test(stored, takes_only_the_kind_and_key_that_are_asked_for)
{
    char body[64];
    struct silt_stored_label other = label;
    write_body("body");
    other.kind[0] = 'S';
    cr_expect_eq(read_body(SILT_STORED_OWN, &other, body), SILT_ERR_NOT_FOUND);
    other = label;
    other.key.bytes[31] = 1;
    cr_expect_eq(read_body(SILT_STORED_OWN, &other, body), SILT_ERR_NOT_FOUND);
}

Test(stored, trusts_nobody_else_with_a_cache)
{
    write_body("body");
    cr_assert_eq(chmod(path, 0622), 0);
    expect_read(SILT_STORED_OWN, SILT_ERR_NOT_FOUND);
    expect_read(SILT_STORED_INSTALLED, SILT_OK);
    cr_assert_eq(chmod(path, 0600), 0);
    expect_read(SILT_STORED_OWN, SILT_OK);
    char target[512];
    snprintf(target, sizeof target, "%s.target", path);
    cr_assert(rename(path, target) == 0 && symlink(target, path) == 0);
    expect_read(SILT_STORED_OWN, SILT_ERR_NOT_FOUND);
    expect_read(SILT_STORED_INSTALLED, SILT_OK);
    cr_assert(unlink(path) == 0 && mkfifo(path, 0600) == 0);
    expect_read(SILT_STORED_INSTALLED, SILT_ERR_NOT_FOUND);
}

Test(stored, says_why_it_cannot_write)
{
    snprintf(path, sizeof path, "/proc/no/such/file");
    cr_expect_neq(silt_stored_write(path, 0600, &label, silt_span_text("x"), &error), SILT_OK);
    cr_expect(strstr(error.message, "/proc/no") != NULL, "%s", error.message);
}
