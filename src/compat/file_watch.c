/*
 * Watching directories.  Linux tells of changes by inotify; the portable form
 * never does, and its caller looks again after a while.  A watch that fails is
 * closed, which makes it the portable one.
 *
 * Tested by tests/sh/rlogread-follow.t.
 */
#include "compat/file_watch.h"

#include <stdio.h>
#include <unistd.h>

#include "compat/compat.h"

#if COMPAT_LINUX
#include <sys/inotify.h>

void file_watch_open(struct file_watch *watch)
{
	watch->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
}

/* By /proc, since there is no call that takes a descriptor. */
void file_watch_add(struct file_watch *watch, int directory)
{
	char path[64];

	if (watch->fd < 0)
		return;
	snprintf(path, sizeof path, "/proc/self/fd/%d", directory);
	if (inotify_add_watch(watch->fd, path,
			      IN_MODIFY | IN_CREATE | IN_MOVE | IN_DELETE |
				  IN_DELETE_SELF | IN_MOVE_SELF) < 0)
		file_watch_close(watch);
}
#else
void file_watch_open(struct file_watch *watch)
{
	watch->fd = -1;
}

void file_watch_add(struct file_watch *watch, int directory)
{
	(void)watch;
	(void)directory;
}
#endif

int file_watch_timeout(const struct file_watch *watch)
{
	return watch->fd < 0 ? FILE_WATCH_POLL : FILE_WATCH_CHECK;
}

void file_watch_drain(struct file_watch *watch)
{
	char events[4096];

	while (watch->fd >= 0 && read(watch->fd, events, sizeof events) > 0)
		;
}

void file_watch_close(struct file_watch *watch)
{
	if (watch->fd >= 0)
		close(watch->fd);
	watch->fd = -1;
}
