/*
 * registry.h: how a scan reaches container registries and the Docker daemon, and what of them it takes.
 *
 * The library reads no environment and no configuration file: whoever calls it says here what is trusted and
 * answers, when a registry asks, with what to log in. All strings are borrowed and must outlive the scanner.
 */
#ifndef SILT_REGISTRY_H
#define SILT_REGISTRY_H

#include <silt/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum silt_login_kind {
    SILT_LOGIN_NONE,     /* nothing is known: go on without */
    SILT_LOGIN_PASSWORD, /* username and password */
    SILT_LOGIN_REFRESH,  /* an identity token, to be exchanged at the token server (OAuth2 refresh token) */
    SILT_LOGIN_BEARER,   /* a token for the registry itself */
};

enum { SILT_LOGIN_NAME_SIZE = 1024, SILT_LOGIN_SECRET_SIZE = 32 * 1024 };

/* What to log in with. NUL-terminated; whoever asked wipes it. */
struct silt_login {
    enum silt_login_kind kind;
    char username[SILT_LOGIN_NAME_SIZE];
    char secret[SILT_LOGIN_SECRET_SIZE];
};

/* Finds what to log in with at a registry ("docker.io", "host:5000") for a repository ("team/app"; "" for the
 * catalog). Asked only when a registry wants a login, one call at a time, from any thread of the scan. OK
 * with kind NONE if there is nothing; a failure is told to the user if the registry then refuses. */
typedef enum silt_status silt_registry_find_login(void *context, const char *host, const char *repository,
                                                  struct silt_login *out, struct silt_error *error);

struct silt_registry_options {
    silt_registry_find_login *find_login; /* NULL: nobody logs in */
    void *login_context;

    const char *ca_file;                  /* PEM, beside the system's; NULL: none */
    const char *client_cert, *client_key; /* PEM, shown to the registry only; NULL: none */
    const char *const *plain_http;        /* HOST[:PORT], NULL-terminated: spoken to without TLS */
    const char *const *insecure;          /* HOST[:PORT]: TLS with any certificate */
    const char *https_proxy, *http_proxy; /* URLs, NULL: none */
    const char *no_proxy;                 /* hosts as in the variable of that name, NULL: none */
    uint64_t connect_ms;                  /* for a connection; default 15 s */
    uint64_t stall_ms;                    /* without at least 1 KiB/s; default 30 s */

    bool all_tags;  /* of a repository whose target names no tag */
    bool catalog;   /* all repositories of a target that is only a host */
    bool referrers; /* what is attached to the images: signatures, attestations, SBOMs */
    int64_t since;  /* images created before (seconds since 1970) are left out and named; 0: none */

    const char *daemon; /* unix:///PATH, tcp://HOST:PORT; NULL: Docker's usual socket */
    bool daemon_tls;    /* tcp:// with TLS and the files below */
    const char *daemon_ca, *daemon_cert, *daemon_key;
};

/* The defaults: TLS with the system's authorities, no login, one tag. */
SILT_API void silt_registry_options_init(struct silt_registry_options *options);

/* The registry that a target would lead to ("docker.io" for `alpine`), NUL-terminated; "" if to none: a file,
 * an archive, the daemon. `is_catalog`: docker://HOST means a registry. Fails as a scan of the target would.
 */
SILT_API SILT_MUST_USE enum silt_status silt_target_host(const char *target, bool is_catalog, char *out,
                                                         size_t size, struct silt_error *error);

/* Size of a digest's text ("sha256:…") with its terminator. */
enum { SILT_REGISTRY_DIGEST_SIZE = 72 };

/* Asks a registry what [HOST/]REPOSITORY[:TAG|@DIGEST] is now: the digest of its manifest or index, which is
 * pulled and checked. CANCELLED once `timeout_ms` (0: none) are over; NOT_FOUND if there is no such tag. */
SILT_API SILT_MUST_USE enum silt_status silt_registry_resolve(const struct silt_registry_options *options,
                                                              const char *image, uint64_t timeout_ms,
                                                              char out[SILT_REGISTRY_DIGEST_SIZE],
                                                              struct silt_error *error);

/* Something to be kept beside an image, for whoever asks what refers to it. */
struct silt_attachment {
    const char *artifact_type; /* "application/vnd.silt.report.v1" */
    const char *media_type;    /* of the content */
    const char *title;         /* a name for the content as a file */
    const void *data;
    size_t size;
};

/* Attaches content to an image, HOST/REPOSITORY@DIGEST, as an artifact that refers to it (OCI image and
 * distribution 1.1); where the registry has no referrers API, the tag that stands in for it is kept up, and
 * has one attachment of a type. Needs a login that may push. END, and nothing is done, if the image is itself
 * an attachment, or a list of such. CANCELLED once `goes_on`, asked ten times a second, answers false. */
SILT_API SILT_MUST_USE enum silt_status silt_registry_attach(const struct silt_registry_options *options,
                                                             const char *image,
                                                             const struct silt_attachment *attachment,
                                                             bool (*goes_on)(void *context), void *context,
                                                             struct silt_error *error);

/* Takes one name that a registry lists; false ends the list. */
typedef bool silt_registry_take_name(void *context, const char *name);

/* Lists a repository's tags, or, with NULL, the registry's repositories, in their order; names that are none
 * are left out. CANCELLED if `take` ends it or `timeout_ms` (0: none) are over. */
SILT_API SILT_MUST_USE enum silt_status silt_registry_list(const struct silt_registry_options *options,
                                                           const char *host, const char *repository,
                                                           uint64_t timeout_ms, silt_registry_take_name *take,
                                                           void *context, struct silt_error *error);

#endif
