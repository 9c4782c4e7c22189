/*
 * The cursor: the last message of a stream that was taken, and the file that
 * keeps it.
 */
#ifndef FETCH_CURSOR_H
#define FETCH_CURSOR_H

#include <stdint.h>

#include "stream/stream_url.h"

struct fetch_cursor {
	char target[STREAM_URL_TEXT_MAX]; /* stream and filter */
	int64_t created;   /* when the stream was, ns since 1970; 0: unknown */
	uint64_t epoch;    /* how often the stream was seen to be set back */
	uint64_t sequence; /* of the last message that was taken, 0: none */
	int64_t time;      /* when that was stored; 0: not known */
};

/*
 * Reads the file of a directory, or of AT_FDCWD.  Returns 1; 0 if there is
 * none; or -1 with errno, which is EINVAL if it is no cursor of rlogfetch.
 */
int fetch_cursor_load(struct fetch_cursor *cursor, int directory,
		      const char *file);

/* Replaces the file, with its bytes on the disk.  Returns 0, or -1 with errno.
 */
int fetch_cursor_save(const struct fetch_cursor *cursor, int directory,
		      const char *file);

/*
 * Returns 0 if fetch_cursor_save can write this file, now or when the disk has
 * room again; or -1 with errno, such as ENOENT for a missing directory.
 */
int fetch_cursor_check(int directory, const char *file);

/*
 * A hash of stream and epoch: sequences of marks with the same one are
 * comparable.
 */
uint64_t fetch_cursor_identity(const struct fetch_cursor *cursor);

#endif
