/*
 * Waiting for something to happen in directories: by inotify where there is
 * such a thing, otherwise by looking again now and then.
 */
#ifndef FILE_WATCH_H
#define FILE_WATCH_H

enum {
	FILE_WATCH_POLL = 200, /* milliseconds between looks, without inotify */
	FILE_WATCH_CHECK =
	    2000, /* and with it: other machines may write there */
};

struct file_watch {
	int fd; /* -1: there is no inotify */
};

/* Starts; that fails silently, since there is another way. */
void file_watch_open(struct file_watch *w);

/* Watches one more directory, given by descriptor; again does no harm. */
void file_watch_add(struct file_watch *w, int directory);

/* For how many milliseconds to wait at most. */
int file_watch_timeout(const struct file_watch *w);

/* Takes what has come in, so that w->fd is readable for new things only. */
void file_watch_drain(struct file_watch *w);

void file_watch_close(struct file_watch *w);

#endif
