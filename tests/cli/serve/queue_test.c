/*
 * queue_test.c: what every kind of queue does, by one suite.
 */
#include "queues.h"

#include <pthread.h>

ON_EACH_QUEUE(collapses)
{
    struct silt_queue *queue = bed_queue(bed);
    char one[80], two[80];
    struct silt_job job = bed_job(1, "v1", one), other = bed_job(2, "v2", two);
    struct silt_queue_receipt first = bed_put(queue, &job);
    cr_expect_eq(first.answer, SILT_QUEUE_QUEUED);
    for (int i = 0; i < 3; i++) {
        struct silt_queue_receipt again = bed_put(queue, &job);
        cr_expect_eq(again.answer, SILT_QUEUE_JOINED);
        cr_expect_str_eq(again.id, first.id);
    }
    cr_expect_eq(bed_put(queue, &other).answer, SILT_QUEUE_QUEUED);
    job.repository = "team/other";
    cr_expect_eq(bed_put(queue, &job).answer, SILT_QUEUE_QUEUED);
    cr_expect_eq(bed_count(queue).jobs[SILT_JOB_WAITING], 3);
    silt_queue_free(queue);
}

ON_EACH_QUEUE(joins_what_runs)
{
    struct silt_queue *queue = bed_queue(bed);
    char digest[80];
    struct silt_job job = bed_job(1, "v1", digest), taken;
    bed_put(queue, &job);
    bed_take(queue, &taken);
    cr_expect_eq(bed_put(queue, &job).answer, SILT_QUEUE_JOINED);
    bed_done(queue, &taken);
    bed_expect_none(queue, 0);
    cr_expect_eq(bed_put(queue, &job).answer, SILT_QUEUE_QUEUED, "pushed again after it was done");
    bed_take(queue, &taken);
    bed_done(queue, &taken);
    silt_queue_free(queue);
}

ON_EACH_QUEUE(knows_deliveries)
{
    struct silt_queue *queue = bed_queue(bed);
    char digest[80];
    struct silt_job job = bed_job(1, "v1", digest), taken;
    job.delivery = "event-1";
    bed_put(queue, &job);
    bed_take(queue, &taken);
    bed_done(queue, &taken);
    cr_expect_eq(bed_put(queue, &job).answer, SILT_QUEUE_JOINED, "the same notification once more");
    bed_expect_none(queue, 0);
    job.delivery = "event-2";
    cr_expect_eq(bed_put(queue, &job).answer, SILT_QUEUE_QUEUED);
    silt_queue_free(queue);
}

/* Takes all there is and notes the tags that came. */
static void drain(struct silt_queue *queue, char *tags)
{
    struct silt_job job;
    while (queue->kind->take(queue, 300, &job, NULL) == SILT_OK) {
        strcat(strcat(tags, job.tag), " ");
        bed_done(queue, &job);
    }
}

ON_EACH_QUEUE(loses_no_tag)
{
    struct silt_queue *queue = bed_queue(bed);
    char digest[80], tags[200] = "";
    struct silt_job one = bed_job(1, "v1", digest), two = bed_job(1, "latest", digest),
                    three = bed_job(1, "stable", digest), taken;
    bed_put(queue, &one);
    bed_put(queue, &two);
    bed_take(queue, &taken);
    strcat(strcat(tags, taken.tag), " ");
    bed_put(queue, &three);
    bed_done(queue, &taken);
    drain(queue, tags);
    cr_expect(strstr(tags, "v1") && strstr(tags, "latest") && strstr(tags, "stable"), "%s", tags);
    silt_queue_free(queue);
}

ON_EACH_QUEUE(looks_again_at_a_tag_pushed_while_it_runs)
{
    struct silt_queue *queue = bed_queue(bed);
    struct silt_job job = {.registry = "reg.example.com",
                           .repository = "team/app",
                           .digest = "",
                           .tag = "latest",
                           .origin = "test",
                           .delivery = ""},
                    taken;
    bed_put(queue, &job);
    bed_put(queue, &job);
    bed_take(queue, &taken);
    cr_expect_str_eq(taken.tag, "latest");
    bed_put(queue, &job);
    bed_done(queue, &taken);
    bed_take(queue, &taken);
    bed_done(queue, &taken);
    bed_expect_none(queue, 0);
    silt_queue_free(queue);
}

