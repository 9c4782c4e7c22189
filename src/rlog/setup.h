/*
 * Setting rlog up and taking it down: opens all that the script names, takes up
 * what the last rlog was at, and in the end leaves all as the next one expects
 * it.  What goes wrong is told to the user, and ends the process if rlog can't
 * do without.
 */
#ifndef SETUP_H
#define SETUP_H

#include "rlog/event_loop.h"
#include "rlog/script.h"

/* writer.checkpoint.script is set, all else of the loop is 0; PROG is defined.
 */
void setup_open(struct event_loop *loop, const struct script *script);

/* 0, or 111 if something could not be left as it should be. */
int setup_close(struct event_loop *loop, struct script *script);

#endif
