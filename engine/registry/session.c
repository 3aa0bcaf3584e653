/*
 * session.c: one request may be several exchanges: a redirection, a challenge and its answer, a second try.
 *
 * What was granted (a bearer token or Basic) is kept for each repository and sent along from then on; when it
 * is refused, because it ran out, one thread gets a new one while the others wait.
 */
#include "registry/session.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/error.h"
#include "registry/answer.h"
#include "registry/image_name.h"
#include "registry/link.h"
#include "registry/retry.h"
#include "registry/token.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { HOPS_MAX = 5, LOGINS_MAX = 2, SMALL_BODY = 64 * 1024, BASE_SIZE = SILT_IMAGE_NAME_HOST_SIZE + 16 };

/* What a repository's requests carry. */
struct grant {
    const char *repository;
    struct silt_buffer authorization; /* the header's value */
    struct silt_buffer secret;        /* the password in it, or the token: not to be repeated in messages */
    unsigned serial;                  /* counts renewals */
    bool is_user;                     /* somebody's; otherwise a token for nobody */
};

struct silt_session {
    struct silt_client *client;
    const struct silt_registry_options *options;
    char host[SILT_IMAGE_NAME_HOST_SIZE];
    char base[BASE_SIZE]; /* "https://registry-1.docker.io" */
    struct silt_site site;
    pthread_mutex_t mutex; /* guards all below */
    struct silt_array grants;
    struct silt_arena arena;
    struct silt_error login_problem; /* why no login was found, if that is known */
};

/* One request on its way to an answer. */
struct errand {
    struct silt_session *session;
    const struct silt_session_want *want;
    struct grant grant; /* a copy; serial 0 if there was none */
    struct silt_retry retry;
    unsigned logins;
    bool has_renewed;    /* the grant is this errand's own: if it is refused, so will be the next */
    struct silt_site at; /* where the last answer came from */
    bool is_over;
};

static void clear_grant(struct grant *grant)
{
    silt_buffer_wipe(&grant->authorization);
    silt_buffer_wipe(&grant->secret);
}

static enum silt_status set_base(struct silt_session *session, struct silt_error *error)
{
    const char *host = silt_image_name_api_host(session->host);
    snprintf(session->base, sizeof session->base, "http://%s", host);
    enum silt_status status = silt_url_site(session->base, &session->site, error);
    if (status != SILT_OK || silt_url_is_listed(&session->site, session->options->plain_http))
        return status;
    snprintf(session->base, sizeof session->base, "https://%s", host);
    return silt_url_site(session->base, &session->site, error);
}

enum silt_status silt_session_new(const struct silt_registry_options *options,
                                  const struct silt_patience *patience, const char *host,
                                  struct silt_session **out, struct silt_error *error)
{
    struct silt_session *session = calloc(1, sizeof *session);
    if (session == NULL)
        return silt_error_memory(error);
    session->options = options;
    session->grants.item_size = sizeof(struct grant);
    pthread_mutex_init(&session->mutex, NULL);
    snprintf(session->host, sizeof session->host, "%s", host);
    enum silt_status status = silt_client_new(options, patience, &session->client, error);
    if (status == SILT_OK)
        status = set_base(session, error);
    if (status == SILT_OK)
        *out = session;
    else
        silt_session_free(session);
    return status;
}

void silt_session_free(struct silt_session *session)
{
    if (session == NULL)
        return;
    for (size_t i = 0; i < session->grants.count; i++)
        clear_grant(silt_array_at(&session->grants, i));
    silt_array_clear(&session->grants);
    silt_arena_clear(&session->arena);
    silt_client_free(session->client);
    pthread_mutex_destroy(&session->mutex);
    free(session);
}

const char *silt_session_host(const struct silt_session *session)
{
    return session->host;
}

struct silt_client *silt_session_client(const struct silt_session *session)
{
    return session->client;
}

/* The repository's grant, NULL if it has none yet. Under the lock. */
static struct grant *find_grant(const struct silt_session *session, const char *repository)
{
    for (size_t i = 0; i < session->grants.count; i++) {
        struct grant *grant = silt_array_at(&session->grants, i);
        if (strcmp(grant->repository, repository) == 0)
            return grant;
    }
    return NULL;
}

