/*
 * Records and questions: which of several owners is believed, over layers and managers; records in pieces of
 * any size say the same.
 */
#include "image/package_reader.h"

#include <criterion/criterion.h>
#include <stdio.h>

static const char content[] = "the content of a file";

static struct silt_checksums sums_of(const char *text)
{
    struct silt_summer *summer;
    struct silt_checksums sums = {0};
    cr_assert_eq(silt_summer_new(&summer, NULL), SILT_OK);
    silt_summer_put(summer, silt_span_text(text));
    silt_summer_take(summer, &sums);
    silt_summer_free(summer);
    return sums;
}

/* A line of md5sums for the content of a file. */
static const char *sum_line(const char *text, const char *path)
{
    static char lines[8][256];
    static unsigned next;
    char *line = lines[next++ % 8];
    struct silt_checksums sums = sums_of(text);
    for (size_t i = 0; i < sizeof sums.md5; i++)
        sprintf(line + 2 * i, "%02x", sums.md5[i]);
    snprintf(line + 32, sizeof lines[0] - 32, "  %s\n", path);
    return line;
}

/* Reads one record, in pieces. */
static void read_record(struct silt_packages *packages, const char *path, const char *text, size_t piece)
{
    static struct silt_package_reading reading;
    const struct silt_package_format *format = silt_package_reader_find(silt_span_text(path));
    cr_assert_not_null(format, "%s", path);
    cr_assert_eq(silt_package_reader_begin(&reading, format, silt_span_text(path), packages, NULL), SILT_OK);
    struct silt_span bytes = silt_span_text(text);
    for (size_t at = 0; at < bytes.size; at += piece)
        silt_package_reader_put(&reading, silt_span_slice(bytes, at, piece));
    cr_assert_eq(silt_package_reader_end(&reading, true, NULL), SILT_OK);
    silt_package_reader_clear(&reading);
}

static struct silt_packages *start(void)
{
    struct silt_packages *packages;
    cr_assert_eq(silt_packages_new(&packages, NULL), SILT_OK);
    return packages;
}

/* The records of a layer: path and text by turns. */
static struct silt_packages *layer(const char *const *records)
{
    struct silt_packages *packages = start();
    for (; *records != NULL; records += 2)
        read_record(packages, records[0], records[1], 7);
    cr_assert_eq(silt_packages_finish(packages, NULL), SILT_OK);
    return packages;
}

#define LAYER(...) layer((const char *const[]){__VA_ARGS__, NULL})

/* "manager name version integrity" of a file with the content, or "-". */
static const char *owner_of(struct silt_packages *const *layers, size_t count, size_t own, const char *path,
                            const char *text)
{
    static char answer[256];
    static const char *const words[] = {"unknown", "unmodified", "modified"};
    struct silt_checksums sums = text != NULL ? sums_of(text) : (struct silt_checksums){0};
    struct silt_package package;
    const struct silt_package_question question = {(const struct silt_packages *const *)layers, count, own,
                                                   silt_span_text(path), &sums};
    if (!silt_packages_find(&question, &package))
        return "-";
    snprintf(answer, sizeof answer, "%s %s %s %s", silt_package_manager_name(package.manager), package.name,
             package.version, words[package.integrity]);
    return answer;
}

static void expect_one(struct silt_packages *packages, const char *path, const char *text, const char *answer)
{
    cr_expect_str_eq(owner_of(&packages, 1, 0, path, text), answer, "%s", path);
}

#define SUMS "var/lib/dpkg/info/demo:amd64.md5sums"
#define STATUS "var/lib/dpkg/status"
#define DEMO_STATUS "Package: demo\nStatus: install ok installed\nVersion: 1-2\n\n"

Test(packages, checksums_decide)
{
    struct silt_packages *packages = LAYER(SUMS, sum_line(content, "usr/a"), STATUS, DEMO_STATUS);
    expect_one(packages, "usr/a", content, "dpkg demo 1-2 unmodified");
    expect_one(packages, "usr/a", "another", "dpkg demo 1-2 modified");
    expect_one(packages, "usr/a", NULL, "dpkg demo 1-2 unknown");
    expect_one(packages, "usr/b", content, "-");
    expect_one(packages, "", content, "-");
    silt_packages_free(packages);
}

Test(packages, only_unmodified_files_of_distributions_are_public)
{
    for (int manager = 0; manager <= SILT_PACKAGE_NPM; manager++) {
        for (int integrity = 0; integrity <= SILT_INTEGRITY_MODIFIED; integrity++) {
            const struct silt_package package = {.manager = (enum silt_package_manager)manager,
                                                 .integrity = (enum silt_integrity)integrity};
            bool expected = manager <= SILT_PACKAGE_RPM && integrity == SILT_INTEGRITY_UNMODIFIED;
            cr_expect_eq(silt_packages_is_public(&package), expected);
        }
    }
}

