/*
 * Facts of the system.  The portable form knows none of them, and says so.
 *
 * Linux makes a random id of each boot.  The time of the boot, which other
 * systems know, will not do in its place: a clock that is not kept while the
 * machine is off can show one time twice.  All locks are in a list of /proc,
 * with the device and inode of their files.
 *
 * Tested by tests/unit/logwrite/intake.c, timers.c and logdir.c, and by
 * tests/sh/rlog-durable.t and rlog-lock.t.
 */
#include "compat/system_facts.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <sys/stat.h>

#include "compat/compat.h"

#if COMPAT_LINUX
#include <sys/sysmacros.h>

size_t system_facts_boot_id(char *id, size_t size)
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return 0;
	n = read(fd, id, size);
	close(fd);
	return n > 0 ? (size_t)n : 0;
}
#else
size_t system_facts_boot_id(char *id, size_t size)
{
	(void)id;
	(void)size;
	return 0;
}
#endif

#if COMPAT_LINUX
bool system_facts_birth(int fd, struct timespec *birth)
{
	struct statx st;

	if (statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &st) < 0 ||
	    !(st.stx_mask & STATX_BTIME))
		return false;
	birth->tv_sec = (time_t)st.stx_btime.tv_sec;
	birth->tv_nsec = (long)st.stx_btime.tv_nsec;
	return true;
}
#else
bool system_facts_birth(int fd, struct timespec *birth)
{
	(void)fd;
	(void)birth;
	return false;
}
#endif

#if COMPAT_LINUX
pid_t system_facts_lock_holder(int fd)
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
pid_t system_facts_lock_holder(int fd)
{
	(void)fd;
	return 0;
}
#endif
