/*
 * queues.h: a place for each kind of queue to live in for one test, so that one suite runs on all of them.
 */
#ifndef SILT_TESTS_CLI_SERVE_QUEUES_H
#define SILT_TESTS_CLI_SERVE_QUEUES_H

#include "serve/queue.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct bed {
    const struct silt_queue_kind *kind;
    char folder[32], path[64], url[64];
    pid_t server;
    struct silt_queue_settings settings;
};

static const struct silt_queue_share bed_share[] = {{"narrow.example.com", 1}, {"reg.example.com", 64}};

/* A port that was free a moment ago. */
static inline unsigned bed_find_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert_eq(bind(fd, (struct sockaddr *)&address, size), 0);
    cr_assert_eq(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    close(fd);
    return ntohs(address.sin_port);
}

static inline bool bed_is_listening(unsigned port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool is = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    close(fd);
    return is;
}

/* A server of this machine's Debian package, with its streams in the bed's folder. */
static inline void bed_start_server(struct bed *bed)
{
    char port[8], log[64];
    unsigned number = bed_find_port();
    snprintf(port, sizeof port, "%u", number);
    snprintf(bed->url, sizeof bed->url, "nats://127.0.0.1:%u", number);
    snprintf(log, sizeof log, "%s/nats.log", bed->folder);
    bed->server = fork();
    if (bed->server == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        execlp("nats-server", "nats-server", "-a", "127.0.0.1", "-p", port, "-js", "-sd", bed->folder, "-l",
               log, NULL);
        _exit(127);
    }
    for (int i = 0; i < 200 && !bed_is_listening(number); i++)
        usleep(50000);
    cr_assert(bed_is_listening(number), "nats-server does not start: apt-get install nats-server");
}

static inline void bed_open(struct bed *bed, const struct silt_queue_kind *kind)
{
    *bed = (struct bed){.kind = kind};
    strcpy(bed->folder, "/tmp/silt-queue-XXXXXX");
    cr_assert_not_null(mkdtemp(bed->folder));
    snprintf(bed->path, sizeof bed->path, "%s/serve.db", bed->folder);
    bed->settings = (struct silt_queue_settings){.path = bed->path,
                                                 .share = bed_share,
                                                 .share_count = 2,
                                                 .max_waiting = 10000,
                                                 .max_attempts = 3,
                                                 .lease_ms = 60 * 1000,
                                                 .keep_ms = 60 * 60 * 1000};
    if (strcmp(kind->name, "nats") == 0) {
        bed_start_server(bed);
        bed->settings.url = bed->url;
    }
}

static inline void bed_close(struct bed *bed)
{
    char command[64];
    if (bed->server > 0) {
        kill(bed->server, SIGKILL);
        waitpid(bed->server, NULL, 0);
    }
    snprintf(command, sizeof command, "rm -rf %s", bed->folder);
    cr_assert_eq(system(command), 0);
}

static inline struct silt_queue *bed_queue(const struct bed *bed)
{
    struct silt_queue *queue = NULL;
    struct silt_error error = {0};
    cr_assert_eq(bed->kind->open(&bed->settings, &queue, &error), SILT_OK, "%s: %s", bed->kind->name,
                 error.message);
    return queue;
}

/* Runs a test on each kind. */
static inline void bed_each(void (*test)(struct bed *bed))
{
    for (size_t i = 0; i < silt_queue_kind_count(); i++) {
        struct bed bed;
        bed_open(&bed, silt_queue_kind_at(i));
        test(&bed);
        bed_close(&bed);
    }
}

#define ON_EACH_QUEUE(name)                                                                                  \
    static void name(struct bed *bed);                                                                       \
    Test(queue, name)                                                                                        \
    {                                                                                                        \
        bed_each(name);                                                                                      \
    }                                                                                                        \
    static void name(struct bed *bed)

/* The n-th image of a repository, with a tag. */
static inline struct silt_job bed_job(unsigned number, const char *tag, char digest[80])
{
    snprintf(digest, 80, "sha256:%064u", number);
    return (struct silt_job){.registry = "reg.example.com",
                             .repository = "team/app",
                             .digest = digest,
                             .tag = tag,
                             .origin = "test",
                             .delivery = ""};
}

static inline struct silt_queue_receipt bed_put(struct silt_queue *queue, const struct silt_job *job)
{
    struct silt_queue_receipt receipt;
    struct silt_error error = {0};
    cr_assert_eq(queue->kind->put(queue, job, &receipt, &error), SILT_OK, "%s", error.message);
    return receipt;
}

static inline void bed_take(struct silt_queue *queue, struct silt_job *out)
{
    struct silt_error error = {0};
    cr_assert_eq(queue->kind->take(queue, 5000, out, &error), SILT_OK, "%s", error.message);
}

static inline void bed_expect_none(struct silt_queue *queue, uint64_t wait_ms)
{
    struct silt_job job;
    enum silt_status status = queue->kind->take(queue, wait_ms, &job, NULL);
    cr_assert_eq(status, SILT_END, "%s: %s", silt_status_name(status), status == SILT_OK ? job.digest : "");
}

static inline void bed_done(struct silt_queue *queue, struct silt_job *job)
{
    struct silt_error error = {0};
    cr_assert_eq(queue->kind->done(queue, job, &error), SILT_OK, "%s", error.message);
    silt_job_clear(job);
}

static inline struct silt_queue_counts bed_count(struct silt_queue *queue)
{
    struct silt_queue_counts counts;
    struct silt_error error = {0};
    cr_assert_eq(queue->kind->count(queue, &counts, &error), SILT_OK, "%s", error.message);
    return counts;
}

static inline void bed_sleep(unsigned ms)
{
    usleep(ms * 1000);
}

#endif
