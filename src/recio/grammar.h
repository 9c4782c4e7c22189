/*
 * Judges a client's lines by a table of known commands, with a form for each of
 * their arguments. Text that no form allows is hidden, so that a secret is
 * shown only if it fits the form of an argument of a known command.
 *
 * A dialect gives a table, in which each command has a string of letters, one
 * for each argument; the argument after the last letter is hidden:
 *
 *   d domain or address     F FROM:<path>       M mechanism
 *   u user, or other word   T TO:<path>         x secret, to the end
 *   w word of letters       P KEY=VALUE of MAIL and RCPT, any number
 *   n number                A NAME=VALUE of XCLIENT, any number
 *   s sequence set          m word or string    l list in parentheses
 *   g words, strings and lists, to the end
 *   i the same, for ID: names that are known, and their values
 *   h the same, hidden
 *   C the same, for APPEND: literals are messages
 *   c a string that is a script
 *   p kind of PROXY             a numeric address
 *   U another command
 *   I <message-id>, or numbers of articles    N newsgroups, or a pattern
 *
 * A question mark after a letter makes the argument optional.
 */
#ifndef GRAMMAR_H
#define GRAMMAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recio/command_name.h"
#include "recio/line_literal.h"

/* A client's line, if it is longer, is judged in pieces of this size. */
enum { GRAMMAR_LINE = 8192 };

/* The kind of a line's hidden end. */
enum grammar_rest {
	GRAMMAR_ALL,    /* the whole line is shown */
	GRAMMAR_SECRET, /* a known secret */
	GRAMMAR_HIDDEN, /* unknown text */
};

/* The progress in a command; all zero at its beginning. */
struct grammar_state {
	bool inside;                           /* a literal interrupted it */
	bool strings;                          /* it can have literals */
	const struct grammar_command *command; /* NULL: not known */
	const char *form;                      /* of the arguments to come */
	enum grammar_rest
	    rest;          /* kind of those arguments, whatever their form */
	unsigned int args; /* those that fitted */
	uint64_t number;   /* the last n */
	uint64_t tag;      /* a hash of the first word as it is */
};

/* The parts of a line, by offsets in it. */
struct grammar_line {
	size_t from, to;                 /* the part that is shown */
	size_t content_from, content_to; /* a message within it */
	size_t end; /* of the line; rest is the kind of to ... end */
	enum grammar_rest rest;
	struct line_literal literal;
};

/* The ways to judge a line. */
enum grammar_look {
	GRAMMAR_WHOLE,    /* a complete line */
	GRAMMAR_CUT,      /* the end is missing */
	GRAMMAR_VERBS,    /* whole, and no arguments may be shown */
	GRAMMAR_GLUED,    /* the same; the bytes before may belong to it */
	GRAMMAR_DOUBT,    /* whole, and a secret if it is not known */
	GRAMMAR_RESPONSE, /* a secret, but for the name of a command */
};

/*
 * Returns the length of the line at at with its newline, or 0 if that is not
 * among the first GRAMMAR_LINE bytes.
 */
size_t grammar_line_length(const char *at, size_t len);

/*
 * Judges a line, with its newline or without, or the part of it that follows a
 * literal. grammars ends with NULL; the first that knows the command decides.
 */
struct grammar_line grammar_judge(const struct grammar *const *grammars,
				  struct grammar_state *state,
				  enum grammar_look look, const char *at,
				  size_t len);

/* Returns true if an argument of this command is a secret. */
bool grammar_has_secret(const struct grammar_command *command);

/* Returns true if this command begins an authentication. */
bool grammar_authenticates(const struct grammar_command *command);

#endif
