/*
 * A client's side of a session: lines of commands, responses of an
 * authentication, and literals and messages between them. Lines are classified
 * when they are complete, by the grammars of the dialect, so that it makes no
 * difference how they are split.
 */
#ifndef CLIENT_H
#define CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recio/grammar.h"

struct client;

/* The result of a line, or of a part of it that ends with a literal. */
struct client_line {
	bool over;     /* the line is complete */
	bool response; /* of an authentication, so not a command */
	bool blank;    /* nothing stands in it */
	bool alone;    /* the command has no arguments, known or not */
	const struct grammar_command *command; /* NULL: not known */
	unsigned int args;
	uint64_t number, tag;
	struct line_literal literal;
};

/*
 * Takes a line, or a part of it up to a literal, and shows the parts that may
 * be shown. Returns how many bytes it took; 0: it must see more, of either
 * side.
 */
size_t client_line(struct client *client, const char *at, size_t len,
		   struct client_line *line);

/*
 * Returns true if these bytes, the next ones, are a hello of TLS or may become
 * one, and wait for the server's answer.
 */
bool client_holds_hello(struct client *client, const char *at, size_t len);

/* A command has begun an authentication. */
void client_authenticates(struct client *client);

/* The next line is a response, or the rest of the current one. */
void client_challenged(struct client *client);

/* The authentication is over, as far as is known. */
void client_answered(struct client *client);

/* Returns true from the beginning of an authentication to its answer. */
bool client_in_auth(const struct client *client);

/* A line that is not a known command is a secret, until one comes. */
void client_doubt_auth(struct client *client);

/* The rest of this line is a secret. */
void client_hide_rest(struct client *client);

/* The next byte begins a line, whatever came before. */
void client_begin_line(struct client *client);

/* Returns the number of commands without an answer. */
unsigned int client_owed(const struct client *client);

/* A command will have no answer of its own, or had it. */
void client_owe_less(struct client *client);

/*
 * The command with this tag has its answer: if it is the last one in a range of
 * octets that may be lines, they were lines.
 */
void client_tag_answered(struct client *client, uint64_t tag);

/*
 * The next size bytes are not lines, but all of this kind; after them the line
 * goes on. agreed: the server asked for them.
 */
void client_octets(struct client *client, uint64_t size, enum span_kind kind,
		   bool agreed);

/* Returns the number of octets that are still to come. */
uint64_t client_octets_left(const struct client *client);

/* Takes some of them. Returns how many; 0: it must see more. */
size_t client_take_octets(struct client *client, const char *at, size_t len);

/*
 * Returns true if these bytes of a line begin with a command's name, and are no
 * field of a message's header.
 */
bool client_is_command(const struct client *client, const char *at, size_t len);

/* Remembers commands in bytes that the server may take for lines. */
void client_look_for_commands(struct client *client, const char *at,
			      size_t len);

/* The server took the octets that it had to take. */
void client_octets_taken(struct client *client);

/* It refused earlier ones: names the commands in them. */
void client_octets_named(struct client *client);

/* It did not want them, or read another size. */
void client_octets_refused(struct client *client);

/*
 * Those that are left are lines after all, of which one may have begun an
 * authentication.
 */
void client_octets_are_lines(struct client *client);

/* The next size bytes may be octets or lines. */
void client_unsure(struct client *client, uint64_t size, bool secret);

/* It is known again that lines come. */
void client_sure(struct client *client);

/* No answer will decide about the next lines. */
void client_give_up(struct client *client);

/* The session is over: names commands of which it was never known. */
void client_finish(struct client *client);

#endif
