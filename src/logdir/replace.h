/*
 * A file that is written anew: beside the old one, as FILE.new, synced, and
 * renamed.  Who looks at FILE finds the old or the new one, whole, also after a
 * crash.
 */
#ifndef REPLACE_H
#define REPLACE_H

#include <limits.h>
#include <stdbool.h>

#include <sys/types.h>

struct replace {
	const char *file;
	int fd;
	char name[PATH_MAX]; /* of the new one */
};

/*
 * Creates the new file, with this mode but for the umask; what has its name,
 * such as one that a crash left, or a link, is removed.  Its descriptor, which
 * it owns; or -1 and errno.
 */
int replace_open(struct replace *r, const char *file, mode_t mode);

/*
 * Puts it in the place of the old one if it is good.  If not, or if that fails,
 * it is removed: 0, or -1 and errno, that of the caller if it was not good.
 */
int replace_end(struct replace *r, bool good);

#endif
