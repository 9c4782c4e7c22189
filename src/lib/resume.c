/* Beginning a reader in the middle; see resume.h. */
#include "resume.h"

#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "search.h"

/* Counts newlines; a last line without one counts too if `rest` says so. */
static int count_lines(struct logfile *f, uint64_t *lines)
{
	struct logfile_text text;
	int n;

	*lines = 0;
	while ((n = logfile_line(f, &text, true)) > 0)
		*lines += text.ends;
	return n;
}

/* Opens one of the files: the current, the previous, or an archive. */
static bool open_file(struct reader *r, enum reader_role role, size_t i)
{
	if (role == READER_ARCHIVE) {
		strcpy(r->name, r->queue.names[i]);
		return logfile_open(&r->file, r->directory, r->name) == 0;
	}
	if (role == READER_CURRENT && r->current >= 0) {
		logfile_adopt(&r->file, r->current);
		r->current = -1;
	} else if (role == READER_PREVIOUS && r->previous >= 0) {
		logfile_adopt(&r->file, r->previous);
		r->previous = -1;
	}
	return r->file.file >= 0;
}

static void put_back(struct reader *r, enum reader_role role)
{
	int fd = logfile_close(&r->file, role != READER_ARCHIVE);

	if (role == READER_CURRENT)
		r->current = fd;
	else if (role == READER_PREVIOUS)
		r->previous = fd;
}

/* The file that is open is the first to be read; older ones are left out. */
static void begin_with(struct reader *r, enum reader_role role, size_t i)
{
	struct stat st;

	r->role = role;
	r->at = role == READER_ARCHIVE ? i + 1 : r->queue.count;
	r->rotated = role == READER_PREVIOUS;
	if (role == READER_CURRENT && r->previous >= 0) {
		close(r->previous);
		r->previous = -1;
	}
	if (role != READER_ARCHIVE)
		strcpy(r->name,
		       role == READER_CURRENT ? "current" : "previous");
	if (role != READER_ARCHIVE && !r->options->follow &&
	    r->file.limit == UINT64_MAX && fstat(r->file.file, &st) == 0)
		r->file.limit = (uint64_t)st.st_size;
}

/* Tries the files from the youngest to the oldest until one says yes. */
static int each_file(struct reader *r, bool (*is_it)(struct reader *, void *),
		     void *ctx)
{
	size_t i = r->queue.count;
	enum reader_role role = READER_CURRENT;

	for (;;) {
		if (role == READER_ARCHIVE && i-- == r->at)
			return 0;
		if (open_file(r, role, i)) {
			if (is_it(r, ctx)) {
				begin_with(r, role, i);
				return 1;
			}
			put_back(r, role);
		}
		if (role != READER_ARCHIVE)
			role = role == READER_CURRENT ? READER_PREVIOUS
						      : READER_ARCHIVE;
	}
}

struct tail {
	uint64_t newlines; /* still to be found, back to front */
	uint64_t most;     /* so many there were to be found */
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
	uint64_t lines = 0;

	count_lines(&r->file, &lines);
	t->last_seen = true;
	if (lines < t->newlines) {
		t->newlines -= lines;
		return false;
	}
	/* Once more from its beginning. */
	r->skip = lines - t->newlines + 1;
	t->newlines = 0;
	put_back(r, READER_ARCHIVE);
	return logfile_open(&r->file, r->directory, r->name) == 0;
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
	    search_back(r->file.file, offset, &t->newlines, &offset) <= 0)
		return false;
	logfile_seek(&r->file, offset);
	return true;
}

int resume_tail(struct reader *r, uint64_t lines, uint64_t *left)
{
	struct tail t = {.newlines = lines + 1, .follow = r->options->follow};
	uint64_t whole = lines + 1;

	*left = lines;
	if (each_file(r, tail_here, &t))
		return 0;
	*left = whole - t.newlines;
	return 0;
}

static bool place_here(struct reader *r, void *ctx)
{
	struct tain_s name;

	/* To look into a packed file takes long: only if it can be the one. */
	if (r->file.program && ((const struct place *)ctx)->labelled &&
	    label_scan(&name, r->name, strlen(r->name)) &&
	    tain_less(&name, &((const struct place *)ctx)->last))
		return false;
	return logfile_resume(&r->file, ctx) > 0;
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
		fd = logfile_descriptor(r->directory, r->queue.names[r->at]);
	if (fd >= 0 && search_first(fd, &first) && tain_less(last, &first))
		r->gap = true;
	if (r->at < r->queue.count && fd >= 0)
		close(fd);
}

void resume_place(struct reader *r, const struct place *place)
{
	r->left = *place;
	r->has_left = true;
	r->labelled = place->labelled;
	r->last = place->last;
	if (each_file(r, place_here, (void *)place))
		return;
	r->resuming = place->labelled;
	if (r->resuming)
		pass_over(r, &place->last);
	else
		reader_tell(r, SOURCE_LOST_PLACE, "", "");
}