/* Copies what is granted now. */
static enum silt_status take_grant(struct errand *errand, struct silt_error *error)
{
    struct silt_session *session = errand->session;
    enum silt_status status = SILT_OK;
    clear_grant(&errand->grant);
    errand->grant.serial = 0;
    pthread_mutex_lock(&session->mutex);
    const struct grant *grant = find_grant(session, errand->want->repository);
    if (grant != NULL) {
        errand->grant.serial = grant->serial;
        errand->grant.is_user = grant->is_user;
        status =
            silt_buffer_append(&errand->grant.authorization, silt_buffer_span(&grant->authorization), error);
        if (status == SILT_OK)
            status = silt_buffer_append(&errand->grant.secret, silt_buffer_span(&grant->secret), error);
    }
    pthread_mutex_unlock(&session->mutex);
    return status;
}

static struct grant *put_grant(struct silt_session *session, const char *repository)
{
    struct grant *grant = find_grant(session, repository);
    if (grant != NULL)
        return grant;
    const char *name = silt_arena_copy(&session->arena, silt_span_text(repository));
    grant = name != NULL ? silt_array_put(&session->grants) : NULL;
    if (grant != NULL)
        grant->repository = name;
    return grant;
}

static void find_login(struct silt_session *session, const char *repository, struct silt_login *out)
{
    const struct silt_registry_options *options = session->options;
    session->login_problem = (struct silt_error){0};
    if (options->find_login == NULL || options->find_login(options->login_context, session->host, repository,
                                                           out, &session->login_problem) != SILT_OK)
        out->kind = SILT_LOGIN_NONE;
}

static enum silt_status need_login(const struct silt_session *session, struct silt_error *error)
{
    const char *problem = session->login_problem.message;
    return silt_error_set(error, SILT_ERR_UNSUPPORTED,
                          "a login is needed: docker login %s, or --username and --password-stdin%s%.200s",
                          session->host, problem[0] != '\0' ? "; " : "", problem);
}

/* Whether the login may go to the token server that the registry's answer names. */
static bool is_trusted_realm(const struct silt_session *session, const struct silt_site *realm)
{
    bool is_named_over_tls = session->site.is_tls && realm->is_tls;
    return is_named_over_tls || silt_url_is_listed(realm, session->options->plain_http);
}

static enum silt_status fetch_token(struct silt_session *session, const struct silt_token_want *want,
                                    struct silt_buffer *out, struct silt_error *error)
{
    struct silt_retry retry = {0};
    for (;;) {
        bool may_retry = false;
        enum silt_status status = silt_token_fetch(session->client, want, out, &may_retry, error);
        if (status == SILT_OK || !may_retry)
            return status;
        out->size = 0;
        struct silt_error why = {0};
        enum silt_status waited = silt_retry_wait(&retry, session->client, 0, &why);
        if (waited == SILT_OK)
            continue;
        silt_error_prefix(error, "%s", why.message);
        return waited == SILT_ERR_CANCELLED ? waited : status;
    }
}

static enum silt_status get_token(struct silt_session *session, const char *repository,
                                  const struct silt_challenge *challenge, struct silt_login *login,
                                  struct silt_buffer *out, struct silt_error *error)
{
    struct silt_site realm;
    char scope[SILT_IMAGE_NAME_REPOSITORY_SIZE + 32];
    enum silt_status status = silt_client_allow(session->client, challenge->realm, &realm, error);
    if (status != SILT_OK) {
        silt_error_prefix(error, "the registry's token server");
        return status;
    }
    if (!is_trusted_realm(session, &realm))
        login->kind = SILT_LOGIN_NONE; /* whoever stands in between could have named it: ask as nobody */
    if (repository[0] != '\0')
        snprintf(scope, sizeof scope, "repository:%s:pull", repository);
    else
        snprintf(scope, sizeof scope, "registry:catalog:*");
    const struct silt_token_want want = {challenge, challenge->scope[0] != '\0' ? challenge->scope : scope,
                                         login, session->options->ca_file};
    return fetch_token(session, &want, out, error);
}

