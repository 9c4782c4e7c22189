/*
 * The search for the last lines of a log, from the youngest file on and in each
 * from its end, until one holds the first of them.  A compressed file is read
 * as a whole.  Newlines are counted; `tail` is the state of the search.  Tested
 * by tests/sh/rlogread-*.t.
 */
#include "logread/last_lines.h"

#include <unistd.h>

#include <sys/stat.h>

#include "logread/log_file.h"
#include "logread/search.h"

/*
 * The search for the last lines, in one file after another.  If these are to be
 * merged, it goes on to the line with a stamp to which the first of them
 * belongs, in the same file or in the one before it.
 */
struct last_lines {
	uint64_t newlines; /* to be found still, back to front */
	uint64_t skip;     /* lines from the place that was found to the tail */
	bool end_seen;     /* the end of the log was looked at */
	bool follow;
	bool merged;
	bool found; /* the first line, but not the stamp */
};

/* Counts newlines.  *rest is true if the text does not end with one. */
static uint64_t count_newlines(struct log_file *file, bool *rest)
{
	struct log_file_text text = {.ends = true};
	uint64_t newlines = 0;

	while (log_file_line(file, &text, true) > 0)
		newlines += text.ends;
	*rest = !text.ends;
	return newlines;
}

/*
 * Counts a last line without a newline as a line, unless a follower may read
 * the rest of it later.
 */
static void count_rest(struct last_lines *tail, bool rest)
{
	if (rest && !tail->end_seen && !tail->follow)
		tail->newlines--;
	tail->end_seen = true;
}

static bool is_tail_packed(struct last_lines *tail, struct log_file *file)
{
	bool rest;
	uint64_t newlines = count_newlines(file, &rest);

	count_rest(tail, rest);
	if (newlines < tail->newlines) {
		tail->newlines -= newlines;
		return false;
	}
	tail->skip = newlines - tail->newlines + 1;
	tail->newlines = 0;
	return log_file_rewind(file) == 0;
}

/* With one newline to be found, a label at its beginning begins the lines. */
static bool begins_tail(const struct last_lines *tail, int fd)
{
	struct tain_s first;

	return tail->newlines == 1 && search_first(fd, 0, &first);
}

/*
 * Goes from the line at this offset back to one with a stamp, and without one
 * to the beginning of the file.  Returns true if there is one.
 */
static bool seek_stamp(struct last_lines *tail, struct log_file *file,
		       uint64_t offset)
{
	uint64_t newlines, stamped = 0;
	bool found = search_stamp_back(file->fd, offset, &newlines, &stamped);

	tail->skip += newlines;
	log_file_seek(file, stamped);
	return found;
}

/* The file before the one with the first line of the tail. */
static bool enter_file_before(struct last_lines *tail, struct log_file *file)
{
	struct stat st;
	bool rest;

	if (file->program) {
		tail->skip += count_newlines(file, &rest);
		return log_file_rewind(file) == 0;
	}
	if (fstat(file->fd, &st) == 0)
		seek_stamp(tail, file, (uint64_t)st.st_size);
	return true;
}

static bool is_tail(void *ctx, struct log_file *file,
		    const struct tain_s *ended)
{
	struct last_lines *tail = ctx;
	uint64_t offset;
	struct stat st;
	char last;

	(void)ended;
	if (tail->found)
		return enter_file_before(tail, file);
	if (file->program)
		return is_tail_packed(tail, file);
	if (fstat(file->fd, &st) < 0)
		return false;
	offset = (uint64_t)st.st_size;
	if (offset && !tail->end_seen)
		count_rest(tail,
			   pread(file->fd, &last, 1, st.st_size - 1) == 1 &&
			       last != '\n');
	if (!tail->follow)
		log_file_set_limit(file, offset);
	if (tail->newlines &&
	    search_back(file->fd, offset, &tail->newlines, &offset) <= 0) {
		if (!begins_tail(tail, file->fd))
			return false;
		offset = 0;
	}
	log_file_seek(file, offset);
	tail->found = true;
	return !tail->merged || seek_stamp(tail, file, offset);
}

uint64_t last_lines_seek(struct file_sequence *sequence, uint64_t lines,
			 bool follow, bool merged, uint64_t *skip)
{
	struct last_lines tail = {
	    .newlines = lines + 1, .follow = follow, .merged = merged};
	bool opened = file_sequence_find(sequence, false, is_tail, &tail);

	*skip = tail.skip;
	return opened || tail.found ? lines : lines + 1 - tail.newlines;
}