ON_EACH_QUEUE(keeps_order)
{
    struct silt_queue *queue = bed_queue(bed);
    char digest[80];
    for (unsigned i = 0; i < 20; i++) {
        struct silt_job job = bed_job(i, "", digest);
        bed_put(queue, &job);
    }
    for (unsigned i = 0; i < 20; i++) {
        struct silt_job expected = bed_job(i, "", digest), taken;
        bed_take(queue, &taken);
        cr_expect_str_eq(taken.digest, expected.digest);
        cr_expect_eq(taken.attempts, 1);
        bed_done(queue, &taken);
    }
    silt_queue_free(queue);
}

ON_EACH_QUEUE(carries_all_of_a_job)
{
    struct silt_queue *queue = bed_queue(bed);
    char digest[80];
    struct silt_job job = bed_job(7, "v7", digest), taken, found;
    job.origin = "harbor";
    job.delivery = "d 1";
    job.pushed_ms = 1700000000123;
    struct silt_queue_receipt receipt = bed_put(queue, &job);
    bed_take(queue, &taken);
    cr_expect_str_eq(taken.id, receipt.id);
    cr_expect_str_eq(taken.registry, job.registry);
    cr_expect_str_eq(taken.repository, job.repository);
    cr_expect_str_eq(taken.digest, job.digest);
    cr_expect_str_eq(taken.tag, "v7");
    cr_expect_str_eq(taken.tag_times, "1700000000123");
    cr_expect_str_eq(taken.origin, "harbor");
    cr_expect_str_eq(taken.delivery, "d 1");
    cr_expect_eq(taken.pushed_ms, job.pushed_ms);
    cr_expect_eq(taken.state, SILT_JOB_RUNNING);
    cr_expect_eq(queue->kind->find(queue, receipt.id, &found, NULL), SILT_OK);
    cr_expect_eq(found.state, SILT_JOB_RUNNING);
    cr_expect_str_eq(found.repository, job.repository);
    silt_job_clear(&found);
    bed_done(queue, &taken);
    cr_expect_eq(queue->kind->find(queue, "99999", &found, NULL), SILT_ERR_NOT_FOUND);
    silt_queue_free(queue);
}

ON_EACH_QUEUE(leases_run_out)
{
    bed->settings.lease_ms = 400;
    struct silt_queue *queue = bed_queue(bed);
    char digest[80];
    struct silt_job job = bed_job(1, "v1", digest), first, second;
    bed_put(queue, &job);
    bed_take(queue, &first);
    for (int i = 0; i < 6; i++) {
        bed_sleep(150);
        cr_assert_eq(queue->kind->extend(queue, &first, NULL), SILT_OK);
    }
    bed_expect_none(queue, 0);
    bed_take(queue, &second);
    cr_expect_eq(second.attempts, 2);
    cr_expect_eq(queue->kind->done(queue, &first, NULL), SILT_ERR_NOT_FOUND, "it is another's now");
    cr_expect_eq(queue->kind->extend(queue, &first, NULL), SILT_ERR_NOT_FOUND);
    bed_done(queue, &second);
    silt_job_clear(&first);
    bed_sleep(500);
    bed_expect_none(queue, 0);
    silt_queue_free(queue);
}

ON_EACH_QUEUE(gives_up_on_jobs_that_kill)
{
    bed->settings.lease_ms = 100;
    struct silt_queue *queue = bed_queue(bed);
    char digest[80];
    struct silt_job job = bed_job(1, "v1", digest), taken;
    bed_put(queue, &job);
    for (unsigned i = 1; i <= 3; i++) {
        bed_take(queue, &taken);
        cr_expect_eq(taken.attempts, i);
        silt_job_clear(&taken);
    }
    bed_expect_none(queue, 400);
    struct silt_queue_counts counts = bed_count(queue);
    cr_expect_eq(counts.jobs[SILT_JOB_DEAD], 1);
    cr_expect_eq(counts.jobs[SILT_JOB_WAITING] + counts.jobs[SILT_JOB_RUNNING], 0);
    silt_queue_free(queue);
}

ON_EACH_QUEUE(retries_then_gives_up)
{
    struct silt_queue *queue = bed_queue(bed);
    char digest[80];
    struct silt_job job = bed_job(1, "v1", digest), next = bed_job(2, "v2", (char[80]){0}), taken;
    (void)next;
    bed_put(queue, &job);
    struct silt_queue_failure failure = {.reason = "the registry answered 503", .retry_after_ms = 300};
    for (unsigned i = 1; i <= 3; i++) {
        bed_take(queue, &taken);
        cr_expect_eq(taken.attempts, i);
        cr_expect_eq(queue->kind->fail(queue, &taken, &failure, NULL), SILT_OK);
        silt_job_clear(&taken);
        bed_expect_none(queue, 0);
    }
    bed_expect_none(queue, 500);
    cr_expect_eq(bed_count(queue).jobs[SILT_JOB_DEAD], 1);
    silt_queue_free(queue);
}

