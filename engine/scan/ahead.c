/*
 * ahead.c: a ring of blocks between a reading thread and its consumer.
 *
 * The consumer peeks into the oldest block in place. Only when it wants more than that block still holds are
 * bytes joined: each block has room in front of its data, into which the previous block's tail is moved.
 */
#include "scan/ahead.h"

#include "base/error.h"

#include <pthread.h>
#include <stdlib.h>

enum { BLOCK_SIZE = 256 * 1024, ROOM_SIZE = SILT_STREAM_PEEK_MAX, BLOCK_COUNT = 8 };

struct block {
    size_t size;
    uint8_t *data; /* ROOM_SIZE bytes before it belong to it */
};

struct ahead {
    struct silt_stream stream;
    struct silt_stream *inner; /* the thread's */
    pthread_t thread;
    pthread_mutex_t mutex; /* guards filled, is_done, is_stopping, end */
    pthread_cond_t changed;
    size_t filled; /* blocks between head and tail */
    bool is_done, is_stopping;
    enum silt_status end; /* how inner ended, valid once is_done */
    struct silt_error error;
    size_t tail;   /* block that the thread fills next: the thread's */
    size_t head;   /* block that is read: the consumer's, as all below */
    bool has_head; /* the consumer holds block head */
    const uint8_t *position;
    size_t left;
    struct block blocks[BLOCK_COUNT];
    uint8_t *memory;
};

/* Waits for a free block; false when the consumer has gone. */
static bool wait_for_room(struct ahead *ahead)
{
    pthread_mutex_lock(&ahead->mutex);
    while (ahead->filled == BLOCK_COUNT && !ahead->is_stopping)
        pthread_cond_wait(&ahead->changed, &ahead->mutex);
    bool go_on = !ahead->is_stopping;
    pthread_mutex_unlock(&ahead->mutex);
    return go_on;
}

static void publish(struct ahead *ahead)
{
    pthread_mutex_lock(&ahead->mutex);
    ahead->filled++;
    pthread_cond_signal(&ahead->changed);
    pthread_mutex_unlock(&ahead->mutex);
    ahead->tail = (ahead->tail + 1) % BLOCK_COUNT;
}

static enum silt_status fill_block(struct ahead *ahead, struct block *block)
{
    block->size = 0;
    while (block->size < BLOCK_SIZE) {
        struct silt_span bytes;
        enum silt_status status = silt_stream_peek(ahead->inner, 1, &bytes, &ahead->error);
        if (status != SILT_OK)
            return status;
        bytes = silt_span_slice(bytes, 0, BLOCK_SIZE - block->size);
        memcpy(block->data + block->size, bytes.data, bytes.size);
        block->size += bytes.size;
        silt_stream_consume(ahead->inner, bytes.size);
    }
    return SILT_OK;
}

static void *read_ahead(void *context)
{
    struct ahead *ahead = context;
    enum silt_status status = SILT_OK;
    while (status == SILT_OK && wait_for_room(ahead)) {
        struct block *block = &ahead->blocks[ahead->tail];
        status = fill_block(ahead, block);
        if (block->size > 0)
            publish(ahead);
    }
    pthread_mutex_lock(&ahead->mutex);
    ahead->is_done = true;
    ahead->end = status;
    pthread_cond_signal(&ahead->changed);
    pthread_mutex_unlock(&ahead->mutex);
    return NULL;
}

/* Waits until `count` blocks are filled or the thread is done; answers how many there are. */
static size_t wait_for_blocks(struct ahead *ahead, size_t count)
{
    pthread_mutex_lock(&ahead->mutex);
    while (ahead->filled < count && !ahead->is_done)
        pthread_cond_wait(&ahead->changed, &ahead->mutex);
    size_t filled = ahead->filled;
    pthread_mutex_unlock(&ahead->mutex);
    return filled;
}

