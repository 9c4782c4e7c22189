/*
 * The line of a log that a JSON object of rlogship stands for (rlogship.1,
 * Lines): the stored bytes, label and mark of a record included.  An object may
 * be a stranger's: one that rlogship would not write is refused.
 */
#ifndef LINE_RESTORE_H
#define LINE_RESTORE_H

#include <stdbool.h>
#include <stddef.h>

enum line_restore_kind {
	LINE_RESTORE_LINE,    /* a line, or a piece of a long one */
	LINE_RESTORE_MISSING, /* lines were lost before they were sent */
};

struct restored_line {
	enum line_restore_kind kind;
	/* A line: its bytes without the newline, and no newline in them. */
	const char *text;
	size_t len;
	bool rest; /* the text continues the line of the object before */
	bool cut;  /* the line does not end with this text */
	/* Slices of the object; of absent members the length is 0. */
	const char *host, *name, *id;
	size_t host_len, name_len, id_len;
	/* Missing lines: labels of the lines around the gap, or length 0. */
	const char *after, *before;
	size_t after_len, before_len;
};

/*
 * Restores the line of the object that is the len bytes at json, without a
 * newline after it.  out, which has room for len bytes, gets the line's text.
 * Returns false if the object is malformed.
 */
bool line_restore(struct restored_line *line, char *out, const char *json,
		  size_t len);

#endif
