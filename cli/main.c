/*
 * main.c: the silt command. It makes the process fit for hostile input and secrets and hands over to the
 * command that the command line names.
 */
#include "command.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/* Secrets are in memory: no core dump, no debugger of another process of this user. */
static void forbid_core_dumps(void)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
#ifndef __SANITIZE_ADDRESS__ /* LeakSanitizer must trace its own process */
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

int main(int count, char **words)
{
    forbid_core_dumps();
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of the write, and so of the exit code */
    return silt_command_run(words + (count > 0));
}
