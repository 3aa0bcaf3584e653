/*
 * Directory trees, friendly and hostile. Through transport "dir", which is how they are walked.
 */
#include "engine/source/fixture.h"

#include <sys/socket.h>
#include <sys/un.h>

TestSuite(tree, .init = fixture_begin, .fini = fixture_end);

static struct silt_source *open_tree(void)
{
    char text[128];
    struct silt_error error = {0};
    snprintf(text, sizeof text, "dir:%s/t", fixture_dir);
    struct silt_source *source = source_of(text, &error);
    cr_assert_not_null(source, "%s", error.message);
    cr_expect_eq(source->layout, SILT_LAYOUT_NONE);
    return source;
}

static void expect_tree(const char *expected)
{
    struct silt_source *source = open_tree();
    expect_blobs(source, expected);
    silt_source_free(source);
}

Test(tree, files_in_order)
{
    fixture_write_text(fixture_path("t/b/2"), "two");
    fixture_write_text(fixture_path("t/b/1"), "one");
    fixture_write_text(fixture_path("t/a"), "ay");
    fixture_write_text(fixture_path("t/c"), "");
    mkdir(fixture_path("t/empty"), 0777);
    expect_tree("a=ay;b/1=one;b/2=two;c=;");
}

Test(tree, links)
{
    fixture_write_text(fixture_path("t/d/file"), "x");
    fixture_write_text(fixture_path("outside"), "y");
    struct {
        const char *name, *target;
    } links[] = {
        {"t/inside", "d/file"},
        {"t/d/up", "../d/file"},
        {"t/absolute", "/d/file"},
        {"t/folder", "d"},
        {"t/chain", "inside"},
        {"t/through", "folder/file"},
        {"t/out", "../outside"},
        {"t/d/out", "../../outside"},
        {"t/gone", "nowhere"},
        {"t/etc", "/etc/passwd"},
        {"t/loop", "loop"},
        {"t/clamp", "../t/d/file"},
        {"t/bounce", "d/../../d/file"},
    };
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++)
        cr_assert_eq(symlink(links[i].target, fixture_path("%s", links[i].name)), 0);
    char expected[256];
    snprintf(expected, sizeof expected, "bounce!%d;clamp!%d;d/file=x;d/out!%d;etc!%d;gone!%d;loop!%d;out!%d;",
             SILT_SKIP_LINK, SILT_SKIP_LINK, SILT_SKIP_LINK, SILT_SKIP_LINK, SILT_SKIP_LINK, SILT_SKIP_LINK,
             SILT_SKIP_LINK);
    expect_tree(expected);
}

Test(tree, things_without_content, .timeout = 10)
{
    fixture_write_text(fixture_path("t/a"), "x");
    cr_assert_eq(mkfifo(fixture_path("t/fifo"), 0600), 0);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s/t/socket", fixture_dir);
    cr_assert_eq(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    char expected[64];
    snprintf(expected, sizeof expected, "a=x;fifo!%d;socket!%d;", SILT_SKIP_SPECIAL, SILT_SKIP_SPECIAL);
    expect_tree(expected);
    close(fd);
}

Test(tree, no_permission)
{
    fixture_write_text(fixture_path("t/closed/secret"), "x");
    fixture_write_text(fixture_path("t/locked"), "x");
    fixture_write_text(fixture_path("t/open"), "x");
    chmod(fixture_path("t/closed"), 0);
    chmod(fixture_path("t/locked"), 0);
    chmod(fixture_dir, 0755);
    uid_t user = geteuid();
    if (user == 0)
        cr_assert_eq(seteuid(65534), 0); /* root reads everything */
    char expected[64];
    snprintf(expected, sizeof expected, "closed!%d;locked!%d;open=x;", SILT_SKIP_UNREADABLE,
             SILT_SKIP_UNREADABLE);
    expect_tree(expected);
    cr_assert_eq(seteuid(user), 0);
    chmod(fixture_path("t/closed"), 0700);
}

static void make_deep(int depth)
{
    mkdir(fixture_path("t"), 0777);
    int fd = open(fixture_path("t"), O_RDONLY | O_DIRECTORY);
    for (int i = 0; i < depth; i++) {
        int file = openat(fd, "z", O_WRONLY | O_CREAT, 0666);
        bool is_made = write(file, "z", 1) == 1 && mkdirat(fd, "d", 0777) == 0;
        close(file);
        if (!is_made)
            cr_assert_fail("cannot make the tree");
        int next = openat(fd, "d", O_RDONLY | O_DIRECTORY);
        close(fd);
        fd = next;
    }
    close(fd);
}

/* The files come after the directories, so that every directory is gone back to. */
Test(tree, deep_without_many_descriptors, .timeout = 60)
{
    enum { DEPTH = 100 };
    make_deep(DEPTH);
    struct silt_source *source = open_tree();
    struct silt_blob blob;
    enum silt_status status;
    size_t count = 0, wrong = 0;
    int highest = 0;
    while ((status = source->ops->next(source, &blob, NULL)) == SILT_OK) {
        struct silt_span bytes;
        bool is_read = blob.skip == NULL && silt_stream_peek(blob.content, 1, &bytes, NULL) == SILT_OK;
        wrong += !is_read || blob.name.size != 2 * (DEPTH - 1 - count) + 1;
        int fd = dup(0);
        highest = fd > highest ? fd : highest;
        close(fd);
        count++;
    }
    cr_expect_eq(status, SILT_END);
    cr_expect_eq(wrong, 0);
    cr_expect_eq(count, DEPTH);
    cr_expect_lt(highest, 64);
    silt_source_free(source);
}

Test(tree, a_file_that_becomes_a_fifo_does_not_block, .timeout = 10)
{
    fixture_write_text(fixture_path("t/a"), "x");
    fixture_write_text(fixture_path("t/b"), "x");
    fixture_write_text(fixture_path("t/c"), "x");
    struct silt_source *source = open_tree();
    struct silt_blob blob;
    cr_assert_eq(source->ops->next(source, &blob, NULL), SILT_OK);
    unlink(fixture_path("t/b"));
    cr_assert_eq(mkfifo(fixture_path("t/b"), 0600), 0);
    unlink(fixture_path("t/c"));
    char expected[64];
    snprintf(expected, sizeof expected, "b!%d;c!%d;", SILT_SKIP_SPECIAL, SILT_SKIP_UNREADABLE);
    expect_blobs(source, expected);
    silt_source_free(source);
}

Test(tree, names_of_any_bytes)
{
    fixture_write_text(fixture_path("t/a\nb\x1b[31m"), "x");
    fixture_write_text(fixture_path("t/\xff\xfe"), "y");
    expect_tree("a\nb\x1b[31m=x;\xff\xfe=y;");
}
