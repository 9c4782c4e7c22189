/*
 * Writing a file anew: the new one is made beside the old one, as FILE.new, and
 * is renamed when it is whole.  So a reader of FILE, also after a crash, finds
 * all of the old or all of the new one.
 */
#ifndef REPLACE_H
#define REPLACE_H

#include <limits.h>
#include <stdbool.h>

#include <sys/types.h>

#define REPLACE_SUFFIX ".new"

struct replace {
	int directory; /* that of replace_open */
	const char *file;
	int fd;               /* the new file */
	char fresh[PATH_MAX]; /* its name */
};

/*
 * Makes the new file of FILE in a directory, which may be AT_FDCWD, with this
 * mode but for the umask.  A file that has the name FILE.new, left by a crash
 * for instance, or a link, is removed first.  Returns replace->fd, open for
 * reading and writing, or -1 with errno.  It is ended by one of the next two.
 */
int replace_open(struct replace *replace, int directory, const char *file,
		 mode_t mode);

/*
 * Gives the new file the name of the old one.  If synced, the file is on the
 * disk before that, and its name is afterwards.  Returns 0: replace->fd is the
 * caller's now; or -1 with errno: it is closed, and FILE.new is removed.
 */
int replace_commit(struct replace *replace, bool synced);

/*
 * Gives the new file the name of the old one, as replace_commit does, if it is
 * good; else removes it.  Closes it.  Returns 0, or -1 with errno, which is the
 * caller's if it was not good.
 */
int replace_end(struct replace *replace, bool good, bool synced);

#endif
