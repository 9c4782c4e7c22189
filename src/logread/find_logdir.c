/*
 * Finding the log that a path names.  A directory holds a log if it holds an
 * archive, one of the files that become archives, or the lock of a logger; a
 * service directory does not, so its subdirectories are tried.
 *
 * Tested by tests/sh/rlogread-usage.t, tests/sh/rlogread-follow.t and
 * tests/unit/logread/file_sequence.c.
 */
#include "logread/find_logdir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "logdir/layout.h"
#include "logdir/listing.h"

static bool is_of_type(int fd, mode_t type)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (st.st_mode & S_IFMT) == type;
}

bool find_logdir_is_directory(int fd)
{
	return is_of_type(fd, S_IFDIR);
}

bool find_logdir_is_regular(int fd)
{
	return is_of_type(fd, S_IFREG);
}

/*
 * Names change only while a logger runs, which has `lock` before it makes its
 * first change and never removes it.  So a directory without `lock` stands
 * still, and shows each name that it has.  In one with `lock`, each name can
 * have gone on before it is looked up.
 */
static bool holds_log(int fd)
{
	static const char *const names[] = {LAYOUT_CURRENT, LAYOUT_PREVIOUS,
					    LAYOUT_PROCESSED};
	struct listing l;
	struct stat st;
	bool found;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (fstatat(fd, names[i], &st, AT_SYMLINK_NOFOLLOW) == 0)
			return true;
	found = listing_read(&l, fd) == 0 && l.count;
	listing_free(&l);
	return found || fstatat(fd, LAYOUT_LOCK, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Opens the log of a service directory.  Returns -1 if it has none. */
static int open_below(int fd, const char **below)
{
	static const char *const places[] = {"log/main", "main", "log",
					     "log/current"};
	int log;

	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		*below = places[i];
		log = openat(fd, places[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (log >= 0 && holds_log(log))
			return log;
		if (log >= 0)
			close(log);
	}
	*below = "";
	return -1;
}

/* Returns fd and its path, or closes it and returns -1. */
static int store_path(int fd, const char *path, const char *below, char **real)
{
	char *both = NULL;

	if (asprintf(&both, "%s%s%s", path, *below ? "/" : "", below) >= 0) {
		*real = realpath(both, NULL);
		if (!*real)
			*real = strdup(both);
		free(both);
	}
	if (*real)
		return fd;
	close(fd);
	return -1;
}

int find_logdir_open(const char *path, bool follow, char **real)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC), log;
	const char *below = "";

	*real = NULL;
	if (fd < 0)
		return -1;
	if (!find_logdir_is_directory(fd)) {
		fcntl(fd, F_SETFL, 0);
		if (!follow)
			return store_path(fd, path, below, real);
		close(fd);
		errno = ENOTDIR;
		return -1;
	}
	if (holds_log(fd))
		return store_path(fd, path, below, real);
	log = open_below(fd, &below);
	if (log >= 0) {
		close(fd);
		return store_path(log, path, below, real);
	}
	if (follow)
		return store_path(fd, path, "", real);
	close(fd);
	errno = ENOENT;
	return -1;
}
