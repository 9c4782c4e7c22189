/*
 * Archives; see archive.h.  Directories are scanned anew for every question:
 * they are small, and so no list of names has to be kept in memory.
 */
#include "rlog/archive.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
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

void archive_name(char *name, const struct tain_s *label, const char *suffix)
{
	label_format(name, label);
	snprintf(name + LABEL_LEN, ARCHIVE_NAME - LABEL_LEN, ".%s", suffix);
}

static bool has_suffix(const char *name, const char *suffix)
{
	struct tain_s label;

	return label_scan(&label, name, LABEL_LEN) && name[LABEL_LEN] == '.' &&
	       strcmp(name + LABEL_LEN + 1, suffix) == 0;
}

int archive_oldest(int directory, const char *suffix, char *name)
{
	const struct dirent *entry;
	DIR *scan = scan_open(directory);

	if (!scan)
		return -1;
	name[0] = 0;
	while ((entry = scan_next(scan)))
		if (has_suffix(entry->d_name, suffix) &&
		    (!name[0] || strcmp(entry->d_name, name) < 0))
			strcpy(name, entry->d_name);
	return scan_close(scan) < 0 ? -1 : name[0] != 0;
}

int archive_walk(int directory, const char *suffix,
		 int (*visit)(void *context, const char *name), void *context)
{
	const struct dirent *entry;
	DIR *scan = scan_open(directory);
	int r = 0;

	if (!scan)
		return -1;
	while (r >= 0 && (entry = scan_next(scan)))
		if (has_suffix(entry->d_name, suffix))
			r = visit(context, entry->d_name);
	if (r >= 0)
		return scan_close(scan);
	scan_close(scan);
	return r;
}

