/*
 * serve.c: the command `silt serve`: settings, and the service run until a signal comes.
 */
#include "command.h"
#include "serve/service.h"
#include "serve/settings_load.h"

static const char *const examples[] = {
    "silt serve --registry registry.example.com",
    "scan what a registry holds, and what it says is pushed",
    "silt serve --registry registry:5000=localhost:5000 --plain-http registry:5000",
    "a registry that its notifications call localhost:5000, without TLS",
    "silt serve --config /etc/silt/serve.json --check",
    "see whether a configuration is right",
    NULL,
};

static const char text[] =
    "Takes notifications of registries at POST /hooks/DIALECT, scans the images that were pushed, keeps the "
    "results, announces new findings, and shows all of it: a dashboard at /, an API at /api/v1, metrics at "
    "/metrics.\n\n"
    "DIALECT is who calls: distribution, harbor, dockerhub, quay, github, gitlab, ecr, acr, gar, jfrog, "
    "gitea, "
    "zot or generic ({\"image\": \"HOST/REPO:TAG\"}). Each call must carry the hook secret: as bearer token, "
    "as "
    "signature where the sender signs, or in the path, /hooks/DIALECT/SECRET. Nothing is contacted but the "
    "registries named here, whatever a notification says.\n\n"
    "A job is on disk before a notification is answered, so that a crash loses none. What fails is tried "
    "again, "
    "later and later; what keeps failing is put aside with the reason. SIGTERM ends it in order.\n\n"
    "Exit code: 0 ended by a signal; 2 wrong usage or configuration.";

static int run(const struct silt_command *command, char *const *words)
{
    (void)command;
    struct silt_settings_options options = {0};
    int code = SILT_EXIT_USAGE;
    if (silt_settings_load(&options, words)) {
        if (options.check) {
            puts("the configuration is good");
            code = silt_command_end_output() ? SILT_EXIT_CLEAN : SILT_EXIT_USAGE;
        } else {
            code = silt_service_run(&options.settings) ? SILT_EXIT_CLEAN : SILT_EXIT_USAGE;
        }
    }
    silt_settings_load_clear(&options);
    return code;
}

const struct silt_command silt_serve_command = {
    .name = "serve",
    .usage = "[OPTIONS]",
    .summary = "the registry webhook service",
    .text = text,
    .examples = examples,
    .options = silt_settings_options_rows,
    .run = run,
};
