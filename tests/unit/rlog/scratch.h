/*
 * A directory of a test program's own: it works in it, and removes it.  What
 * hangs ends, and fails; so does what leaves a descriptor open.
 */
#ifndef SCRATCH_H
#define SCRATCH_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { SCRATCH_LIMIT = 100 }; /* seconds */

static char scratch[] = "/tmp/recio-unit.XXXXXX";
static int scratch_lowest;

/* The lowest descriptor that is not open. */
static int scratch_descriptor(void)
{
	int fd = dup(2);

	close(fd);
	return fd;
}

static int scratch_make(void **state)
{
	(void)state;
	alarm(SCRATCH_LIMIT);
	scratch_lowest = scratch_descriptor();
	return mkdtemp(scratch) && chdir(scratch) == 0 ? 0 : -1;
}

static int scratch_remove(void **state)
{
	char command[sizeof "rm -rf " + sizeof scratch];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", scratch);
	if (chdir("/") < 0 || system(command) != 0)
		return -1;
	if (scratch_descriptor() == scratch_lowest)
		return 0;
	/* cmocka counts no failure here. */
	fputs("# a descriptor is left open\n", stderr);
	exit(1);
}

#endif
