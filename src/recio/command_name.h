/*
 * The tables of commands that clients say, and where in a line a command's name
 * stands.
 */
#ifndef COMMAND_NAME_H
#define COMMAND_NAME_H

#include <stdbool.h>
#include <stddef.h>

struct grammar_command {
	const char *verb; /* in upper case */
	unsigned int id;  /* for the dialect; 0: nothing follows from it */
	const char *form; /* of its arguments; see grammar.h */
};

struct grammar {
	const struct grammar_command *plain; /* VERB ARGUMENT...; or NULL */
	const struct grammar_command
	    *tagged;  /* TAG VERB ARGUMENT...; or NULL */
	bool strings; /* "quoted" arguments and literals are known */
};

/* A word of a line, by offsets; none is left if both are the same. */
struct word {
	size_t from, to;
};

struct word command_name_word(const char *at, size_t len, size_t from);

/* The command whose name these bytes are, or NULL. */
const struct grammar_command *
command_name_find(const struct grammar_command *table, const char *at,
		  size_t len);

/* A command with a secret whose name runs into something, as in PASSsecret. */
const struct grammar_command *
command_name_find_run_in(const struct grammar_command *table, const char *at,
			 size_t len);

/*
 * The command whose name stands where a line begins, whatever it may be that
 * stands in front of it; its place is *from to *to.  Or NULL.
 */
const struct grammar_command *
command_name_spot(const struct grammar *const *grammars, const char *at,
		  size_t len, size_t *from, size_t *to);

bool command_name_is_tag(const char *at, size_t len);

/* As clients count them: a letter, or a few letters, and digits or dots. */
bool command_name_is_plain_tag(const char *at, size_t len);

/*
 * Letters in one case, the first one aside, as commands are written: base64
 * hardly ever looks so.
 */
bool command_name_is_plain(const char *at, size_t len);

#endif
