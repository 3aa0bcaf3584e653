/*
 * Streams over files, pipes and ranges.
 */
#include "stream/file.h"

#include "engine/stream/contract.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <unistd.h>

static int file_with(struct silt_span bytes)
{
    FILE *file = tmpfile();
    cr_assert_not_null(file);
    cr_assert(bytes.size == 0 || fwrite(bytes.data, 1, bytes.size, file) == bytes.size);
    cr_assert_eq(fflush(file), 0);
    int fd = dup(fileno(file));
    cr_assert_geq(fd, 0);
    fclose(file);
    cr_assert_eq(lseek(fd, 0, SEEK_SET), 0);
    return fd;
}

Test(file, contract)
{
    static const size_t sizes[] = {0, 1, 65536, 262143, 262144, 262145, 700000};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct silt_buffer bytes = sample_bytes(sizes[i], i);
        int fd = file_with(silt_buffer_span(&bytes));
        struct silt_stream *stream;
        cr_assert_eq(silt_file_open(fd, &stream, NULL), SILT_OK);
        contract_check(stream, silt_buffer_span(&bytes), SILT_END, SILT_STREAM_PEEK_MAX, i);
        silt_stream_free(stream);
        close(fd);
        silt_buffer_clear(&bytes);
    }
}

Test(file, range_contract)
{
    struct silt_buffer bytes = sample_bytes(600000, 1);
    int fd = file_with(silt_buffer_span(&bytes));
    uint64_t seed = 3;
    for (int run = 0; run < 30; run++) {
        size_t offset = random_below(&seed, bytes.size), size = random_below(&seed, bytes.size - offset + 1);
        if (run % 3 == 0)
            size = random_below(&seed, 100) % (bytes.size - offset + 1);
        struct silt_stream *stream;
        cr_assert_eq(silt_file_open_range(fd, offset, size, &stream, NULL), SILT_OK);
        contract_check(stream, silt_span_slice(silt_buffer_span(&bytes), offset, size), SILT_END,
                       SILT_STREAM_PEEK_MAX, (uint64_t)run);
        silt_stream_free(stream);
    }
    close(fd);
    silt_buffer_clear(&bytes);
}

Test(file, range_beyond_the_end)
{
    struct silt_span bytes = silt_span_text("0123456789");
    int fd = file_with(bytes);
    struct silt_stream *stream;
    struct silt_error error = {0};
    cr_assert_eq(silt_file_open_range(fd, 4, 7, &stream, NULL), SILT_OK);
    contract_check(stream, silt_span_slice(bytes, 4, 6), SILT_ERR_CORRUPT, 100, 1);
    cr_expect_eq(silt_stream_drain(stream, &error), SILT_ERR_CORRUPT);
    cr_expect(strstr(error.message, "truncated") != NULL);
    silt_stream_free(stream);
    cr_expect_eq(silt_file_open_range(fd, UINT64_MAX, 1, &stream, &error), SILT_ERR_CORRUPT);
    cr_expect_eq(silt_file_open_range(fd, 1, UINT64_MAX, &stream, &error), SILT_ERR_CORRUPT);
    close(fd);
}

static void ignore(int signal)
{
    (void)signal;
}

struct writer {
    int fd;
    struct silt_span bytes;
};

static void *write_slowly(void *argument)
{
    struct writer *writer = argument;
    sigset_t alarms;
    sigemptyset(&alarms);
    sigaddset(&alarms, SIGALRM);
    pthread_sigmask(SIG_BLOCK, &alarms, NULL);
    for (size_t at = 0; at < writer->bytes.size;) {
        size_t size = writer->bytes.size - at < 7000 ? writer->bytes.size - at : 7000;
        usleep(2000);
        ssize_t wrote = write(writer->fd, writer->bytes.data + at, size);
        if (wrote < 0)
            break;
        at += (size_t)wrote;
    }
    close(writer->fd);
    return NULL;
}

/* A pipe that comes in pieces, while a timer interrupts every read. */
Test(file, pipe_with_interruptions, .timeout = 30)
{
    struct silt_buffer bytes = sample_bytes(300000, 1);
    int fds[2];
    cr_assert_eq(pipe(fds), 0);
    struct sigaction action = {.sa_handler = ignore}; /* no SA_RESTART: read answers EINTR */
    sigaction(SIGALRM, &action, NULL);
    struct writer writer = {fds[1], silt_buffer_span(&bytes)};
    pthread_t thread;
    cr_assert_eq(pthread_create(&thread, NULL, write_slowly, &writer), 0);
    struct itimerval timer = {{0, 1000}, {0, 1000}}, off = {{0, 0}, {0, 0}};
    setitimer(ITIMER_REAL, &timer, NULL);
    struct silt_stream *stream;
    cr_assert_eq(silt_file_open(fds[0], &stream, NULL), SILT_OK);
    contract_check(stream, silt_buffer_span(&bytes), SILT_END, 20000, 1);
    setitimer(ITIMER_REAL, &off, NULL);
    pthread_join(thread, NULL);
    silt_stream_free(stream);
    close(fds[0]);
    silt_buffer_clear(&bytes);
}

Test(file, read_failure)
{
    struct silt_stream *stream;
    int fd = open("/", O_RDONLY | O_DIRECTORY);
    cr_assert_eq(silt_file_open(fd, &stream, NULL), SILT_OK);
    contract_check(stream, silt_span_text(""), SILT_ERR_IO, 100, 1);
    silt_stream_free(stream);
    cr_assert_eq(silt_file_open_range(fd, 0, 10, &stream, NULL), SILT_OK);
    contract_check(stream, silt_span_text(""), SILT_ERR_IO, 100, 1);
    silt_stream_free(stream);
    close(fd);
}
