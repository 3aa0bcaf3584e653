/*
 * intake.h: from a push that somebody tells of to a job: is its registry one of ours, which digest is meant,
 * is there anything to scan, and is there room. Everything that asks for a scan goes this way.
 */
#ifndef SILT_CLI_SERVE_INTAKE_H
#define SILT_CLI_SERVE_INTAKE_H

#include "serve/queue.h"
#include "serve/reach.h"
#include "serve/route.h"

/* What is to be scanned; all borrowed, never NULL, and from outside. */
struct silt_intake_want {
    const char *host; /* of the registry, by any of its names */
    const char *repository;
    const char *digest;   /* "" if it is not known: the tag is asked for */
    const char *tag;      /* "" if there is none */
    const char *origin;   /* a dialect's name, "api", "sweep" */
    const char *delivery; /* the sender's id of what it told; "" if none */
    int64_t pushed_ms;    /* since 1970; 0: now */
    bool is_forced;       /* scan it even if it was scanned before */
    bool is_late;         /* the registry is not asked for a tag's digest: the worker will */
};

enum silt_intake_answer {
    SILT_INTAKE_QUEUED,  /* a job waits */
    SILT_INTAKE_JOINED,  /* it waits or runs already */
    SILT_INTAKE_KNOWN,   /* it was scanned, with these signatures: nothing to do */
    SILT_INTAKE_FOREIGN, /* its registry is none of the settings' */
    SILT_INTAKE_ABSENT,  /* the registry has no such tag */
    SILT_INTAKE_BAD,     /* it is no name of an image */
    SILT_INTAKE_BUSY,    /* the queue or the disk is full: again later */
    SILT_INTAKE_FAILED,  /* something broke: again later */
};

struct silt_intake_receipt {
    enum silt_intake_answer answer;
    char id[24];                            /* of the job, where there is one; else "" */
    char digest[SILT_REGISTRY_DIGEST_SIZE]; /* where it is known */
    char why[256];                          /* one line for people, where nothing was queued */
};

/* What it works with; part of the context. Immutable. */
struct silt_intake {
    const struct silt_reach *reach;
};

/* Takes one. May wait for the registry, for two seconds at most; where it does not answer, the job names the
 * tag and its worker asks again. */
void silt_intake_take(const struct silt_context *context, const struct silt_intake_want *want,
                      struct silt_intake_receipt *receipt);

/* Whether queue and disk have room. */
bool silt_intake_has_room(const struct silt_context *context);

/* Seconds after which one that is refused for want of room may come again. */
enum { SILT_INTAKE_RETRY_S = 30 };

/* POST /hooks/:dialect and /hooks/:dialect/:secret. */
silt_route_answer silt_intake_hook;

#endif
