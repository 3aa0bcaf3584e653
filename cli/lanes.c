/*
 * lanes.c: several targets at a time. A turn is one target, taken by the next free thread; its scan's sink
 * keeps what it is lent (results.h) and hands it over whenever a file or an image is complete, so that the
 * caller can report on the first images of a long catalog while the others are scanned.
 */
#include "lanes.h"

#include "interrupt.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/* What a scan told of one file, directory or image. */
struct heard {
    struct silt_results results;
    struct heard *next;
};

struct turn {
    struct silt_lanes *lanes;
    const char *name;

    /* The scanning thread's. */
    struct silt_results open; /* what is being told */
    bool is_out_of_memory;

    /* Guarded by the mutex. */
    struct heard *first, **end;
    struct silt_progress progress;
    struct timespec began;
    bool has_moved; /* there is progress that was not shown */
    bool is_done;

    /* The scanning thread's until it is done, then the caller's. */
    enum silt_status status;
    struct silt_error error;
};

/* One thread and its scanner. */
struct lane {
    struct silt_lanes *lanes;
    struct silt_scanner *scanner;
    pthread_t thread;
    bool is_running;
};

struct silt_lanes {
    struct silt_lanes_plan plan;
    struct turn *turns;
    size_t turn_count;
    struct lane *lanes;
    size_t lane_count;

    pthread_mutex_t mutex;
    pthread_cond_t changed; /* something was heard, progress was made, or a turn is done */
    size_t next;            /* guarded: the first turn that nobody has taken */
    bool is_stopping;       /* guarded */
};

static void reset_open(struct turn *turn)
{
    const struct silt_results *like = turn->lanes->plan.like;
    turn->open = (struct silt_results){.keeps_secrets = like->keeps_secrets, .signatures = like->signatures};
}

static bool fail_memory(struct turn *turn)
{
    turn->is_out_of_memory = true;
    return false;
}

/* Hands over what was told so far; the next begins with nothing. */
static bool hand_over(struct turn *turn)
{
    struct silt_lanes *lanes = turn->lanes;
    struct heard *heard = calloc(1, sizeof *heard);
    if (heard == NULL)
        return fail_memory(turn);
    heard->results = turn->open;
    reset_open(turn);
    pthread_mutex_lock(&lanes->mutex);
    *turn->end = heard;
    turn->end = &heard->next;
    pthread_cond_signal(&lanes->changed);
    pthread_mutex_unlock(&lanes->mutex);
    return true;
}

static bool begin_target(void *context, const struct silt_target_info *target)
{
    struct turn *turn = context;
    pthread_mutex_lock(&turn->lanes->mutex);
    clock_gettime(CLOCK_MONOTONIC, &turn->began);
    pthread_mutex_unlock(&turn->lanes->mutex);
    return silt_results_begin(&turn->open, target) || fail_memory(turn);
}

static bool take_finding(void *context, const struct silt_finding *finding)
{
    struct turn *turn = context;
    if (silt_policy_takes(turn->lanes->plan.policy, finding))
        return silt_results_put_finding(&turn->open, finding) || fail_memory(turn);
    silt_results_leave_out(&turn->open, finding);
    return true;
}

static bool take_skip(void *context, const struct silt_skip *skip)
{
    struct turn *turn = context;
    return silt_results_put_skip(&turn->open, skip) || fail_memory(turn);
}

static bool take_problem(void *context, const struct silt_problem *problem)
{
    struct turn *turn = context;
    return silt_results_put_problem(&turn->open, problem) || fail_memory(turn);
}

static bool end_target(void *context, const struct silt_coverage *coverage)
{
    struct turn *turn = context;
    struct silt_coverage actual = *coverage;
    actual.is_complete = actual.is_complete && !silt_interrupt_has_come();
    if (!silt_results_end(&turn->open, &actual))
        return fail_memory(turn);
    return hand_over(turn);
}

static bool take_progress(void *context, const struct silt_progress *progress)
{
    struct turn *turn = context;
    struct silt_lanes *lanes = turn->lanes;
    pthread_mutex_lock(&lanes->mutex);
    turn->progress = *progress;
    turn->has_moved = true;
    bool goes_on = !lanes->is_stopping;
    pthread_cond_signal(&lanes->changed);
    pthread_mutex_unlock(&lanes->mutex);
    return goes_on && !silt_interrupt_has_come();
}

static void scan_turn(struct turn *turn, struct silt_scanner *scanner)
{
    const struct silt_sink sink = {turn,         begin_target, take_finding, take_skip,
                                   take_problem, end_target,   take_progress};
    reset_open(turn);
    turn->status = silt_scanner_scan(scanner, turn->name, &sink, &turn->error);
    if (turn->open.count > 0 && !hand_over(turn))
        silt_results_clear(&turn->open);
    if (turn->is_out_of_memory)
        turn->status = SILT_ERR_MEMORY;
}

/* The next turn that nobody has taken, or NULL. */
static struct turn *take_turn(struct silt_lanes *lanes)
{
    pthread_mutex_lock(&lanes->mutex);
    bool is_over = lanes->is_stopping || lanes->next == lanes->turn_count;
    struct turn *turn = is_over ? NULL : &lanes->turns[lanes->next++];
    pthread_mutex_unlock(&lanes->mutex);
    return turn;
}

