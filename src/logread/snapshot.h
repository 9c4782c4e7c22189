/*
 * The files of a log directory at one moment, though its writer rotates it
 * meanwhile: the archives by their names, and descriptors of the files that are
 * no archives yet, which stay valid whatever becomes of their names.
 */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include <stdbool.h>

#include "logdir/listing.h"
#include "logread/log_file.h"

/* Its members are for snapshot.c; others read them. */
struct snapshot {
	struct listing archives;
	int previous;   /* the file that is being rotated, or -1 */
	bool processed; /* that file is `processed`, made by a processor */
	int current;    /* or -1 */
};

/*
 * Takes a snapshot.  A file that can't be opened since it is gone, or is not a
 * regular file, is not in it.  Returns 0, or -1 with errno set; *bad is then
 * the name of the file, or "" for the directory.
 */
int snapshot_take(struct snapshot *snapshot, int directory, const char **bad);

/* Closes the file that is being rotated, if there is one. */
void snapshot_drop_previous(struct snapshot *snapshot);

/* Returns the archives, which the caller owns from now on, and forgets them. */
struct listing snapshot_move_archives(struct snapshot *snapshot);

/* Closes the files and frees the archives. */
void snapshot_free(struct snapshot *snapshot);

/*
 * Opens an archive of a snapshot by its name.  If that is gone, opens the
 * archive that was made of it, whose name is then stored in `name`.  Returns as
 * log_file_open does.
 */
int snapshot_open(struct log_file *file, int directory,
		  char name[ARCHIVE_NAME]);

/* True if the name in the directory is one of the file fd. */
bool snapshot_is(int directory, const char *name, int fd);

/* Finds the archive that is the file fd: true, and its number. */
bool snapshot_find(const struct listing *archives, int directory, int fd,
		   size_t *number);

#endif
