/*
 * A summary of the lines of client and server: of SMTP the names, senders,
 * recipients, messages and replies; of SMTP, POP and IMAP whether the client
 * says goodbye.
 */
#ifndef SMTP_SUMMARY_H
#define SMTP_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rlogsess/grouping/login_names.h"
#include "rlogsess/grouping/string_list.h"

enum {
	SMTP_SUMMARY_LINE = 512,  /* bytes of a line that are read */
	SMTP_SUMMARY_REPLY = 256, /* of these, the ones of a reply to be kept */
	SMTP_SUMMARY_CODES = 600, /* codes are below */
	SMTP_SUMMARY_REFUSAL = 96, /* bytes of a reply of 4xx or 5xx */
};

/*
 * Zero-initialised is the summary of no lines.  The text of a refusal is the
 * last line of the reply, without what <> and [] enclose, since addresses would
 * make each a text of its own.
 */
struct smtp_summary {
	bool polite;       /* the client said QUIT or LOGOUT */
	bool expects_quit; /* the server's greeting expects that, */
	bool hides_quit; /* and would have, but for bytes that can't be read */
	bool asked_for_tls;
	bool in_data;      /* the next line is part of a message */
	bool greeted;      /* the server has said its first line */
	uint32_t messages; /* that the client sent */
	uint64_t message_bytes;
	uint64_t this_bytes; /* of the message that is being sent */
	uint64_t chunk_left; /* bytes until the end of a BDAT chunk */
	struct string_list helo, from, rcpt;
	struct string_list refusals; /* replies of 4xx and 5xx, each once */
	struct string_list refused;  /* senders that had them, each once */
	struct login_names login;
	uint16_t reply_len;
	char reply[SMTP_SUMMARY_REPLY]; /* the server's last line with text */
	uint32_t replies[5];            /* their number, of 1xx to 5xx */
	uint64_t
	    codes[SMTP_SUMMARY_CODES / 64 + 1]; /* bit N: reply N was given */
};

/* A line without its newline. */
struct smtp_summary_line {
	const char *text;
	size_t len;    /* of text, up to SMTP_SUMMARY_LINE */
	uint64_t size; /* bytes of the whole line, with the newline */
};

/* Takes a line of the client. */
void smtp_summary_in(struct smtp_summary *summary,
		     const struct smtp_summary_line *line);

/* Takes a line of the server. */
void smtp_summary_out(struct smtp_summary *summary,
		      const struct smtp_summary_line *line);

/*
 * Takes bytes of the client that belong to a BDAT chunk and need not be lines.
 * Returns false, and takes nothing, outside of a chunk.
 */
bool smtp_summary_chunk(struct smtp_summary *summary, uint64_t bytes);

/* Takes the size of a message that is not in the log; whole: it was sent. */
void smtp_summary_message(struct smtp_summary *summary, uint64_t bytes,
			  bool whole);

/* Says that lines are missing before the next one. */
void smtp_summary_gap(struct smtp_summary *summary);

/* Says that the following lines, a QUIT too, cannot be read. */
void smtp_summary_secret(struct smtp_summary *summary);

/* Says that the following lines can be read, although TLS protects them. */
void smtp_summary_inside(struct smtp_summary *summary);

/* Takes a text of another program, if it begins as a reply does. */
void smtp_summary_said(struct smtp_summary *summary, const char *text,
		       size_t len);

/* True if the server gave this reply. */
bool smtp_summary_replied(const struct smtp_summary *summary,
			  unsigned int code);

#endif
