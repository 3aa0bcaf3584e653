/*
 * client.c: a stack of idle lines behind a lock. Each line has connections of its own, so that no thread
 * waits for another's transfer; the one used last is the one whose connection is most likely still open.
 */
#include "registry/client.h"

#include "base/error.h"
#include "registry/line.h"

#include <pthread.h>
#include <stdlib.h>

struct silt_client {
    const struct silt_registry_options *options;
    struct silt_patience patience;
    pthread_mutex_t mutex;
    struct silt_line *idle; /* guarded by mutex */
};

enum silt_status silt_client_new(const struct silt_registry_options *options,
                                 const struct silt_patience *patience, struct silt_client **out,
                                 struct silt_error *error)
{
    /* Counted, and thread-safe since 7.84 where libcurl has atomics, as Debian's has. */
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return silt_error_set(error, SILT_ERR_MEMORY, "libcurl cannot be initialised");
    struct silt_client *client = calloc(1, sizeof *client);
    if (client == NULL) {
        curl_global_cleanup();
        return silt_error_memory(error);
    }
    client->options = options;
    client->patience = *patience;
    pthread_mutex_init(&client->mutex, NULL);
    *out = client;
    return SILT_OK;
}

static void free_line(struct silt_line *line)
{
    curl_easy_cleanup(line->easy);
    curl_multi_cleanup(line->multi);
    free(line);
}

void silt_client_free(struct silt_client *client)
{
    if (client == NULL)
        return;
    for (struct silt_line *line = client->idle, *next; line != NULL; line = next) {
        next = line->next;
        free_line(line);
    }
    pthread_mutex_destroy(&client->mutex);
    free(client);
    curl_global_cleanup();
}

const struct silt_registry_options *silt_client_options(const struct silt_client *client)
{
    return client->options;
}

enum silt_status silt_client_check(const struct silt_client *client, struct silt_error *error)
{
    const struct silt_patience *patience = &client->patience;
    if (patience->goes_on == NULL || patience->goes_on(patience->context))
        return SILT_OK;
    return silt_error_set(error, SILT_ERR_CANCELLED, "stopped while waiting for the network");
}

enum silt_status silt_client_allow(const struct silt_client *client, const char *url, struct silt_site *out,
                                   struct silt_error *error)
{
    enum silt_status status = silt_url_site(url, out, error);
    if (status != SILT_OK || out->is_tls || silt_url_is_listed(out, client->options->plain_http))
        return status;
    return silt_error_set(error, SILT_ERR_UNSUPPORTED,
                          "%s:%u would be asked without TLS, which is done only for hosts named with "
                          "--plain-http",
                          out->host, out->port);
}

static struct silt_line *new_line(void)
{
    struct silt_line *line = calloc(1, sizeof *line);
    if (line == NULL)
        return NULL;
    line->multi = curl_multi_init();
    line->easy = curl_easy_init();
    if (line->multi != NULL && line->easy != NULL)
        return line;
    free_line(line);
    return NULL;
}

enum silt_status silt_client_take(struct silt_client *client, struct silt_line **out,
                                  struct silt_error *error)
{
    pthread_mutex_lock(&client->mutex);
    struct silt_line *line = client->idle;
    if (line != NULL)
        client->idle = line->next;
    pthread_mutex_unlock(&client->mutex);
    if (line == NULL)
        line = new_line();
    if (line == NULL)
        return silt_error_memory(error);
    line->next = NULL;
    line->why[0] = '\0';
    *out = line;
    return SILT_OK;
}

void silt_client_put(struct silt_client *client, struct silt_line *line)
{
    if (silt_client_check(client, NULL) != SILT_OK) {
        curl_easy_setopt(line->easy, CURLOPT_QUICK_EXIT, 1L); /* do not wait for a name server */
        free_line(line);
        return;
    }
    curl_easy_reset(line->easy);
    pthread_mutex_lock(&client->mutex);
    line->next = client->idle;
    client->idle = line;
    pthread_mutex_unlock(&client->mutex);
}
