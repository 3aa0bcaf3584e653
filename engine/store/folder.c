/*
 * folder.c: owner, modes, and a way out for damaged files.
 */
#include "store/folder.h"

#include "base/directory.h"
#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum silt_status say_why(const char *path, struct silt_error *error)
{
    return silt_error_set(error, SILT_ERR_IO, "'%s': %s", path, strerrordesc_np(errno));
}

static enum silt_status join(char out[PATH_MAX], const char *path, const char *end, struct silt_error *error)
{
    enum { ROOM = 32 }; /* for "-wal" and "layers.damaged" */
    int size = snprintf(out, PATH_MAX, "%s%s", path, end);
    if (size < 0 || size > PATH_MAX - ROOM)
        return silt_error_set(error, SILT_ERR_USAGE, "%.100s…: path too long", path);
    return SILT_OK;
}

enum silt_status silt_folder_init(struct silt_folder *folder, const char *dir, struct silt_error *error)
{
    enum silt_status status = join(folder->path, dir, "/layers", error);
    return status == SILT_OK ? join(folder->file, folder->path, "/results.db", error) : status;
}

static enum silt_status check(const char *path, mode_t kind, struct silt_error *error)
{
    struct stat info;
    if (lstat(path, &info) != 0)
        return say_why(path, error);
    if ((info.st_mode & S_IFMT) != kind)
        return silt_error_set(error, SILT_ERR_USAGE, "'%s' is something else", path);
    if (info.st_uid != geteuid())
        return silt_error_set(error, SILT_ERR_USAGE, "'%s' belongs to another user", path);
    if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return silt_error_set(error, SILT_ERR_USAGE, "others can write to '%s'", path);
    return SILT_OK;
}

/* Only a file that was not there is opened: closing one would drop the locks that this process may hold on it
 * through another connection (sqlite.org/howtocorrupt.html, 2.2). */
static enum silt_status make_file(const char *path, struct silt_error *error)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno == EEXIST ? SILT_OK : say_why(path, error);
    close(fd);
    return SILT_OK;
}

enum silt_status silt_folder_make(const struct silt_folder *folder, struct silt_error *error)
{
    enum silt_status status = silt_directory_make(folder->path, error);
    if (status == SILT_OK)
        status = check(folder->path, S_IFDIR, error);
    if (status == SILT_OK)
        status = make_file(folder->file, error);
    return status == SILT_OK ? check(folder->file, S_IFREG, error) : status;
}

/* Removes what SQLite leaves in a folder, and the folder if nothing else is in it. */
static void remove_folder(const char *path)
{
    static const char *const names[] = {"results.db", "results.db-wal", "results.db-shm"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char file[PATH_MAX];
        int size = snprintf(file, sizeof file, "%s/%s", path, names[i]);
        if (size > 0 && (size_t)size < sizeof file)
            unlink(file);
    }
    rmdir(path);
}

enum silt_status silt_folder_set_aside(const struct silt_folder *folder, struct silt_error *error)
{
    char aside[PATH_MAX];
    enum silt_status status = join(aside, folder->path, ".damaged", error);
    if (status != SILT_OK || rename(folder->path, aside) == 0)
        return status;
    remove_folder(aside);
    return rename(folder->path, aside) == 0 ? SILT_OK : say_why(folder->path, error);
}