Test(packages, records_of_other_layers)
{
    struct silt_packages *layers[] = {
        LAYER(SUMS, sum_line("old", "usr/a"), STATUS, "Package: demo\nVersion: 1\n"), NULL,
        LAYER(SUMS, sum_line("new", "usr/a")), LAYER(STATUS, "Package: demo\nVersion: 2\n")};
    cr_expect_str_eq(owner_of(layers, 4, 0, "usr/a", "old"), "dpkg demo 1 unmodified");
    cr_expect_str_eq(owner_of(layers, 4, 1, "usr/a", "old"), "dpkg demo 1 unmodified");
    cr_expect_str_eq(owner_of(layers, 4, 0, "usr/a", "new"), "dpkg demo 1 unmodified");
    cr_expect_str_eq(owner_of(layers, 4, 3, "usr/a", "other"), "dpkg demo 1 modified");
    for (size_t i = 0; i < 4; i++)
        silt_packages_free(layers[i]);
}

Test(packages, a_checksum_that_fits_before_all_then_the_distribution)
{
    struct silt_packages *packages =
        LAYER(SUMS, sum_line("distribution's", "usr/a.py"), "usr/pip-3.dist-info/RECORD",
              "a.py,sha256=_tUDi_L0J6suyE-FiB8QPA6Ubo1iUrhzH5mrDLV3Kdk,3\n");
    expect_one(packages, "usr/a.py", "distribution's", "dpkg demo  unmodified");
    expect_one(packages, "usr/a.py", "other", "dpkg demo  modified");
    expect_one(packages, "usr/a.py", "pip", "pypi pip 3 unmodified");
    silt_packages_free(packages);
}

Test(packages, lib_and_usr_lib_are_one)
{
    struct silt_packages *packages =
        LAYER(SUMS, sum_line(content, "lib/x"), "var/lib/dpkg/info/demo.list", "/usr/sbin/y\n/.\n/libx\n");
    expect_one(packages, "usr/lib/x", content, "dpkg demo  unmodified");
    expect_one(packages, "lib/x", content, "dpkg demo  unmodified");
    expect_one(packages, "sbin/y", content, "dpkg demo  unknown");
    expect_one(packages, "libx", content, "dpkg demo  unknown");
    expect_one(packages, "usr/libx", content, "-");
    silt_packages_free(packages);
}

Test(packages, dpkg_status_with_conffiles)
{
    char text[1024];
    snprintf(
        text, sizeof text,
        "Package: demo\nVersion: 1\nConffiles:\n /etc/a %.32s\n /etc/b newconffile\n /etc/c %.32s obsolete\n"
        "Description: x\n /etc/d %.32s\n\nPackage: gone\n\nVersion: 9\nPackage: last\nVersion: "
        "3\nConffiles:\n"
        " /etc/e %.32s",
        sum_line(content, ""), sum_line(content, ""), sum_line(content, ""), sum_line(content, ""));
    struct silt_packages *packages = LAYER(STATUS, text);
    expect_one(packages, "etc/a", content, "dpkg demo 1 unmodified");
    expect_one(packages, "etc/b", content, "dpkg demo 1 unknown");
    expect_one(packages, "etc/c", content, "dpkg demo 1 unmodified");
    expect_one(packages, "etc/d", content, "-");
    expect_one(packages, "etc/e", content, "dpkg last 3 unmodified");
    silt_packages_free(packages);
}

Test(packages, diversions)
{
    struct silt_packages *packages = LAYER(SUMS, sum_line(content, "bin/sh"), "var/lib/dpkg/diversions",
                                           "/bin/sh\n/bin/sh.distrib\ndash\n/usr/x\n/usr/y\n:\n");
    expect_one(packages, "usr/bin/sh.distrib", content, "dpkg demo  unmodified");
    expect_one(packages, "usr/bin/sh.distrib", "other", "dpkg demo  modified");
    expect_one(packages, "usr/y", content, "-");
    silt_packages_free(packages);
}

