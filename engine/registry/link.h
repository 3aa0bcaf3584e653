/*
 * link.h: where the next page of a list is: the Link header.
 */
#ifndef SILT_REGISTRY_LINK_H
#define SILT_REGISTRY_LINK_H

#include "base/span.h"

/* The target of the link with relation "next" in a header's value (RFC 8288), borrowed from it; empty if
 * there is none. */
struct silt_span silt_link_next(struct silt_span value);

#endif
