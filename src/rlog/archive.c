/*
 * Archives; see archive.h.  Directories are scanned anew for every question:
 * they are small, and so no list of names has to be kept in memory.
 */
#include "rlog/archive.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

/* A stream of its own, so that the descriptor's offset is not shared. */
static DIR *scan_open(int directory)
{
	int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *scan;

	if (fd < 0)
		return NULL;
	scan = fdopendir(fd);
	if (!scan)
		close(fd);
	return scan;
}

/* What multilog counts as an archive and removes: NULL at the end. */
static const struct dirent *scan_next(DIR *scan)
{
	const struct dirent *entry;

	do {
		errno = 0;
		entry = readdir(scan);
	} while (entry && (entry->d_name[0] != '@' ||
			   strlen(entry->d_name) < LABEL_LEN));
	return entry;
}

static int scan_close(DIR *scan)
{
	int error = errno;

	closedir(scan);
	errno = error;
	return error ? -1 : 0;
}

int archive_newest(int directory, struct tain_s *newest)
{
	DIR *scan = scan_open(directory);
	const struct dirent *entry;
	struct tain_s label;

	if (!scan)
		return -1;
	while ((entry = scan_next(scan)))
		if (label_scan(&label, entry->d_name, LABEL_LEN) &&
		    tain_less(newest, &label))
			*newest = label;
	return scan_close(scan);
}

void archive_name(char *name, const struct tain_s *label, char suffix)
{
	label_format(name, label);
	name[LABEL_LEN] = '.';
	name[LABEL_LEN + 1] = suffix;
	name[LABEL_LEN + 2] = 0;
}

int archive_oldest(int directory, char suffix, char *name)
{
	const char ending[] = {'.', suffix, 0};
	const struct dirent *entry;
	DIR *scan = scan_open(directory);
	struct tain_s label;

	if (!scan)
		return -1;
	name[0] = 0;
	while ((entry = scan_next(scan)))
		if (label_scan(&label, entry->d_name, LABEL_LEN) &&
		    strcmp(entry->d_name + LABEL_LEN, ending) == 0 &&
		    (!name[0] || strcmp(entry->d_name, name) < 0))
			memcpy(name, entry->d_name, ARCHIVE_NAME);
	return scan_close(scan) < 0 ? -1 : name[0] != 0;
}

/* 1 if the file st has an archive's name too, 0 if not, -1 and errno. */
static int linked(int directory, const struct stat *st)
{
	const struct dirent *entry;
	struct stat other;
	DIR *scan;
	int found = 0;

	if (st->st_nlink < 2)
		return 0;
	scan = scan_open(directory);
	if (!scan)
		return -1;
	while (!found && (entry = scan_next(scan)))
		found = fstatat(directory, entry->d_name, &other,
				AT_SYMLINK_NOFOLLOW) == 0 &&
			other.st_ino == st->st_ino &&
			other.st_dev == st->st_dev;
	if (found)
		errno = 0;
	return scan_close(scan) < 0 ? -1 : found;
}

int archive_link(int directory, const char *file, char suffix,
		 struct tain_s *newest)
{
	char name[ARCHIVE_NAME];
	struct tain_s now;
	struct stat st;
	int r;

	if (fstatat(directory, file, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -1;
	r = linked(directory, &st);
	if (r)
		return r < 0 ? -1 : 0;
	label_now(&now);
	do {
		label_advance(newest, &now);
		archive_name(name, newest, suffix);
		r = linkat(directory, file, directory, name, 0);
	} while (r < 0 && errno == EEXIST);
	return r;
}

/* Counts the archives above floor; the smallest of them goes to name. */
static int count(int directory, const char *floor, char *name, unsigned long *n)
{
	const struct dirent *entry;
	DIR *scan = scan_open(directory);

	*n = 0;
	name[0] = 0;
	if (!scan)
		return -1;
	while ((entry = scan_next(scan))) {
		if (strcmp(entry->d_name, floor) <= 0)
			continue;
		++*n;
		if (!name[0] || strcmp(entry->d_name, name) < 0)
			strcpy(name, entry->d_name);
	}
	return scan_close(scan);
}

int archive_prune(int directory, unsigned long number, char *stuck)
{
	char name[ARCHIVE_LONGEST], floor[ARCHIVE_LONGEST] = "";
	unsigned long n;
	int error = 0;

	for (;;) {
		if (count(directory, floor, name, &n) < 0)
			return -1;
		if (n < number)
			break;
		if (unlinkat(directory, name, 0) == 0 || errno == ENOENT)
			continue;
		strcpy(floor, name);
		if (!error && strcmp(name, stuck) > 0) {
			error = errno;
			strcpy(stuck, name);
		}
	}
	errno = error;
	return error ? -1 : 0;
}

int archive_remove(int directory, unsigned long keep)
{
	char name[ARCHIVE_LONGEST], floor[ARCHIVE_LONGEST] = "";
	unsigned long n;

	for (;;) {
		if (count(directory, floor, name, &n) < 0)
			return -1;
		if (n <= keep)
			return 0;
		if (unlinkat(directory, name, 0) == 0)
			return 1;
		strcpy(floor, name);
	}
}
