/*
 * The messages of a program that writes log directories: "PROG: warning: unable
 * to VERB OBJECT: reason".
 */
#ifndef MESSAGES_H
#define MESSAGES_H

#include "logwrite/event.h"

/* Reports the failure, and exits 111. */
_Noreturn void messages_die(const struct failure *failure);

/* Reports the event; an event_listener. */
void messages_tell(const struct event *event);

#endif
