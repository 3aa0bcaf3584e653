/*
 * exchange.c: libcurl's transfers, turned from push to pull.
 *
 * libcurl hands bytes to a callback while curl_multi_perform runs. They go straight into the reader's room;
 * what does not fit waits in `spill`, and the transfer is paused, so that the socket fills and the sender
 * waits. HTTP/1.1 only: a paused HTTP/2 stream would be buffered by libcurl, up to its window of 32 MiB.
 */
#include "registry/exchange.h"

#include "base/error.h"
#include "registry/line.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <time.h>

enum { HEADERS_MAX = 64 * 1024, ASK_MS = 100, SLOWEST = 1024, BUFFER_SIZE = 256 * 1024, CHUNK = 16 * 1024 };

struct silt_exchange {
    struct silt_client *client;
    struct silt_line *line;
    struct silt_site site;
    struct curl_slist *headers;
    struct curl_slist authorization; /* its text is wiped when the request was answered */
    struct silt_buffer authorization_text;
    struct silt_buffer form; /* libcurl does not copy it */
    struct silt_buffer head; /* header lines of the answer, each with its NUL */
    size_t head_total;       /* with those of interim answers */
    const char *refusal;     /* why a callback ended the transfer; NULL if it did not */
    bool has_head, is_done, is_paused;
    CURLcode result;
    uint8_t *room; /* of the read that runs; NULL outside */
    size_t room_size, made;
    struct silt_buffer spill;
    uint64_t stall_ms, waited_ms; /* time waited since `arrived` was zeroed */
    uint64_t arrived;
};

static uint64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static bool is_header(struct silt_span line, const char *name)
{
    size_t size = strlen(name);
    return line.size > size && line.data[size] == ':' &&
           strncasecmp((const char *)line.data, name, size) == 0;
}

/* libcurl would inflate a body for this header, asked for or not; for Content-Encoding it is told not to. */
static bool has_strange_transfer(struct silt_span line)
{
    if (!is_header(line, "transfer-encoding"))
        return false;
    struct silt_span value = silt_span_slice(line, strlen("transfer-encoding:"), line.size);
    while (value.size > 0 && strchr(" \t\r\n", value.data[0]) != NULL)
        value = silt_span_slice(value, 1, value.size);
    while (value.size > 0 && strchr(" \t\r\n", value.data[value.size - 1]) != NULL)
        value.size--;
    return value.size != strlen("chunked") ||
           strncasecmp((const char *)value.data, "chunked", value.size) != 0;
}

static size_t stop(struct silt_exchange *exchange, const char *why)
{
    exchange->refusal = why;
    return 0;
}

static size_t take_header(char *data, size_t unit, size_t count, void *context)
{
    struct silt_exchange *exchange = context;
    struct silt_span line = silt_span_of(data, unit * count);
    exchange->arrived += line.size;
    exchange->head_total += line.size;
    if (exchange->head_total > HEADERS_MAX)
        return stop(exchange, "the answer's headers are larger than 64 KiB");
    if (has_strange_transfer(line))
        return stop(exchange, "the answer has a transfer encoding that was not asked for");
    if (exchange->has_head)
        return line.size; /* a trailer */
    if (silt_span_has_prefix(line, "HTTP/"))
        exchange->head.size = 0;
    if (silt_buffer_append(&exchange->head, line, NULL) != SILT_OK)
        return stop(exchange, "out of memory");
    long code = 0;
    curl_easy_getinfo(exchange->line->easy, CURLINFO_RESPONSE_CODE, &code);
    exchange->has_head = code >= 200 && (line.data[0] == '\r' || line.data[0] == '\n');
    return line.size;
}

