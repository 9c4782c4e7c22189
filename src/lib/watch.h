/*
 * Waiting for something to happen in directories: by inotify where there is
 * such a thing, otherwise by looking again now and then.
 */
#ifndef WATCH_H
#define WATCH_H

enum {
	WATCH_POLL = 200,   /* milliseconds between looks, without inotify */
	WATCH_CHECK = 2000, /* and with it: other machines may write there */
};

struct watch {
	int fd; /* -1: there is no inotify */
};

/* Starts; that fails silently, since there is another way. */
void watch_open(struct watch *w);

/* Watches one more directory, given by descriptor; again does no harm. */
void watch_add(struct watch *w, int directory);

/* For how many milliseconds to wait at most. */
int watch_timeout(const struct watch *w);

/* Takes what has come in, so that w->fd is readable for new things only. */
void watch_drain(struct watch *w);

void watch_close(struct watch *w);

#endif