/* Fills a grant from a challenge. */
static enum silt_status fill_grant(struct silt_session *session, struct grant *grant,
                                   const struct silt_challenge *challenge, struct silt_login *login,
                                   struct silt_error *error)
{
    struct silt_buffer *secret = &grant->secret;
    bool is_basic = challenge->scheme == SILT_CHALLENGE_BASIC;
    if (challenge->scheme == SILT_CHALLENGE_NONE)
        return silt_error_set(error, SILT_ERR_UNSUPPORTED,
                              "it wants a login of a kind that silt does not know");
    if (is_basic && login->kind != SILT_LOGIN_PASSWORD)
        return need_login(session, error);
    clear_grant(grant);
    enum silt_status status = SILT_OK;
    if (is_basic || login->kind == SILT_LOGIN_BEARER)
        status = silt_buffer_append(secret, silt_span_of(login->secret, strlen(login->secret) + 1), error);
    else
        status = get_token(session, grant->repository, challenge, login, secret, error);
    if (status == SILT_OK && is_basic)
        return silt_token_basic(login, &grant->authorization, error);
    if (status == SILT_OK)
        status = silt_buffer_append(&grant->authorization, silt_span_text("Bearer "), error);
    return status == SILT_OK ? silt_buffer_append(&grant->authorization, silt_buffer_span(secret), error)
                             : status;
}

/* Under the lock. A failure leaves a grant without content, which is as none. */
static enum silt_status renew(struct silt_session *session, const char *repository,
                              const struct silt_challenge *challenge, struct silt_error *error)
{
    struct grant *grant = put_grant(session, repository);
    struct silt_login *login = calloc(1, sizeof *login);
    enum silt_status status = SILT_OK;
    if (grant == NULL || login == NULL) {
        free(login);
        return silt_error_memory(error);
    }
    find_login(session, repository, login);
    status = fill_grant(session, grant, challenge, login, error);
    grant->is_user = login->kind != SILT_LOGIN_NONE;
    if (status == SILT_OK)
        grant->serial++;
    else
        clear_grant(grant);
    explicit_bzero(login, sizeof *login);
    free(login);
    return status;
}

/* Answers a challenge, unless another thread did while this one was asking. */
static enum silt_status authenticate(struct errand *errand, const struct silt_challenge *challenge,
                                     struct silt_error *error)
{
    struct silt_session *session = errand->session;
    enum silt_status status = SILT_OK;
    pthread_mutex_lock(&session->mutex);
    const struct grant *grant = find_grant(session, errand->want->repository);
    errand->has_renewed =
        grant == NULL || grant->serial == errand->grant.serial || grant->authorization.size == 0;
    if (errand->has_renewed)
        status = renew(session, errand->want->repository, challenge, error);
    pthread_mutex_unlock(&session->mutex);
    return status;
}

static void read_challenge(const struct silt_exchange *exchange, struct silt_challenge *out)
{
    *out = (struct silt_challenge){0};
    for (size_t i = 0;; i++) {
        struct silt_span value = silt_exchange_header(exchange, "WWW-Authenticate", i);
        if (value.size == 0)
            return;
        silt_challenge_read(value, out);
    }
}

/* Ends an exchange whose body says nothing; a short one is read, so that the connection can be used again. */
static void dismiss(struct silt_exchange *exchange)
{
    struct silt_buffer body = {0};
    if (silt_exchange_length(exchange) <= SMALL_BODY &&
        silt_exchange_read_all(exchange, SMALL_BODY, &body, NULL) != SILT_OK)
        body.size = 0;
    silt_buffer_clear(&body);
    silt_exchange_free(exchange);
}

static bool is_redirection(unsigned code)
{
    return code == 301 || code == 302 || code == 303 || code == 307 || code == 308;
}

/* Makes one exchange with what may be sent to that address. */
static enum silt_status open_at(struct errand *errand, const char *url, bool has_strayed,
                                struct silt_exchange **out, bool *may_retry, struct silt_error *error)
{
    const struct silt_session *session = errand->session;
    const struct silt_registry_options *options = session->options;
    enum silt_status status = silt_client_allow(session->client, url, &errand->at, error);
    *may_retry = false;
    if (status != SILT_OK)
        return status;
    bool is_home = !has_strayed && silt_url_is_same(&errand->at, &session->site);
    bool has_grant = is_home && errand->grant.authorization.size > 0;
    const struct silt_request request = {
        .url = url,
        .accept = errand->want->accept,
        .authorization = has_grant ? (const char *)errand->grant.authorization.data : NULL,
        .range_from = errand->want->range_from,
        .method = errand->want->method,
        .body = errand->want->body,
        .content_type = errand->want->content_type,
        .ca = options->ca_file,
        .cert = is_home ? options->client_cert : NULL,
        .key = is_home ? options->client_key : NULL,
    };
    return silt_exchange_open(session->client, &request, out, may_retry, error);
}

