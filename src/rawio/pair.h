/*
 * The files of one session: STEM.in holds what went to the program, STEM.out
 * what came from it.
 */
#ifndef RAWIO_PAIR_H
#define RAWIO_PAIR_H

#include <stdbool.h>
#include <time.h>

#include <sys/types.h>

enum { PAIR_STEM_MAX = 128, PAIR_NAME_MAX = PAIR_STEM_MAX + 16 };

struct pair {
	int fd[2];                   /* by enum relay_dir, -1: none */
	char name[2][PAIR_NAME_MAX]; /* in its directory */
};

/*
 * "[ADDRESS-]YYYYMMDD-HHMMSS-PID", in local time; address is shorter than 64
 * bytes and fit for a file name, or NULL.
 */
void pair_stem(char stem[PAIR_STEM_MAX], const char *address, time_t now,
	       pid_t pid);

/*
 * Opens the directory path, not through a link.  Result: a descriptor above 2,
 * close-on-exec, or -1 with errno: ENOENT, or ENOTDIR also for a link.
 */
int pair_directory(const char *path);

/*
 * Creates the wanted files in the directory: mode 0600, never through a link
 * and never one that is there already: if a name is taken both become STEM.1.*,
 * STEM.2.* and so on, up to STEM.999.*.  The descriptors are above 2,
 * close-on-exec.  Result: 0, or -1 with errno; then there are no files.
 */
int pair_open(struct pair *p, int directory, const char *stem,
	      const bool want[2]);

#endif
