/*
 * The search for the last lines of a log, from the youngest file on and in each
 * from its end, until one holds the first of them.  A compressed file is read
 * as a whole.
 *
 * Beginnings of lines are counted, since a crash can leave a line without a
 * newline.  The first text of a file begins a line if it has a stamp or if the
 * file before it ends with a newline; otherwise it goes on with the line that a
 * rotation cut.  So a first text without a stamp is `unsure` until the file
 * before it is open.  Tested by tests/sh/rlogread-*.t.
 */
#include "logread/last_lines.h"

#include <unistd.h>

#include <sys/stat.h>

#include "logread/log_file.h"
#include "logread/search.h"
#include "logread/stamp.h"

/*
 * The search for the last lines, in one file after another.  If their
 * time is wanted, it goes on to the line with a stamp to which the first of
 * them belongs.
 */
struct last_lines {
	uint64_t wanted; /* beginnings of lines to be found still */
	uint64_t skip;   /* lines from the place that was found to the tail */
	bool end_seen;   /* the end of the log was looked at */
	bool unsure;     /* if the first text of the file after begins a line */
	bool follow;
	bool dated; /* the time of the first of them is wanted */
	bool found; /* the first line, but not the stamp */
};

/* The lines of a compressed file. */
struct packed_lines {
	uint64_t count;
	uint64_t stamped; /* the number of the first one with a stamp, or 0 */
	bool rest;        /* the last one has no newline */
};

static struct packed_lines count_packed(struct log_file *file)
{
	struct packed_lines lines = {0};
	struct stamp_reader stamps = {0};
	struct log_file_text text;
	struct tain_s label;

	while (log_file_line(file, &text, true) > 0) {
		lines.rest = !text.ends;
		if (!text.begins)
			continue;
		lines.count++;
		if (!lines.stamped && stamp_parse_part(&stamps, &label, text.at,
						       text.len, text.ends))
			lines.stamped = lines.count;
	}
	return lines;
}

/*
 * Handles the end of a file with text.  The last line of a log that is followed
 * is not counted if it has no newline: a reader gives it when it has.
 */
static void count_end(struct last_lines *tail, bool rest)
{
	if (!tail->end_seen && rest && tail->follow)
		tail->wanted++;
	if (tail->unsure && !rest)
		tail->wanted--;
	tail->end_seen = true;
	tail->unsure = false;
}

/* Handles the first text of a file: returns true if the tail begins there. */
static bool count_first(struct last_lines *tail, bool stamped)
{
	if (stamped)
		tail->wanted--;
	tail->unsure = !stamped;
	return !tail->wanted;
}

static bool is_tail_packed(struct last_lines *tail, struct log_file *file)
{
	struct packed_lines lines = count_packed(file);

	if (!lines.count)
		return false;
	count_end(tail, lines.rest);
	if (tail->wanted < lines.count) {
		tail->skip = lines.count - tail->wanted;
	} else {
		tail->wanted -= lines.count - 1;
		if (!count_first(tail, lines.stamped == 1))
			return false;
	}
	tail->found = true;
	return log_file_rewind(file) == 0 &&
	       (!tail->dated ||
		(lines.stamped && lines.stamped <= tail->skip + 1));
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

/*
 * A file before the one with the first line of the tail.  A line that a
 * rotation cut has its newline, and is counted, in the file after.
 */
static bool seek_stamp_before(struct last_lines *tail, struct log_file *file)
{
	struct packed_lines lines;
	struct stat st;

	if (file->program) {
		lines = count_packed(file);
		tail->skip += lines.count - (lines.count && lines.rest);
		return log_file_rewind(file) == 0 && lines.stamped;
	}
	return fstat(file->fd, &st) == 0 &&
	       seek_stamp(tail, file, (uint64_t)st.st_size);
}

/* Finds where the tail begins in a file of this size, which is not 0. */
static bool find_tail(struct last_lines *tail, int fd, uint64_t size,
		      uint64_t *offset)
{
	char last = 0;
	bool rest = pread(fd, &last, 1, (off_t)size - 1) != 1 || last != '\n';
	const struct stamp_span span = {0};
	struct tain_s first;

	count_end(tail, rest);
	*offset = size;
	/* Of none, the last line is skipped also if it has no newline. */
	if (!tail->wanted)
		tail->skip = rest;
	if (!tail->wanted ||
	    search_back(fd, size - !rest, &tail->wanted, offset) > 0)
		return true;
	*offset = 0;
	return count_first(tail, search_first(fd, span, &first));
}

static bool is_tail(void *ctx, struct log_file *file,
		    const struct tain_s *ended)
{
	struct last_lines *tail = ctx;
	uint64_t offset, size;
	struct stat st;

	(void)ended;
	if (tail->found)
		return seek_stamp_before(tail, file);
	if (file->program)
		return is_tail_packed(tail, file);
	if (fstat(file->fd, &st) < 0)
		return false;
	size = (uint64_t)st.st_size;
	if (!tail->follow)
		log_file_set_limit(file, size);
	if (!size || !find_tail(tail, file->fd, size, &offset))
		return false;
	log_file_seek(file, offset);
	tail->found = true;
	return !tail->dated || seek_stamp(tail, file, offset);
}

uint64_t last_lines_seek(struct file_sequence *sequence, uint64_t lines,
			 bool follow, bool dated, uint64_t *skip)
{
	struct last_lines tail = {
	    .wanted = lines, .follow = follow, .dated = dated};
	bool opened = file_sequence_find(sequence, false, is_tail, &tail);

	*skip = tail.skip;
	if (opened || tail.found)
		return lines;
	/* Before the first file there is no line to go on with. */
	return lines - tail.wanted + tail.unsure;
}