/* Where a redirection leads, into `url`. */
static enum silt_status follow(const struct silt_exchange *exchange, struct silt_buffer *url,
                               struct silt_error *error)
{
    struct silt_span location = silt_exchange_header(exchange, "Location", 0);
    struct silt_buffer next = {0};
    if (location.size == 0)
        return silt_error_set(error, SILT_ERR_UNSUPPORTED, "a redirection without an address");
    enum silt_status status = silt_url_join((const char *)url->data, location, &next, error);
    if (status != SILT_OK) {
        silt_buffer_clear(&next);
        silt_error_prefix(error, "redirection");
        return status;
    }
    silt_buffer_clear(url);
    *url = next;
    return SILT_OK;
}

/* Goes where redirections lead, to the first other answer. */
static enum silt_status open_and_follow(struct errand *errand, struct silt_buffer *url,
                                        struct silt_exchange **out, bool *may_retry, struct silt_error *error)
{
    bool has_strayed = false;
    for (unsigned hop = 0;; hop++) {
        struct silt_exchange *exchange = NULL;
        enum silt_status status =
            open_at(errand, (const char *)url->data, has_strayed, &exchange, may_retry, error);
        if (status != SILT_OK && hop > 0)
            silt_error_prefix(error, "redirected by %s", errand->session->host);
        if (status != SILT_OK)
            return status;
        *out = exchange;
        if (!is_redirection(silt_exchange_code(exchange)) || errand->want->method != NULL)
            return SILT_OK;
        if (hop == HOPS_MAX)
            status = silt_error_set(error, SILT_ERR_UNSUPPORTED, "more than %d redirections", HOPS_MAX);
        else
            status = follow(exchange, url, error);
        has_strayed = has_strayed || !silt_url_is_same(&errand->at, &errand->session->site);
        dismiss(exchange);
        *out = NULL;
        if (status != SILT_OK)
            return status;
    }
}

static enum silt_status explain(struct errand *errand, struct silt_exchange *exchange,
                                struct silt_error *error)
{
    const struct silt_answer_login login = {errand->session->host, (const char *)errand->grant.secret.data,
                                            errand->grant.is_user};
    bool is_home = silt_url_is_same(&errand->at, &errand->session->site);
    enum silt_status status = silt_answer_explain(exchange, &login, error);
    if (!is_home)
        silt_error_prefix(error, "%s, where %s keeps it", errand->at.host, errand->session->host);
    silt_exchange_free(exchange);
    return status;
}

/* Waits for the next try, or says that there is none. `error` holds what went wrong. */
static enum silt_status wait_or_give_up(struct errand *errand, uint64_t after_ms, struct silt_error *error)
{
    struct silt_error why = {0};
    enum silt_status status = silt_retry_wait(&errand->retry, errand->session->client, after_ms, &why);
    errand->is_over = status != SILT_OK;
    if (status == SILT_ERR_LIMIT) {
        silt_error_prefix(error, "%s", why.message);
        return error != NULL ? error->status : SILT_ERR_IO;
    }
    if (status != SILT_OK)
        return silt_error_set(error, status, "%s", why.message);
    return SILT_OK;
}

/* What an answer that is no good leads to: a login, another try, or the end. Takes the exchange over. */
static enum silt_status take_refusal(struct errand *errand, struct silt_exchange *exchange,
                                     struct silt_error *error)
{
    unsigned code = silt_exchange_code(exchange);
    bool is_home = silt_url_is_same(&errand->at, &errand->session->site);
    if (code == 401 && is_home && !errand->has_renewed && errand->logins++ < LOGINS_MAX) {
        struct silt_challenge challenge;
        read_challenge(exchange, &challenge);
        dismiss(exchange);
        enum silt_status status = authenticate(errand, &challenge, error);
        errand->is_over = status != SILT_OK;
        return status;
    }
    uint64_t after_ms = silt_retry_parse_after(silt_exchange_header(exchange, "Retry-After", 0), time(NULL));
    enum silt_status status = explain(errand, exchange, error);
    if (!silt_retry_is_worth(code) || status == SILT_ERR_CANCELLED || status == SILT_ERR_MEMORY) {
        errand->is_over = true;
        return status;
    }
    return wait_or_give_up(errand, after_ms, error);
}

