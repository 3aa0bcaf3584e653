/*
 * docker_daemon.c: transport "docker-daemon": an image that the Docker daemon, or podman's service, holds.
 * What it sends is one stream, scanned while it comes.
 */
#include "base/error.h"
#include "registry/daemon.h"
#include "source/sources.h"

#include <stdlib.h>

struct docker_daemon {
    struct silt_source source;
    struct silt_registry_options defaults; /* where the scan has none */
    struct silt_client *client;
    struct silt_stream *stream;
    char *name;
    bool is_done;
};

static void docker_daemon_free(struct silt_source *source)
{
    struct docker_daemon *daemon = (struct docker_daemon *)source;
    silt_stream_free(daemon->stream);
    silt_client_free(daemon->client);
    free(daemon->name);
    free(daemon);
}

static enum silt_status docker_daemon_open(const char *location, const struct silt_source_options *options,
                                           struct silt_source **out, struct silt_error *error)
{
    struct docker_daemon *daemon = calloc(1, sizeof *daemon);
    if (daemon == NULL)
        return silt_error_memory(error);
    daemon->source = (struct silt_source){.ops = &silt_docker_daemon_source, .layout = SILT_LAYOUT_STREAM};
    silt_registry_options_init(&daemon->defaults);
    daemon->name = strdup(location);
    enum silt_status status = daemon->name != NULL ? SILT_OK : silt_error_memory(error);
    if (status == SILT_OK)
        status = silt_client_new(options->registry != NULL ? options->registry : &daemon->defaults,
                                 &options->patience, &daemon->client, error);
    if (status == SILT_OK)
        status = silt_daemon_open(daemon->client, location, &daemon->stream, error);
    if (status == SILT_OK)
        *out = &daemon->source;
    else
        docker_daemon_free(&daemon->source);
    return status;
}

static enum silt_status docker_daemon_next(struct silt_source *source, struct silt_blob *out,
                                           struct silt_error *error)
{
    (void)error;
    struct docker_daemon *daemon = (struct docker_daemon *)source;
    if (daemon->is_done)
        return SILT_END;
    daemon->is_done = true;
    *out = (struct silt_blob){.name = silt_span_text(daemon->name), .content = daemon->stream};
    return SILT_OK;
}

const struct silt_source_ops silt_docker_daemon_source = {
    .transport = "docker-daemon",
    .kind = SILT_TARGET_IMAGE,
    .open = docker_daemon_open,
    .next = docker_daemon_next,
    .free = docker_daemon_free,
};
