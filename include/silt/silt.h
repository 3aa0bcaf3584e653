/*
 * silt.h: everything of libsilt in one include.
 */
#ifndef SILT_SILT_H
#define SILT_SILT_H

#include <silt/cache.h>
#include <silt/finding.h>
#include <silt/image.h>
#include <silt/registry.h>
#include <silt/scanner.h>
#include <silt/seal.h>
#include <silt/signatures.h>
#include <silt/sink.h>
#include <silt/status.h>
#include <silt/version.h>

#endif
