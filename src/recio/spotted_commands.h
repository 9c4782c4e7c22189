/*
 * Finds names of commands that begin lines of a message or a literal. If the
 * server did not accept it as one, they were carried out, and the record has to
 * name them.
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

/* Scans bytes of a message or a literal. */
void spotted_commands_scan(struct spotted_commands *spotted,
			   const struct grammar *const *grammars,
			   const char *at, size_t len);

/* The octets are over: the next byte begins a line. */
void spotted_commands_end(struct spotted_commands *spotted,
			  const struct grammar *const *grammars);

/*
 * Scans the bytes after the octets up to the end of their line, which began in
 * the octets. Returns true if a command's name begins that line.
 */
bool spotted_commands_rest(struct spotted_commands *spotted,
			   const struct grammar *const *grammars,
			   const char *at, size_t len);

/* Forgets all of it. */
void spotted_commands_clear(struct spotted_commands *spotted);

/* Returns true if the next byte begins a line. */
bool spotted_commands_at_start(const struct spotted_commands *spotted);

/* Writes the names, in their order, and the number of further ones. */
void spotted_commands_text(const struct spotted_commands *spotted,
			   char text[SPOTTED_COMMANDS_TEXT]);

#endif
