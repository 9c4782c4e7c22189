/* The log directories and lines that a source reads, and its callbacks. */
#ifndef SOURCE_OPTIONS_H
#define SOURCE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "logread/time_expression.h"

enum { SOURCE_DIRECTORIES = 512 }; /* a program reads at most */

struct position;
struct source_notice;

struct source_options {
	const char *const *directories; /* or files; "-" is descriptor 0 */
	size_t count;                   /* 0: descriptor 0 alone */
	bool follow;
	bool tailed;    /* read only the last `lines` lines */
	uint64_t lines; /* of all directories together */
	uint64_t skip;  /* first drop this number of lines */
	const struct time_expression *since, *until; /* NULL: no bound */
	/*
	 * Lines of so many seconds before since are given, too; of a stream,
	 * which has to be read anyway, all.
	 */
	uint64_t back;
	bool on; /* lines after until are given, too, until source_narrow */
	enum label_kind labels; /* DJB, LEAP, or AUTO: of each directory */
	const char *cursor;     /* path of the position file, or NULL */
	/* Where to start, of a single directory without a cursor, or NULL. */
	const struct position *start;
	/* Called with each event, if not NULL (source_event.h). */
	void (*tell)(void *ctx, const struct source_notice *notice);
	/*
	 * Called before descriptor 0 or a pipe is read, if not NULL.  If it
	 * returns -1, that read fails with EINTR.
	 */
	int (*idle)(void *ctx);
	void *ctx; /* argument of both */
};

#endif
