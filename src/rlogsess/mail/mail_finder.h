/*
 * Finds the messages of a mail session in its bytes: those that a client sends
 * in SMTP and LMTP (DATA, BDAT), IMAP (APPEND) and NNTP (POST, IHAVE,
 * TAKETHIS), and those that a server sends in POP3 (RETR), IMAP (BODY[] and
 * RFC822 of FETCH) and NNTP (ARTICLE).  A message whose end was not sent, or
 * whose bytes are not all in the log, is dropped and counted.
 *
 * The protocols are files of their own, which a row of struct mail_protocol
 * describes; they are told lines, and say by the functions below what follows a
 * line.
 */
#ifndef MAIL_FINDER_H
#define MAIL_FINDER_H

#include "rlogsess/bytes/session_bytes.h"
#include "rlogsess/bytes/stream_line.h"
#include "rlogsess/mail/dotted_text.h"

enum {
	MAIL_SENDER = 256,
	MAIL_STATE = 512, /* bytes of a protocol's state */
};

/* The receiver of messages, one at a time. */
struct mail_events {
	void *ctx;
	/* A message begins; time is LINE_TIME_NONE if it is unknown. */
	void (*begin)(void *ctx, int64_t time);
	void (*bytes)(void *ctx, const char *text, size_t len);
	/* The message is whole; the sender is empty if it is unknown. */
	void (*whole)(void *ctx, const char *sender);
};

struct mail_finder;

/* A line of a client or server, without its newline and CR. */
struct mail_line {
	struct slice text; /* its first bytes (stream_line.h) */
	struct slice tail; /* text or, of a longer line, its last bytes */
};

struct mail_protocol {
	/* True if a server greets, or a client begins, with this line. */
	bool (*begins)(int direction, struct slice line);
	/* A line of either direction, outside of messages. */
	void (*line)(struct mail_finder *finder, int direction,
		     const struct mail_line *line);
	/* What mail_finder_expect_text or _octets announced is over. */
	void (*over)(struct mail_finder *finder, int direction);
	/*
	 * Takes the first line of a text that no answer has accepted, since the
	 * log has none, if it is a command; false if it is a line of the text.
	 * NULL: it always is.
	 */
	bool (*first)(struct mail_finder *finder, const struct mail_line *line);
};

extern const struct mail_protocol mail_protocol_smtp;
extern const struct mail_protocol mail_protocol_pop3;
extern const struct mail_protocol mail_protocol_nntp;
extern const struct mail_protocol mail_protocol_imap;

/* What the next bytes of a direction are. */
enum mail_mode {
	MAIL_LINES,
	MAIL_TEXT,   /* dotted text */
	MAIL_OCTETS, /* a number of octets */
	MAIL_OPAQUE, /* nothing that can be read: TLS, say */
};

struct mail_stream {
	enum mail_mode mode;
	bool kept;       /* TEXT, OCTETS: bytes of the message */
	bool begun;      /* TEXT: it has a byte */
	bool first;      /* TEXT: its first line is looked at */
	uint64_t octets; /* OCTETS: that are left */
	struct dotted_text dotted;
	struct stream_line line;
};

struct mail_finder {
	struct mail_events events;
	const struct mail_protocol *protocol; /* NULL while it is unknown */
	struct mail_stream stream[2];
	bool single;   /* the log has only one direction */
	bool open;     /* a message has begun */
	int direction; /* of the open message */
	bool doubtful; /* the open message may not be what was sent */
	int64_t time;  /* of the last part */
	char sender[MAIL_SENDER];
	uint64_t whole;      /* messages that were passed on */
	uint64_t unfinished; /* whose end was not sent */
	uint64_t left_out;   /* by recio -p */
	uint64_t unclear;    /* servers may disagree about them */
	bool opaque;         /* the session went on unreadably */
	bool lost_track;     /* the session had too many open commands */
	_Alignas(max_align_t) char state[MAIL_STATE];
};

/* Starts with the session's first byte. */
void mail_finder_init(struct mail_finder *finder,
		      const struct mail_events *events, bool single);

/* Takes the next part of the session. */
void mail_finder_take(struct mail_finder *finder,
		      const struct session_part *part);

/* Takes the end of the session. */
void mail_finder_finish(struct mail_finder *finder);

/* For protocols: */

/* Begins a message; one that is open is dropped as unfinished. */
void mail_finder_begin(struct mail_finder *finder, int direction);

/* Ends the open message, if there is one, which is whole. */
void mail_finder_end(struct mail_finder *finder);

/* Drops the open message, if there is one, as if it had never begun. */
void mail_finder_forget(struct mail_finder *finder);

/* Drops the open message, if there is one, as unfinished. */
void mail_finder_break(struct mail_finder *finder);

/* Says that the open message may not be what was sent. */
void mail_finder_doubt(struct mail_finder *finder);

/* Keeps the sender of the next message. */
void mail_finder_set_sender(struct mail_finder *finder, struct slice sender);

/* Dotted text follows in this direction; kept: it is of the message. */
void mail_finder_expect_text(struct mail_finder *finder, int direction,
			     bool kept);

/* n octets follow in this direction; kept: they are of the message. */
void mail_finder_expect_octets(struct mail_finder *finder, int direction,
			       uint64_t n, bool kept);

/* Lines follow in this direction, whatever was expected. */
void mail_finder_expect_lines(struct mail_finder *finder, int direction);

/* Nothing that can be read follows, in either direction. */
void mail_finder_give_up(struct mail_finder *finder);

/* The commands without an answer are too many to follow. */
void mail_finder_lose_track(struct mail_finder *finder);

/* True if the line is this word alone, or begins with it and a space. */
bool mail_finder_is_command(struct slice line, const char *word);

#endif
