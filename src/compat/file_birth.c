/*
 * The birth of files.  POSIX has none: the portable form knows of no file.
 *
 * Tested by tests/unit/rlog/timers.c and tests/unit/rlog/logdir.c.
 */
#include "compat/file_birth.h"

#include <fcntl.h>

#include <sys/stat.h>

#include "compat/compat.h"

#if COMPAT_LINUX
bool file_birth(int fd, struct timespec *birth)
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
bool file_birth(int fd, struct timespec *birth)
{
	(void)fd;
	(void)birth;
	return false;
}
#endif
