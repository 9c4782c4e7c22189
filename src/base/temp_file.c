/*
 * Temporary files.  A file loses its name before anything is written to it, so
 * that no other user can open it, and a crash leaves nothing behind.  Tested by
 * tests/unit/rlogsess/line_spool.c and last_groups.c.
 */
#include "base/temp_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <fcntl.h>

int temp_file_open(void)
{
	const char *dir = getenv("TMPDIR");
	char name[4096];
	int fd, n;

	n = snprintf(name, sizeof name, "%s/recio.XXXXXX",
		     dir && *dir ? dir : "/tmp");
	if (n >= (int)sizeof name) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		unlink(name);
	return fd;
}