static void *run_lane(void *argument)
{
    struct lane *lane = argument;
    struct silt_lanes *lanes = lane->lanes;
    struct turn *turn;
    while ((turn = take_turn(lanes)) != NULL) {
        if (silt_interrupt_has_come())
            turn->error = (struct silt_error){SILT_ERR_CANCELLED, "not scanned: interrupted"};
        else
            scan_turn(turn, lane->scanner);
        pthread_mutex_lock(&lanes->mutex);
        turn->is_done = true;
        pthread_cond_signal(&lanes->changed);
        pthread_mutex_unlock(&lanes->mutex);
    }
    return NULL;
}

static bool make_turns(struct silt_lanes *lanes, char *const *targets)
{
    while (targets[lanes->turn_count] != NULL)
        lanes->turn_count++;
    lanes->turns = calloc(lanes->turn_count + 1, sizeof *lanes->turns);
    for (size_t i = 0; lanes->turns != NULL && i < lanes->turn_count; i++) {
        struct turn *turn = &lanes->turns[i];
        *turn = (struct turn){.lanes = lanes, .name = targets[i], .status = SILT_ERR_CANCELLED};
        turn->end = &turn->first;
    }
    return lanes->turns != NULL;
}

/* Fewer threads than scanners will do, but not none. */
static bool start_lanes(struct silt_lanes *lanes, struct silt_scanner *const *scanners)
{
    while (scanners[lanes->lane_count] != NULL)
        lanes->lane_count++;
    lanes->lanes = calloc(lanes->lane_count + 1, sizeof *lanes->lanes);
    bool has_one = false;
    for (size_t i = 0; lanes->lanes != NULL && i < lanes->lane_count; i++) {
        struct lane *lane = &lanes->lanes[i];
        *lane = (struct lane){.lanes = lanes, .scanner = scanners[i]};
        lane->is_running = pthread_create(&lane->thread, NULL, run_lane, lane) == 0;
        has_one = has_one || lane->is_running;
    }
    return has_one;
}

struct silt_lanes *silt_lanes_new(const struct silt_lanes_plan *plan)
{
    struct silt_lanes *lanes = calloc(1, sizeof *lanes);
    if (lanes == NULL)
        return NULL;
    lanes->plan = *plan;
    pthread_mutex_init(&lanes->mutex, NULL);
    pthread_cond_init(&lanes->changed, NULL);
    if (make_turns(lanes, plan->targets) && start_lanes(lanes, plan->scanners))
        return lanes;
    silt_lanes_free(lanes);
    return NULL;
}

/* Shows the progress of the turn that is waited for, without holding the others up. */
static void show_progress(struct silt_lanes *lanes, struct turn *turn)
{
    const struct silt_progress progress = turn->progress;
    const struct timespec began = turn->began;
    turn->has_moved = false;
    pthread_mutex_unlock(&lanes->mutex);
    lanes->plan.progress(lanes->plan.context, &progress, &began);
    pthread_mutex_lock(&lanes->mutex);
}

bool silt_lanes_next(struct silt_lanes *lanes, size_t index, struct silt_results *out)
{
    struct turn *turn = &lanes->turns[index];
    pthread_mutex_lock(&lanes->mutex);
    while (turn->first == NULL && !turn->is_done) {
        if (turn->has_moved)
            show_progress(lanes, turn);
        else
            pthread_cond_wait(&lanes->changed, &lanes->mutex);
    }
    struct heard *heard = turn->first;
    if (heard != NULL)
        turn->first = heard->next;
    if (turn->first == NULL)
        turn->end = &turn->first;
    pthread_mutex_unlock(&lanes->mutex);
    if (heard != NULL)
        *out = heard->results;
    free(heard);
    return heard != NULL;
}

enum silt_status silt_lanes_status(const struct silt_lanes *lanes, size_t index, const char **message)
{
    const struct turn *turn = &lanes->turns[index];
    *message = turn->error.message[0] != '\0' ? turn->error.message : silt_status_name(turn->status);
    return turn->status;
}

static void stop_lanes(struct silt_lanes *lanes)
{
    pthread_mutex_lock(&lanes->mutex);
    lanes->is_stopping = true;
    pthread_mutex_unlock(&lanes->mutex);
    for (size_t i = 0; lanes->lanes != NULL && i < lanes->lane_count; i++) {
        if (!lanes->lanes[i].is_running)
            continue;
        silt_scanner_cancel(lanes->lanes[i].scanner);
        pthread_join(lanes->lanes[i].thread, NULL);
    }
}

void silt_lanes_free(struct silt_lanes *lanes)
{
    if (lanes == NULL)
        return;
    stop_lanes(lanes);
    for (size_t i = 0; lanes->turns != NULL && i < lanes->turn_count; i++) {
        struct silt_results rest;
        lanes->turns[i].is_done = true;
        while (silt_lanes_next(lanes, i, &rest))
            silt_results_clear(&rest);
    }
    free(lanes->turns);
    free(lanes->lanes);
    pthread_cond_destroy(&lanes->changed);
    pthread_mutex_destroy(&lanes->mutex);
    free(lanes);
}
