/* Waiting for something to happen in directories; see watch.h. */
#include "watch.h"

#include <stdio.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/inotify.h>

void watch_open(struct watch *w)
{
	w->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
}

/* By /proc, since there is no call that takes a descriptor. */
void watch_add(struct watch *w, int directory)
{
	char path[64];

	if (w->fd < 0)
		return;
	snprintf(path, sizeof path, "/proc/self/fd/%d", directory);
	if (inotify_add_watch(w->fd, path,
			      IN_MODIFY | IN_CREATE | IN_MOVE | IN_DELETE |
				  IN_DELETE_SELF | IN_MOVE_SELF) < 0)
		watch_close(w);
}
#else
void watch_open(struct watch *w)
{
	w->fd = -1;
}

void watch_add(struct watch *w, int directory)
{
	(void)w;
	(void)directory;
}
#endif

int watch_timeout(const struct watch *w)
{
	return w->fd < 0 ? WATCH_POLL : WATCH_CHECK;
}

void watch_drain(struct watch *w)
{
	char events[4096];

	while (w->fd >= 0 && read(w->fd, events, sizeof events) > 0)
		;
}

void watch_close(struct watch *w)
{
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
}
