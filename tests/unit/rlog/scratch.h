/*
 * A directory of a test program's own: it works in it, and removes it.  What
 * hangs ends, and fails.
 */
#ifndef SCRATCH_H
#define SCRATCH_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { SCRATCH_LIMIT = 100 }; /* seconds */

static char scratch[] = "/tmp/recio-unit.XXXXXX";

static int scratch_make(void **state)
{
	(void)state;
	alarm(SCRATCH_LIMIT);
	return mkdtemp(scratch) && chdir(scratch) == 0 ? 0 : -1;
}

static int scratch_remove(void **state)
{
	char command[sizeof "rm -rf " + sizeof scratch];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", scratch);
	return chdir("/") == 0 ? system(command) : -1;
}

#endif
