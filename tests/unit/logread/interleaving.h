/*
 * Lets a writer make changes between the system calls of a reader, and between
 * the names of a scan: link with --wrap for each of these calls.
 */
#ifndef INTERLEAVING_H
#define INTERLEAVING_H

#include <stdint.h>

#include "rotating-writer.h"

enum { POINTS = 4096 };

/*
 * Before the name `open` is looked up or, if it is NULL, in a scan after this
 * number of names.
 */
struct moment {
	const char *open;
	unsigned scan, names; /* the first scan is number 1 */
	unsigned changes;     /* that the writer makes; 0 ends a list */
};

static struct schedule {
	struct writer *writer;       /* NULL: nothing happens */
	const struct moment *moment; /* the next one, or NULL */
	unsigned scan, names;
	unsigned point, calls;
	unsigned every; /* makes one change each so many calls, or 0 */
	unsigned char changes[POINTS]; /* before each call of the reader */
	unsigned order;                /* in which names are scanned */
	char last[256];                /* scanned */
	const char *broken;            /* a file that can't be opened */
} schedule;

/* Is the next moment this one? `open` is NULL in a scan. */
static bool is_moment(const char *open)
{
	const struct moment *m = schedule.moment;

	if (!m || !m->changes || !m->open != !open)
		return false;
	if (open)
		return strcmp(m->open, open) == 0;
	return m->scan == schedule.scan && m->names == schedule.names;
}

/* Before a call of the reader; `open` is the name that it looks up, or NULL. */
static void reach_point(const char *open, bool scans)
{
	struct writer *w = schedule.writer;

	if (!w)
		return;
	schedule.writer = NULL;
	if ((open || scans) && is_moment(open))
		for (unsigned n = schedule.moment++->changes; n; n--)
			writer_step(w);
	if (schedule.point < POINTS)
		for (unsigned n = schedule.changes[schedule.point++]; n; n--)
			writer_step(w);
	if (schedule.every && ++schedule.calls % schedule.every == 0)
		writer_step(w);
	schedule.writer = w;
}

int __real_openat(int directory, const char *name, int flags, int mode);
int __wrap_openat(int directory, const char *name, int flags, int mode);
int __real_fstatat(int directory, const char *name, struct stat *st, int flags);
int __wrap_fstatat(int directory, const char *name, struct stat *st, int flags);
int __real_fstat(int fd, struct stat *st);
int __wrap_fstat(int fd, struct stat *st);
ssize_t __real_pread(int fd, void *to, size_t len, off_t at);
ssize_t __wrap_pread(int fd, void *to, size_t len, off_t at);
int __wrap_inotify_init1(int flags);
DIR *__real_fdopendir(int fd);
DIR *__wrap_fdopendir(int fd);
struct dirent *__real_readdir(DIR *scan);
struct dirent *__wrap_readdir(DIR *scan);
void __real_rewinddir(DIR *scan);
void __wrap_rewinddir(DIR *scan);

int __wrap_openat(int directory, const char *name, int flags, int mode)
{
	reach_point(name, false);
	if (schedule.broken && strcmp(name, schedule.broken) == 0) {
		errno = EIO;
		return -1;
	}
	return __real_openat(directory, name, flags, mode);
}

int __wrap_fstatat(int directory, const char *name, struct stat *st, int flags)
{
	reach_point(name, false);
	return __real_fstatat(directory, name, st, flags);
}

int __wrap_fstat(int fd, struct stat *st)
{
	reach_point(NULL, false);
	return __real_fstat(fd, st);
}

ssize_t __wrap_pread(int fd, void *to, size_t len, off_t at)
{
	reach_point(NULL, false);
	return __real_pread(fd, to, len, at);
}

/* There is none, for to close one takes long. */
int __wrap_inotify_init1(int flags)
{
	(void)flags;
	errno = EMFILE;
	return -1;
}

DIR *__wrap_fdopendir(int fd)
{
	schedule.last[0] = 0;
	return __real_fdopendir(fd);
}

void __wrap_rewinddir(DIR *scan)
{
	schedule.last[0] = 0;
	schedule.scan++;
	schedule.names = 0;
	__real_rewinddir(scan);
}

/* A place in the scan for each name; 0 is before them all. */
static uint64_t scan_place(const char *name)
{
	uint64_t place = 0;

	if (!*name)
		return 0;
	for (unsigned i = 0; schedule.order > 1 && name[i]; i++)
		place = (place + schedule.order * (unsigned char)name[i]) *
			0x9e3779b97f4a7c15;
	return place | 1;
}

/* As compares names in the order of the scan. */
static bool comes_before(const char *a, const char *b)
{
	uint64_t one = scan_place(a), other = scan_place(b);

	if (one != other)
		return one < other;
	if (!*a || !*b)
		return !*a && *b;
	return schedule.order == 1 ? strcmp(a, b) > 0 : strcmp(a, b) < 0;
}

/*
 * What is in the directory now and comes next in the order: so a name that is
 * there all the time is given once, and every other may be.
 */
struct dirent *__wrap_readdir(DIR *scan)
{
	static struct dirent found;
	const struct dirent *entry;
	bool any = false;
	DIR *now;
	int fd;

	if (!schedule.writer)
		return __real_readdir(scan);
	reach_point(NULL, true);
	if (schedule.every)
		return __real_readdir(scan);
	fd = __real_openat(dirfd(scan), ".", O_RDONLY | O_CLOEXEC, 0);
	now = __real_fdopendir(fd);
	while ((entry = __real_readdir(now))) {
		if (!comes_before(schedule.last, entry->d_name) ||
		    (any && !comes_before(entry->d_name, found.d_name)))
			continue;
		found = *entry;
		any = true;
	}
	closedir(now);
	errno = 0;
	schedule.names += any;
	if (any)
		strcpy(schedule.last, found.d_name);
	return any ? &found : NULL;
}

static char directory[256];

/* Makes the directory in TMPDIR or, if the system has it, in memory. */
static int make_directory(void **state)
{
	const char *parent = getenv("TMPDIR");

	(void)state;
	if (!parent)
		parent = access("/dev/shm", W_OK) < 0 ? "/tmp" : "/dev/shm";
	snprintf(directory, sizeof directory, "%s/recio-unit.XXXXXX", parent);
	return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(void **state)
{
	(void)state;
	schedule.writer = NULL;
	remove_files(directory);
	return rmdir(directory);
}

#endif
