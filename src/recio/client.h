/*
 * What a client says: lines of commands, responses of an authentication, and
 * literals and messages between them.  Lines are judged when they are complete,
 * by the grammars of the dialect, so that it makes no difference how they are
 * split.
 *
 * A size that is announced is one that the server may read differently, or
 * refuse.  Until it has taken what was announced, the names of commands that
 * begin a line in it are remembered; once it has refused it, what is still to
 * come is counted, and its commands are shown, without arguments.
 */
#ifndef CLIENT_H
#define CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recio/grammar.h"
#include "recio/hidden_text.h"
#include "recio/spotted_commands.h"

struct protocol_session;

/* What follows from a line, or from a part of it that ends with a literal. */
struct client_line {
	bool over;     /* the line is complete */
	bool response; /* of an authentication, so no command */
	bool blank;    /* nothing stands in it */
	bool alone;    /* the command has no arguments, known or not */
	const struct grammar_command *command; /* NULL: not known */
	unsigned int args;
	uint64_t number, tag;
	struct line_literal literal;
};

/* Where the client is in an authentication. */
enum client_auth {
	CLIENT_COMMANDS, /* in none */
	CLIENT_WAITS,    /* the answer tells whether a response comes */
	CLIENT_RESPONDS, /* one response comes: a secret */
	CLIENT_BLIND,    /* it does not wait: all may be responses */
};

struct client {
	const struct grammar *const *grammars;
	struct grammar_state state;
	struct spotted_commands spotted;
	enum client_auth auth;
	/*
	 * After an authentication its responses may still come, or the answer
	 * was another one's: a line that is no known command is a secret, until
	 * one comes.
	 */
	bool after_auth;
	bool cut_response;  /* a response is not complete, and auth is over */
	bool doubtful_rest; /* what comes is the rest of such a line */
	/* For the server a line may begin in the octets, or right after. */
	bool cut_octets;
	bool rest; /* the rest of a line comes; what it is: */
	enum span_kind rest_kind;
	struct client_line line; /* to which that rest belongs */
	/*
	 * So many bytes may be a literal, or lines.  One line more is looked at
	 * in this way, which the literal may have begun.
	 */
	bool unsure, last_unsure, unsure_secret;
	uint64_t unsure_bytes;
	uint64_t unsure_tag; /* of the last command in them */
	unsigned int owed;   /* commands that have no answer, for who counts */
	bool ended;          /* no more will come */
	bool octets_agreed;  /* the server asked for what comes */
	bool partial;        /* what is held only waits for more of it */
};

/*
 * Takes a line, or a part of it up to a literal, and shows what may be shown of
 * it.  Returns how many bytes it took; 0: it must see more, of either side.
 */
size_t client_line(struct protocol_session *p, const char *at, size_t len,
		   struct client_line *line);

/* A command has begun an authentication. */
void client_authenticates(struct protocol_session *p);

/* A response comes, or the rest of what has begun is one. */
void client_challenged(struct protocol_session *p);

/* The authentication is over, for all we know. */
void client_answered(struct protocol_session *p);

/* What is left of this line is a secret. */
void client_hide_rest(struct protocol_session *p);

/*
 * The next size bytes are no lines, but all of this kind; behind them the line
 * goes on.  agreed: the server asked for them.
 */
void client_octets(struct protocol_session *p, uint64_t size,
		   enum span_kind kind, bool agreed);

/* Takes some of them, or 0: it must see more. */
size_t client_take_octets(struct protocol_session *p, const char *at,
			  size_t len);

/* Octets that are not agreed on: the server may take them for lines. */
void client_look_for_commands(struct protocol_session *p, const char *at,
			      size_t len);

/* The server took those octets that it had to take. */
void client_octets_taken(struct protocol_session *p);

/* It refused earlier ones: names the commands in them. */
void client_octets_named(struct protocol_session *p);

/* It did not want them, or read another size. */
void client_octets_refused(struct protocol_session *p);

/*
 * Those that are left are lines after all, of which one may have begun an
 * authentication.
 */
void client_octets_are_lines(struct protocol_session *p);

/* So many bytes may be octets or lines. */
void client_unsure(struct protocol_session *p, uint64_t size, bool secret);

/* It is known again that lines come. */
void client_sure(struct protocol_session *p);

/* No answer will tell what comes. */
void client_give_up(struct protocol_session *p);

/* Adds what would be hidden of these lines. */
void client_remember_lines(const struct client *c, struct hidden_text *h,
			   const char *at, size_t left);

/* The session is over: names commands of which it was never known. */
void client_finish(struct protocol_session *p);

#endif
