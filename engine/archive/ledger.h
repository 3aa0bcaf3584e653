/*
 * ledger.h: the account of a container's bytes while libarchive reads it.
 *
 * The ledger hands libarchive the stream's bytes without copying them and is told which of them were handed
 * out as content. All others go to the gap, in order, checked by the format's rules (check.h). Offsets count
 * from the ledger's start; what the gap keeps are offsets of the input stream.
 *
 * Bytes that libarchive has looked at but not yet taken when it asks for more (the tail) may still become
 * content: only those are copied.
 */
#ifndef SILT_ARCHIVE_LEDGER_H
#define SILT_ARCHIVE_LEDGER_H

#include "archive/check.h"
#include "archive/gap.h"

enum silt_ledger_phase {
    SILT_LEDGER_HEADER, /* what is taken is gap, and bounded: a header that wants too much is refused */
    SILT_LEDGER_STORED, /* what is taken is gap unless silt_ledger_content says otherwise */
    SILT_LEDGER_PACKED, /* what is taken is content */
    SILT_LEDGER_KNOWN,  /* what is taken is gap that was reported for another reason: not checked */
};

/* Zero-initialise, then silt_ledger_open. */
struct silt_ledger {
    struct silt_stream *input; /* putback.h */
    struct silt_gap *gap;
    struct silt_check check;
    enum silt_ledger_phase phase;
    enum silt_status status; /* of the input, or of memory: why the ledger stopped */
    struct silt_error error; /* its text; also set when a header was refused */
    uint64_t base;           /* input offset of the start */
    struct silt_span chunk;  /* what libarchive was given last */
    uint64_t chunk_offset;
    uint64_t settled;        /* everything before is accounted for */
    struct silt_buffer tail; /* bytes before the chunk that are not settled */
};

/* Begins with the input where it stands. Input and gap are borrowed. */
void silt_ledger_open(struct silt_ledger *ledger, struct silt_stream *input, struct silt_gap *gap,
                      const struct silt_check_ops *check);

/* The next bytes for libarchive, which has taken everything before `position`. OK, END, or a failure. */
SILT_MUST_USE enum silt_status silt_ledger_pull(struct silt_ledger *ledger, uint64_t position,
                                                struct silt_span *out);

/* Everything up to `position` was taken: accounts for it as the phase says. */
SILT_MUST_USE enum silt_status silt_ledger_settle(struct silt_ledger *ledger, uint64_t position);

/* An extent was handed out as content. Extents come in order; what stands between them is gap. */
SILT_MUST_USE enum silt_status silt_ledger_content(struct silt_ledger *ledger, uint64_t offset,
                                                   uint64_t size);

/* libarchive is through and took everything before `position`; the rest goes back to the input. */
SILT_MUST_USE enum silt_status silt_ledger_close(struct silt_ledger *ledger, uint64_t position);

/* Wipes and frees the tail; input and gap are the caller's. */
void silt_ledger_clear(struct silt_ledger *ledger);

#endif
