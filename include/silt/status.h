/*
 * status.h: how every fallible call of silt answers, and how it explains a failure.
 *
 * Two of silt's three channels: the status steers the program, the error explains to people. (The third,
 * the skip, is in sink.h.) There is no errno, no global and no thread-local state behind them.
 */
#ifndef SILT_STATUS_H
#define SILT_STATUS_H

#if defined(__GNUC__)
#define SILT_API __attribute__((visibility("default")))
#define SILT_MUST_USE __attribute__((warn_unused_result))
#define SILT_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define SILT_API
#define SILT_MUST_USE
#define SILT_PRINTF(text, first)
#endif

/* What a call answers. OK and END are the straight path; everything from SILT_ERR_USAGE on is a failure. */
enum silt_status {
    SILT_OK = 0,          /* done */
    SILT_END,             /* an iterator or a stream has no more */
    SILT_ERR_USAGE,       /* the caller or the user asked for something that makes no sense */
    SILT_ERR_MEMORY,      /* an allocation failed */
    SILT_ERR_IO,          /* the operating system or the network refused */
    SILT_ERR_NOT_FOUND,   /* a file, blob, reference or platform is not there */
    SILT_ERR_CORRUPT,     /* bytes that break their own format: truncated, bad checksum, bad syntax */
    SILT_ERR_UNSUPPORTED, /* a format or feature that silt does not read */
    SILT_ERR_LIMIT,       /* one of the configured limits was reached */
    SILT_ERR_DIGEST,      /* content does not have the digest that names it */
    SILT_ERR_CANCELLED,   /* the caller asked to stop, or time ran out */
};

/* Size of an error's text, terminator included. */
#define SILT_ERROR_SIZE 512

/* An explanation. The caller owns it, usually on its stack, and passes it as last parameter; NULL is
 * allowed everywhere and means that nobody wants to read it. Zero-initialise before use. */
struct silt_error {
    enum silt_status status;
    char message[SILT_ERROR_SIZE]; /* UTF-8 where the input was; no line break at the end */
};

/* A short lower-case word for a status, such as "corrupt"; never NULL. Thread-safe. */
SILT_API const char *silt_status_name(enum silt_status status);

#endif
