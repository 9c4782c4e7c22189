/*
 * What was said in a session, as its records and notes tell it: bytes each way,
 * and of SMTP the names, senders, recipients, messages and replies.
 */
#ifndef RLOGSESS_DIALOGUE_H
#define RLOGSESS_DIALOGUE_H

#include <stdbool.h>
#include <stdint.h>

#include "line.h"
#include "words.h"

enum { DIALOGUE_PART = 256, DIALOGUE_CODES = 600 };

enum { DIALOGUE_IN, DIALOGUE_OUT };

/* How far a line of one direction has come, in records that end in "+". */
struct dialogue_part {
	bool open;     /* something of the line is there */
	uint16_t len;  /* of text */
	uint64_t size; /* bytes of the line, however long */
	char text[DIALOGUE_PART];
};

/* Zero-initialised is one in which nothing was said. */
struct dialogue {
	uint64_t bytes[2]; /* to the program, and from it */
	bool counted;      /* by recio's note, and not by the records */
	bool eof[2];       /* a direction has ended */
	bool any;          /* there was a record */
	bool noted_start;  /* recio's notes */
	bool noted_end;
	bool reset;        /* the connection went away, or was given up */
	bool polite;       /* QUIT or LOGOUT was said */
	bool expects_quit; /* the server greeted as one that expects it */
	bool asked_for_tls;
	bool in_data;      /* what comes is a message */
	bool greeted;      /* the server has said its first line */
	uint32_t messages; /* that were sent */
	uint64_t message_bytes;
	uint64_t this_bytes; /* of the message that comes */
	uint64_t chunk_left; /* bytes of a BDAT chunk */
	uint64_t lost;       /* records that recio could not write */
	struct words helo, from, rcpt;
	uint16_t reply_len;
	char reply[DIALOGUE_PART]; /* the last line that the server said */
	uint64_t codes[DIALOGUE_CODES / 64 + 1]; /* bit N: reply N was given */
	struct dialogue_part part[2];
};

/* Takes a record, or recio's note, of this session. */
void dialogue_take(struct dialogue *dialogue, const struct line *line);

/* Takes what a program said with its pid, if it begins as a reply does. */
void dialogue_said(struct dialogue *dialogue, const char *text, size_t len);

/* True if this reply was given. */
bool dialogue_replied(const struct dialogue *dialogue, unsigned int code);

/*
 * True if data of a direction that had ended comes, or recio begins again: then
 * another session has taken over the process ID.
 */
bool dialogue_is_another(const struct dialogue *dialogue,
			 const struct line *line);

#endif
