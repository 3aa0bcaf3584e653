/*
 * snapshot_fields.h: the fields of a signature, in the order in which a snapshot has them.
 */
#ifndef SILT_SIGNATURE_SNAPSHOT_FIELDS_H
#define SILT_SIGNATURE_SNAPSHOT_FIELDS_H

#include <stddef.h>
#include <stdint.h>

/* What a snapshot begins with. Integers are as this machine stores them: the key knows no other machines. */
struct silt_snapshot_head {
    uint64_t word_count;
    uint64_t file_count;
    uint64_t signature_count;
    char digest[72]; /* of the set */
};

enum silt_snapshot_kind {
    SILT_SNAPSHOT_TEXT,
    SILT_SNAPSHOT_LIST,   /* of texts */
    SILT_SNAPSHOT_NUMBER, /* 32 bits, from least to most */
    SILT_SNAPSHOT_SCORE,  /* a double from 0 to 1, in two words */
    SILT_SNAPSHOT_FILE,   /* the number of a file */
};

struct silt_snapshot_field {
    size_t target; /* offset in struct silt_signature */
    enum silt_snapshot_kind kind;
    uint32_t least, most;
};

/* The table, and how many rows it has. */
const struct silt_snapshot_field *silt_snapshot_fields(size_t *count);

#endif
