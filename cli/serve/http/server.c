/*
 * server.c: libmicrohttpd, a thread a connection. Bodies are read whole into bounded memory before anything
 * is answered, so that a handler sees a request as one piece.
 */
#include "serve/http/server.h"

#include "serve/http/address.h"
#include "serve/http/fields.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    SILENCE_S = 30,           /* of a connection */
    REQUEST_S = 60,           /* from the first header to the last byte of the body */
    HEADERS_MAX = 32 * 1024,  /* libmicrohttpd's memory for a connection */
    STACK_SIZE = 1024 * 1024, /* a handler may speak TLS to a registry */
    PEM_MAX = 1024 * 1024,
    DRAIN_MOMENTS = 250,             /* of 20 ms */
    DISCARDED_MAX = 8 * 1024 * 1024, /* of a body that is too large: read on so that the refusal gets there */
};

struct silt_server {
    const struct silt_settings *settings;
    silt_server_answer *answer;
    void *context;
    struct MHD_Daemon *daemon;
    char *cert, *key;      /* PEM; NULL: plain HTTP */
    atomic_uint answering; /* requests that a handler has */
    char address[SILT_ADDRESS_SIZE + 16];
};

/* A request while its body comes. */
struct arrival {
    struct timespec since;
    uint8_t *body;
    size_t size, capacity;
    uint64_t discarded;
    bool has_failed; /* memory ran out */
};

static const struct {
    const char *name, *value;
} usual_headers[] = {
    {"Cache-Control", "no-store"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
};

static enum silt_status fail(struct silt_error *error, const char *format, ...) SILT_PRINTF(2, 3);
static enum silt_status fail(struct silt_error *error, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    if (error != NULL) {
        error->status = SILT_ERR_USAGE;
        vsnprintf(error->message, sizeof error->message, format, list);
    }
    va_end(list);
    return SILT_ERR_USAGE;
}

/* Sends */

static void add_headers(struct MHD_Response *message, const struct silt_response *response, bool is_secure)
{
    if (response->type != NULL)
        MHD_add_response_header(message, MHD_HTTP_HEADER_CONTENT_TYPE, response->type);
    for (size_t i = 0; i < response->header_count; i++)
        MHD_add_response_header(message, response->headers[i].name, response->headers[i].value);
    for (size_t i = 0; i < sizeof usual_headers / sizeof *usual_headers; i++)
        if (MHD_get_response_header(message, usual_headers[i].name) == NULL)
            MHD_add_response_header(message, usual_headers[i].name, usual_headers[i].value);
    if (is_secure)
        MHD_add_response_header(message, "Strict-Transport-Security", "max-age=31536000");
}

/* Sends a response, of which it takes the body. */
static enum MHD_Result send_response(struct MHD_Connection *connection, struct silt_response *response,
                                     bool is_secure)
{
    if (response->has_failed) {
        silt_response_clear(response);
        response->status = 500;
    }
    bool has_body = response->body != NULL && response->size > 0;
    struct MHD_Response *message =
        has_body ? MHD_create_response_from_buffer(response->size, response->body, MHD_RESPMEM_MUST_FREE)
                 : MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    if (message == NULL)
        return MHD_NO;
    if (has_body)
        response->body = NULL;
    add_headers(message, response, is_secure);
    enum MHD_Result result = MHD_queue_response(connection, response->status, message);
    MHD_destroy_response(message);
    return result;
}

static enum MHD_Result send_refusal(struct MHD_Connection *connection, unsigned status, const char *why)
{
    struct silt_response response = {.status = status};
    silt_response_plain(&response, status, "%s", why);
    silt_response_set(&response, "Connection", "close");
    enum MHD_Result result = send_response(connection, &response, false);
    silt_response_clear(&response);
    return result;
}

/* Reads */

static enum MHD_Result put_field(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    struct silt_fields *fields = context;
    silt_fields_put(fields, name, value);
    return fields->has_failed ? MHD_NO : MHD_YES;
}

static void find_peer(const struct silt_server *server, struct MHD_Connection *connection,
                      struct silt_request *request, char peer[SILT_ADDRESS_SIZE])
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    silt_address_print(info != NULL ? info->client_addr : NULL, peer);
    request->is_secure = server->cert != NULL;
    if (silt_address_is_in(peer, &server->settings->trusted_proxies)) {
        const char *whom = silt_request_header(request, "X-Forwarded-For");
        const char *how = silt_request_header(request, "X-Forwarded-Proto");
        request->is_secure = how != NULL && strcasecmp(how, "https") == 0;
        if (whom != NULL)
            silt_address_behind(whom, &server->settings->trusted_proxies, peer);
    }
    request->peer = peer;
}

/* All lists of a request. */
struct lists {
    struct silt_fields headers, query, cookies, form;
};

