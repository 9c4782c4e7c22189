/* Watching directories for changes, if the system tells of them. */
#ifndef FILE_WATCH_H
#define FILE_WATCH_H

/* Milliseconds between two looks at a directory, */
enum {
	FILE_WATCH_POLL = 200,   /* without a watch */
	FILE_WATCH_CHECK = 2000, /* with one: other machines may write there */
};

struct file_watch {
	int fd; /* readable when something has changed; -1: no watch */
};

/* Starts a watch of no directory.  If that fails, watch->fd is -1. */
void file_watch_open(struct file_watch *watch);

/*
 * Watches one more directory, given by a descriptor; the same one again does no
 * harm.  If that fails the watch is closed.
 */
void file_watch_add(struct file_watch *watch, int directory);

/* Returns the milliseconds after which to look, whatever the watch tells. */
int file_watch_timeout(const struct file_watch *watch);

/* Reads all events, so that watch->fd is readable for later ones only. */
void file_watch_drain(struct file_watch *watch);

/* Ends the watch; watch->fd is -1 then.  It may have ended already. */
void file_watch_close(struct file_watch *watch);

#endif
