/*
 * Linux lists all locks, with the device and inode of their files.
 *
 * Tested by tests/sh/rlog-lock.t.
 */
#include "compat/flock_holder.h"

#include "compat/compat.h"

#if COMPAT_LINUX
#include <stdio.h>

#include <sys/stat.h>
#include <sys/sysmacros.h>

pid_t flock_holder(int fd)
{
	unsigned int major_id, minor_id;
	unsigned long long inode;
	char line[256];
	struct stat st;
	FILE *locks;
	long pid = 0;

	if (fstat(fd, &st) < 0 || !(locks = fopen("/proc/locks", "re")))
		return 0;
	while (fgets(line, sizeof line, locks)) {
		if (sscanf(line, "%*s FLOCK %*s %*s %ld %x:%x:%llu", &pid,
			   &major_id, &minor_id, &inode) == 4 &&
		    inode == st.st_ino && major_id == major(st.st_dev) &&
		    minor_id == minor(st.st_dev))
			break;
		pid = 0;
	}
	fclose(locks);
	return pid > 0 ? (pid_t)pid : 0;
}
#else
pid_t flock_holder(int fd)
{
	(void)fd;
	return 0;
}
#endif
