/*
 * What the records and notes of a session tell: bytes each way, what has ended,
 * and the lines that were said (smtp_summary.h).
 */
#ifndef DIALOGUE_H
#define DIALOGUE_H

#include <stdbool.h>
#include <stdint.h>

#include "rlogsess/grouping/connection_line.h"
#include "rlogsess/grouping/smtp_summary.h"

enum { DIALOGUE_IN, DIALOGUE_OUT };

/* How far a line of one direction has come, in records that end in "+". */
struct dialogue_part {
	bool open;     /* something of the line is there */
	uint16_t len;  /* of text */
	uint64_t size; /* bytes of the line, however long */
	char text[SMTP_SUMMARY_LINE];
};

/* Zero-initialised is one in which nothing was said. */
struct dialogue {
	uint64_t bytes[2]; /* to the program, and from it */
	bool counted;      /* by recio's note, and not by the records */
	bool eof[2];       /* a direction has ended */
	bool any;          /* there was a record */
	bool noted_start;  /* recio's notes */
	bool noted_end;
	bool reset;    /* the connection went away, or was given up */
	uint64_t lost; /* records that recio could not write */
	struct smtp_summary talk;
	struct dialogue_part part[2];
};

/* Takes a record, or recio's note, of this session. */
void dialogue_take(struct dialogue *dialogue,
		   const struct connection_line *line);

/* Takes what another program has said to the client in its place. */
void dialogue_take_said(struct dialogue *dialogue, struct slice text);

/*
 * True if data of a direction that had ended comes, or recio begins again: then
 * another session has taken over the process ID.
 */
bool dialogue_is_another(const struct dialogue *dialogue,
			 const struct connection_line *line);

#endif
