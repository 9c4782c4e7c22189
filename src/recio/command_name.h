/* Finds names of commands, and tags before them, in a client's line. */
#ifndef COMMAND_NAME_H
#define COMMAND_NAME_H

#include <stdbool.h>
#include <stddef.h>

struct grammar_command {
	const char *verb; /* in upper case */
	unsigned int id;  /* for the dialect; 0: of no interest to it */
	const char *form; /* of its arguments; see grammar.h */
};

struct grammar {
	const struct grammar_command *plain; /* VERB ARGUMENT...; or NULL */
	const struct grammar_command
	    *tagged;  /* TAG VERB ARGUMENT...; or NULL */
	bool strings; /* "quoted" arguments and literals are known */
};

/* A word of a line, by offsets; empty at the end of the line. */
struct word {
	size_t from, to;
};

/* Returns the first word at or after from. */
struct word command_name_word(const char *at, size_t len, size_t from);

/* Returns the command with this name, or NULL. */
const struct grammar_command *
command_name_find(const struct grammar_command *table, const char *at,
		  size_t len);

/* Returns the command with a secret whose name begins the word, or NULL. */
const struct grammar_command *
command_name_find_run_in(const struct grammar_command *table, const char *at,
			 size_t len);

/*
 * Returns the command whose name begins the line, after its tag or any bytes
 * that are not letters, or NULL. The name is *from to *to.
 */
const struct grammar_command *
command_name_spot(const struct grammar *const *grammars, const char *at,
		  size_t len, size_t *from, size_t *to);

/* Returns true if the bytes may be a tag of IMAP. */
bool command_name_is_tag(const char *at, size_t len);

/* Returns true for the tags that clients count: a few letters, and digits. */
bool command_name_is_plain_tag(const char *at, size_t len);

/*
 * Returns true for letters of one case, except the first one: commands are
 * written so, and base64 hardly ever is.
 */
bool command_name_is_plain(const char *at, size_t len);

#endif
