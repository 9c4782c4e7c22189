/*
 * What has become of files that were read before they were archives; see
 * aside.h.  Rotations of one directory never overlap, so files become archives
 * in the order in which they were read.
 */
#include "aside.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "scan.h"

void aside_keep(struct reader *r)
{
	struct reader_aside *a;

	if (r->asides == READER_ASIDES) {
		close(r->aside[0].fd);
		memmove(r->aside, r->aside + 1, --r->asides * sizeof *r->aside);
	}
	a = &r->aside[r->asides++];
	a->labelled = r->labelled;
	a->last = r->last;
	a->fd = logfile_close(&r->file, true);
}

static void forget(struct reader *r, size_t i)
{
	close(r->aside[i].fd);
	memmove(r->aside + i, r->aside + i + 1,
		(--r->asides - i) * sizeof *r->aside);
}

/* What an archive begins with; false if it is not there. */
struct beginning {
	bool empty, labelled;
	struct tain_s first;
	size_t len;
	char head[PLACE_HEAD];
};

static bool begins_with(struct reader *r, char name[LISTING_NAME],
			struct beginning *b)
{
	struct logfile *file = malloc(sizeof *file);
	struct logfile_text text;
	int found = -1;

	if (file && snapshot_open(file, r->directory, name) == 0) {
		found = logfile_line(file, &text, true);
		b->empty = found == 0;
		b->labelled =
		    found > 0 && scan_label(&b->first, text.at, text.len);
		b->len = file->head_len;
		memcpy(b->head, file->head, file->head_len);
		logfile_close(file, false);
	}
	free(file);
	return found >= 0;
}

static bool begins_alike(int fd, const struct beginning *b)
{
	char head[PLACE_HEAD];
	ssize_t n = pread(fd, head, sizeof head, 0);

	return n > 0 && (size_t)n == b->len &&
	       memcmp(head, b->head, b->len) == 0;
}

/* True if the oldest new archive was made of the file that was set aside. */
static bool was_made_of(struct reader *r, const struct reader_aside *a,
			const struct listing *new, bool survivors)
{
	struct beginning b;

	if (!new->count || !begins_with(r, new->names[0], &b))
		return false;
	if (b.empty)
		return true;
	if (b.labelled && a->labelled)
		return !tain_less(&a->last, &b.first);
	return survivors || begins_alike(a->fd, &b);
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

/* Takes the archives of what was read off the list of new ones. */
static void match(struct reader *r, struct snapshot *s, struct listing *new)
{
	bool survivors = has_survivors(r, &s->archives);
	size_t i, k = 0;

	while (k < r->asides) {
		if (snapshot_find(new, r->directory, r->aside[k].fd, &i)) {
			listing_drop(new, i);
			forget(r, k);
		} else {
			k++;
		}
	}
	while (r->asides && new->count) {
		if (is_same(s->previous, r->aside[0].fd))
			break;
		if (was_made_of(r, &r->aside[0], new, survivors))
			listing_drop(new, 0);
		else if (!survivors)
			r->gap = true;
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
		if (!listing_like(seen, now->names[i]))
			strcpy(new->names[new->count++], now->names[i]);
	return 0;
}

int aside_look(struct reader *r, const char **bad)
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

void aside_free(struct reader *r)
{
	while (r->asides)
		forget(r, 0);
}
