/*
 * queue_space_test.c: a disk that is full is told apart, loses nothing, and is mended by room. The disk is a
 * tmpfs of one megabyte, which takes the right to mount: without it there is nothing to test.
 */
#include "queues.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>

static bool mount_small(const char *folder)
{
    return unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("none", folder, "tmpfs", 0, "size=1m") == 0;
}

/* Writes until nothing more fits. */
static void fill(const char *path)
{
    static const char page[4096] = "x";
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    cr_assert_geq(fd, 0);
    while (write(fd, page, sizeof page) > 0)
        continue;
    cr_assert_eq(errno, ENOSPC);
    close(fd);
}

static const struct silt_queue_kind *find_sqlite(void)
{
    size_t i = 0;
    while (strcmp(silt_queue_kind_at(i)->name, "sqlite") != 0)
        i++;
    return silt_queue_kind_at(i);
}

Test(queue, says_that_the_disk_is_full)
{
    struct bed bed;
    char filler[64], digest[80];
    bed_open(&bed, find_sqlite());
    if (!mount_small(bed.folder)) {
        bed_close(&bed);
        cr_skip_test("this user may not mount");
    }
    snprintf(filler, sizeof filler, "%s/filler", bed.folder);
    struct silt_queue *queue = bed_queue(&bed);
    struct silt_queue_receipt receipt = {0};
    struct silt_error error = {0};
    unsigned put = 0;
    fill(filler);
    for (; put < 5000; put++) {
        struct silt_job job = bed_job(put, "v1", digest);
        if (queue->kind->put(queue, &job, &receipt, &error) != SILT_OK)
            break;
    }
    cr_expect_lt(put, 5000);
    cr_expect_eq(receipt.answer, SILT_QUEUE_NO_SPACE, "%d: %s", (int)receipt.answer, error.message);
    cr_assert_eq(unlink(filler), 0);
    struct silt_job job = bed_job(put, "v1", digest);
    cr_expect_eq(bed_put(queue, &job).answer, SILT_QUEUE_QUEUED);
    cr_expect_eq(bed_count(queue).jobs[SILT_JOB_WAITING], put + 1);
    silt_queue_free(queue);
    umount(bed.folder);
    bed_close(&bed);
}
