/*
 * What a log directory holds at one moment, though it is rotated meanwhile: the
 * archives, and descriptors of what is not archived yet, which stay good
 * whatever happens to the names.
 */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include <stdbool.h>

#include "logdir/listing.h"
#include "logread/log_file.h"

struct snapshot {
	struct listing archives;
	int previous;   /* what is being rotated, or -1 */
	bool processed; /* that is what a processor has made of it */
	int current;    /* or -1 */
};

/*
 * Takes one.  0, or -1 and errno.  Files that can't be opened because they are
 * not there, or are no files, count as not there; otherwise *bad gets the name.
 */
int snapshot_take(struct snapshot *s, int directory, const char **bad);

/* Closes the file that is being rotated, if there is one. */
void snapshot_drop_previous(struct snapshot *snapshot);

/* Returns the archives, which the caller owns from now on, and forgets them. */
struct listing snapshot_move_archives(struct snapshot *snapshot);

void snapshot_free(struct snapshot *s);

/*
 * Opens an archive by its name or, if that is gone, what has become of it: its
 * name is then in `name`.  As log_file_open.
 */
int snapshot_open(struct log_file *f, int directory, char name[ARCHIVE_NAME]);

/* True if the name in the directory is the same file as fd. */
bool snapshot_is(int directory, const char *name, int fd);

/* The archive that is the same file as fd: 1 and its number, or 0. */
int snapshot_find(const struct listing *l, int directory, int fd, size_t *i);

#endif
