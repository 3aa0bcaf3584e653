/*
 * worker.c: the command `silt worker`: scans for a `silt serve` elsewhere.
 */
#include "command.h"
#include "serve/service.h"
#include "serve/settings_load.h"

#include <stdio.h>

static const char *const examples[] = {
    "silt worker --nats nats://queue.example.com:4222 --registry registry.example.com",
    "scan what the service that uses this queue is told of",
    "silt worker --config /etc/silt/serve.json --workers 8",
    "with the service's own configuration, eight images at once",
    NULL,
};

static const char text[] =
    "Takes jobs from the queue of --nats, scans the images, and sends the results back by the same way, to "
    "the "
    "silt serve that keeps them. Start as many as are needed, on as many machines: they share the results of "
    "layers, and what one that dies had taken is another's after a while.\n\n"
    "The options and the configuration file are those of silt serve; what concerns notifications, pages and "
    "announcements means nothing here. Every worker must know the registries, and their logins.\n\n"
    "Exit code: 0 ended by a signal; 2 wrong usage or configuration.";

static int run(const struct silt_command *command, char *const *words)
{
    (void)command;
    struct silt_settings_options options = {0};
    int code = SILT_EXIT_USAGE;
    bool is_good = silt_settings_load(&options, words);
    if (is_good && options.settings.nats == NULL)
        fputs("silt: a worker takes jobs from NATS: name the server with --nats nats://HOST:PORT\n", stderr);
    else if (is_good && silt_service_work(&options.settings))
        code = SILT_EXIT_CLEAN;
    silt_settings_load_clear(&options);
    return code;
}

const struct silt_command silt_worker_command = {
    .name = "worker",
    .usage = "--nats URL [OPTIONS]",
    .summary = "scan for a silt serve elsewhere",
    .text = text,
    .examples = examples,
    .options = silt_settings_options_rows,
    .run = run,
};
