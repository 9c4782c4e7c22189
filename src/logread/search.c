/*
 * Finding labels and lines in a file of a log.  All reads are by offset and of
 * at most CHUNK bytes; a file that is emptied meanwhile looks shorter, and an
 * error looks like its end.  A line with a label is found by binary search, up
 * to a distance of NEAR bytes: the caller reads on from there.
 */
#include "logread/search.h"

#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

enum { CHUNK = 1 << 16, NEAR = 1 << 15, LABEL_ROOM = LABEL_LEN + 1 };

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

bool search_first(int fd, struct tain_s *label)
{
	char text[LABEL_ROOM];

	return label_parse(label, text, read_at(fd, text, sizeof text, 0));
}

/* Finds the last label in the CHUNK bytes after offset `from`. */
static bool find_last_from(int fd, uint64_t from, struct tain_s *label)
{
	char buf[CHUNK];
	size_t n = read_at(fd, buf, sizeof buf, from), at = n;

	while (at--)
		if (buf[at] == '@' && (at ? buf[at - 1] == '\n' : from == 0) &&
		    label_parse(label, buf + at, n - at))
			return true;
	return false;
}

bool search_last(int fd, struct tain_s *label)
{
	uint64_t size = file_size(fd);

	for (uint64_t last = CHUNK / 32; last <= CHUNK; last *= 32) {
		if (find_last_from(fd, size < last ? 0 : size - last, label))
			return true;
		if (size <= last)
			break;
	}
	return false;
}

/*
 * Finds the first line with a label that begins at offset `from`, which is not
 * 0, or after it, and before `to`.  Returns false if there is none.
 */
static bool find_line_from(int fd, uint64_t from, uint64_t to, uint64_t *offset,
			   struct tain_s *label)
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
			if (n - at < LABEL_ROOM && n == sizeof buf) {
				at--;
				break;
			}
			*offset = base + at;
			if (label_parse(label, buf + at, n - at))
				return true;
		}
		if (n < sizeof buf)
			return false;
		base += newline ? at : n;
	}
	return false;
}

uint64_t search_label(int fd, const struct tain_s *label)
{
	uint64_t low = 0, high = file_size(fd), middle, offset;
	struct tain_s found;

	while (high - low > NEAR) {
		middle = low + (high - low) / 2;
		if (!find_line_from(fd, middle, high, &offset, &found) ||
		    !tain_less(&found, label))
			high = middle;
		else
			low = offset;
	}
	return low;
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