Test(packages, npm_packages_own_what_is_below_them)
{
    struct silt_packages *packages = LAYER(
        "srv/node_modules/a/package.json", "{\"version\":\"1\", \"x\":{\"name\":\"no\"}, \"name\":\"a\"}",
        "srv/node_modules/a/node_modules/@s/b/package.json", "{\"name\":\"@s/b\",\"version\":\"2\"}");
    expect_one(packages, "srv/node_modules/a/test/key", content, "npm a 1 unknown");
    expect_one(packages, "srv/node_modules/a/node_modules/@s/b/lib/x", content, "npm @s/b 2 unknown");
    expect_one(packages, "srv/node_modules/a/node_modules/@s/c/lib/x", content, "-");
    expect_one(packages, "srv/node_modules/abc/x", content, "-");
    expect_one(packages, "srv/my_node_modules/a/x", content, "-");
    expect_one(packages, "srv/a/x", content, "-");
    silt_packages_free(packages);
}

Test(packages, what_is_a_record)
{
    static const char *const records[] = {
        "var/lib/dpkg/status",         "var/lib/dpkg/status.d/base",       "var/lib/dpkg/info/a.list",
        "lib/apk/db/installed",        "usr/lib/apk/db/installed",         "a/b-1.dist-info/RECORD",
        "node_modules/a/package.json", "x/node_modules/@a/b/package.json", "var/lib/rpm/rpmdb.sqlite"};
    static const char *const others[] = {"",
                                         "status",
                                         "x/var/lib/dpkg/status",
                                         "var/lib/dpkg/info/a.postinst",
                                         "var/lib/dpkg/status-old",
                                         "package.json",
                                         "srv/package.json",
                                         "node_modules/a/lib/package.json",
                                         "x_node_modules/a/package.json",
                                         "RECORD",
                                         "a.dist-info/RECORD.jws",
                                         "lib/apk/db/scripts.tar"};
    for (size_t i = 0; i < sizeof records / sizeof *records; i++)
        cr_expect_not_null(silt_package_reader_find(silt_span_text(records[i])), "%s", records[i]);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        cr_expect_null(silt_package_reader_find(silt_span_text(others[i])), "%s", others[i]);
}

/* Records cut anywhere say what they say whole. */
Test(packages, pieces_of_any_size)
{
    char text[2048] = "";
    for (int i = 0; i < 20; i++) {
        char path[32];
        snprintf(path, sizeof path, "usr/share/%d", i);
        strcat(text, sum_line(content, path));
    }
    for (size_t piece = 1; piece < 100; piece++) {
        struct silt_packages *packages = start();
        read_record(packages, SUMS, text, piece);
        cr_assert_eq(silt_packages_finish(packages, NULL), SILT_OK);
        cr_assert_eq(packages->facts.count, 20, "%zu", piece);
        expect_one(packages, "usr/share/19", content, "dpkg demo  unmodified");
        silt_packages_free(packages);
    }
}

/* A line longer than is looked at is passed over, the next one is not; nothing of it is held. */
Test(packages, long_lines)
{
    size_t size = 5 * 1024 * 1024;
    char *text = malloc(size + 256);
    cr_assert_not_null(text);
    memset(text, 'x', size);
    text[size] = '\n';
    strcpy(text + size + 1, sum_line(content, "usr/a"));
    for (size_t piece = 1000; piece < 1000000000; piece *= 1000) {
        struct silt_packages *packages = start();
        read_record(packages, SUMS, text, piece);
        cr_assert_eq(silt_packages_finish(packages, NULL), SILT_OK);
        expect_one(packages, "usr/a", content, "dpkg demo  unmodified");
        silt_packages_free(packages);
    }
    free(text);
}

/* Records that say one thing over and over cost little, and what is beyond the limits is passed over. */
Test(packages, limits)
{
    struct silt_packages *packages = start();
    uint32_t index = 0;
    const struct silt_package_name name = {SILT_PACKAGE_DPKG, "a", "1"};
    for (int i = 0; i < SILT_PACKAGES_MAX; i++)
        cr_assert_eq(silt_packages_put_name(packages, &name, &index, NULL), SILT_OK);
    cr_expect_eq(silt_packages_put_name(packages, &name, &index, NULL), SILT_ERR_LIMIT);
    const struct silt_package_fact fact = {silt_packages_mark(silt_span_text("usr/a")), 5, 1,
                                           SILT_PACKAGE_MD5};
    for (int i = 0; i < SILT_PACKAGES_FACTS_MAX + 10; i++)
        cr_assert_eq(silt_packages_put_fact(packages, &fact, NULL), SILT_OK);
    cr_expect_eq(packages->facts.count, SILT_PACKAGES_FACTS_MAX);
    cr_assert_eq(silt_packages_finish(packages, NULL), SILT_OK);
    cr_expect_leq(packages->facts.count, 64);
    expect_one(packages, "usr/a", content, "dpkg a 1 modified");
    silt_packages_free(packages);
    silt_packages_free(NULL);
    cr_expect_eq(silt_packages_finish(NULL, NULL), SILT_OK);
}
