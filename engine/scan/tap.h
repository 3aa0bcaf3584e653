/*
 * tap.h: what is noted of a file while its bytes stream by on their way to be matched: its checksums, if it
 * turns out to have hits; what it says, if it is a package record (image/packages.h).
 *
 * A file is one that stands in no archive. It may be an archive itself: hits in it count as hits of the file,
 * for it is the file that a package brought. Nothing is read twice and files without hits are not hashed:
 *   - plain content is in the windower's hands when its first window is matched: the checksums begin with
 *     that, so a file whose first hit stands behind its first window (1 MiB) has none;
 *   - of archives and compressed files the first 4 MiB are kept until there is a hit.
 * Without checksums nobody calls a file unmodified.
 */
#ifndef SILT_SCAN_TAP_H
#define SILT_SCAN_TAP_H

#include "archive/entry.h"
#include "base/summer.h"
#include "scan/result.h"

struct silt_tap;

/* A tap without a file. MEMORY. It belongs to one thread. Free it with silt_tap_free, which takes NULL. */
SILT_MUST_USE enum silt_status silt_tap_new(struct silt_tap **out, struct silt_error *error);
void silt_tap_free(struct silt_tap *tap);

/* Begins a file of a result, after ending the one before: *stream is replaced by one to read it through. Both
 * are borrowed until the tap is closed. MEMORY. */
SILT_MUST_USE enum silt_status silt_tap_open(struct silt_tap *tap, struct silt_span path,
                                             struct silt_result *result, struct silt_stream **stream,
                                             struct silt_error *error);

/* Ends the file: its checksums are known now if they were wanted, and its records noted. What the stream read
 * from may be gone already. May be called when none is open. MEMORY. */
SILT_MUST_USE enum silt_status silt_tap_close(struct silt_tap *tap, struct silt_error *error);

/* The content that is about to be matched is the file's own, if nothing of it was read yet: bytes are not
 * kept. */
void silt_tap_expect_plain(struct silt_tap *tap);

/* There is a hit in the file: where its checksums will be once it is closed, in the result's memory. `taken`:
 * for plain content, all bytes read through the tap so far, if they are at hand; NULL if they are not. NULL
 * if no file is open, or memory is out: then there are none. */
const struct silt_checksums *silt_tap_want(struct silt_tap *tap, const struct silt_span *taken);

#endif
