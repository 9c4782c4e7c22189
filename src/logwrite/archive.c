/*
 * The archives of a directory.  Each function scans the directory anew: it is
 * small, others may have changed it, and no list of names has to be kept in
 * memory.  No rename replaces an archive, so that none is lost by its name.
 */
#include "logwrite/archive.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "base/deadline.h"
#include "compat/files.h"

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

/* The text of the next archive's name, which goes to *name; NULL at the end. */
static const char *scan_next(DIR *scan, struct archive_name *name)
{
	const struct dirent *entry;

	do {
		errno = 0;
		entry = readdir(scan);
	} while (entry && !archive_name_parse(name, entry->d_name));
	return entry ? entry->d_name : NULL;
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
	struct archive_name name;

	if (!scan)
		return -1;
	while (scan_next(scan, &name))
		if (tain_less(newest, &name.label))
			*newest = name.label;
	return scan_close(scan);
}

static bool is_plain(const struct archive_name *name, enum archive_kind kind)
{
	return name->kind == kind && !name->suffix[0];
}

int archive_oldest(int directory, enum archive_kind kind, char *name)
{
	DIR *scan = scan_open(directory);
	struct archive_name parsed;
	const char *text;

	if (!scan)
		return -1;
	name[0] = 0;
	while ((text = scan_next(scan, &parsed)))
		if (is_plain(&parsed, kind) &&
		    (!name[0] || archive_name_compare(text, name) < 0))
			strcpy(name, text);
	return scan_close(scan) < 0 ? -1 : name[0] != 0;
}

int archive_walk(int directory, enum archive_kind kind,
		 int (*visit)(void *context, const char *name), void *context)
{
	DIR *scan = scan_open(directory);
	struct archive_name parsed;
	const char *text;
	int r = 0;

	if (!scan)
		return -1;
	while (r >= 0 && (text = scan_next(scan, &parsed)))
		if (is_plain(&parsed, kind))
			r = visit(context, text);
	if (r >= 0)
		return scan_close(scan);
	scan_close(scan);
	return r;
}

int archive_is(int directory, const char *file)
{
	struct stat st, other;
	struct archive_name parsed;
	const char *text;
	bool found = false;
	DIR *scan;

	if (fstatat(directory, file, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -1;
	if (st.st_nlink < 2)
		return 0;
	scan = scan_open(directory);
	if (!scan)
		return -1;
	while (!found && (text = scan_next(scan, &parsed)))
		found = strcmp(text, file) < 0 &&
			fstatat(directory, text, &other, AT_SYMLINK_NOFOLLOW) ==
			    0 &&
			other.st_ino == st.st_ino && other.st_dev == st.st_dev;
	if (found)
		errno = 0;
	return scan_close(scan) < 0 ? -1 : found;
}

/* Under this label, or else under the next one that is free. */
static int rename_from(int directory, const char *file,
		       struct archive_name *name, char *text)
{
	int r;

	for (;;) {
		archive_name_format(text, name);
		r = files_rename_new(directory, file, text);
		if (r == 0 || errno != EEXIST)
			return r;
		label_advance(&name->label, &name->label);
	}
}

int archive_rename(int directory, const char *file, enum archive_kind kind,
		   const char *suffix, struct tain_s *newest, char *name)
{
	struct archive_name made = {.kind = kind};
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
	made.label = *newest;
	strcpy(made.suffix, suffix);
	r = rename_from(directory, file, &made, name);
	*newest = made.label;
	return r < 0 ? -1 : 1;
}

/* 1 if an archive has the label, but for the one called `but`; 0; -1, errno. */
static int is_taken(int directory, const struct archive_name *name,
		    const char *but)
{
	DIR *scan = scan_open(directory);
	char wanted[ARCHIVE_NAME];
	struct archive_name parsed;
	const char *text;
	int taken = 0;

	if (!scan)
		return -1;
	archive_name_format(wanted, name);
	while (!taken && (text = scan_next(scan, &parsed)))
		taken = archive_name_compare_label(text, wanted) == 0 &&
			strcmp(text, but) != 0;
	if (taken)
		errno = 0;
	return scan_close(scan) < 0 ? -1 : taken;
}

int archive_finish(int directory, char *name, const char *suffix,
		   struct tain_s *newest)
{
	char finished[ARCHIVE_NAME];
	struct archive_name made;
	int taken;

	if (!archive_name_parse(&made, name))
		return 0;
	made.kind = ARCHIVE_FINISHED;
	strcpy(made.suffix, suffix);
	while ((taken = is_taken(directory, &made, name)) > 0)
		label_advance(&made.label, &made.label);
	if (taken < 0)
		return -1;
	if (rename_from(directory, name, &made, finished) < 0)
		return errno == ENOENT ? 0 : -1;
	strcpy(name, finished);
	if (tain_less(newest, &made.label))
		*newest = made.label;
	return 0;
}

/* Those above floor: how many, the smallest name, and all their bytes. */
struct census {
	unsigned long n;
	uint64_t bytes;
	char smallest[ARCHIVE_NAME];
};

/* Counts.  The bytes only if they are wanted: each is a system call. */
static int count_archives(int directory, const char *floor, bool sizes,
			  struct census *census)
{
	DIR *scan = scan_open(directory);
	struct archive_name parsed;
	const char *text;
	struct stat st;

	memset(census, 0, sizeof *census);
	if (!scan)
		return -1;
	while ((text = scan_next(scan, &parsed))) {
		if (archive_name_compare(text, floor) <= 0)
			continue;
		census->n++;
		if (!census->smallest[0] ||
		    archive_name_compare(text, census->smallest) < 0)
			strcpy(census->smallest, text);
		if (sizes &&
		    fstatat(directory, text, &st, AT_SYMLINK_NOFOLLOW) == 0)
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

/* Replaces a label in the future by the time of the file's last change. */
static bool find_end(int directory, const char *name, const struct tain_s *now,
		     struct tain_s *when)
{
	struct stat st;

	if (deadline_is_past(when, now))
		return true;
	if (fstatat(directory, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return false;
	return label_from_time(when, &st.st_mtim, LABEL_DJB);
}

static int remove_old(int directory, uint64_t age, char *stuck, int *error)
{
	struct tain_s now, limit, duration;
	DIR *scan = scan_open(directory);
	struct archive_name name;
	const char *text;

	if (!scan)
		return -1;
	label_now(&now);
	duration.sec.x = age / 1000;
	duration.nano = (uint32_t)(age % 1000 * 1000000);
	tain_sub(&limit, &now, &duration);
	while ((text = scan_next(scan, &name)))
		if (find_end(directory, text, &now, &name.label) &&
		    tain_less(&name.label, &limit) &&
		    unlinkat(directory, text, 0) < 0 && errno != ENOENT)
			note_stuck(text, stuck, error);
	return scan_close(scan);
}

int archive_prune(int directory, const struct settings *settings, char *stuck)
{
	const bool sizes = settings->total != 0;
	char floor[ARCHIVE_NAME] = "";
	struct census census;
	int error = 0;

	if (settings->age &&
	    remove_old(directory, settings->age, stuck, &error) < 0)
		return -1;
	for (;;) {
		if (count_archives(directory, floor, sizes, &census) < 0)
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
	char floor[ARCHIVE_NAME] = "";
	struct census census;

	for (;;) {
		if (count_archives(directory, floor, false, &census) < 0)
			return -1;
		if (census.n <= keep)
			return 0;
		if (unlinkat(directory, census.smallest, 0) == 0)
			return 1;
		strcpy(floor, census.smallest);
	}
}
