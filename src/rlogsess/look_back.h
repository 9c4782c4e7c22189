/*
 * The lines outside of a window that are read so that its sessions and messages
 * are whole.
 */
#ifndef LOOK_BACK_H
#define LOOK_BACK_H

#include "rlogsess/rlogsess_options.h"

/*
 * Sets how far before the window of the options lines are read, and whether
 * after it.  Without a window, or where open groups or a position are carried
 * over, no other lines are read.
 */
void look_back_set(struct rlogsess_options *options);

#endif
