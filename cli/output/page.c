/*
 * page.c: where a report is written. stdio forgets why a write failed, so a cookie stream keeps errno.
 */
#include "page.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { PLAIN_WIDTH = 100, TERMINAL_WIDTH = 80, LEAST_WIDTH = 40 };

static ssize_t write_all(void *cookie, const char *bytes, size_t size)
{
    struct silt_page *page = cookie;
    for (size_t done = 0; done < size && page->failure == 0;) {
        ssize_t written = write(page->fd, bytes + done, size - done);
        if (written < 0 && errno != EINTR)
            page->failure = errno;
        done += written > 0 ? (size_t)written : 0;
    }
    return page->failure == 0 ? (ssize_t)size : 0;
}

static int close_fd(void *cookie)
{
    struct silt_page *page = cookie;
    if (close(page->fd) != 0 && page->failure == 0)
        page->failure = errno; /* disks of networks tell here that they are full */
    return page->failure == 0 ? 0 : -1;
}

static unsigned find_width(int fd)
{
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return TERMINAL_WIDTH;
    return size.ws_col < LEAST_WIDTH ? LEAST_WIDTH : size.ws_col;
}

bool silt_page_open(struct silt_page *page, const char *path, bool shows_secrets)
{
    bool is_stdout = strcmp(path, "-") == 0;
    *page = (struct silt_page){.path = is_stdout ? "standard output" : path, .shows_secrets = shows_secrets};
    int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
    page->fd =
        is_stdout ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3) : open(path, flags, shows_secrets ? 0600 : 0666);
    if (page->fd < 0)
        return false;
    page->is_terminal = isatty(page->fd) == 1;
    page->width = page->is_terminal ? find_width(page->fd) : PLAIN_WIDTH;
    page->file = fopencookie(page, "w", (cookie_io_functions_t){.write = write_all, .close = close_fd});
    if (page->file == NULL)
        close(page->fd);
    return page->file != NULL;
}

void silt_page_init(struct silt_page *page, FILE *file, unsigned width)
{
    *page = (struct silt_page){.file = file, .width = width, .path = "", .fd = -1};
}

bool silt_page_flush(struct silt_page *page)
{
    if (fflush(page->file) != 0 && page->failure == 0)
        page->failure = errno;
    return page->failure == 0;
}

int silt_page_close(struct silt_page *page)
{
    if (page->file == NULL)
        return page->failure;
    silt_page_flush(page);
    fclose(page->file);
    page->file = NULL;
    return page->failure;
}