static bool copy_id(void *context, const struct silt_job *job)
{
    cr_expect_str_eq(job->reason, "no such manifest");
    cr_expect_eq(job->state, SILT_JOB_DEAD);
    strcpy(context, job->id);
    return true;
}

ON_EACH_QUEUE(dead_letters_can_be_revived)
{
    struct silt_queue *queue = bed_queue(bed);
    char digest[80], id[24] = "";
    struct silt_job job = bed_job(1, "v1", digest), taken;
    bed_put(queue, &job);
    bed_take(queue, &taken);
    struct silt_queue_failure failure = {.reason = "no such manifest", .is_final = true};
    cr_expect_eq(queue->kind->fail(queue, &taken, &failure, NULL), SILT_OK);
    silt_job_clear(&taken);
    bed_expect_none(queue, 0);
    struct silt_queue_filter filter = {.has_state = true, .state = SILT_JOB_DEAD, .limit = 10};
    cr_expect_eq(queue->kind->list(queue, &filter, copy_id, id, NULL), SILT_OK);
    cr_expect_eq(queue->kind->revive(queue, id, NULL), SILT_OK);
    cr_expect_eq(queue->kind->revive(queue, id, NULL), SILT_ERR_NOT_FOUND);
    bed_take(queue, &taken);
    cr_expect_eq(taken.attempts, 1);
    cr_expect_str_eq(taken.digest, digest);
    bed_done(queue, &taken);
    cr_expect_eq(bed_count(queue).jobs[SILT_JOB_DEAD], 0);
    silt_queue_free(queue);
}

ON_EACH_QUEUE(given_back_counts_no_attempt)
{
    struct silt_queue *queue = bed_queue(bed);
    char digest[80];
    struct silt_job job = bed_job(1, "v1", digest), taken;
    bed_put(queue, &job);
    for (int i = 0; i < 5; i++) {
        bed_take(queue, &taken);
        cr_expect_eq(queue->kind->release(queue, &taken, NULL), SILT_OK);
        cr_expect_eq(queue->kind->done(queue, &taken, NULL), SILT_ERR_NOT_FOUND);
        silt_job_clear(&taken);
    }
    bed_take(queue, &taken);
    cr_expect_leq(taken.attempts, bed->settings.max_attempts);
    bed_done(queue, &taken);
    cr_expect_eq(bed_count(queue).jobs[SILT_JOB_DEAD], 0);
    silt_queue_free(queue);
}

ON_EACH_QUEUE(says_that_it_is_full)
{
    bed->settings.max_waiting = 3;
    struct silt_queue *queue = bed_queue(bed);
    char digest[80];
    struct silt_queue_receipt receipt;
    struct silt_job taken;
    for (unsigned i = 0; i < 3; i++) {
        struct silt_job job = bed_job(i, "", digest);
        bed_put(queue, &job);
    }
    struct silt_job fourth = bed_job(3, "", digest);
    struct silt_error error = {0};
    cr_expect_eq(queue->kind->put(queue, &fourth, &receipt, &error), SILT_ERR_LIMIT);
    cr_expect_eq(receipt.answer, SILT_QUEUE_FULL);
    cr_expect_neq(*error.message, '\0');
    char again[80];
    struct silt_job first = bed_job(0, "", again);
    cr_expect_eq(bed_put(queue, &first).answer, SILT_QUEUE_JOINED, "what is there may still join");
    bed_take(queue, &taken);
    bed_done(queue, &taken);
    bed_put(queue, &fourth);
    silt_queue_free(queue);
}

ON_EACH_QUEUE(shares_registries)
{
    struct silt_queue *queue = bed_queue(bed);
    char one[80], two[80], three[80];
    struct silt_job first = bed_job(1, "", one), second = bed_job(2, "", two), third = bed_job(3, "", three);
    first.registry = second.registry = "narrow.example.com";
    bed_put(queue, &first);
    bed_put(queue, &second);
    bed_put(queue, &third);
    struct silt_job a, b, c;
    bed_take(queue, &a);
    bed_take(queue, &b);
    cr_expect_str_neq(a.registry, b.registry, "one job of the narrow registry at a time");
    bed_expect_none(queue, 0);
    bed_done(queue, strcmp(a.registry, "narrow.example.com") == 0 ? &a : &b);
    bed_take(queue, &c);
    cr_expect_str_eq(c.registry, "narrow.example.com");
    silt_job_clear(&a);
    silt_job_clear(&b);
    silt_job_clear(&c);
    silt_queue_free(queue);
}

