/*
 * check.h: what explains the bytes of a container that are nobody's content. A format without a check has
 * none of its gaps questioned; they are matched as raw bytes all the same.
 */
#ifndef SILT_ARCHIVE_CHECK_H
#define SILT_ARCHIVE_CHECK_H

#include "base/span.h"

/* Zero-initialise but for ops. Offsets count from the container's first byte. */
struct silt_check {
    const struct silt_check_ops *ops; /* NULL: nothing is checked */
    uint64_t hidden_bytes;            /* that no rule of the format explains */
    uint64_t hidden_offset;           /* of the first of them */
    bool is_ended;                    /* the format's end mark was seen last */
    size_t weight; /* what a reader may have to remember for the header at hand; the ledger resets it */
    union {
        struct {
            bool is_after_pax;  /* the next header belongs to a pax header */
            bool is_map_next;   /* a pax 1.0 sparse map may stand in front of the content */
            bool is_extended;   /* sparse map blocks of the old GNU form follow */
            uint64_t body_left; /* of an extension header */
            size_t filled;
            uint8_t block[512];
        } tar;
        struct {
            uint64_t skip;      /* bytes of a record that are still to come and need no look */
            uint64_t lost;      /* bytes since the last record that was understood */
            uint64_t lost_size; /* what they say their size is, if they are Android's signing block */
            size_t filled;
            uint8_t record[64];
            uint8_t last[16]; /* of the lost bytes */
        } zip;
    };
};

struct silt_check_ops {
    /* Bytes of a gap, in the order of the container. */
    void (*gap)(struct silt_check *check, uint64_t offset, struct silt_span bytes);
    /* An extent that was handed out as content. */
    void (*content)(struct silt_check *check, uint64_t offset, uint64_t size);
    /* Bytes that the reader looked at without taking them yet: only their weight counts. */
    void (*pending)(struct silt_check *check, struct silt_span bytes);
    /* The container's end. */
    void (*end)(struct silt_check *check, uint64_t offset);
};

extern const struct silt_check_ops silt_tarcheck; /* tarcheck.c */
extern const struct silt_check_ops silt_zipcheck; /* zipcheck.c */

/* Notes bytes that nothing explains. */
static inline void silt_check_hidden(struct silt_check *check, uint64_t offset, uint64_t size)
{
    if (size > 0 && check->hidden_bytes == 0)
        check->hidden_offset = offset;
    check->hidden_bytes += size;
}

#endif
