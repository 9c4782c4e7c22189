/*
 * The cursor file of rlogship: the place behind the last lines that the server
 * has acknowledged, and by which the server is asked whether it still has them.
 */
#ifndef SHIP_CURSOR_H
#define SHIP_CURSOR_H

#include <stdbool.h>
#include <stdint.h>

#include "logread/position.h"
#include "rlogship/ship_form.h"
#include "stream/stream_url.h"

struct ship_cursor {
	bool known; /* the rest is valid */
	struct position place;
	uint64_t sequence; /* of the message with the last lines */
	int64_t created;   /* the stream's creation, ns since 1970 */
};

/* What a file has after its cursor.  Its owner frees the bytes. */
struct ship_tail {
	char *bytes;
	size_t len;
};

/* Its members are for ship_cursor.c; others read `path` and `origin`. */
struct ship_cursor_file {
	const char *path; /* NULL: there is none */
	int lock;
	char target[STREAM_URL_TEXT_MAX]; /* STREAM/SUBJECT or HOST:PORT */
	const struct log_name *origin;
};

enum ship_cursor_result {
	SHIP_CURSOR_FINE,
	SHIP_CURSOR_FAILED,  /* errno tells why */
	SHIP_CURSOR_LOCKED,  /* another process has it */
	SHIP_CURSOR_FOREIGN, /* it is another kind of file */
	SHIP_CURSOR_OTHER,   /* it belongs to another target or log */
};

/*
 * Locks the cursor file by the file PATH.lock, and reads it if it is there.
 * Origin must stay.  With path NULL nothing is ever read or written.  A file
 * with a tail, which is stored in *tail, is another kind of file than one
 * without, for which tail is NULL.
 */
enum ship_cursor_result
ship_cursor_open(struct ship_cursor_file *file, struct ship_cursor *cursor,
		 const char *path, const struct stream_url *url,
		 const struct log_name *origin, struct ship_tail *tail);

/*
 * Replaces the file; tail may be NULL.  If synced, it is on the disk then.
 * Returns 0, or -1 with errno set: the old file is then still there.
 */
int ship_cursor_save(const struct ship_cursor_file *file,
		     const struct ship_cursor *cursor,
		     const struct ship_tail *tail, bool synced);

#endif
