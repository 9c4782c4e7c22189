/*
 * The archives of a directory, read while its writer renames them.
 *
 * One scan gives every name that is there from its beginning to its end, and
 * may give others.  It misses an archive that is renamed meanwhile, which rlog
 * and svlogd do when @LABEL.u has been processed: it becomes @LABEL.s, or this
 * comes before it is removed.  This happens once to each archive, so of any two
 * scans one sees it.
 *
 * Of the archives that come while scans last, one may be seen although an older
 * one was missed.  All up to the newest that was seen were there before the
 * next scan begins, so that the next two find them; newer archives are left
 * out.  The second scan is also the first of these two if it saw nothing
 * new.  Two are needed where an archive is renamed although newer ones are
 * there: by rlog, which was killed before it had processed it.
 */
#include "logdir/listing.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "logdir/layout.h"

enum { FIRST_ROOM = 64 };

static int compare_names(const void *a, const void *b)
{
	return archive_name_compare(a, b);
}

static int add_name(struct listing *listing, size_t *room, const char *name)
{
	void *more;

	if (listing->count == *room) {
		if (*room >= LISTING_MAX) {
			errno = EOVERFLOW;
			return -1;
		}
		*room = *room ? 2 * *room : FIRST_ROOM;
		more = realloc(listing->names, *room * sizeof *listing->names);
		if (!more)
			return -1;
		listing->names = more;
	}
	strcpy(listing->names[listing->count++], name);
	return 0;
}

static bool is_unfinished(const char *name)
{
	return archive_name_kind(name) == ARCHIVE_UNFINISHED;
}

/*
 * Besides @LABEL.s there is @LABEL.u.  svlogd has made .s of .u, which has the
 * mode of a complete file, and is about to remove it.  When s6-log starts, it
 * can give one label to two files: .u is then the `current` of a crash, and has
 * the mode of `current`.
 */
static bool is_replaced(int directory, const char *name)
{
	struct stat st;

	return fstatat(directory, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	       st.st_mode & LAYOUT_ENDED;
}

static int compare_labels(const void *a, const void *b)
{
	return archive_name_compare_label(a, b);
}

/* Drops names whose content the name before them also has; listing is sorted.
 */
static void drop_copies(struct listing *listing, int directory)
{
	size_t kept = 0;

	for (size_t i = 0; i < listing->count; i++) {
		const char *before = kept ? listing->names[kept - 1] : "";

		if (kept &&
		    (archive_name_compare_stem(before, listing->names[i]) ==
			 0 ||
		     (archive_name_compare_label(before, listing->names[i]) ==
			  0 &&
		      is_replaced(directory, listing->names[i]))))
			continue;
		if (kept != i)
			memcpy(listing->names[kept], listing->names[i],
			       ARCHIVE_NAME);
		kept++;
	}
	listing->count = kept;
}

static int scan_names(struct listing *listing, DIR *stream)
{
	struct archive_name parsed;
	const struct dirent *entry;
	size_t room = 0;

	*listing = (struct listing){0};
	rewinddir(stream);
	while ((errno = 0, entry = readdir(stream)))
		if (archive_name_parse(&parsed, entry->d_name) &&
		    add_name(listing, &room, entry->d_name) < 0)
			break;
	if (errno) {
		listing_free(listing);
		return -1;
	}
	if (listing->count)
		qsort(listing->names, listing->count, sizeof *listing->names,
		      compare_names);
	drop_copies(listing, dirfd(stream));
	return 0;
}

/* True if all labels of `later` are in listing. */
static bool has_labels_of(const struct listing *listing,
			  const struct listing *later)
{
	for (size_t i = 0; i < later->count; i++)
		if (!listing_had(listing, later->names[i]))
			return false;
	return true;
}

/*
 * Adds to `later` the names that only listing has and that the later scan
 * missed.  Names older than all of `later` are not added: the writer, which
 * removes the oldest archives, has removed theirs.  listing becomes the result,
 * and `later` empty.
 */
static int add_later(struct listing *listing, struct listing *later)
{
	size_t n = listing->count + later->count, i = 0, k = 0;
	struct listing all = {.names = calloc(n + 1, ARCHIVE_NAME)};

	if (!all.names)
		return -1;
	while (i < listing->count && later->count &&
	       archive_name_compare_label(listing->names[i], later->names[0]) <
		   0)
		i++;
	while (i < listing->count || k < later->count) {
		int order = i == listing->count ? 1
			    : k == later->count
				? -1
				: archive_name_compare_label(listing->names[i],
							     later->names[k]);

		if (order == 0)
			i++;
		else
			strcpy(all.names[all.count++], order < 0
							   ? listing->names[i++]
							   : later->names[k++]);
	}
	listing_free(listing);
	listing_free(later);
	*listing = all;
	return 0;
}

/* Scans again, and adds the archives that the scan before missed. */
static int add_missed(struct listing *listing, DIR *stream, bool *complete)
{
	struct listing later;
	int r;

	if (scan_names(&later, stream) < 0)
		return -1;
	*complete = has_labels_of(listing, &later);
	r = add_later(listing, &later);
	listing_free(&later);
	return r;
}

static int scan_until_settled(struct listing *listing, DIR *stream)
{
	char newest[ARCHIVE_NAME] = "";
	bool complete, ignored;

	*listing = (struct listing){0};
	if (scan_names(listing, stream) < 0 ||
	    add_missed(listing, stream, &complete) < 0)
		return -1;
	if (listing->count)
		strcpy(newest, listing->names[listing->count - 1]);
	if (add_missed(listing, stream, &ignored) < 0 ||
	    (!complete && add_missed(listing, stream, &ignored) < 0))
		return -1;
	while (listing->count &&
	       archive_name_compare_label(
		   newest, listing->names[listing->count - 1]) < 0)
		listing->count--;
	return 0;
}

int listing_read(struct listing *listing, int directory)
{
	int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);
	int r, error;

	*listing = (struct listing){0};
	if (!stream) {
		if (fd >= 0)
			close(fd);
		return -1;
	}
	r = scan_until_settled(listing, stream);
	error = errno;
	closedir(stream);
	if (r < 0)
		listing_free(listing);
	errno = error;
	return r;
}

