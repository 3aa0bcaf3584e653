/*
 * folder.h: the folder that holds the SQLite file and its companions, and whether it can be trusted.
 */
#ifndef SILT_STORE_FOLDER_H
#define SILT_STORE_FOLDER_H

#include <limits.h>
#include <silt/status.h>

struct silt_folder {
    char path[PATH_MAX]; /* DIR/layers */
    char file[PATH_MAX]; /* the database in it */
};

/* Fills in the paths. USAGE if they are too long. */
SILT_MUST_USE enum silt_status silt_folder_init(struct silt_folder *folder, const char *dir,
                                                struct silt_error *error);

/* Makes folder and file where they are not there, for this user only. IO if that fails, USAGE if they belong
 * to someone else or if others can write to them: SQLite takes what stands in a write-ahead log at its word.
 */
SILT_MUST_USE enum silt_status silt_folder_make(const struct silt_folder *folder, struct silt_error *error);

/* Moves the folder with all that is in it to DIR/layers.damaged, in place of an older one there. As a whole:
 * a database and its log belong together, and another process may have them open. */
SILT_MUST_USE enum silt_status silt_folder_set_aside(const struct silt_folder *folder,
                                                     struct silt_error *error);

#endif
