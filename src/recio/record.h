/*
 * Records (records.5): one line of at most RECORD_MAX bytes for each line or
 * packet that went through a session.
 *
 *   record  = [label SP] pid SP dir SP payload NL
 *   dir     = "<" to the program | ">" from the program
 *   payload = bytes SP   a newline followed | bytes "+"   none did | "[EOF]"
 *           | offset 2SP hex bytes 2SP "|" text "|"   of a hex dump
 *   note    = [label SP] pid SP ":" SP text NL
 */
#ifndef RECORD_H
#define RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/types.h>

#include "base/label.h"

enum { RECORD_MAX = 4096 }; /* PIPE_BUF on Linux: written in one piece */

/* Label, the pid of any process, a direction, three spaces; rounded up. */
enum { RECORD_HEAD_MAX = 64 };

enum { RECORD_DUMP = 16 }; /* bytes of a dump in one record */

/* How the records of one session look. */
struct record_form {
	size_t width;  /* at most this many bytes of the stream a record */
	bool raw;      /* payload as it is, not escaped */
	bool dump;     /* payload as a hex dump, which raw does not change */
	bool labelled; /* set by record_form_init */
	size_t head_len;
	char head[RECORD_HEAD_MAX]; /* the beginning of all records */
};

/* Bytes that are still to be recorded. */
struct record_span {
	const char *at;
	size_t len;
	uint64_t offset; /* of at, in all that went in this direction */
};

/* Its first n bytes are done. */
void record_skip(struct record_span *span, size_t n);

/*
 * Records of process pid, with room for a label or without; as long as fits
 * and safe to print unless the caller changes width or raw.
 */
void record_form_init(struct record_form *form, pid_t pid, bool labelled);

/* The label of the next records, if the form has room for one. */
void record_form_label(struct record_form *form, const struct tain_s *label);

/*
 * These write one record to out, which has RECORD_MAX bytes, and return its
 * length.
 */

/*
 * The beginning of *span, which is not empty, as it went in direction dir, '<'
 * or '>'.  What the record holds, a newline included, is taken off *span.  A
 * dump looks like that of hexdump -C, and newlines do not end its records.
 */
size_t record_data(const struct record_form *form, char *out, char dir,
		   struct record_span *span);

/* Direction dir ended. */
size_t record_eof(const struct record_form *form, char *out, char dir);

/* A note; text is escaped, and cut where it does not fit. */
size_t record_note(const struct record_form *form, char *out, const char *text);

#endif
