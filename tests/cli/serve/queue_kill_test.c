/*
 * queue_kill_test.c: those who put jobs and those who work on them are killed with SIGKILL at any moment:
 * every job of which the put answered is worked on, and none is ended twice.
 */
#include "queues.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

enum { JOBS = 150, WORKERS = 4, KILLS = 60, LIMIT_S = 60 };

/* One line a fact, in one write: a killed process leaves whole lines. */
static void note(const struct bed *bed, const char *what, const char *digest)
{
    char path[64], line[128];
    snprintf(path, sizeof path, "%s/facts", bed->folder);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    int length = snprintf(line, sizeof line, "%s %s\n", what, digest);
    if (fd < 0 || write(fd, line, (size_t)length) != length)
        _exit(3);
    close(fd);
}

/* Facts: "put" after the answer, "seen" before the job is ended, "done" after it. */
static void put_jobs(const struct bed *bed, unsigned from)
{
    struct silt_queue *queue = bed_queue(bed);
    for (unsigned i = from; i < JOBS; i++) {
        char digest[80], delivery[16];
        struct silt_job job = bed_job(i, "v1", digest);
        struct silt_queue_receipt receipt;
        snprintf(delivery, sizeof delivery, "event-%u", i);
        job.delivery = delivery; /* the next putter may repeat it, as a sender without an answer does */
        if (queue->kind->put(queue, &job, &receipt, NULL) != SILT_OK)
            _exit(4);
        note(bed, "put", digest);
        bed_sleep(5);
    }
    silt_queue_free(queue);
    _exit(0);
}

static void work(const struct bed *bed)
{
    struct silt_queue *queue = bed_queue(bed);
    for (;;) {
        struct silt_job job;
        if (queue->kind->take(queue, 1000, &job, NULL) != SILT_OK)
            continue;
        bed_sleep(5 + (unsigned)getpid() % 17);
        note(bed, "seen", job.digest);
        bed_sleep((unsigned)getpid() % 13);
        if (queue->kind->done(queue, &job, NULL) == SILT_OK)
            note(bed, "done", job.digest);
        silt_job_clear(&job);
    }
}

static unsigned count_facts(const struct bed *bed, const char *what, unsigned number)
{
    char path[64], line[160], wanted[128];
    snprintf(path, sizeof path, "%s/facts", bed->folder);
    snprintf(wanted, sizeof wanted, "%s sha256:%064u\n", what, number);
    FILE *file = fopen(path, "r");
    unsigned count = 0;
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        count += strcmp(line, wanted) == 0;
    if (file != NULL)
        fclose(file);
    return count;
}

static pid_t start(const struct bed *bed, bool is_putter)
{
    unsigned from = 0;
    while (is_putter && from < JOBS && count_facts(bed, "put", from) > 0)
        from++;
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    alarm(LIMIT_S);
    if (is_putter)
        put_jobs(bed, from);
    work(bed);
    _exit(5);
}

static void kill_one(const struct bed *bed, pid_t *pid, bool is_putter)
{
    int how;
    kill(*pid, SIGKILL);
    cr_assert_eq(waitpid(*pid, &how, 0), *pid);
    cr_expect(WIFSIGNALED(how) ? WTERMSIG(how) == SIGKILL : is_putter && WEXITSTATUS(how) == 0,
              "it failed by itself: %d", WIFSIGNALED(how) ? -WTERMSIG(how) : WEXITSTATUS(how));
    *pid = start(bed, is_putter);
}

static void wait_until_empty(const struct bed *bed)
{
    struct silt_queue *queue = bed_queue(bed);
    struct silt_queue_counts counts = bed_count(queue);
    for (int i = 0; i < LIMIT_S * 10 && counts.jobs[SILT_JOB_WAITING] + counts.jobs[SILT_JOB_RUNNING] > 0;
         i++) {
        bed_sleep(100);
        counts = bed_count(queue);
    }
    cr_expect_eq(counts.jobs[SILT_JOB_WAITING] + counts.jobs[SILT_JOB_RUNNING], 0);
    cr_expect_eq(counts.jobs[SILT_JOB_DEAD], 0);
    silt_queue_free(queue);
}

ON_EACH_QUEUE(survives_kills)
{
    bed->settings.lease_ms = 500;
    bed->settings.max_attempts = 1000;
    pid_t workers[WORKERS], putter = start(bed, true);
    for (unsigned i = 0; i < WORKERS; i++)
        workers[i] = start(bed, false);
    unsigned seed = 7;
    for (unsigned i = 0; i < KILLS; i++) {
        bed_sleep(20 + (unsigned)rand_r(&seed) % 60);
        if (i % 3 == 0)
            kill_one(bed, &putter, true);
        else
            kill_one(bed, &workers[i % WORKERS], false);
    }
    int how;
    cr_assert_eq(waitpid(putter, &how, 0), putter);
    cr_expect(WIFEXITED(how) && WEXITSTATUS(how) == 0, "the last putter ended as %d", how);
    wait_until_empty(bed);
    for (unsigned i = 0; i < WORKERS; i++) {
        kill(workers[i], SIGKILL);
        waitpid(workers[i], &how, 0);
    }
    unsigned lost = 0, twice = 0, repeated = 0;
    for (unsigned i = 0; i < JOBS; i++) {
        unsigned seen = count_facts(bed, "seen", i), done = count_facts(bed, "done", i);
        unsigned put = count_facts(bed, "put", i);
        lost += put > 0 && seen == 0;
        twice += done > put;
        repeated += seen > put;
    }
    fprintf(stderr, "%s: %d jobs, %d kills: %u lost, %u done twice, %u worked on again\n", bed->kind->name,
            JOBS, KILLS, lost, twice, repeated);
    cr_expect_eq(lost, 0);
    cr_expect_eq(twice, 0);
}