static void release_head(struct ahead *ahead)
{
    ahead->head = (ahead->head + 1) % BLOCK_COUNT;
    pthread_mutex_lock(&ahead->mutex);
    ahead->filled--;
    pthread_cond_signal(&ahead->changed);
    pthread_mutex_unlock(&ahead->mutex);
}

/* Moves what is left of the head block in front of the next one. */
static void join_next(struct ahead *ahead)
{
    struct block *next = &ahead->blocks[(ahead->head + 1) % BLOCK_COUNT];
    memcpy(next->data - ahead->left, ahead->position, ahead->left);
    ahead->position = next->data - ahead->left;
    ahead->left += next->size;
    release_head(ahead);
}

static void take_head(struct ahead *ahead)
{
    ahead->has_head = true;
    ahead->position = ahead->blocks[ahead->head].data;
    ahead->left = ahead->blocks[ahead->head].size;
}

static enum silt_status ahead_peek(struct silt_stream *stream, size_t want, struct silt_span *out,
                                   struct silt_error *error)
{
    struct ahead *ahead = (struct ahead *)stream;
    if (want > SILT_STREAM_PEEK_MAX)
        want = SILT_STREAM_PEEK_MAX;
    if (ahead->has_head && ahead->left == 0) {
        ahead->has_head = false;
        release_head(ahead);
    }
    if (!ahead->has_head && wait_for_blocks(ahead, 1) > 0)
        take_head(ahead);
    while (ahead->has_head && ahead->left < want && wait_for_blocks(ahead, 2) > 1)
        join_next(ahead);
    if (ahead->has_head) {
        *out = silt_span_of(ahead->position, ahead->left);
        return SILT_OK;
    }
    if (error != NULL && ahead->end != SILT_END)
        *error = ahead->error;
    return ahead->end;
}

static void ahead_consume(struct silt_stream *stream, size_t size)
{
    struct ahead *ahead = (struct ahead *)stream;
    ahead->position += size;
    ahead->left -= size;
}

static void ahead_free(struct silt_stream *stream)
{
    struct ahead *ahead = (struct ahead *)stream;
    pthread_mutex_lock(&ahead->mutex);
    ahead->is_stopping = true;
    pthread_cond_signal(&ahead->changed);
    pthread_mutex_unlock(&ahead->mutex);
    pthread_join(ahead->thread, NULL);
    pthread_cond_destroy(&ahead->changed);
    pthread_mutex_destroy(&ahead->mutex);
    free(ahead->memory);
    free(ahead);
}

static const struct silt_stream_ops ahead_ops = {ahead_peek, ahead_consume, ahead_free};

enum silt_status silt_ahead_open(struct silt_stream *inner, struct silt_stream **out,
                                 struct silt_error *error)
{
    struct ahead *ahead = calloc(1, sizeof *ahead);
    if (ahead == NULL)
        return silt_error_memory(error);
    ahead->stream.ops = &ahead_ops;
    ahead->inner = inner;
    ahead->memory = malloc((size_t)BLOCK_COUNT * (ROOM_SIZE + BLOCK_SIZE));
    if (ahead->memory == NULL) {
        free(ahead);
        return silt_error_memory(error);
    }
    for (size_t i = 0; i < BLOCK_COUNT; i++)
        ahead->blocks[i].data = ahead->memory + i * (ROOM_SIZE + BLOCK_SIZE) + ROOM_SIZE;
    pthread_mutex_init(&ahead->mutex, NULL);
    pthread_cond_init(&ahead->changed, NULL);
    if (pthread_create(&ahead->thread, NULL, read_ahead, ahead) != 0) {
        pthread_cond_destroy(&ahead->changed);
        pthread_mutex_destroy(&ahead->mutex);
        free(ahead->memory);
        free(ahead);
        return silt_error_set(error, SILT_ERR_MEMORY, "cannot start a thread");
    }
    *out = &ahead->stream;
    return SILT_OK;
}
