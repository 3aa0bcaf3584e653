/*
 * interrupt.h: Ctrl-C and SIGTERM during a scan. The first one asks the scan to stop, so that what was found
 * is still reported; the second one ends the process at once.
 */
#ifndef SILT_CLI_INTERRUPT_H
#define SILT_CLI_INTERRUPT_H

#include <silt/scanner.h>

/* From now on a signal cancels these scanners (NULL-terminated), which must live until silt_interrupt_forget.
 */
void silt_interrupt_watch(struct silt_scanner *const *scanners);

/* Signals do again what they did before. */
void silt_interrupt_forget(void);

/* Whether a signal came. */
bool silt_interrupt_has_come(void);

#endif