static size_t take_body(char *data, size_t unit, size_t count, void *context)
{
    struct silt_exchange *exchange = context;
    struct silt_span bytes = silt_span_of(data, unit * count);
    exchange->has_head = true;
    if (exchange->room == NULL || exchange->made == exchange->room_size || exchange->spill.size > 0) {
        exchange->is_paused = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    exchange->arrived += bytes.size;
    struct silt_span now = silt_span_slice(bytes, 0, exchange->room_size - exchange->made);
    struct silt_span later = silt_span_slice(bytes, now.size, bytes.size);
    memcpy(exchange->room + exchange->made, now.data, now.size);
    exchange->made += now.size;
    if (silt_buffer_append(&exchange->spill, later, NULL) != SILT_OK)
        return stop(exchange, "out of memory");
    return bytes.size;
}

/* libcurl does not copy a header list, and wipes nothing; so the one with the login is ours. */
static enum silt_status put_authorization(struct silt_exchange *exchange, const char *value,
                                          struct silt_error *error)
{
    struct silt_buffer *text = &exchange->authorization_text;
    enum silt_status status = silt_buffer_append(text, silt_span_text("Authorization: "), error);
    if (status == SILT_OK)
        status = silt_buffer_append(text, silt_span_of(value, strlen(value) + 1), error);
    exchange->authorization = (struct curl_slist){(char *)text->data, exchange->headers};
    return status;
}

static enum silt_status put_headers(struct silt_exchange *exchange, const struct silt_request *request,
                                    struct silt_error *error)
{
    char accept[1024], type[256];
    snprintf(accept, sizeof accept, "Accept: %s", request->accept != NULL ? request->accept : "*/*");
    snprintf(type, sizeof type, "Content-Type: %s",
             request->content_type != NULL ? request->content_type : "application/octet-stream");
    const char *const lines[] = {accept, "Accept-Encoding: identity", "Expect:", type};
    for (size_t i = 0; i < sizeof lines / sizeof *lines - (request->method == NULL); i++) {
        struct curl_slist *longer = curl_slist_append(exchange->headers, lines[i]);
        if (longer == NULL)
            return silt_error_memory(error);
        exchange->headers = longer;
    }
    if (request->authorization == NULL)
        return SILT_OK;
    return put_authorization(exchange, request->authorization, error);
}

static void set_trust(CURL *easy, const struct silt_exchange *exchange, const struct silt_request *request)
{
    const struct silt_registry_options *options = silt_client_options(exchange->client);
    bool is_insecure = silt_url_is_listed(&exchange->site, options->insecure);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, is_insecure ? 0L : 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, is_insecure ? 0L : 2L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (request->ca != NULL) /* the system's directory of authorities (CAPATH) stays beside it */
        curl_easy_setopt(easy, CURLOPT_CAINFO, request->ca);
    if (request->cert != NULL)
        curl_easy_setopt(easy, CURLOPT_SSLCERT, request->cert);
    if (request->key != NULL)
        curl_easy_setopt(easy, CURLOPT_SSLKEY, request->key);
}

/* Set in any case: libcurl would read the environment otherwise. */
static void set_proxy(CURL *easy, const struct silt_exchange *exchange, bool is_local)
{
    const struct silt_registry_options *options = silt_client_options(exchange->client);
    const char *proxy = exchange->site.is_tls ? options->https_proxy : options->http_proxy;
    curl_easy_setopt(easy, CURLOPT_PROXY, proxy != NULL && !is_local ? proxy : "");
    curl_easy_setopt(easy, CURLOPT_NOPROXY, options->no_proxy != NULL ? options->no_proxy : "");
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

static enum silt_status set_form(CURL *easy, struct silt_exchange *exchange, const char *form,
                                 struct silt_error *error)
{
    if (form == NULL)
        return SILT_OK;
    enum silt_status status = silt_buffer_append(&exchange->form, silt_span_text(form), error);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)exchange->form.size);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, exchange->form.data);
    return status;
}

/* Sends bytes as they are. */
static void set_body(CURL *easy, const struct silt_request *request)
{
    if (request->method == NULL)
        return;
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.size);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS,
                     request->body.size > 0 ? (const char *)request->body.data : "");
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
}

