/* Beginning a reader in the middle; see seek.h. */
#include "logread/seek.h"

#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "logdir/layout.h"
#include "logread/rotated_files.h"
#include "logread/search.h"
#include "logread/snapshot.h"

/* Counts newlines; *rest: something comes behind the last one. */
static uint64_t count_lines(struct log_file *f, bool *rest)
{
	struct log_file_text text = {.ends = true};
	uint64_t lines = 0;

	while (log_file_line(f, &text, true) > 0)
		lines += text.ends;
	*rest = !text.ends;
	return lines;
}

/* Opens one of the files: the current, the previous, or an archive. */
static bool open_file(struct reader *r, enum reader_role role, size_t i)
{
	if (role == READER_ARCHIVE) {
		strcpy(r->name, r->queue.names[i]);
		return snapshot_open(&r->file, r->directory, r->name) == 0;
	}
	if (role == READER_CURRENT && r->current >= 0) {
		log_file_adopt(&r->file, r->current);
		r->current = -1;
	} else if (role == READER_PREVIOUS && r->previous >= 0) {
		log_file_adopt(&r->file, r->previous);
		r->previous = -1;
	}
	return r->file.file >= 0;
}

static void put_back(struct reader *r, enum reader_role role)
{
	int fd = log_file_close(&r->file, role != READER_ARCHIVE);

	if (role == READER_CURRENT)
		r->current = fd;
	else if (role == READER_PREVIOUS)
		r->previous = fd;
}

/* The file that is open is the first to be read; older ones are left out. */
static void begin_with(struct reader *r, enum reader_role role, size_t i)
{
	struct stat st;

	r->at = role == READER_ARCHIVE ? i + 1 : r->queue.count;
	r->rotated = role == READER_PREVIOUS;
	if (role == READER_CURRENT && r->previous >= 0)
		rotated_files_pass(r);
	if (role != READER_ARCHIVE)
		strcpy(r->name, role == READER_CURRENT ? LAYOUT_CURRENT
						       : LAYOUT_PREVIOUS);
	if (role != READER_ARCHIVE && !r->options->follow && !r->file.stream &&
	    r->file.limit == UINT64_MAX && fstat(r->file.file, &st) == 0)
		r->file.limit = (uint64_t)st.st_size;
}

/* File number k from the oldest: the archives, the previous, the current. */
static bool try_file(struct reader *r, size_t k,
		     bool (*is_it)(struct reader *, void *), void *ctx)
{
	enum reader_role role = READER_ARCHIVE;

	if (k >= r->queue.count)
		role = k == r->queue.count ? READER_PREVIOUS : READER_CURRENT;
	r->role = role;
	if (!open_file(r, role, k))
		return false;
	if (!is_it(r, ctx)) {
		put_back(r, role);
		return false;
	}
	begin_with(r, role, k);
	return true;
}

/* Tries one file after the other until one says yes. */
static bool find_file(struct reader *r, bool oldest_first,
		      bool (*is_it)(struct reader *, void *), void *ctx)
{
	size_t count = r->queue.count + 2;

	for (size_t k = 0; k < count; k++)
		if (try_file(r, oldest_first ? k : count - 1 - k, is_it, ctx))
			return true;
	return false;
}

struct tail {
	uint64_t newlines; /* still to be found, back to front */
	bool last_seen;    /* the end of the log has been looked at */
	bool follow;
};

/* A last line without a newline is a line, unless more may come of it. */
static void look_at_end(struct tail *t, int fd, uint64_t size)
{
	char last;

	if (t->last_seen || !size)
		return;
	t->last_seen = true;
	if (!t->follow && pread(fd, &last, 1, (off_t)size - 1) == 1 &&
	    last != '\n')
		t->newlines--;
}

static bool tail_packed(struct reader *r, struct tail *t)
{
	bool rest;
	uint64_t lines = count_lines(&r->file, &rest);

	if (rest && !t->last_seen && !t->follow)
		t->newlines--;
	t->last_seen = true;
	if (lines < t->newlines) {
		t->newlines -= lines;
		return false;
	}
	/* Once more from its beginning. */
	r->skip = lines - t->newlines + 1;
	t->newlines = 0;
	put_back(r, r->role);
	if (r->role != READER_ARCHIVE)
		return open_file(r, r->role, 0);
	return snapshot_open(&r->file, r->directory, r->name) == 0;
}

/* One newline is missing, but a label says that a line begins here as well. */
static bool begins_line(struct reader *r, const struct tail *t)
{
	struct tain_s first;

	return t->newlines == 1 && search_first(r->file.file, &first);
}

static bool tail_here(struct reader *r, void *ctx)
{
	struct tail *t = ctx;
	uint64_t offset;
	struct stat st;

	if (r->file.program)
		return tail_packed(r, t);
	if (fstat(r->file.file, &st) < 0)
		return false;
	offset = (uint64_t)st.st_size;
	look_at_end(t, r->file.file, offset);
	if (!t->follow)
		r->file.limit = offset;
	if (t->newlines &&
	    search_back(r->file.file, offset, &t->newlines, &offset) <= 0) {
		if (!begins_line(r, t))
			return false;
		offset = 0;
	}
	log_file_seek(&r->file, offset);
	return true;
}

int seek_tail(struct reader *r, uint64_t lines, uint64_t *left)
{
	struct tail t = {.newlines = lines + 1, .follow = r->options->follow};
	uint64_t whole = lines + 1;

	*left = lines;
	if (find_file(r, false, tail_here, &t))
		return 0;
	*left = whole - t.newlines;
	return 0;
}

static bool place_here(struct reader *r, void *ctx)
{
	struct tain_s name;

	/* To look into a packed file takes long: only if it can be the one. */
	if (r->file.program && ((const struct position *)ctx)->labelled &&
	    label_parse_name(&name, r->name) &&
	    tain_less(&name, &((const struct position *)ctx)->last))
		return false;
	return log_file_resume(&r->file, ctx) > 0;
}

/* Archives that were ended before the label have nothing new. */
static void pass_over(struct reader *r, const struct tain_s *last)
{
	struct tain_s name, first;
	int fd = r->previous >= 0 ? r->previous : r->current;

	for (; r->at < r->queue.count; r->at++) {
		listing_label(&r->queue, r->at, &name);
		if (!tain_less(&name, last))
			break;
	}
	if (r->at < r->queue.count)
		fd = log_file_descriptor(r->directory, r->queue.names[r->at]);
	if (fd >= 0 && search_first(fd, &first) && tain_less(last, &first))
		r->gap = true;
	if (r->at < r->queue.count && fd >= 0)
		close(fd);
}

void seek_place(struct reader *r, const struct position *place)
{
	r->left = *place;
	r->has_left = true;
	r->labelled = place->labelled;
	r->last = place->last;
	/* If several look alike, as without labels, rather twice than not. */
	if (find_file(r, true, place_here, (void *)place))
		return;
	r->resuming = place->labelled;
	if (r->resuming)
		pass_over(r, &place->last);
	else
		reader_tell(r, SOURCE_LOST_PLACE, "", "");
}
