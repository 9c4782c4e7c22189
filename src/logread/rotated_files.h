/*
 * The files of a log directory that were read already, so that none is read
 * again under another name.
 *
 * An archive is known by its name.  A file that was read while it was `current`
 * or `previous` is kept open until its archive appears: this is the same file,
 * or one that a processor has made of it.
 */
#ifndef ROTATED_FILES_H
#define ROTATED_FILES_H

#include "logread/snapshot.h"

enum { ROTATED_FILES_KEPT = 4 };

/* Its members are for rotated_files.c; zeros are no files. */
struct rotated_files {
	struct listing archives; /* all that the last snapshot held */
	struct rotated_file {
		int fd;
		bool labelled;
		struct tain_s last; /* label of its last line, if labelled */
	} kept[ROTATED_FILES_KEPT]; /* in the order in which they were read */
	size_t count;
	bool begun;     /* a file was listed or read */
	bool uncertain; /* the oldest kept one may be an archive */
};

/*
 * Keeps a file that was read, or skipped, before it was an archive, and owns
 * its descriptor.  `last` is the label of its last line, or NULL.
 */
void rotated_files_keep(struct rotated_files *rotated, int fd,
			const struct tain_s *last);

/*
 * Compares a snapshot with the files that were read.  *unread becomes its
 * archives that are to be read, and snapshot->previous is closed if it was
 * read.  *lost is set to true if archives were removed before they were read.
 * Owns snapshot->archives from now on.  Returns 0, or -1 with errno set:
 * nothing has changed then.
 */
int rotated_files_subtract(struct rotated_files *rotated, int directory,
			   struct snapshot *snapshot, struct listing *unread,
			   bool *lost);

/* Forgets all files. */
void rotated_files_free(struct rotated_files *rotated);

#endif
