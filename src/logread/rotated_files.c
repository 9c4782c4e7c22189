/*
 * What has become of files that were read before they were archives; see
 * rotated_files.h.  Rotations of one directory never overlap, so files become
 * archives in the order in which they were read.
 */
#include "logread/rotated_files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "logread/scan.h"
#include "logread/search.h"

/* Every look finds the archives of all but the youngest: there is room. */
static struct reader_aside *add(struct reader *r)
{
	if (r->asides == READER_ASIDES) {
		close(r->aside[0].fd);
		memmove(r->aside, r->aside + 1, --r->asides * sizeof *r->aside);
	}
	return &r->aside[r->asides++];
}

void rotated_files_keep(struct reader *r)
{
	struct reader_aside *a = add(r);

	a->labelled = r->labelled;
	a->last = r->last;
	a->fd = log_file_close(&r->file, true);
}

void rotated_files_pass(struct reader *r)
{
	struct reader_aside *a = add(r);

	a->labelled = search_last(r->previous, &a->last);
	a->fd = r->previous;
	r->previous = -1;
}

static void forget(struct reader *r, size_t i)
{
	close(r->aside[i].fd);
	memmove(r->aside + i, r->aside + i + 1,
		(--r->asides - i) * sizeof *r->aside);
}

/* What an archive begins with. */
struct beginning {
	bool empty, labelled;
	struct tain_s first;
	size_t len;
	char head[POSITION_HEAD];
};

enum origin { MADE_OF_IT, OTHER, REMOVED };

/* False if it can't be read; *gone: since it is not there any more. */
static bool read_beginning(struct reader *r, char name[ARCHIVE_NAME],
			   struct beginning *b, bool *gone)
{
	struct log_file *file = malloc(sizeof *file);
	struct log_file_text text;
	int found = -1;

	*gone = false;
	if (file && snapshot_open(file, r->directory, name) == 0) {
		found = log_file_line(file, &text, true);
		b->empty = found == 0;
		b->labelled =
		    found > 0 && label_parse(&b->first, text.at, text.len);
		b->len = file->head_len;
		memcpy(b->head, file->head, file->head_len);
		log_file_close(file, false);
	} else if (file) {
		*gone = errno == ENOENT && !file->program;
	}
	free(file);
	return found >= 0;
}

static bool begins_alike(int fd, const struct beginning *b)
{
	char head[POSITION_HEAD];
	ssize_t n = pread(fd, head, sizeof head, 0);

	return n > 0 && (size_t)n == b->len &&
	       memcmp(head, b->head, b->len) == 0;
}

/*
 * Was the oldest new archive made of the file that was set aside?  If archives
 * may have been removed, only what they hold can tell.
 */
static enum origin find_origin(struct reader *r, const struct reader_aside *a,
			       const struct listing *new)
{
	struct beginning b;
	bool gone;

	if (!read_beginning(r, new->names[0], &b, &gone))
		return gone ? REMOVED : OTHER;
	if (b.empty)
		return MADE_OF_IT;
	if (b.labelled && a->labelled)
		return tain_less(&a->last, &b.first) ? OTHER : MADE_OF_IT;
	return begins_alike(a->fd, &b) ? MADE_OF_IT : OTHER;
}

/* Archives are removed oldest first: while an old one is left, all new are. */
static bool has_survivors(const struct reader *r, const struct listing *now)
{
	for (size_t i = 0; i < r->seen.count; i++)
		if (listing_like(now, r->seen.names[i]))
			return true;
	return false;
}

/* By descriptors, since the name may have gone since the snapshot. */
static bool is_same(int fd, int other)
{
	struct stat one, two;

	return fd >= 0 && fstat(fd, &one) == 0 && fstat(other, &two) == 0 &&
	       one.st_ino == two.st_ino && one.st_dev == two.st_dev;
}

/* Archives that are the same file as one that was set aside. */
static void match_files(struct reader *r, struct listing *new)
{
	size_t i, k = 0;

	while (k < r->asides) {
		if (snapshot_find(new, r->directory, r->aside[k].fd, &i)) {
			listing_drop(new, i);
			forget(r, k);
		} else {
			k++;
		}
	}
}

/*
 * Takes the archives of what was read off the list of new ones.  A snapshot has
 * no gap and its archives have the order in which they were `current`, so if
 * none of them was removed the oldest new one is that of the oldest file set
 * aside, and so on.
 */
static void match(struct reader *r, struct snapshot *s, struct listing *new)
{
	bool survivors = has_survivors(r, &s->archives);
	enum origin origin;

	match_files(r, new);
	while (r->asides && new->count) {
		if (is_same(s->previous, r->aside[0].fd))
			break;
		origin =
		    survivors ? MADE_OF_IT : find_origin(r, &r->aside[0], new);
		if (origin != OTHER)
			listing_drop(new, 0);
		if (origin != MADE_OF_IT)
			r->gap = true;
		if (origin != REMOVED)
			forget(r, 0);
	}
}

/* Is `previous`, or what a processor has made of it, read already? */
static void drop_previous(struct reader *r, struct snapshot *s)
{
	bool drop = s->processed && r->asides;

	for (size_t k = 0; s->previous >= 0 && k < r->asides; k++)
		drop = drop || is_same(s->previous, r->aside[k].fd);
	if (s->previous < 0 || !drop)
		return;
	close(s->previous);
	s->previous = -1;
}

/*
 * Two files to which s6-log gave one label, @LABEL.s and @LABEL.u, were seen,
 * and .u is not there any more: rlog has processed it, and has finished it
 * under the next label.
 */
static bool was_twin(const struct listing *now, const struct listing *seen,
		     const char *name)
{
	static const struct tain_s nanosecond = {.nano = 1};
	char done[LABEL_LEN + 3], todo[LABEL_LEN + 3];
	struct tain_s label;

	if (!label_parse_name(&label, name))
		return false;
	tain_sub(&label, &label, &nanosecond);
	label_format(done, &label);
	strcpy(done + LABEL_LEN, ".s");
	label_format(todo, &label);
	strcpy(todo + LABEL_LEN, ".u");
	return listing_like(seen, done) && listing_had(seen, todo) &&
	       !listing_had(now, todo);
}

static int subtract(struct listing *new, const struct listing *now,
		    const struct listing *seen)
{
	*new = (struct listing){0};
	if (!now->count)
		return 0;
	new->names = malloc(now->count * sizeof *new->names);
	if (!new->names)
		return -1;
	for (size_t i = 0; i < now->count; i++)
		if (!listing_had(seen, now->names[i]) &&
		    !was_twin(now, seen, now->names[i]))
			strcpy(new->names[new->count++], now->names[i]);
	return 0;
}

int rotated_files_look(struct reader *r, const char **bad)
{
	struct snapshot s;
	struct listing new;

	if (snapshot_take(&s, r->directory, bad) < 0)
		return -1;
	if (subtract(&new, &s.archives, &r->seen) < 0) {
		snapshot_free(&s);
		return -1;
	}
	match(r, &s, &new);
	drop_previous(r, &s);
	listing_free(&r->seen);
	listing_free(&r->queue);
	r->seen = s.archives;
	r->queue = new;
	r->at = 0;
	r->previous = s.previous;
	r->current = s.current;
	return 0;
}

void rotated_files_free(struct reader *r)
{
	while (r->asides)
		forget(r, 0);
}
