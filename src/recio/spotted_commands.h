/*
 * Commands in what is taken for a message or a literal: which names stand where
 * its lines begin.  If the server did not take it so, they were carried out,
 * and the record has to name them.
 */
#ifndef SPOTTED_COMMANDS_H
#define SPOTTED_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recio/grammar.h"

enum {
	SPOTTED_COMMANDS_MAX = 48,
	SPOTTED_COMMANDS_LOOK = 512,
	SPOTTED_COMMANDS_TEXT = 900,
	SPOTTED_COMMANDS_PAIRS = 11
};

struct spotted_commands {
	uint64_t count; /* of commands seen; the first of them: */
	const char *name[SPOTTED_COMMANDS_MAX];
	size_t len; /* of the line's beginning: */
	char start[SPOTTED_COMMANDS_LOOK];
	bool past; /* the beginning is looked at, */
	bool hit;  /* and is the name of a command */
	/* How names begin: a bit for each two letters, once they are known. */
	bool known;
	uint64_t pairs[SPOTTED_COMMANDS_PAIRS];
};

/* Looks at these bytes of a message or a literal. */
void spotted_commands_scan(struct spotted_commands *v,
			   const struct grammar *const *grammars,
			   const char *at, size_t len);

/* They are over: what comes next begins a line. */
void spotted_commands_end(struct spotted_commands *v,
			  const struct grammar *const *grammars);

/*
 * The same for what comes behind them, to the end of its line.  True if a
 * command's name begins that line, which began in the octets.
 */
bool spotted_commands_rest(struct spotted_commands *v,
			   const struct grammar *const *grammars,
			   const char *at, size_t len);

/* Forgets all of it. */
void spotted_commands_clear(struct spotted_commands *v);

/* True if the next byte begins a line. */
bool spotted_commands_at_start(const struct spotted_commands *v);

/* Writes the names, in their order, and how many more there were. */
void spotted_commands_text(const struct spotted_commands *v,
			   char text[SPOTTED_COMMANDS_TEXT]);

#endif
