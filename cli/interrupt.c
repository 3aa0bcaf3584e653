/*
 * interrupt.c: Ctrl-C and SIGTERM during a scan. A signal handler can only reach file-scope variables; these
 * are the only ones of the command.
 */
#include "interrupt.h"

#include <signal.h>

static struct silt_scanner *const *volatile watched;
static volatile sig_atomic_t has_come;

static void take_signal(int number)
{
    (void)number;
    has_come = 1;
    signal(SIGINT, SIG_DFL); /* the next one is not asked */
    signal(SIGTERM, SIG_DFL);
    for (struct silt_scanner *const *scanner = watched; scanner != NULL && *scanner != NULL; scanner++)
        silt_scanner_cancel(*scanner);
}

void silt_interrupt_watch(struct silt_scanner *const *scanners)
{
    struct sigaction action = {.sa_handler = take_signal, .sa_flags = SA_RESTART};
    watched = scanners;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

void silt_interrupt_forget(void)
{
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    watched = NULL;
}

bool silt_interrupt_has_come(void)
{
    return has_come != 0;
}
