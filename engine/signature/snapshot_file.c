/*
 * snapshot_file.c: name and label of a snapshot's file.
 */
#include "signature/snapshot_file.h"

#include "base/error.h"
#include "base/stored.h"
#include "signature/snapshot.h"

#include <limits.h>
#include <stdio.h>

enum { FILE_MODE = 0644 };

struct file {
    char path[PATH_MAX];
    struct silt_stored_label label;
};

static enum silt_status name_file(const char *directory, const char *snapshot_dir, struct file *out,
                                  struct silt_error *error)
{
    int size = snprintf(out->path, PATH_MAX, "%s/signatures.snapshot", snapshot_dir);
    if (size < 0 || size >= PATH_MAX)
        return silt_error_set(error, SILT_ERR_USAGE, "%.100s…: path too long", snapshot_dir);
    out->label = (struct silt_stored_label){.kind = "silt.snapshot/1"};
    return silt_snapshot_key(directory, &out->label.key, error);
}

enum silt_status silt_snapshot_file_read(const char *directory, const char *snapshot_dir,
                                         struct silt_signatures *set, struct silt_error *error)
{
    struct file file;
    enum silt_status status = name_file(directory, snapshot_dir, &file, error);
    if (status == SILT_OK)
        status = silt_stored_read(file.path, SILT_STORED_INSTALLED, &file.label, &set->snapshot, error);
    if (status == SILT_OK)
        status = silt_snapshot_parse(silt_stored_body(&set->snapshot), directory, set, error);
    return status == SILT_ERR_CORRUPT ? SILT_ERR_NOT_FOUND : status;
}

enum silt_status silt_snapshot_file_write(const char *directory, const char *snapshot_dir,
                                          const struct silt_signatures *set, struct silt_error *error)
{
    struct file file;
    struct silt_buffer bytes = {0};
    enum silt_status status = name_file(directory, snapshot_dir, &file, error);
    if (status == SILT_OK)
        status = silt_snapshot_print(set, &bytes, error);
    if (status == SILT_OK)
        status = silt_stored_write(file.path, FILE_MODE, &file.label, silt_buffer_span(&bytes), error);
    silt_buffer_clear(&bytes);
    return status;
}