static bool read_lists(struct MHD_Connection *connection, struct silt_request *request, struct lists *lists)
{
    MHD_get_connection_values(connection, MHD_HEADER_KIND, put_field, &lists->headers);
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, put_field, &lists->query);
    MHD_get_connection_values(connection, MHD_COOKIE_KIND, put_field, &lists->cookies);
    request->headers = silt_fields_list(&lists->headers);
    if (silt_request_is_type(request, "application/x-www-form-urlencoded"))
        silt_fields_put_form(&lists->form, request->body);
    request->query = silt_fields_list(&lists->query);
    request->cookies = silt_fields_list(&lists->cookies);
    request->form = silt_fields_list(&lists->form);
    return !lists->headers.has_failed && !lists->query.has_failed && !lists->cookies.has_failed &&
           !lists->form.has_failed;
}

static void clear_lists(struct lists *lists)
{
    silt_fields_clear(&lists->headers);
    silt_fields_clear(&lists->query);
    silt_fields_clear(&lists->cookies);
    silt_fields_clear(&lists->form);
}

static enum MHD_Result answer(struct silt_server *server, struct MHD_Connection *connection,
                              struct silt_request *request)
{
    struct silt_response response = {.status = 200};
    struct lists lists = {0};
    char peer[SILT_ADDRESS_SIZE];
    atomic_fetch_add(&server->answering, 1);
    bool is_whole = read_lists(connection, request, &lists);
    if (is_whole) {
        find_peer(server, connection, request, peer);
        server->answer(server->context, request, &response);
    } else {
        silt_response_plain(&response, 431, "too many headers, parameters or form fields");
    }
    enum MHD_Result result = send_response(connection, &response, request->is_secure);
    silt_response_clear(&response);
    clear_lists(&lists);
    atomic_fetch_sub(&server->answering, 1);
    return result;
}

static bool is_late(const struct arrival *arrival)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec - arrival->since.tv_sec > REQUEST_S;
}

/* Keeps a piece of the body; what is beyond the bound is counted only. */
static void take_piece(struct arrival *arrival, const char *piece, size_t size, uint64_t most)
{
    if (arrival->discarded > 0 || size > most - arrival->size) {
        arrival->discarded += size;
        return;
    }
    if (size > arrival->capacity - arrival->size) {
        size_t capacity = arrival->capacity > 0 ? arrival->capacity : 4096;
        while (capacity - arrival->size < size)
            capacity *= 2;
        uint8_t *body = realloc(arrival->body, capacity);
        arrival->has_failed = arrival->has_failed || body == NULL;
        if (body == NULL)
            return;
        arrival->body = body;
        arrival->capacity = capacity;
    }
    memcpy(arrival->body + arrival->size, piece, size);
    arrival->size += size;
}

