/*
 * daemon.c: GET /images/NAME/get (Docker Engine API, "Export an image"), over a Unix socket or TCP.
 */
#include "registry/daemon.h"

#include "base/error.h"
#include "registry/answer.h"
#include "stream/refill.h"

#include <stdio.h>
#include <stdlib.h>

/* The daemon may put a large image together before it sends the first byte. */
enum { BLOCK_SIZE = 256 * 1024, URL_SIZE = 1024, IMAGE_MAX = 512, STALL_MS = 10 * 60 * 1000 };

static const char usual_daemon[] = "unix:///var/run/docker.sock";

struct daemon {
    struct silt_refill refill;
    struct silt_exchange *exchange;
};

/* Where the daemon is, as a request. `url` holds its address. */
static enum silt_status set_address(const char *address, const struct silt_registry_options *options,
                                    char url[URL_SIZE], struct silt_request *out, struct silt_error *error)
{
    static const char unix_scheme[] = "unix://", tcp_scheme[] = "tcp://";
    *out = (struct silt_request){.url = url, .stall_ms = STALL_MS};
    if (strncmp(address, unix_scheme, strlen(unix_scheme)) == 0) {
        out->socket = address + strlen(unix_scheme);
        snprintf(url, URL_SIZE, "http://localhost");
        return SILT_OK;
    }
    if (strncmp(address, tcp_scheme, strlen(tcp_scheme)) != 0)
        return silt_error_set(error, SILT_ERR_UNSUPPORTED,
                              "the daemon's address '%.200s' is neither unix:///PATH nor tcp://HOST:PORT",
                              address);
    const char *host = address + strlen(tcp_scheme);
    snprintf(url, URL_SIZE, "%s://%.*s", options->daemon_tls ? "https" : "http", (int)strcspn(host, "/"),
             host);
    out->ca = options->daemon_tls ? options->daemon_ca : NULL;
    out->cert = options->daemon_tls ? options->daemon_cert : NULL;
    out->key = options->daemon_tls ? options->daemon_key : NULL;
    return SILT_OK;
}

/* Only what references and ids are made of goes into the address. */
static bool is_image(const char *text)
{
    size_t size = strlen(text);
    return size > 0 && size <= IMAGE_MAX && strstr(text, "..") == NULL &&
           strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/:@") == size;
}

static enum silt_status ask(struct silt_client *client, const char *image, struct silt_exchange **out,
                            struct silt_error *error)
{
    const struct silt_registry_options *options = silt_client_options(client);
    const char *address = options->daemon != NULL ? options->daemon : usual_daemon;
    char url[URL_SIZE];
    struct silt_request request;
    bool may_retry;
    if (!is_image(image))
        return silt_error_set(error, SILT_ERR_USAGE, "'%.100s' is neither an image's name nor its id", image);
    enum silt_status status = set_address(address, options, url, &request, error);
    size_t used = status == SILT_OK ? strlen(url) : 0;
    if (status == SILT_OK) {
        snprintf(url + used, sizeof url - used, "/images/%s/get", image);
        status = silt_exchange_open(client, &request, out, &may_retry, error);
    }
    if (status == SILT_ERR_IO)
        silt_error_prefix(error, "no daemon at %.200s (DOCKER_HOST names another)", address);
    return status;
}

static enum silt_status check_answer(struct silt_exchange *exchange, const char *image,
                                     struct silt_error *error)
{
    unsigned code = silt_exchange_code(exchange);
    if (code == 200)
        return SILT_OK;
    if (code == 404)
        return silt_error_set(
            error, SILT_ERR_NOT_FOUND,
            "the daemon has no image '%.200s'; docker images, or podman images, lists what it has", image);
    const struct silt_answer_login login = {.host = "the daemon"};
    enum silt_status status = silt_answer_explain(exchange, &login, error);
    silt_error_prefix(error, "the daemon");
    return status;
}

static enum silt_status daemon_fill(struct silt_refill *refill, uint8_t *room, size_t size, size_t *made,
                                    struct silt_error *error)
{
    struct daemon *daemon = (struct daemon *)refill;
    return silt_exchange_read(daemon->exchange, room, size, made, error);
}

static void daemon_close(struct silt_refill *refill)
{
    silt_exchange_free(((struct daemon *)refill)->exchange);
}

static const struct silt_refill_ops daemon_ops = {daemon_fill, daemon_close};

enum silt_status silt_daemon_open(struct silt_client *client, const char *image, struct silt_stream **out,
                                  struct silt_error *error)
{
    struct silt_exchange *exchange = NULL;
    enum silt_status status = ask(client, image, &exchange, error);
    if (status == SILT_OK)
        status = check_answer(exchange, image, error);
    struct daemon *daemon = status == SILT_OK ? calloc(1, sizeof *daemon) : NULL;
    if (status == SILT_OK && daemon == NULL)
        status = silt_error_memory(error);
    if (status == SILT_OK)
        status = silt_refill_init(&daemon->refill, &daemon_ops, BLOCK_SIZE, error);
    if (status != SILT_OK) {
        free(daemon);
        silt_exchange_free(exchange);
        return status;
    }
    daemon->exchange = exchange;
    *out = &daemon->refill.stream;
    return SILT_OK;
}
