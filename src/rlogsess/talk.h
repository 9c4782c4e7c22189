/*
 * What client and server say to each other, line by line: of SMTP the names,
 * senders, recipients, messages and replies, of SMTP, POP and IMAP whether they
 * part politely.
 */
#ifndef RLOGSESS_TALK_H
#define RLOGSESS_TALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "words.h"

/* As much of a line as is looked at; replies are below 600. */
enum { TALK_LINE = 256, TALK_CODES = 600 };

/* Zero-initialised is one in which nothing was said. */
struct talk {
	bool polite;       /* QUIT or LOGOUT was said */
	bool expects_quit; /* the server greeted as one that expects it */
	bool asked_for_tls;
	bool in_data;      /* what comes is a message */
	bool greeted;      /* the server has said its first line */
	uint32_t messages; /* that were sent */
	uint64_t message_bytes;
	uint64_t this_bytes; /* of the message that comes */
	uint64_t chunk_left; /* bytes of a BDAT chunk */
	struct words helo, from, rcpt;
	uint16_t reply_len;
	char reply[TALK_LINE]; /* the last line that the server said */
	uint64_t codes[TALK_CODES / 64 + 1]; /* bit N: reply N was given */
};

/* A line without its newline. */
struct talk_line {
	const char *text;
	size_t len; /* of text, which may be its beginning, up to TALK_LINE */
	uint64_t size; /* bytes of the whole line, with the newline */
};

/* Takes a line of the client, or of the server. */
void talk_in(struct talk *talk, const struct talk_line *line);
void talk_out(struct talk *talk, const struct talk_line *line);

/*
 * Takes so many bytes of the client if they belong to a BDAT chunk, which need
 * not be lines: true.
 */
bool talk_chunk(struct talk *talk, uint64_t bytes);

/* A message of so many bytes was sent, or, if not whole, the beginning of one.
 */
void talk_message(struct talk *talk, uint64_t bytes, bool whole);

/* What comes now can't be read, QUIT neither. */
void talk_secret(struct talk *talk);

/* Takes what the server said elsewhere, if it begins as a reply does. */
void talk_said(struct talk *talk, const char *text, size_t len);

/* True if this reply was given. */
bool talk_replied(const struct talk *talk, unsigned int code);

#endif
