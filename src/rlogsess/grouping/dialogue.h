/*
 * The dialogue of a session, as its records and notes tell it: bytes in each
 * direction, directions that have ended, and a summary of the lines
 * (smtp_summary.h).
 */
#ifndef DIALOGUE_H
#define DIALOGUE_H

#include <stdbool.h>
#include <stdint.h>

#include "rlogsess/grouping/log_line.h"
#include "rlogsess/grouping/smtp_summary.h"

enum { DIALOGUE_IN, DIALOGUE_OUT };

enum { DIALOGUE_WORD = 64 }; /* room for a word of recio's note, with a NUL */

/* The beginning of a line whose records so far end in "+". */
struct dialogue_part {
	bool open;     /* the line has begun and has not ended */
	bool raw;      /* text is of a dump: it has no escapes */
	uint16_t len;  /* of text */
	uint64_t size; /* bytes of the line, with those that text has not */
	char text[SMTP_SUMMARY_LINE];
};

/* Zero-initialised is a dialogue without a word. */
struct dialogue {
	uint64_t bytes[2];   /* to the program, and from it */
	bool counted;        /* bytes are those of recio's note */
	bool eof[2];         /* a direction has ended */
	bool any;            /* it has a record */
	bool heard[2];       /* it has a record of this direction */
	bool dumped[2];      /* it has a dump of this direction */
	uint64_t records[2]; /* their number, with the ends of directions */
	bool noted;          /* it has a note */
	bool noted_start;    /* recio noted the start */
	bool noted_end;      /* recio noted the end */
	bool reset;          /* the connection was reset, or recio gave up */
	bool full;           /* recio -k has left out the rest */
	bool tls;            /* TLS began, and its bytes may be unseen */
	char tls_version[DIALOGUE_WORD], tls_cipher[DIALOGUE_WORD];
	uint64_t lost; /* records that are missing, or 1 for those of -k */
	struct smtp_summary talk;
	struct dialogue_part part[2];
};

/* Takes a record or a note of this session. */
void dialogue_take(struct dialogue *dialogue,
		   const struct connection_line *line);

/* Takes a reply that another program has given to the client. */
void dialogue_take_said(struct dialogue *dialogue, struct slice text);

/*
 * True if the line is data in a direction that had ended, a dump from offset 0
 * after a dump of the same direction, any record or note after recio's note of
 * the end, or recio's note of the start after any record or note: another
 * session has taken over the process ID.
 */
bool dialogue_is_another(const struct dialogue *dialogue,
			 const struct connection_line *line);

#endif
