/*
 * reader.h: the entries of one container, read by libarchive over a ledger. The only user of archive.h
 * besides the format rows.
 */
#ifndef SILT_ARCHIVE_READER_H
#define SILT_ARCHIVE_READER_H

#include "archive/entry.h"
#include "archive/format.h"
#include "archive/gap.h"

#include <locale.h>
#include <silt/sink.h>

/* How the reader says what it could not read: the walk adds the place. `of_entry`: the entry handed out last,
 * else the container. */
struct silt_complaint {
    void *context;
    void (*make)(void *context, enum silt_skip_reason reason, bool of_entry, uint64_t bytes,
                 const char *detail);
};

/* What readers lost of one container, to be said once. */
struct silt_losses {
    uint64_t hidden_bytes;  /* that belong to no entry and that the format does not explain */
    uint64_t hidden_offset; /* of the first of them, in the input */
    char damage[256];       /* the first one; "" if there is none */
};

struct silt_reader_setup {
    const struct silt_format *format;
    struct silt_stream *input; /* putback.h; for HELD formats a stream over `held` */
    struct silt_gap *gap;      /* gathers what is nobody's content */
    struct silt_span held;     /* HELD: the whole container */
    struct silt_complaint complaint;
    unsigned max_ratio;
    locale_t locale; /* with UTF-8: names of zip and 7z are converted to it */
};

struct silt_reader;

/* Begins to read a container. The setup is copied, what it points to is borrowed. A container that libarchive
 * refuses is opened all the same: it has no entries and is damaged. */
SILT_MUST_USE enum silt_status silt_reader_open(const struct silt_reader_setup *setup,
                                                struct silt_reader **out, struct silt_error *error);

/* The next entry, without its chain and clean path (path_bytes and link_target are as they stand); a RAW
 * entry is announced by kind only, for the owner of the gap to hand out. END when libarchive is through: the
 * input then stands at the first byte that it did not take. Damage is complained of and is no failure;
 * failures are those of memory and CANCELLED. */
SILT_MUST_USE enum silt_status silt_reader_next(struct silt_reader *reader, struct silt_entry *out,
                                                struct silt_error *error);

/* What explains the container's gaps, for those who hand out the rest of the input; NULL for HELD formats. */
struct silt_check;
struct silt_check *silt_reader_check(struct silt_reader *reader, uint64_t *base);

/* After the rest of the input was handed out: adds what was lost. */
void silt_reader_finish(struct silt_reader *reader, struct silt_losses *losses);

/* Frees the reader; its last entry is not valid any more. NULL is allowed. */
void silt_reader_free(struct silt_reader *reader);

/* The name and version of the library that reads archives. */
const char *silt_reader_version(void);

#endif