/* The archive of this kind that has the label of the one called label. */
static const char *find_archive(const struct listing *listing,
				const char *label, enum archive_kind kind)
{
	const char(*name)[ARCHIVE_NAME] = NULL;

	if (listing->count)
		name = bsearch(label, listing->names, listing->count,
			       sizeof *listing->names, compare_labels);
	if (!name)
		return NULL;
	while (name > listing->names &&
	       archive_name_compare_label(name[-1], label) == 0)
		name--;
	for (; name < listing->names + listing->count &&
	       archive_name_compare_label(*name, label) == 0;
	     name++)
		if (archive_name_kind(*name) == kind)
			return *name;
	return NULL;
}

const char *listing_like(const struct listing *listing, const char *name)
{
	const char *same = find_archive(listing, name, archive_name_kind(name));

	return same || !is_unfinished(name)
		   ? same
		   : find_archive(listing, name, ARCHIVE_FINISHED);
}

bool listing_had(const struct listing *listing, const char *name)
{
	return find_archive(listing, name, archive_name_kind(name)) ||
	       (!is_unfinished(name) &&
		find_archive(listing, name, ARCHIVE_UNFINISHED));
}

int listing_renamed(int directory, char name[ARCHIVE_NAME])
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

int listing_filter(struct listing *to, const struct listing *from,
		   bool (*keep)(void *ctx, size_t i), void *ctx)
{
	*to = (struct listing){0};
	if (!from->count)
		return 0;
	to->names = malloc(from->count * sizeof *to->names);
	if (!to->names)
		return -1;
	for (size_t i = 0; i < from->count; i++)
		if (keep(ctx, i))
			strcpy(to->names[to->count++], from->names[i]);
	return 0;
}

void listing_drop(struct listing *listing, size_t i)
{
	listing->count--;
	memmove(listing->names[i], listing->names[i + 1],
		(listing->count - i) * sizeof *listing->names);
}

void listing_label(const struct listing *listing, size_t i,
		   struct tain_s *label)
{
	struct archive_name name;

	if (archive_name_parse(&name, listing->names[i]))
		*label = name.label;
}

void listing_free(struct listing *listing)
{
	free(listing->names);
	*listing = (struct listing){0};
}
