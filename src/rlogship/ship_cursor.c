/*
 * The cursor file.  It is text:
 *
 *   rlogship cursor 1
 *   TARGET
 *   HOST/NAME
 *   SEQUENCE CREATED
 *   PLACE
 *
 * and, for sessions, "sessions" in place of "cursor" and a tail.
 *
 * A file with any other text is refused, so that a wrong argument overwrites
 * nobody's file.  The lock is a file of its own, since the cursor is replaced
 * by a new file each time it is written.
 *
 * Tested by tests/sh/rlogship-usage.t and tests/peer/rlogship-nats.t.
 */
#include "rlogship/ship_cursor.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "logdir/regular_file.h"
#include "logdir/replace.h"

static const char cursor_title[] = "rlogship cursor 1\n";
static const char tail_title[] = "rlogship sessions 1\n";

static enum ship_cursor_result lock_cursor(struct ship_cursor_file *file)
{
	char name[PATH_MAX];

	if (snprintf(name, sizeof name, "%s.lock", file->path) >=
	    (int)sizeof name) {
		errno = ENAMETOOLONG;
		return SHIP_CURSOR_FAILED;
	}
	file->lock = regular_file_open(AT_FDCWD, name, O_RDWR | O_CREAT, 0600);
	if (file->lock < 0)
		return SHIP_CURSOR_FAILED;
	if (regular_file_lock(file->lock) == 0)
		return SHIP_CURSOR_FINE;
	return errno == EBUSY ? SHIP_CURSOR_LOCKED : SHIP_CURSOR_FAILED;
}

/* Reads a line without its newline.  False if it is missing or too long. */
static bool read_cursor_line(FILE *in, char *line, int size)
{
	size_t len;

	if (!fgets(line, size, in))
		return false;
	len = strlen(line);
	if (!len || line[len - 1] != '\n')
		return false;
	line[len - 1] = 0;
	return true;
}

static bool parse_numbers(struct ship_cursor *cursor, const char *line)
{
	int used = 0;

	return sscanf(line, "%20" SCNu64 " %20" SCNd64 "%n", &cursor->sequence,
		      &cursor->created, &used) == 2 &&
	       !line[used];
}

/* Reads all that is left of the file. */
static bool read_tail(struct ship_tail *tail, FILE *in)
{
	struct stat st;
	long at = ftell(in);

	if (at < 0 || fstat(fileno(in), &st) < 0 || st.st_size < at)
		return false;
	tail->len = (size_t)(st.st_size - at);
	tail->bytes = malloc(tail->len + 1);
	if (tail->bytes && fread(tail->bytes, 1, tail->len, in) == tail->len)
		return true;
	free(tail->bytes);
	*tail = (struct ship_tail){0};
	return false;
}

/* Reads the lines between the title and the tail. */
static enum ship_cursor_result
read_cursor_lines(const struct ship_cursor_file *file,
		  struct ship_cursor *cursor, FILE *in)
{
	char line[STREAM_URL_TEXT_MAX + 2];
	bool target;

	if (!read_cursor_line(in, line, sizeof line))
		return SHIP_CURSOR_FOREIGN;
	target = strcmp(line, file->target) == 0;
	if (!read_cursor_line(in, line, sizeof line))
		return SHIP_CURSOR_FOREIGN;
	target &= log_name_is_text(file->origin, line);
	if (!read_cursor_line(in, line, sizeof line) ||
	    !parse_numbers(cursor, line) ||
	    !read_cursor_line(in, line, sizeof line) ||
	    !position_parse(&cursor->place, line))
		return SHIP_CURSOR_FOREIGN;
	cursor->known = target;
	return target ? SHIP_CURSOR_FINE : SHIP_CURSOR_OTHER;
}

static enum ship_cursor_result read_cursor(const struct ship_cursor_file *file,
					   struct ship_cursor *cursor,
					   struct ship_tail *tail, FILE *in)
{
	const char *title = tail ? tail_title : cursor_title;
	enum ship_cursor_result result;
	char line[sizeof tail_title + 1];

	if (!fgets(line, sizeof line, in))
		return SHIP_CURSOR_FINE;
	if (strcmp(line, cursor_title) != 0 && strcmp(line, tail_title) != 0)
		return SHIP_CURSOR_FOREIGN;
	if (strcmp(line, title) != 0)
		return SHIP_CURSOR_OTHER;
	result = read_cursor_lines(file, cursor, in);
	if (result == SHIP_CURSOR_FINE && tail && !read_tail(tail, in))
		return SHIP_CURSOR_FAILED;
	return result;
}

enum ship_cursor_result
ship_cursor_open(struct ship_cursor_file *file, struct ship_cursor *cursor,
		 const char *path, const struct stream_url *url,
		 const struct log_name *origin, struct ship_tail *tail)
{
	enum ship_cursor_result result;
	FILE *in;

	*cursor = (struct ship_cursor){0};
	*file = (struct ship_cursor_file){
	    .path = path, .lock = -1, .origin = origin};
	stream_url_print_target(file->target, url);
	if (!path)
		return SHIP_CURSOR_FINE;
	result = lock_cursor(file);
	if (result != SHIP_CURSOR_FINE)
		return result;
	in = fopen(path, "re");
	if (!in)
		return errno == ENOENT ? SHIP_CURSOR_FINE : SHIP_CURSOR_FAILED;
	result = read_cursor(file, cursor, tail, in);
	if (ferror(in))
		result = SHIP_CURSOR_FAILED;
	fclose(in);
	return result;
}

/* Writes the whole file.  False with errno set. */
static bool write_cursor(FILE *out, const struct ship_cursor_file *file,
			 const struct ship_cursor *cursor,
			 const struct ship_tail *tail)
{
	char place[POSITION_TEXT];

	position_format(place, &cursor->place);
	fprintf(out, "%s%s\n%s/%s\n%" PRIu64 " %" PRId64 "\n%s\n",
		tail ? tail_title : cursor_title, file->target,
		file->origin->host, file->origin->name, cursor->sequence,
		cursor->created, place);
	if (tail)
		fwrite(tail->bytes, 1, tail->len, out);
	return fflush(out) == 0 && !ferror(out);
}

int ship_cursor_save(const struct ship_cursor_file *file,
		     const struct ship_cursor *cursor,
		     const struct ship_tail *tail, bool synced)
{
	struct replace replace;
	bool good;
	FILE *out;
	int fd;

	if (!file->path || !cursor->known)
		return 0;
	if (replace_open(&replace, AT_FDCWD, file->path, tail ? 0600 : 0666) <
	    0)
		return -1;
	fd = fcntl(replace.fd, F_DUPFD_CLOEXEC, 0);
	out = fd < 0 ? NULL : fdopen(fd, "w");
	if (!out && fd >= 0)
		close(fd);
	good = out && write_cursor(out, file, cursor, tail);
	if (out)
		good &= fclose(out) == 0;
	return replace_end(&replace, good, synced);
}
