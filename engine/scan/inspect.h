/*
 * inspect.h: one file's content to hits: windows, candidates, confirmed matches, the best of each place.
 */
#ifndef SILT_SCAN_INSPECT_H
#define SILT_SCAN_INSPECT_H

#include "scan/worker.h"

/* What is looked at. */
struct silt_subject {
    const struct silt_entry *entry; /* FILE or RAW, with its content */
    const struct silt_walk *walk;   /* that handed out a RAW entry; NULL for all else */
    enum silt_origin origin;
    int history; /* of a document, -1 otherwise */
};

/* Matches the subject's content to its end and puts its hits into the worker's result. Damage in the content
 * is left to whoever made the stream to report; answers MEMORY, CANCELLED, LIMIT (--max-total-size), or the
 * failure of the stream. */
SILT_MUST_USE enum silt_status silt_inspect(struct silt_worker *worker, const struct silt_subject *subject,
                                            struct silt_error *error);

/* Matches the name of an entry. */
SILT_MUST_USE enum silt_status silt_inspect_path(struct silt_worker *worker, const struct silt_entry *entry,
                                                 struct silt_error *error);

#endif
