/*
 * A dialect reads one protocol: it is given the bytes of both directions and
 * classifies each, by the verbs of session_handle.h. Each has one file in this
 * folder and one row in DIALECTS.
 */
#ifndef DIALECT_H
#define DIALECT_H

#include <stdbool.h>
#include <stddef.h>

#include "recio/grammar.h"
#include "recio/line_lexer.h"
#include "recio/session_handle.h"

struct dialect {
	const char *name;
	/*
	 * Returns true if a server's first line is of this protocol; it may be
	 * incomplete. NULL: auto never chooses this dialect.
	 */
	bool (*greeting_matches)(const struct line_lexer *line);
	/* Of its state, at most DIALECT_STATE; all zero at the beginning. */
	size_t state_size;
	/* The commands of clients. NULL: those of all protocols. */
	const struct grammar *rules;
	bool strings; /* the server sends "quoted" words and literals */
	/* Prepares the state; may be NULL. */
	void (*begin)(struct protocol_session *session);
	/*
	 * Changes a state that was just prepared: the server does not greet,
	 * since TLS has begun after a command. NULL: it greets again, or there
	 * is nothing to change.
	 */
	void (*skip_greeting)(struct protocol_session *session);
	/*
	 * Takes some of these bytes, at least one, and emits them; expected
	 * octets are not given to it. Returns after each event that may change
	 * the reading of the other direction, at the end of a line at the
	 * latest. client may return 0: it must see more, of either side, first.
	 */
	size_t (*client)(struct protocol_session *session, const char *at,
			 size_t len);
	size_t (*server)(struct protocol_session *session, const char *at,
			 size_t len);
	/*
	 * Returns true if the bytes of this direction are those of a message
	 * that ends with a dot's line and is only counted, whatever they are.
	 * NULL: never.
	 */
	bool (*counts)(const struct protocol_session *session,
		       enum relay_dir dir);
	/* client returned 0, but must take something now. */
	void (*give_up)(struct protocol_session *session);
};

/*
 * A row for each dialect but auto, in the order of names in messages. A command
 * of unknown protocol is looked up in this order; IMAP is last, since its tags
 * can be any word. A greeting is matched in the opposite order.
 */
#define DIALECTS(ROW) \
	ROW(smtp)     \
	ROW(lmtp)     \
	ROW(pop3)     \
	ROW(nntp)     \
	ROW(sieve)    \
	ROW(imap)

#define DIALECT_NAME(name) #name ", "
#define DIALECT_COUNT(name) +1
#define DIALECT_DECLARATION(name) extern const struct dialect dialect_##name;

#define DIALECT_NAMES DIALECTS(DIALECT_NAME) "or auto"

enum {
	DIALECT_STATE = 2560,
	DIALECT_GRAMMARS = DIALECTS(DIALECT_COUNT) + 1 /* NULL ends them */
};

DIALECTS(DIALECT_DECLARATION)
/* Finds out the protocol; knows none, and hides the secrets of all. */
extern const struct dialect dialect_auto, dialect_any;
/* Hides nothing, for a session of which only TLS has to be found. */
extern const struct dialect dialect_plain;

/* Returns the dialect of this name, or NULL. */
const struct dialect *dialect_named(const char *name);

/* Returns the dialect whose greeting this line of a server is, or any. */
const struct dialect *dialect_greeted(const struct line_lexer *line);

/* Lists the grammars of a dialect's clients. */
void dialect_list_grammars(const struct dialect *dialect,
			   const struct grammar *list[DIALECT_GRAMMARS]);

#endif
