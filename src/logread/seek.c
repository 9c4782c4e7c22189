/*
 * Finding the text in a sequence of files from which a reader starts.  Files
 * are tried from the youngest on for the last lines, and from the oldest on for
 * a position.  Only as much as needed is read: the end of a file back to front,
 * or a compressed one as a whole.
 *
 * Tested by tests/unit/logread/file_sequence.c, tests/sh/rlogread-odd.t and
 * tests/sh/rlogread-cursor.t.
 */
#include "logread/seek.h"

#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "logread/search.h"

struct tail {
	uint64_t newlines; /* to be found still, back to front */
	uint64_t skip;     /* lines of the file that was found */
	bool end_seen;     /* the end of the log was looked at */
	bool follow;
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
static void count_rest(struct tail *tail, bool rest)
{
	if (rest && !tail->end_seen && !tail->follow)
		tail->newlines--;
	tail->end_seen = true;
}

static bool is_tail_packed(struct tail *tail, struct log_file *file)
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
static bool begins_tail(const struct tail *tail, int fd)
{
	struct tain_s first;

	return tail->newlines == 1 && search_first(fd, &first);
}

static bool is_tail(void *ctx, struct log_file *file,
		    const struct tain_s *ended)
{
	struct tail *tail = ctx;
	uint64_t offset;
	struct stat st;
	char last;

	(void)ended;
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
	return true;
}

uint64_t seek_tail(struct file_sequence *sequence, uint64_t lines, bool follow,
		   uint64_t *skip)
{
	struct tail tail = {.newlines = lines + 1, .follow = follow};
	bool found = file_sequence_find(sequence, false, is_tail, &tail);

	*skip = tail.skip;
	return found ? lines : lines + 1 - tail.newlines;
}

/* A compressed archive that was ended before the position is not unpacked. */
static bool is_position(void *ctx, struct log_file *file,
			const struct tain_s *ended)
{
	const struct position *position = ctx;

	if (file->program && ended && position->labelled &&
	    tain_less(ended, &position->last))
		return false;
	return log_file_resume(file, position) > 0;
}

/*
 * From the oldest on: if several files look alike, as files without labels can,
 * lines are read twice rather than never.
 */
bool seek_position(struct file_sequence *sequence,
		   const struct position *position)
{
	return file_sequence_find(sequence, true, is_position,
				  (void *)position);
}
