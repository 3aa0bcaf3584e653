/*
 * tree.h: the files of a directory tree, one after another.
 *
 * Sorted by name within each directory, by an explicit stack; links are never followed, so that the walk
 * stays in the tree whatever happens to it meanwhile. At most 32 descriptors are held. What cannot be read is
 * handed out as a skip: devices, fifos and sockets, links that lead out or nowhere, what there is no
 * permission for. A link that leads to another place of the tree is passed over without a word: its target is
 * visited on its own.
 */
#ifndef SILT_SOURCE_TREE_H
#define SILT_SOURCE_TREE_H

#include "source/source.h"

struct silt_tree;

/* Walks below an open directory; the descriptor is borrowed. Free it with silt_tree_free. */
SILT_MUST_USE enum silt_status silt_tree_new(int root, struct silt_tree **out, struct silt_error *error);

/* The next file or skip, as a source's `next` hands it out; END behind the last. */
SILT_MUST_USE enum silt_status silt_tree_next(struct silt_tree *tree, struct silt_blob *out,
                                              struct silt_error *error);
void silt_tree_free(struct silt_tree *tree);

#endif
