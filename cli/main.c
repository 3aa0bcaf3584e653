/*
 * main.c: the silt command. It makes the process fit for hostile input and secrets and hands over to the
 * command that the command line names.
 */
#include "command.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static bool is_done;

/* Secrets are in memory: no core dump, no debugger of another process of this user. */
static void forbid_core_dumps(void)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
#ifndef __SANITIZE_ADDRESS__ /* LeakSanitizer must trace its own process */
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

/* libarchive ends the process, with code 1, where it cannot allocate. That code says that secrets were found,
 * and all that is sure is that the scan is incomplete: 3. */
static void end_unfinished(void)
{
    if (is_done)
        return;
    static const char message[] = "silt: a library ended the program in the middle of its work\n";
    if (write(STDERR_FILENO, message, sizeof message - 1) < 0)
        _exit(SILT_EXIT_USAGE);
    _exit(SILT_EXIT_INCOMPLETE);
}

int main(int count, char **words)
{
    forbid_core_dumps();
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of the write, and so of the exit code */
    if (atexit(end_unfinished) != 0)
        return SILT_EXIT_USAGE;
    int code = silt_command_run(words + (count > 0));
    is_done = true;
    return code;
}