int archive_is(int directory, const char *file)
{
	const struct dirent *entry;
	struct stat st, other;
	bool found = false;
	DIR *scan;

	if (fstatat(directory, file, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -1;
	if (st.st_nlink < 2)
		return 0;
	scan = scan_open(directory);
	if (!scan)
		return -1;
	while (!found && (entry = scan_next(scan)))
		found = strcmp(entry->d_name, file) < 0 &&
			fstatat(directory, entry->d_name, &other,
				AT_SYMLINK_NOFOLLOW) == 0 &&
			other.st_ino == st.st_ino && other.st_dev == st.st_dev;
	if (found)
		errno = 0;
	return scan_close(scan) < 0 ? -1 : found;
}

/*
 * A rename that replaces nothing.  Where the system can't do that in one call,
 * only who has the lock makes archives, so that looking first is as good.
 */
static int rename_new(int directory, const char *file, const char *name)
{
	if (renameat2(directory, file, directory, name, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	if (faccessat(directory, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return -1;
	}
	return renameat(directory, file, directory, name);
}

/* Under this label, or else under the next one that is free. */
static int rename_from(int directory, const char *file, struct tain_s *label,
		       const char *suffix, char *name)
{
	int r;

	for (;;) {
		archive_name(name, label, suffix);
		r = rename_new(directory, file, name);
		if (r == 0 || errno != EEXIST)
			return r;
		label_advance(label, label);
	}
}

int archive_rename(int directory, const char *file, const char *suffix,
		   struct tain_s *newest, char *name)
{
	struct tain_s now;
	int r;

	name[0] = 0;
	if (faccessat(directory, file, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -1;
	r = archive_is(directory, file);
	if (r < 0)
		return -1;
	if (r > 0)
		return unlinkat(directory, file, 0);
	label_now(&now);
	label_advance(newest, &now);
	return rename_from(directory, file, newest, suffix, name) < 0 ? -1 : 1;
}

/* 1 if another archive has this label, 0 if none has, -1 and errno. */
static int is_taken(int directory, const struct tain_s *label, const char *name)
{
	DIR *scan = scan_open(directory);
	const struct dirent *entry;
	char text[LABEL_LEN];
	int taken = 0;

	if (!scan)
		return -1;
	label_format(text, label);
	while (!taken && (entry = scan_next(scan)))
		taken = memcmp(entry->d_name, text, LABEL_LEN) == 0 &&
			strcmp(entry->d_name, name) != 0;
	if (taken)
		errno = 0;
	return scan_close(scan) < 0 ? -1 : taken;
}

int archive_finish(int directory, char *name, const char *suffix,
		   struct tain_s *newest)
{
	char finished[ARCHIVE_NAME];
	struct tain_s label;
	int taken;

	if (!label_scan(&label, name, LABEL_LEN))
		return 0;
	while ((taken = is_taken(directory, &label, name)) > 0)
		label_advance(&label, &label);
	if (taken < 0)
		return -1;
	if (rename_from(directory, name, &label, suffix, finished) < 0)
		return errno == ENOENT ? 0 : -1;
	strcpy(name, finished);
	if (tain_less(newest, &label))
		*newest = label;
	return 0;
}

/* Those above floor: how many, the smallest name, and all their bytes. */
struct census {
	unsigned long n;
	uint64_t bytes;
	char smallest[ARCHIVE_LONGEST];
};

/* Counts.  The bytes only if they are wanted: each is a system call. */
static int count(int directory, const char *floor, bool sizes,
		 struct census *census)
{
	const struct dirent *entry;
	DIR *scan = scan_open(directory);
	struct stat st;

	memset(census, 0, sizeof *census);
	if (!scan)
		return -1;
	while ((entry = scan_next(scan))) {
		if (strcmp(entry->d_name, floor) <= 0)
			continue;
		census->n++;
		if (!census->smallest[0] ||
		    strcmp(entry->d_name, census->smallest) < 0)
			strcpy(census->smallest, entry->d_name);
		if (sizes && fstatat(directory, entry->d_name, &st,
				     AT_SYMLINK_NOFOLLOW) == 0)
			census->bytes += (uint64_t)st.st_size;
	}
	return scan_close(scan);
}

/* What could not be removed: *error is that of the first news. */
static void note_stuck(const char *name, char *stuck, int *error)
{
	if (*error || strcmp(name, stuck) <= 0)
		return;
	*error = errno;
	strcpy(stuck, name);
}

/* When it was finished: by its name, unless that is in the future. */
static bool finished(int directory, const char *name, const struct tain_s *now,
		     struct tain_s *when)
{
	struct stat st;

	if (label_scan(when, name, LABEL_LEN) && !tain_less(now, when))
		return true;
	if (fstatat(directory, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return false;
	when->sec.x = TAI_MAGIC + 10 + (uint64_t)st.st_mtim.tv_sec;
	when->nano = (uint32_t)st.st_mtim.tv_nsec;
	return true;
}

static int remove_old(int directory, uint64_t age, char *stuck, int *error)
{
	struct tain_s now, limit, when, duration;
	const struct dirent *entry;
	DIR *scan = scan_open(directory);

	if (!scan)
		return -1;
	label_now(&now);
	duration.sec.x = age / 1000;
	duration.nano = (uint32_t)(age % 1000 * 1000000);
	tain_sub(&limit, &now, &duration);
	while ((entry = scan_next(scan)))
		if (finished(directory, entry->d_name, &now, &when) &&
		    tain_less(&when, &limit) &&
		    unlinkat(directory, entry->d_name, 0) < 0 &&
		    errno != ENOENT)
			note_stuck(entry->d_name, stuck, error);
	return scan_close(scan);
}

int archive_prune(int directory, const struct settings *settings, char *stuck)
{
	const bool sizes = settings->total != 0;
	char floor[ARCHIVE_LONGEST] = "";
	struct census census;
	int error = 0;

	if (settings->age &&
	    remove_old(directory, settings->age, stuck, &error) < 0)
		return -1;
	for (;;) {
		if (count(directory, floor, sizes, &census) < 0)
			return -1;
		if (census.n < settings->number &&
		    !(sizes && census.bytes > settings->total))
			break;
		if (unlinkat(directory, census.smallest, 0) == 0 ||
		    errno == ENOENT)
			continue;
		strcpy(floor, census.smallest);
		note_stuck(census.smallest, stuck, &error);
	}
	errno = error;
	return error ? -1 : 0;
}

int archive_remove(int directory, unsigned long keep)
{
	char floor[ARCHIVE_LONGEST] = "";
	struct census census;

	for (;;) {
		if (count(directory, floor, false, &census) < 0)
			return -1;
		if (census.n <= keep)
			return 0;
		if (unlinkat(directory, census.smallest, 0) == 0)
			return 1;
		strcpy(floor, census.smallest);
	}
}
