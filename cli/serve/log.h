/*
 * log.h: what the service says while it runs: one line an event on standard error, which systemd and
 * container engines keep. No line holds a secret.
 */
#ifndef SILT_CLI_SERVE_LOG_H
#define SILT_CLI_SERVE_LOG_H

#include <silt/status.h>

/* Prints a line "silt: …". What is not safe to show is escaped (escape.h), what is beyond 1,000 bytes is
 * cut. Thread-safe: a line is one write. */
void silt_log_print(const char *format, ...) SILT_PRINTF(1, 2);

#endif
