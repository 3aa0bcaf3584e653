/*
 * tree_link.h: where a symbolic link of a directory tree leads.
 */
#ifndef SILT_SOURCE_TREE_LINK_H
#define SILT_SOURCE_TREE_LINK_H

#include "base/span.h"

/* Whether the link at `path` (clean, below the directory `root`) leads to something in the tree. An absolute
 * target starts at the tree's root, as it does in a root file system; a relative one must not climb out of
 * it. Only looks, opens nothing. False as well when memory is out. */
bool silt_tree_link_is_inside(int root, struct silt_span path);

#endif
