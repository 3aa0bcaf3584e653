/*
 * letter.h: a job as a message: JSON, and the subject that tells it from others.
 */
#ifndef SILT_CLI_SERVE_NATS_LETTER_H
#define SILT_CLI_SERVE_NATS_LETTER_H

#include "serve/queue.h"

enum { SILT_LETTER_SUBJECT_SIZE = 3072 };

/* The subject of a job: "silt.KIND.REGISTRY.REPOSITORY.DIGEST.TAG". False if it is too long. */
bool silt_letter_subject(char out[SILT_LETTER_SUBJECT_SIZE], const char *kind, const struct silt_job *job);

/* What tells a delivery of a job from all others. False if it is too long. */
bool silt_letter_id(char out[SILT_LETTER_SUBJECT_SIZE], const struct silt_job *job);

/* The message, made by malloc, with attempts, times and reason in it; NULL when memory is out. */
char *silt_letter_new(const struct silt_job *job);

/* The job of a message: all but id, state and lease. CORRUPT, MEMORY. */
SILT_MUST_USE enum silt_status silt_letter_read(const char *data, struct silt_job *out,
                                                struct silt_error *error);

#endif