ON_EACH_QUEUE(survives_closing)
{
    struct silt_queue *queue = bed_queue(bed);
    char digest[80];
    struct silt_job job = bed_job(1, "v1", digest), taken;
    bed_put(queue, &job);
    silt_queue_free(queue);
    queue = bed_queue(bed);
    cr_expect_eq(bed_count(queue).jobs[SILT_JOB_WAITING], 1);
    bed_take(queue, &taken);
    cr_expect_str_eq(taken.digest, digest);
    bed_done(queue, &taken);
    silt_queue_free(queue);
}

ON_EACH_QUEUE(waits_until_it_is_due)
{
    struct silt_queue *queue = bed_queue(bed);
    char digest[80];
    struct silt_job job = bed_job(1, "v1", digest), taken;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    job.not_before_ms = now.tv_sec * 1000 + now.tv_nsec / 1000000 + 600;
    bed_put(queue, &job);
    bed_expect_none(queue, 100);
    bed_take(queue, &taken);
    struct timespec then;
    clock_gettime(CLOCK_REALTIME, &then);
    cr_expect_geq(then.tv_sec * 1000 + then.tv_nsec / 1000000, job.not_before_ms);
    bed_done(queue, &taken);
    silt_queue_free(queue);
}

static void *stop_soon(void *queue)
{
    bed_sleep(200);
    ((struct silt_queue *)queue)->kind->stop(queue);
    return NULL;
}

ON_EACH_QUEUE(stops)
{
    struct silt_queue *queue = bed_queue(bed);
    pthread_t thread;
    time_t began = time(NULL);
    pthread_create(&thread, NULL, stop_soon, queue);
    bed_expect_none(queue, 20000);
    cr_expect_lt(time(NULL) - began, 10);
    bed_expect_none(queue, 20000);
    pthread_join(thread, NULL);
    silt_queue_free(queue);
}

enum { FLOOD = 2000, FLOOD_THREADS = 8 };

struct flood {
    struct silt_queue *queue;
    unsigned first;
    unsigned queued;
};

/* Each notification comes twice, as senders do. */
static void *put_many(void *context)
{
    struct flood *flood = context;
    for (unsigned i = 0; i < FLOOD / FLOOD_THREADS; i++) {
        char digest[80];
        struct silt_job job = bed_job(flood->first + i, "v1", digest);
        flood->queued += bed_put(flood->queue, &job).answer == SILT_QUEUE_QUEUED;
        flood->queued += bed_put(flood->queue, &job).answer == SILT_QUEUE_QUEUED;
    }
    return NULL;
}

ON_EACH_QUEUE(takes_a_flood)
{
    struct silt_queue *queue = bed_queue(bed);
    struct flood floods[FLOOD_THREADS];
    pthread_t threads[FLOOD_THREADS];
    struct timespec began, ended;
    clock_gettime(CLOCK_MONOTONIC, &began);
    for (unsigned i = 0; i < FLOOD_THREADS; i++) {
        floods[i] = (struct flood){queue, i * (FLOOD / FLOOD_THREADS), 0};
        pthread_create(&threads[i], NULL, put_many, &floods[i]);
    }
    unsigned queued = 0;
    for (unsigned i = 0; i < FLOOD_THREADS; i++) {
        pthread_join(threads[i], NULL);
        queued += floods[i].queued;
    }
    clock_gettime(CLOCK_MONOTONIC, &ended);
    fprintf(stderr, "%s: %d puts in %.2f s\n", bed->kind->name, 2 * FLOOD,
            (double)(ended.tv_sec - began.tv_sec) + (double)(ended.tv_nsec - began.tv_nsec) / 1e9);
    cr_expect_eq(queued, FLOOD);
    struct silt_queue_counts counts = bed_count(queue);
    cr_expect_eq(counts.jobs[SILT_JOB_WAITING], FLOOD);
    cr_expect_eq(counts.put, FLOOD);
    cr_expect_eq(counts.joined, FLOOD);
    silt_queue_free(queue);
}