static bool is_known_method(const char *method)
{
    static const char *const methods[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (strcmp(method, methods[i]) == 0)
            return true;
    return false;
}

/* The first call for a request: the headers are there. What is too large by its own word is refused before
 * it is sent. */
static enum MHD_Result begin(const struct silt_server *server, struct MHD_Connection *connection,
                             const char *method, void **slot)
{
    const char *length =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
    if (!is_known_method(method))
        return send_refusal(connection, 405, "no such method");
    if (length != NULL && strtoull(length, NULL, 10) > server->settings->max_body)
        return send_refusal(connection, 413, "the body is too large");
    struct arrival *arrival = calloc(1, sizeof *arrival);
    if (arrival == NULL)
        return MHD_NO;
    clock_gettime(CLOCK_MONOTONIC, &arrival->since);
    *slot = arrival;
    return MHD_YES;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version, const char *piece, size_t *piece_size,
                              void **slot)
{
    (void)version;
    struct silt_server *server = context;
    struct arrival *arrival = *slot;
    if (arrival == NULL)
        return begin(server, connection, method, slot);
    if (*piece_size > 0) {
        take_piece(arrival, piece, *piece_size, server->settings->max_body);
        *piece_size = 0;
        return is_late(arrival) || arrival->discarded > DISCARDED_MAX ? MHD_NO : MHD_YES;
    }
    if (arrival->discarded > 0)
        return send_refusal(connection, 413, "the body is too large");
    if (arrival->has_failed)
        return send_refusal(connection, 503, "out of memory");
    struct silt_request request = {
        .method = strcmp(method, "HEAD") == 0 ? "GET" : method,
        .path = path,
        .body = {arrival->body, arrival->size},
    };
    return answer(server, connection, &request);
}

static void forget(void *context, struct MHD_Connection *connection, void **slot,
                   enum MHD_RequestTerminationCode code)
{
    (void)context, (void)connection, (void)code;
    struct arrival *arrival = *slot;
    if (arrival == NULL)
        return;
    if (arrival->body != NULL)
        explicit_bzero(arrival->body, arrival->capacity);
    free(arrival->body);
    free(arrival);
    *slot = NULL;
}

/* Starts */

static char *read_pem(const char *path)
{
    struct stat status;
    FILE *file = fopen(path, "re");
    char *text = NULL;
    if (file == NULL)
        return NULL;
    errno = EFBIG;
    if (fstat(fileno(file), &status) == 0 && status.st_size <= PEM_MAX)
        text = calloc(1, (size_t)status.st_size + 1);
    if (text != NULL && fread(text, 1, (size_t)status.st_size, file) != (size_t)status.st_size) {
        free(text);
        text = NULL;
    }
    fclose(file);
    return text;
}

static enum silt_status load_certificate(struct silt_server *server, struct silt_error *error)
{
    const struct silt_settings *settings = server->settings;
    if (settings->tls_cert == NULL)
        return SILT_OK;
    server->cert = read_pem(settings->tls_cert);
    if (server->cert == NULL)
        return fail(error, "tls-cert: %s: %s", settings->tls_cert, strerror(errno));
    server->key = read_pem(settings->tls_key);
    if (server->key == NULL)
        return fail(error, "tls-key: %s: %s", settings->tls_key, strerror(errno));
    return SILT_OK;
}

/* libmicrohttpd reports each broken connection; those are its peers' doing and say nothing here. */
static void hush(void *context, const char *format, va_list list)
{
    (void)context, (void)format, (void)list;
}

static struct MHD_Daemon *start_daemon(struct silt_server *server, int fd)
{
    const struct silt_settings *settings = server->settings;
    bool is_proxied = settings->trusted_proxies.count > 0; /* then all connections have one address */
    unsigned per_address = is_proxied ? settings->max_connections : settings->max_connections * 3 / 4 + 1;
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL |
                     MHD_USE_ITC | MHD_USE_ERROR_LOG | (server->cert != NULL ? MHD_USE_TLS : 0);
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, server->cert},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, server->key},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"},
        {MHD_OPTION_END, 0, NULL},
    };
    struct MHD_OptionItem *more = server->cert != NULL ? tls : tls + 3;
    return MHD_start_daemon(
        flags, 0, NULL, NULL, handle, server, MHD_OPTION_EXTERNAL_LOGGER, hush, NULL,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, settings->max_connections,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, per_address, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)SILENCE_S,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADERS_MAX, MHD_OPTION_THREAD_STACK_SIZE,
        (size_t)STACK_SIZE, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_COMPLETED, forget, NULL,
        MHD_OPTION_ARRAY, more, MHD_OPTION_END);
}

static enum silt_status listen_at(struct silt_server *server, struct silt_error *error)
{
    char why[128];
    int fd = silt_address_listen(server->settings->listen, why, sizeof why);
    if (fd < 0)
        return fail(error, "listen: %s: %s", server->settings->listen, why);
    silt_address_of_socket(fd, server->address, sizeof server->address);
    server->daemon = start_daemon(server, fd);
    if (server->daemon != NULL)
        return SILT_OK;
    close(fd);
    if (server->cert == NULL)
        return fail(error, "the server does not start at %s", server->address);
    return fail(error, "the server does not start: are %s and %s a PEM certificate and its key?",
                server->settings->tls_cert, server->settings->tls_key);
}

enum silt_status silt_server_start(const struct silt_settings *settings, silt_server_answer *answer_one,
                                   void *context, struct silt_server **out, struct silt_error *error)
{
    struct silt_server *server = calloc(1, sizeof *server);
    if (server == NULL)
        return fail(error, "out of memory");
    *server = (struct silt_server){.settings = settings, .answer = answer_one, .context = context};
    enum silt_status status = load_certificate(server, error);
    if (status == SILT_OK)
        status = listen_at(server, error);
    if (status == SILT_OK)
        *out = server;
    else
        silt_server_stop(server);
    return status;
}

const char *silt_server_address(const struct silt_server *server)
{
    return server->address;
}

/* Handlers end by themselves; what they answered needs a moment to get out. */
static void wait_for_answers(const struct silt_server *server)
{
    const struct timespec moment = {0, 20 * 1000 * 1000};
    for (unsigned i = 0; i < DRAIN_MOMENTS && (i == 0 || atomic_load(&server->answering) > 0); i++)
        nanosleep(&moment, NULL);
}

void silt_server_stop(struct silt_server *server)
{
    if (server == NULL)
        return;
    if (server->daemon != NULL) {
        int fd = MHD_quiesce_daemon(server->daemon);
        wait_for_answers(server);
        MHD_stop_daemon(server->daemon);
        close(fd);
    }
    free(server->cert);
    if (server->key != NULL)
        explicit_bzero(server->key, strlen(server->key));
    free(server->key);
    free(server);
}
