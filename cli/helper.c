/*
 * helper.c: the protocol of docker-credential-helpers: the server's name on standard input; on standard
 * output
 * {"ServerURL", "Username", "Secret"}, or a sentence and an exit code.
 */
#include "helper.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ANSWER_SIZE = 64 * 1024, PATIENCE_MS = 30 * 1000, NAME_MAX_SIZE = 64 };

extern char **environ;

static enum silt_status fail(struct silt_error *error, const char *program, const char *why)
{
    error->status = SILT_ERR_IO;
    snprintf(error->message, sizeof error->message, "%s %s", program, why);
    return SILT_ERR_IO;
}

static bool is_good_name(const char *name)
{
    size_t size = strlen(name);
    return size > 0 && size < NAME_MAX_SIZE &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == size;
}

static void close_both(const int ends[2])
{
    close(ends[0]);
    close(ends[1]);
}

/* Starts the program between two pipes; SIGPIPE is as programs expect it. */
static int start(const char *program, const int in[2], const int out[2], pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t signals;
    char *words[] = {(char *)program, "get", NULL};
    sigemptyset(&signals);
    sigaddset(&signals, SIGPIPE);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    int code = posix_spawnp(pid, program, &actions, &attributes, words, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

static uint64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Reads to the end of the pipe; false if that does not come in time, or is too far. */
static bool read_answer(int fd, char *out, size_t size, size_t *used)
{
    uint64_t deadline = clock_ms() + PATIENCE_MS, now;
    for (*used = 0; *used < size && (now = clock_ms()) < deadline;) {
        struct pollfd wish = {.fd = fd, .events = POLLIN};
        if (poll(&wish, 1, (int)(deadline - now)) <= 0)
            continue; /* interrupted, or late */
        ssize_t got = read(fd, out + *used, size - *used);
        if (got == 0)
            return true;
        *used += got > 0 ? (size_t)got : 0;
        if (got < 0 && errno != EINTR)
            return false;
    }
    return false;
}

/* Talks to a program that runs; answers whether it answered, and its exit status. */
static bool talk(int in, int out, pid_t pid, const char *server, char *answer, size_t *used, int *code)
{
    bool is_told = write(in, server, strlen(server)) == (ssize_t)strlen(server) || errno == EPIPE;
    close(in); /* one that does not read what is asked may know its answer all the same */
    bool is_answered = read_answer(out, answer, ANSWER_SIZE, used);
    close(out);
    if (!is_answered)
        kill(pid, SIGKILL);
    while (waitpid(pid, code, 0) < 0 && errno == EINTR)
        ;
    return is_told && is_answered;
}

static bool copy(char *out, size_t size, const char *text)
{
    if (text == NULL || strlen(text) >= size)
        return false;
    strcpy(out, text);
    return true;
}

/* A user called <token> says that the secret is an identity token. */
static enum silt_status read_login(const char *program, const char *answer, size_t size,
                                   struct silt_login *out, struct silt_error *error)
{
    json_t *root = json_loadb(answer, size, 0, NULL);
    const char *name = json_string_value(json_object_get(root, "Username"));
    const char *secret = json_string_value(json_object_get(root, "Secret"));
    bool is_good =
        copy(out->username, sizeof out->username, name) && copy(out->secret, sizeof out->secret, secret);
    json_decref(root);
    if (!is_good)
        return fail(error, program, "answered nothing that silt understands");
    out->kind = strcmp(out->username, "<token>") == 0 ? SILT_LOGIN_REFRESH : SILT_LOGIN_PASSWORD;
    return SILT_OK;
}

static enum silt_status run(const char *program, const char *server, char *answer, size_t *used,
                            struct silt_error *error, int *code)
{
    int in[2], out[2];
    pid_t pid;
    if (pipe2(in, O_CLOEXEC) != 0)
        return fail(error, program, "could not be started");
    if (pipe2(out, O_CLOEXEC) != 0) {
        close_both(in);
        return fail(error, program, "could not be started");
    }
    int failure = start(program, in, out, &pid);
    close(in[0]);
    close(out[1]);
    if (failure != 0) {
        close(in[1]);
        close(out[0]);
        return fail(error, program, failure == ENOENT ? "is not installed" : strerror(failure));
    }
    return talk(in[1], out[0], pid, server, answer, used, code)
               ? SILT_OK
               : fail(error, program, "did not answer in time");
}

enum silt_status silt_helper_ask(const char *name, const char *server, struct silt_login *out,
                                 struct silt_error *error)
{
    char program[NAME_MAX_SIZE + 32], answer[ANSWER_SIZE];
    size_t used = 0;
    int code = 0;
    out->kind = SILT_LOGIN_NONE;
    if (!is_good_name(name))
        return fail(error, "the credential helper", "in the configuration has no proper name");
    snprintf(program, sizeof program, "docker-credential-%s", name);
    enum silt_status status = run(program, server, answer, &used, error, &code);
    bool has_none =
        status == SILT_OK && used > 0 && memmem(answer, used, "not found", strlen("not found")) != NULL;
    if (status == SILT_OK && code == 0)
        status = read_login(program, answer, used, out, error);
    else if (status == SILT_OK && !has_none)
        status = fail(error, program, "failed");
    explicit_bzero(answer, sizeof answer);
    return status;
}
