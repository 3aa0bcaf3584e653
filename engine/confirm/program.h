/*
 * program.h: a signature's patterns compiled with PCRE2-JIT, and the memory that one thread needs to run
 * them.
 *
 * Patterns see bytes, never UTF-8 characters. Work on one start position is bounded by PCRE2's match limit,
 * the number of start positions by the caller.
 */
#ifndef SILT_CONFIRM_PROGRAM_H
#define SILT_CONFIRM_PROGRAM_H

#include "base/span.h"

#include <silt/signatures.h>

/* Immutable once made; shared by threads. */
struct silt_program;

/* One thread's match memory, for any number of programs. */
struct silt_runner;

/* Compiles a signature's pattern and its allow patterns. A pattern that does not compile is SILT_ERR_USAGE
 * with file, id and position. */
SILT_MUST_USE enum silt_status silt_program_new(const struct silt_signature *signature,
                                                struct silt_program **out, struct silt_error *error);

/* NULL is allowed. */
void silt_program_free(struct silt_program *program);

/* Makes and frees one thread's match memory; NULL may be freed. */
SILT_MUST_USE enum silt_status silt_program_runner_new(struct silt_runner **out, struct silt_error *error);
void silt_program_runner_free(struct silt_runner *runner);

/* Where to look. */
struct silt_program_text {
    struct silt_span bytes;
    size_t start, end;      /* a match must begin in [start, end) */
    bool is_first, is_last; /* whether ^ and $ mean the ends of bytes */
};

struct silt_program_hit {
    size_t match_start, match_end;
    size_t secret_start, secret_end;
    bool is_weak; /* the group named "weak" took part: an alternative that says less than the others */
};

/* The first match; END if there is none, SILT_ERR_LIMIT if PCRE2 gave up, SILT_ERR_MEMORY. */
SILT_MUST_USE enum silt_status silt_program_find(const struct silt_program *program,
                                                 struct silt_runner *runner,
                                                 const struct silt_program_text *text,
                                                 struct silt_program_hit *out, struct silt_error *error);

/* Whether one of the allow patterns matches in the secret. One that hits a limit does not. */
bool silt_program_allows(const struct silt_program *program, struct silt_runner *runner,
                         struct silt_span secret);

/* The version of the library behind patterns. */
enum { SILT_PROGRAM_VERSION_SIZE = 64 };
void silt_program_version(char out[SILT_PROGRAM_VERSION_SIZE]);

#endif