static void set_request(CURL *easy, const struct silt_request *request)
{
    char range[32];
    curl_easy_setopt(easy, CURLOPT_URL, request->url);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "silt");
    curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, request->socket);
    if (request->range_from == 0)
        return;
    snprintf(range, sizeof range, "%" PRIu64 "-", request->range_from);
    curl_easy_setopt(easy, CURLOPT_RANGE, range);
}

static void set_ways(CURL *easy, struct silt_exchange *exchange)
{
    const struct silt_registry_options *options = silt_client_options(exchange->client);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, exchange->line->why);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)BUFFER_SIZE);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)options->connect_ms);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, exchange);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
    bool has_login = exchange->authorization_text.size > 0;
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, has_login ? &exchange->authorization : exchange->headers);
}

static void note_end(struct silt_exchange *exchange)
{
    int left;
    CURLMsg *message;
    while ((message = curl_multi_info_read(exchange->line->multi, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE)
            continue;
        exchange->is_done = true;
        exchange->result = message->data.result;
    }
}

/* Too little for too long: only time spent waiting counts, not what the reader takes in between. */
static enum silt_status check_pace(struct silt_exchange *exchange, uint64_t waited_ms,
                                   struct silt_error *error)
{
    exchange->waited_ms += waited_ms;
    if (exchange->waited_ms < exchange->stall_ms)
        return SILT_OK;
    bool is_slow = exchange->arrived < exchange->waited_ms * SLOWEST / 1000;
    if (is_slow)
        return silt_error_set(error, SILT_ERR_IO, "%s:%u sent %" PRIu64 " bytes in %" PRIu64 " s",
                              exchange->site.host, exchange->site.port, exchange->arrived,
                              exchange->waited_ms / 1000);
    exchange->waited_ms = exchange->arrived = 0;
    return SILT_OK;
}

/* Lets the transfer do what it can, and waits a little if that was nothing. */
static enum silt_status turn(struct silt_exchange *exchange, struct silt_error *error)
{
    int running;
    enum silt_status status = silt_client_check(exchange->client, error);
    if (status != SILT_OK)
        return status;
    uint64_t arrived = exchange->arrived;
    CURLMcode code = curl_multi_perform(exchange->line->multi, &running);
    note_end(exchange);
    if (code == CURLM_OK && (exchange->is_done || exchange->arrived != arrived || exchange->is_paused))
        return SILT_OK;
    uint64_t began = clock_ms();
    if (code == CURLM_OK)
        code = curl_multi_poll(exchange->line->multi, NULL, 0, ASK_MS, NULL);
    if (code != CURLM_OK)
        return silt_error_set(error, SILT_ERR_MEMORY, "libcurl: %s", curl_multi_strerror(code));
    return check_pace(exchange, clock_ms() - began, error);
}

static bool is_worth_retrying(CURLcode result)
{
    return result == CURLE_COULDNT_CONNECT || result == CURLE_RECV_ERROR || result == CURLE_SEND_ERROR ||
           result == CURLE_GOT_NOTHING || result == CURLE_PARTIAL_FILE || result == CURLE_OPERATION_TIMEDOUT;
}

/* What the user can do about it; HOST is to be replaced. */
static const char *remedy_for(CURLcode result, const char *why)
{
    bool is_plain = strstr(why, "wrong version") != NULL || strstr(why, "packet length") != NULL;
    if (result == CURLE_PEER_FAILED_VERIFICATION)
        return "; --ca FILE names the authority that signed its certificate, --insecure-registry HOST takes "
               "any";
    if (result == CURLE_SSL_CACERT_BADFILE)
        return "; see --ca";
    if (result == CURLE_SSL_CONNECT_ERROR && is_plain)
        return "; if it speaks plain HTTP: --plain-http HOST";
    /* The second is how TLS 1.3 says that a certificate is missing. */
    if (result == CURLE_SSL_CERTPROBLEM || (result == CURLE_RECV_ERROR && strstr(why, "certificate") != NULL))
        return "; see --client-cert and --client-key";
    return "";
}

/* Copies a text with HOST in it replaced. */
static void put_host(char *out, size_t size, const char *text, const struct silt_site *site)
{
    const char *at = strstr(text, "HOST");
    if (at == NULL)
        snprintf(out, size, "%s", text);
    else
        snprintf(out, size, "%.*s%s:%u%s", (int)(at - text), text, site->host, site->port,
                 at + strlen("HOST"));
}

/* How the transfer ended, in words. */
static enum silt_status explain(const struct silt_exchange *exchange, struct silt_error *error)
{
    if (exchange->refusal != NULL)
        return silt_error_set(error, SILT_ERR_IO, "%s:%u: %s", exchange->site.host, exchange->site.port,
                              exchange->refusal);
    const char *why =
        exchange->line->why[0] != '\0' ? exchange->line->why : curl_easy_strerror(exchange->result);
    char remedy[SILT_ERROR_SIZE];
    put_host(remedy, sizeof remedy, remedy_for(exchange->result, why), &exchange->site);
    return silt_error_set(error, exchange->result == CURLE_OUT_OF_MEMORY ? SILT_ERR_MEMORY : SILT_ERR_IO,
                          "%s:%u: %.200s%s", exchange->site.host, exchange->site.port, why, remedy);
}

static enum silt_status wait_for_head(struct silt_exchange *exchange, bool *may_retry,
                                      struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    while (status == SILT_OK && !exchange->has_head && !exchange->is_done)
        status = turn(exchange, error);
    *may_retry = status == SILT_ERR_IO;
    silt_buffer_wipe(&exchange->authorization_text);
    curl_easy_setopt(exchange->line->easy, CURLOPT_HTTPHEADER, NULL);
    if (status != SILT_OK || exchange->has_head)
        return status;
    *may_retry = is_worth_retrying(exchange->result) && exchange->refusal == NULL;
    return explain(exchange, error);
}

static enum silt_status start(struct silt_exchange *exchange, const struct silt_request *request,
                              struct silt_error *error)
{
    CURL *easy = exchange->line->easy;
    enum silt_status status = put_headers(exchange, request, error);
    if (status != SILT_OK)
        return status;
    set_ways(easy, exchange);
    set_proxy(easy, exchange, request->socket != NULL);
    set_trust(easy, exchange, request);
    set_request(easy, request);
    set_body(easy, request);
    status = set_form(easy, exchange, request->form, error);
    if (status == SILT_OK && curl_multi_add_handle(exchange->line->multi, easy) != CURLM_OK)
        return silt_error_memory(error);
    return status;
}

enum silt_status silt_exchange_open(struct silt_client *client, const struct silt_request *request,
                                    struct silt_exchange **out, bool *may_retry, struct silt_error *error)
{
    struct silt_exchange *exchange = calloc(1, sizeof *exchange);
    *may_retry = false;
    if (exchange == NULL)
        return silt_error_memory(error);
    exchange->client = client;
    exchange->stall_ms = request->stall_ms != 0 ? request->stall_ms : silt_client_options(client)->stall_ms;
    enum silt_status status = silt_url_site(request->url, &exchange->site, error);
    if (status == SILT_OK)
        status = silt_client_take(client, &exchange->line, error);
    if (status == SILT_OK)
        status = start(exchange, request, error);
    if (status == SILT_OK)
        status = wait_for_head(exchange, may_retry, error);
    if (status == SILT_OK)
        *out = exchange;
    else
        silt_exchange_free(exchange);
    return status;
}

unsigned silt_exchange_code(const struct silt_exchange *exchange)
{
    long code = 0;
    curl_easy_getinfo(exchange->line->easy, CURLINFO_RESPONSE_CODE, &code);
    return (unsigned)code;
}

static struct silt_span trim(struct silt_span text)
{
    while (text.size > 0 && strchr(" \t\r\n", text.data[0]) != NULL)
        text = silt_span_slice(text, 1, text.size);
    while (text.size > 0 && strchr(" \t\r\n", text.data[text.size - 1]) != NULL)
        text.size--;
    return text;
}

struct silt_span silt_exchange_header(const struct silt_exchange *exchange, const char *name, size_t index)
{
    struct silt_span rest = silt_buffer_span(&exchange->head);
    while (rest.size > 0) {
        const uint8_t *end = memchr(rest.data, '\n', rest.size);
        size_t size = end != NULL ? (size_t)(end - rest.data) + 1 : rest.size;
        struct silt_span line = silt_span_slice(rest, 0, size);
        rest = silt_span_slice(rest, size, rest.size);
        if (is_header(line, name) && index-- == 0)
            return trim(silt_span_slice(line, strlen(name) + 1, line.size));
    }
    return (struct silt_span){0};
}

int64_t silt_exchange_length(const struct silt_exchange *exchange)
{
    curl_off_t length = -1;
    curl_easy_getinfo(exchange->line->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    return length;
}

/* Takes what waited for room. */
static size_t take_spill(struct silt_exchange *exchange, uint8_t *room, size_t size)
{
    struct silt_span bytes = silt_span_slice(silt_buffer_span(&exchange->spill), 0, size);
    if (bytes.size == 0)
        return 0;
    memcpy(room, bytes.data, bytes.size);
    silt_buffer_drop(&exchange->spill, bytes.size);
    return bytes.size;
}

static enum silt_status resume(struct silt_exchange *exchange, struct silt_error *error)
{
    if (!exchange->is_paused)
        return SILT_OK;
    exchange->is_paused = false;
    /* Calls take_body with what was held back, which may pause again. A failure comes with the transfer's. */
    CURLcode code = curl_easy_pause(exchange->line->easy, CURLPAUSE_CONT);
    return code == CURLE_OUT_OF_MEMORY ? silt_error_memory(error) : SILT_OK;
}

enum silt_status silt_exchange_read(struct silt_exchange *exchange, uint8_t *room, size_t size, size_t *made,
                                    struct silt_error *error)
{
    *made = take_spill(exchange, room, size);
    if (*made > 0)
        return SILT_OK;
    exchange->room = room;
    exchange->room_size = size;
    exchange->made = 0;
    enum silt_status status = resume(exchange, error);
    while (status == SILT_OK && exchange->made == 0 && !exchange->is_done)
        status = turn(exchange, error);
    exchange->room = NULL;
    *made = exchange->made;
    if (*made > 0)
        return SILT_OK;
    if (status == SILT_OK && exchange->result != CURLE_OK)
        return explain(exchange, error);
    return status == SILT_OK ? SILT_END : status;
}

enum silt_status silt_exchange_read_all(struct silt_exchange *exchange, size_t most, struct silt_buffer *out,
                                        struct silt_error *error)
{
    for (;;) {
        uint8_t chunk[CHUNK];
        size_t made;
        enum silt_status status = silt_exchange_read(exchange, chunk, sizeof chunk, &made, error);
        if (status != SILT_OK)
            return status == SILT_END ? SILT_OK : status;
        if (out->size + made > most)
            return silt_error_set(error, SILT_ERR_LIMIT, "the answer is larger than %zu KiB", most / 1024);
        status = silt_buffer_append(out, silt_span_of(chunk, made), error);
        explicit_bzero(chunk, made); /* it may be a token */
        if (status != SILT_OK)
            return status;
    }
}

void silt_exchange_free(struct silt_exchange *exchange)
{
    if (exchange == NULL)
        return;
    if (exchange->line != NULL) {
        curl_multi_remove_handle(exchange->line->multi, exchange->line->easy);
        silt_client_put(exchange->client, exchange->line);
    }
    curl_slist_free_all(exchange->headers);
    silt_buffer_wipe(&exchange->authorization_text);
    silt_buffer_wipe(&exchange->form);
    silt_buffer_clear(&exchange->head);
    silt_buffer_wipe(&exchange->spill);
    free(exchange);
}
