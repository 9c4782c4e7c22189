/* The archives of a directory; see listing.h. */
#include "listing.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* "@LABEL" and ".s" or ".u": what tells one archive from another. */
enum { STEM = LABEL_LEN + 2, FIRST_ROOM = 64 };

static bool is_archive(const char *name)
{
	struct tain_s label;
	size_t len = strlen(name);

	return len >= STEM && len < LISTING_NAME &&
	       label_scan(&label, name, LABEL_LEN) && name[LABEL_LEN] == '.' &&
	       (name[LABEL_LEN + 1] == 's' || name[LABEL_LEN + 1] == 'u') &&
	       (!name[STEM] || name[STEM] == '.');
}

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

static int add(struct listing *l, size_t *room, const char *name)
{
	void *more;

	if (l->count == *room) {
		if (*room >= LISTING_MAX) {
			errno = EOVERFLOW;
			return -1;
		}
		*room = *room ? 2 * *room : FIRST_ROOM;
		more = realloc(l->names, *room * sizeof *l->names);
		if (!more)
			return -1;
		l->names = more;
	}
	strcpy(l->names[l->count++], name);
	return 0;
}

/* Of names with one stem the first is the archive itself, if that is there. */
static void drop_derived(struct listing *l)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->count; i++) {
		if (kept && memcmp(l->names[kept - 1], l->names[i], STEM) == 0)
			continue;
		if (kept != i)
			memcpy(l->names[kept], l->names[i], LISTING_NAME);
		kept++;
	}
	l->count = kept;
}

int listing_read(struct listing *l, int directory)
{
	int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const struct dirent *entry;
	size_t room = 0;
	int error = 0;
	DIR *scan;

	*l = (struct listing){0};
	if (fd < 0)
		return -1;
	scan = fdopendir(fd);
	if (!scan) {
		close(fd);
		return -1;
	}
	while (!error && (errno = 0, entry = readdir(scan)))
		if (is_archive(entry->d_name) &&
		    add(l, &room, entry->d_name) < 0)
			error = errno;
	if (!error)
		error = errno;
	closedir(scan);
	if (error) {
		listing_free(l);
		errno = error;
		return -1;
	}
	if (l->count)
		qsort(l->names, l->count, sizeof *l->names, compare);
	drop_derived(l);
	return 0;
}

static int compare_label(const void *a, const void *b)
{
	return memcmp(a, b, LABEL_LEN);
}

const char *listing_like(const struct listing *l, const char *name)
{
	if (!l->count)
		return NULL;
	return bsearch(name, l->names, l->count, sizeof *l->names,
		       compare_label);
}

int listing_renamed(int directory, char name[LISTING_NAME])
{
	struct listing now;
	const char *like;

	if (listing_read(&now, directory) < 0)
		return -1;
	like = listing_like(&now, name);
	if (like)
		strcpy(name, like);
	listing_free(&now);
	errno = ENOENT;
	return like ? 0 : -1;
}

bool listing_has_pairs(const struct listing *l)
{
	for (size_t i = 1; i < l->count; i++)
		if (compare_label(l->names[i - 1], l->names[i]) == 0)
			return true;
	return false;
}

void listing_drop(struct listing *l, size_t i)
{
	l->count--;
	memmove(l->names[i], l->names[i + 1],
		(l->count - i) * sizeof *l->names);
}

void listing_label(const struct listing *l, size_t i, struct tain_s *label)
{
	label_scan(label, l->names[i], LABEL_LEN);
}

void listing_free(struct listing *l)
{
	free(l->names);
	*l = (struct listing){0};
}
