/*
 * What client and server say to each other, line by line: of SMTP the names,
 * senders, recipients, messages and replies, of SMTP, POP and IMAP whether they
 * part politely.
 */
#ifndef SMTP_SUMMARY_H
#define SMTP_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rlogsess/grouping/string_list.h"

/* As much of a line as is looked at; replies are below 600. */
enum { SMTP_SUMMARY_LINE = 256, SMTP_SUMMARY_CODES = 600 };

/* Zero-initialised is one in which nothing was said. */
struct smtp_summary {
	bool polite;       /* QUIT or LOGOUT was said */
	bool expects_quit; /* the server greeted as one that expects it */
	bool asked_for_tls;
	bool in_data;      /* what comes is a message */
	bool greeted;      /* the server has said its first line */
	uint32_t messages; /* that were sent */
	uint64_t message_bytes;
	uint64_t this_bytes; /* of the message that comes */
	uint64_t chunk_left; /* bytes of a BDAT chunk */
	struct string_list helo, from, rcpt;
	uint16_t reply_len;
	char reply[SMTP_SUMMARY_LINE]; /* the last line that the server said */
	uint64_t
	    codes[SMTP_SUMMARY_CODES / 64 + 1]; /* bit N: reply N was given */
};

/* A line without its newline. */
struct smtp_summary_line {
	const char *text;
	size_t len;    /* of text, which may be its beginning, up to
			  SMTP_SUMMARY_LINE */
	uint64_t size; /* bytes of the whole line, with the newline */
};

/* Takes a line of the client, or of the server. */
void smtp_summary_in(struct smtp_summary *talk,
		     const struct smtp_summary_line *line);
void smtp_summary_out(struct smtp_summary *talk,
		      const struct smtp_summary_line *line);

/*
 * Takes so many bytes of the client if they belong to a BDAT chunk, which need
 * not be lines: true.
 */
bool smtp_summary_chunk(struct smtp_summary *talk, uint64_t bytes);

/* A message of so many bytes was sent, or, if not whole, the beginning of one.
 */
void smtp_summary_message(struct smtp_summary *talk, uint64_t bytes,
			  bool whole);

/* What comes now can't be read, QUIT neither. */
void smtp_summary_secret(struct smtp_summary *talk);

/* Takes what the server said elsewhere, if it begins as a reply does. */
void smtp_summary_said(struct smtp_summary *talk, const char *text, size_t len);

/* True if this reply was given. */
bool smtp_summary_replied(const struct smtp_summary *talk, unsigned int code);

#endif
