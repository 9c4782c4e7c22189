/*
 * The cursor file.  It is text:
 *
 *   rlogship cursor 1
 *   TARGET
 *   HOST/NAME
 *   SEQUENCE CREATED
 *   PLACE
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
#include <string.h>
#include <unistd.h>

#include "logdir/regular_file.h"
#include "logdir/replace.h"

static const char cursor_title[] = "rlogship cursor 1\n";

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

static bool is_origin(const struct ship_origin *origin, const char *line)
{
	char text[2 * SHIP_NAME_MAX];

	snprintf(text, sizeof text, "%s/%s", origin->host, origin->name);
	return strcmp(text, line) == 0;
}

static bool parse_numbers(struct ship_cursor *cursor, const char *line)
{
	int used = 0;

	return sscanf(line, "%20" SCNu64 " %20" SCNd64 "%n", &cursor->sequence,
		      &cursor->created, &used) == 2 &&
	       !line[used];
}

static enum ship_cursor_result read_cursor(const struct ship_cursor_file *file,
					   struct ship_cursor *cursor, FILE *in)
{
	char line[STREAM_URL_TEXT_MAX + 2];
	bool target;

	if (!fgets(line, sizeof line, in))
		return SHIP_CURSOR_FINE;
	if (strcmp(line, cursor_title) != 0 ||
	    !read_cursor_line(in, line, sizeof line))
		return SHIP_CURSOR_FOREIGN;
	target = strcmp(line, file->target) == 0;
	if (!read_cursor_line(in, line, sizeof line))
		return SHIP_CURSOR_FOREIGN;
	target &= is_origin(file->origin, line);
	if (!read_cursor_line(in, line, sizeof line) ||
	    !parse_numbers(cursor, line) ||
	    !read_cursor_line(in, line, sizeof line) ||
	    !position_parse(&cursor->place, line))
		return SHIP_CURSOR_FOREIGN;
	cursor->known = target;
	return target ? SHIP_CURSOR_FINE : SHIP_CURSOR_OTHER;
}

enum ship_cursor_result ship_cursor_open(struct ship_cursor_file *file,
					 struct ship_cursor *cursor,
					 const char *path,
					 const struct stream_url *url,
					 const struct ship_origin *origin)
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
	result = read_cursor(file, cursor, in);
	if (ferror(in))
		result = SHIP_CURSOR_FAILED;
	fclose(in);
	return result;
}

int ship_cursor_save(const struct ship_cursor_file *file,
		     const struct ship_cursor *cursor)
{
	char place[POSITION_TEXT];
	struct replace replace;
	int n;

	if (!file->path || !cursor->known)
		return 0;
	position_format(place, &cursor->place);
	if (replace_open(&replace, AT_FDCWD, file->path, 0666) < 0)
		return -1;
	n = dprintf(replace.fd, "%s%s\n%s/%s\n%" PRIu64 " %" PRId64 "\n%s\n",
		    cursor_title, file->target, file->origin->host,
		    file->origin->name, cursor->sequence, cursor->created,
		    place);
	return replace_end(&replace, n >= 0, true);
}
