/*
 * The cursor's file is text:
 *
 *   rlogfetch cursor 1
 *   CREATED EPOCH SEQUENCE TIME TARGET
 *
 * with decimal numbers.  Any other file is refused, so that a wrong argument
 * overwrites nobody's file.
 */
#include "rlogfetch/fetch_cursor.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "logdir/layout.h"
#include "logdir/regular_file.h"
#include "logdir/replace.h"

enum { NUMBERS_MAX = 128, FILE_MAX = NUMBERS_MAX + STREAM_URL_TEXT_MAX };

static const char title[] = "rlogfetch cursor 1\n";

static int format_cursor(const struct fetch_cursor *cursor, char *text)
{
	return snprintf(text, FILE_MAX,
			"%s%" PRId64 " %" PRIu64 " %" PRIu64 " %" PRId64
			" %s\n",
			title, cursor->created, cursor->epoch, cursor->sequence,
			cursor->time, cursor->target);
}

static bool parse_cursor(struct fetch_cursor *cursor, const char *text)
{
	char again[FILE_MAX];
	const char *fields = text + sizeof title - 1;
	size_t len;
	int used = 0;

	memset(cursor, 0, sizeof *cursor);
	if (strncmp(text, title, sizeof title - 1) != 0 ||
	    sscanf(fields,
		   "%20" SCNd64 " %20" SCNu64 " %20" SCNu64 " %20" SCNd64 " %n",
		   &cursor->created, &cursor->epoch, &cursor->sequence,
		   &cursor->time, &used) != 4)
		return false;
	len = strcspn(fields + used, "\n");
	if (len >= sizeof cursor->target)
		return false;
	memcpy(cursor->target, fields + used, len);
	format_cursor(cursor, again);
	return strcmp(again, text) == 0;
}

int fetch_cursor_load(struct fetch_cursor *cursor, int directory,
		      const char *file)
{
	char text[FILE_MAX];
	ssize_t n;
	int fd = regular_file_open(directory, file, O_RDONLY, 0);

	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	n = read(fd, text, sizeof text - 1);
	close(fd);
	if (n < 0)
		return -1;
	text[n] = 0;
	if (parse_cursor(cursor, text))
		return 1;
	errno = EINVAL;
	return -1;
}

int fetch_cursor_save(const struct fetch_cursor *cursor, int directory,
		      const char *file)
{
	char text[FILE_MAX];
	const int len = format_cursor(cursor, text);
	struct replace replace;
	bool good;

	if (replace_open(&replace, directory, file, LAYOUT_FILE_MODE) < 0)
		return -1;
	good = write(replace.fd, text, (size_t)len) == len;
	return replace_end(&replace, good, true);
}

int fetch_cursor_check(int directory, const char *file)
{
	struct replace replace;

	if (replace_open(&replace, directory, file, LAYOUT_FILE_MODE) < 0)
		return errno == ENOSPC || errno == EDQUOT ? 0 : -1;
	replace_end(&replace, false, false);
	return 0;
}

uint64_t fetch_cursor_identity(const struct fetch_cursor *cursor)
{
	uint64_t hash =
	    hash_fnv(HASH_FNV, cursor->target, strcspn(cursor->target, "/"));

	hash = hash_fnv(hash, &cursor->created, sizeof cursor->created);
	return hash_fnv(hash, &cursor->epoch, sizeof cursor->epoch);
}