static enum silt_status try_once(struct errand *errand, struct silt_exchange **out, struct silt_error *error)
{
    struct silt_exchange *exchange = NULL;
    struct silt_buffer url = {0};
    bool may_retry = false;
    enum silt_status status = take_grant(errand, error);
    if (status == SILT_OK)
        status = silt_buffer_append(&url, silt_span_text(errand->session->base), error);
    if (status == SILT_OK)
        status =
            silt_buffer_append(&url, silt_span_of(errand->want->path, strlen(errand->want->path) + 1), error);
    if (status == SILT_OK)
        status = open_and_follow(errand, &url, &exchange, &may_retry, error);
    silt_buffer_clear(&url);
    errand->is_over = !may_retry;
    if (status != SILT_OK)
        return may_retry ? wait_or_give_up(errand, 0, error) : status;
    unsigned code = silt_exchange_code(exchange);
    if (code < 200 || code >= 300)
        return take_refusal(errand, exchange, error);
    errand->is_over = true;
    *out = exchange;
    return SILT_OK;
}

enum silt_status silt_session_get(struct silt_session *session, const struct silt_session_want *want,
                                  struct silt_exchange **out, struct silt_error *error)
{
    struct silt_error local = {0}; /* so that a caller who wants no text gets the right status too */
    struct errand errand = {.session = session, .want = want};
    enum silt_status status;
    do {
        status = try_once(&errand, out, &local);
    } while (!errand.is_over);
    clear_grant(&errand.grant);
    if (status != SILT_OK && error != NULL)
        *error = local;
    return status;
}

/* The path on this registry that a reference in an answer to `path` leads to. `what` is for messages. */
static enum silt_status stay_here(const struct silt_session *session, const char *path,
                                  struct silt_span reference, const char *what, struct silt_buffer *out,
                                  struct silt_error *error)
{
    struct silt_buffer url = {0};
    struct silt_site site;
    char *here = NULL;
    enum silt_status status = SILT_OK;
    if (asprintf(&here, "%s%s", session->base, path) < 0)
        return silt_error_memory(error);
    status = silt_url_join(here, reference, &url, error);
    if (status == SILT_OK)
        status = silt_url_site((const char *)url.data, &site, error);
    if (status == SILT_OK && strcmp((const char *)url.data, here) == 0)
        status = silt_error_set(error, SILT_ERR_CORRUPT, "%s is said to be the same", what);
    if (status == SILT_OK && !silt_url_is_same(&site, &session->site))
        status = silt_error_set(error, SILT_ERR_CORRUPT, "%s is said to be at %s", what, site.host);
    const char *slash = status == SILT_OK ? strchr(strstr((const char *)url.data, "://") + 3, '/') : NULL;
    if (status == SILT_OK)
        status = silt_buffer_append(
            out, silt_span_of(slash != NULL ? slash : "/", slash != NULL ? strlen(slash) + 1 : 2), error);
    silt_buffer_clear(&url);
    free(here);
    return status;
}

enum silt_status silt_session_location(const struct silt_session *session, const char *path,
                                       const struct silt_exchange *exchange, struct silt_buffer *out,
                                       struct silt_error *error)
{
    struct silt_span location = silt_exchange_header(exchange, "Location", 0);
    if (location.size == 0)
        return silt_error_set(error, SILT_ERR_CORRUPT, "the answer does not say where to go on");
    return stay_here(session, path, location, "where to go on", out, error);
}

enum silt_status silt_session_next_page(const struct silt_session *session, const char *path,
                                        const struct silt_exchange *exchange, struct silt_buffer *out,
                                        struct silt_error *error)
{
    struct silt_span next = {0};
    for (size_t i = 0; next.size == 0; i++) {
        struct silt_span value = silt_exchange_header(exchange, "Link", i);
        if (value.size == 0)
            return silt_buffer_append(out, silt_span_of("", 1), error);
        next = silt_link_next(value);
    }
    return stay_here(session, path, next, "the next page of its list", out, error);
}
