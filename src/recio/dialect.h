/*
 * A dialect knows one protocol: it is shown the bytes of both directions and
 * says of each what it is.  One file a dialect; protocol_session.c runs them,
 * and gives them the functions below.
 */
#ifndef DIALECT_H
#define DIALECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recio/client.h"
#include "recio/fetch.h"
#include "recio/grammar.h"
#include "recio/line_lexer.h"
#include "recio/pending_replies.h"
#include "relay/relay.h"

struct protocol_session;

struct dialect {
	const char *name;
	/* What the client can say; NULL ends them. */
	const struct grammar *const *grammars;
	bool strings; /* the server sends "quoted" words and literals */
	/* May be NULL: the state is all zero. */
	void (*begin)(struct protocol_session *p);
	/*
	 * Takes some of these bytes, at least one, and gives them to
	 * session_emit; octets that session_expect_octets announced never come
	 * here. Returns after each event that may change what is known of the
	 * other direction, the end of a line at the latest.  client may return
	 * 0: it must see more, of either side, first.
	 */
	size_t (*client)(struct protocol_session *p, const char *at,
			 size_t len);
	size_t (*server)(struct protocol_session *p, const char *at,
			 size_t len);
	/* client returned 0, but must take something now. */
	void (*give_up)(struct protocol_session *p);
};

extern const struct dialect dialect_smtp, dialect_lmtp, dialect_pop3,
    dialect_imap, dialect_sieve, dialect_any, dialect_auto;

/* What clients say in each; for those of unknown protocols. */
extern const struct grammar grammar_smtp, grammar_pop3, grammar_imap,
    grammar_sieve;

/* The server's last line, of which the beginning tells what it means. */
struct status_line {
	bool ended;     /* it is complete: the next byte begins one */
	size_t len;     /* without LF */
	char start[16]; /* zero where it is shorter */
	bool cr;        /* its last byte is CR */
};

struct smtp {
	bool lmtp;
	int state;
	unsigned int accepted; /* recipients, for LMTP */
	bool doubtful;         /* what may have been the message's end passed */
	bool assumed;          /* that a message comes, and no 354 was there */
	bool greeted;
	bool chunking; /* the server said that it knows BDAT */
	struct status_line line;
	struct pending_replies queue;
};

struct pop3 {
	int state, answer; /* of the client's side, of the server's */
	bool bare;         /* the server ends lines with a bare LF */
	struct status_line line;
	struct pending_replies queue;
};

struct imap {
	int state;
	uint64_t tag;  /* of the command whose answer decides something */
	bool untagged; /* a challenge came without one */
	bool idle;
	bool idle_asks; /* the next + is IDLE's */
	bool idle_done; /* the client said DONE */
	uint64_t idle_tag;
	struct line_literal literal; /* the client's last one, */
	uint64_t literal_tag;        /* and its command */
	bool unasked;      /* it was sent before the server wanted it */
	unsigned int owed; /* answers, before that to COMPRESS */
	struct fetch fetch;
};

struct sieve {
	bool secured; /* STARTTLS, no answer yet */
	struct pending_replies queue;
};

enum { AUTO_CLIENT = 1024, AUTO_SERVER = 64 };

struct undecided {
	size_t client_len, server_len;
	char client[AUTO_CLIENT], server[AUTO_SERVER];
};

union dialect_state {
	struct smtp smtp;
	struct pop3 pop3;
	struct imap imap;
	struct sieve sieve;
	struct undecided undecided;
};

/* These bytes are of this kind. */
void session_emit(struct protocol_session *p, enum relay_dir dir,
		  enum span_kind kind, const char *at, size_t len);

/* Takes and shows bytes of the server's line, in p->command[RELAY_OUT]. */
size_t session_line(struct protocol_session *p, const char *at, size_t len);

/* Takes and shows bytes of the server up to the end of a line. */
size_t session_status(struct protocol_session *p, struct status_line *line,
		      const char *at, size_t len);

/*
 * True if the client's next bytes, where a line begins, may be a handshake,
 * which the server's answer must tell.
 */
bool session_may_be_hello(struct protocol_session *p, const char *at,
			  size_t len);

/* The same as session_line with a judge of one's own, who is asked for each
 * byte in turn. */
typedef enum span_kind session_classify(struct protocol_session *p, char byte);
size_t session_line_by(struct protocol_session *p, const char *at, size_t len,
		       session_classify *judge);

/*
 * The next size bytes of this direction are no lines, and all of this kind.
 * Behind them the line goes on.  For the client's there is client_octets.
 */
void session_expect_octets(struct protocol_session *p, enum relay_dir dir,
			   uint64_t size, enum span_kind kind);

/* Takes some of them; what they are is known.  For who runs the dialects. */
size_t session_take_octets(struct protocol_session *p, enum relay_dir dir,
			   const char *at, size_t len);

/*
 * For a judge: this byte of the line is content, as in a quoted string, or is
 * not, and then what was content is over.  Result: is_content.
 */
bool session_emit_quoted(struct protocol_session *p, char byte,
			 bool is_content);

/* Shows how many bytes were hidden, if the last ones were. */
void session_show_hidden(struct protocol_session *p, enum relay_dir dir);

/* The content of this direction is over; whole: it came to its end. */
void session_end_message(struct protocol_session *p, enum relay_dir dir,
			 bool whole);

/* Both sides agreed on TLS, which the client now begins. */
void session_allow_tls(struct protocol_session *p);

/*
 * Another dialect takes over, and is shown what was seen of both sides, the
 * client's first, which is not given out again.
 */
void session_become(struct protocol_session *p, const struct dialect *dialect);

/* Nothing more can be shown, for the reason that the note tells. */
void session_make_opaque(struct protocol_session *p, const char *note);

#endif
