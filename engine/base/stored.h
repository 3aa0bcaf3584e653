/*
 * stored.h: files in which silt keeps what it made from something else, to be spared making it again.
 *
 * A file is a head (its kind, a checksum, a key) and a body. The key is a hash of all that the body was made
 * from; a file of another key, or one that is damaged, is as good as none, and the caller makes the body
 * anew. The checksum is there against damage, not against people: whoever may write the file can write any
 * checksum too. So it need not be a cryptographic one, and readers of bodies check what they read.
 */
#ifndef SILT_BASE_STORED_H
#define SILT_BASE_STORED_H

#include "base/digest.h"
#include "base/region.h"

/* Who may have written a file. */
enum silt_stored_trust {
    SILT_STORED_INSTALLED, /* whoever installs programs too */
    SILT_STORED_OWN,       /* this user (or root) only: others' files are not taken */
};

/* What a file must be. */
struct silt_stored_label {
    char kind[16]; /* "silt.NAME/VERSION" */
    struct silt_digest key;
};

/* Reads a file. SILT_ERR_NOT_FOUND if there is none that can be used, for whatever reason. It is read into
 * memory, not mapped: a file that is overwritten in place (as `cmake --install` does) while silt runs must
 * not change under it. Clear `out` with silt_region_clear. */
SILT_MUST_USE enum silt_status silt_stored_read(const char *path, enum silt_stored_trust trust,
                                                const struct silt_stored_label *label,
                                                struct silt_region *out, struct silt_error *error);

/* The body of a file that was read: borrowed, aligned to 16 bytes. */
struct silt_span silt_stored_body(const struct silt_region *file);

/* Writes a file of a mode, under another name first, so that no one ever reads half of one. Makes the
 * directories above it (mode 0700). */
SILT_MUST_USE enum silt_status silt_stored_write(const char *path, unsigned mode,
                                                 const struct silt_stored_label *label, struct silt_span body,
                                                 struct silt_error *error);

#endif
