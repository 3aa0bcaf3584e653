/*
 * parcel.h: a scan as one JSON document, schema silt.scan/1: what the store keeps a scan from, and how a scan
 * travels from a worker to a store elsewhere. Findings and images are as in the report (DESIGN.md), so no
 * secret is in it, and all text is valid UTF-8.
 */
#ifndef SILT_CLI_SERVE_PARCEL_H
#define SILT_CLI_SERVE_PARCEL_H

#include "serve/store.h"

#include <jansson.h>

/* The whole scan, or only what names it (to be known, not put). NULL when memory is out. */
json_t *silt_parcel_new(const struct silt_store_scan *scan, bool with_results);

/* A member's text, or "": nothing that comes from elsewhere is taken for granted. */
const char *silt_parcel_word(const json_t *object, const char *key);

/* A member's number, or 0. */
int64_t silt_parcel_number(const json_t *object, const char *key);

#endif
