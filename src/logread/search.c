/*
 * Finding stamps and lines in a file of a log.  All reads are by offset and of
 * at most CHUNK bytes; a file that is emptied meanwhile looks shorter, and an
 * error looks like its end.  A line with a stamp is found by binary search, up
 * to a distance of NEAR bytes: the caller reads on from there.
 *
 * A repeated hour of local time is unknown to a search, which reads no line
 * before another.  So local times may seem up to one hour too early or too
 * late, and lines are sought LOCAL_SLACK before the label: this is also enough
 * for a reader to know the hour when it reads on from there.
 *
 * A time at the end of the file is no stamp: its line may go on.
 */
#include "logread/search.h"

#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

enum { CHUNK = 1 << 16, NEAR = 1 << 15, LOCAL_SLACK = 7200 };

static uint64_t file_size(int fd)
{
	struct stat st;

	return fstat(fd, &st) < 0 ? 0 : (uint64_t)st.st_size;
}

/* Returns how many bytes were read: fewer than len only at the end. */
static size_t read_at(int fd, char *buf, size_t len, uint64_t offset)
{
	size_t got = 0;
	ssize_t n;

	while (got < len) {
		n = pread(fd, buf + got, len - got, (off_t)(offset + got));
		if (n <= 0)
			break;
		got += (size_t)n;
	}
	return got;
}

bool search_first(int fd, struct stamp_span span, struct tain_s *label)
{
	struct stamp_reader stamps = {.span = span};
	char text[STAMP_ROOM];

	return stamp_parse_part(&stamps, label, text,
				read_at(fd, text, sizeof text, 0), false) != 0;
}

/* Bytes of a file, in which the last line with a stamp is sought. */
struct chunk {
	const char *text;
	size_t len;  /* lines that begin up to there count */
	size_t room; /* bytes that were read, at least len */
	bool whole;  /* a line begins at text */
	bool labels; /* only labels are stamps */
};

static bool find_last_in(const struct chunk *chunk, struct stamp_reader *stamps,
			 struct tain_s *label, size_t *line)
{
	const char *text = chunk->text, *newline;

	for (size_t end = chunk->len;; end = (size_t)(newline - text)) {
		newline = memrchr(text, '\n', end);
		if (!newline && !chunk->whole)
			return false;
		*line = newline ? (size_t)(newline - text) + 1 : 0;
		if ((!chunk->labels || text[*line] == '@') &&
		    stamp_parse_part(stamps, label, text + *line,
				     chunk->room - *line, false))
			return true;
		if (!newline)
			return false;
	}
}

static bool find_last(int fd, struct stamp_reader stamps, struct tain_s *label,
		      bool labels)
{
	uint64_t size = file_size(fd), from;
	char buf[CHUNK + 1];
	size_t n, line;

	for (uint64_t last = CHUNK / 32; last <= CHUNK; last *= 32) {
		from = size < last ? 0 : size - last;
		n = read_at(fd, buf, CHUNK, from);
		buf[n] = 0;
		if (find_last_in(&(struct chunk){buf, n, n, from == 0, labels},
				 &stamps, label, &line))
			return true;
		if (size <= last)
			break;
	}
	return false;
}

bool search_last(int fd, struct tain_s *label)
{
	return find_last(fd, (struct stamp_reader){0}, label, true);
}

bool search_last_stamp(int fd, struct stamp_span span, struct tain_s *label)
{
	return find_last(fd, (struct stamp_reader){.span = span}, label, false);
}

/*
 * Finds the first line with a stamp that begins at offset `from`, which is not
 * 0, or after it, and before `to`.  Returns false if there is none.
 */
static bool find_line_from(struct stamp_reader *stamps, int fd, uint64_t from,
			   uint64_t to, uint64_t *offset, struct tain_s *label)
{
	uint64_t base = from - 1;
	char buf[CHUNK / 8];
	size_t n, at;
	const char *newline;

	while (base + 1 < to) {
		n = read_at(fd, buf, sizeof buf, base);
		at = 0;
		while ((newline = memchr(buf + at, '\n', n - at))) {
			at = (size_t)(newline - buf) + 1;
			if (base + at >= to)
				return false;
			if (n - at < STAMP_ROOM && n == sizeof buf) {
				at--;
				break;
			}
			*offset = base + at;
			if (stamp_parse_part(stamps, label, buf + at, n - at,
					     false))
				return true;
		}
		if (n < sizeof buf)
			return false;
		base += newline ? at : n;
	}
	return false;
}

uint64_t search_label(int fd, struct stamp_span span,
		      const struct tain_s *label)
{
	uint64_t low = 0, high = file_size(fd), middle, offset;
	struct stamp_reader stamps = {.span = span};
	struct tain_s found;

	while (high - low > NEAR) {
		middle = low + (high - low) / 2;
		stamps.local = false;
		if (!find_line_from(&stamps, fd, middle, high, &offset, &found))
			found = *label;
		else if (stamps.local)
			found.sec.x += LOCAL_SLACK;
		if (!tain_less(&found, label))
			high = middle;
		else
			low = offset;
	}
	return low;
}

bool search_first_stamp(int fd, struct stamp_span span, struct tain_s *label)
{
	struct stamp_reader stamps = {.span = span};
	uint64_t offset;

	return search_first(fd, span, label) ||
	       find_line_from(&stamps, fd, 1, CHUNK / 8, &offset, label);
}

static uint64_t count_newlines_in(const char *text, size_t len)
{
	const char *end = text + len;
	uint64_t newlines = 0;

	while ((text = memchr(text, '\n', (size_t)(end - text)))) {
		newlines++;
		text++;
	}
	return newlines;
}

/* Chunks overlap, so that each line has the bytes of its stamp in one. */
bool search_stamp_back(int fd, uint64_t end, uint64_t *newlines,
		       uint64_t *offset)
{
	struct stamp_reader stamps = {0};
	char buf[CHUNK + STAMP_ROOM];
	struct tain_s label;
	size_t n, line;

	for (*newlines = 0;; end -= n) {
		struct chunk chunk = {.text = buf};

		n = chunk.len = end < CHUNK ? (size_t)end : CHUNK;
		chunk.whole = end == n;
		chunk.room = read_at(fd, buf, n + STAMP_ROOM, end - n);
		if (chunk.room < n)
			return false;
		if (find_last_in(&chunk, &stamps, &label, &line)) {
			*newlines += count_newlines_in(buf + line, n - line);
			*offset = end - n + line;
			return true;
		}
		*newlines += count_newlines_in(buf, n);
		if (chunk.whole)
			return false;
	}
}

int search_back(int fd, uint64_t end, uint64_t *newlines, uint64_t *offset)
{
	char buf[CHUNK];
	const char *newline;
	size_t n;

	while (end) {
		n = end < sizeof buf ? (size_t)end : sizeof buf;
		end -= n;
		if (read_at(fd, buf, n, end) != n)
			return -1;
		while ((newline = memrchr(buf, '\n', n))) {
			n = (size_t)(newline - buf);
			if (!--*newlines) {
				*offset = end + n + 1;
				return 1;
			}
		}
	}
	return 0;
}
