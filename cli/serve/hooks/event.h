/*
 * event.h: one event of CNCF Distribution (distribution.github.io, "Work with notifications"), which GitLab's
 * registry and Azure's send as well.
 */
#ifndef SILT_CLI_SERVE_HOOKS_EVENT_H
#define SILT_CLI_SERVE_HOOKS_EVENT_H

#include "payload.h"

/* Adds what an event tells, if it is the push of a manifest or an index. */
SILT_MUST_USE enum silt_status silt_event_put(struct silt_pushes *pushes, const json_t *event,
                                              struct silt_error *error);

/* Adds what all events of {"events": […]} tell. */
SILT_MUST_USE enum silt_status silt_event_put_all(struct silt_pushes *pushes, const json_t *body,
                                                  struct silt_error *error);

#endif
