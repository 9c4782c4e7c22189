/*
 * Finds names of commands in a client's line. Blanks separate words; control
 * bytes below SPACE are blanks here, as they are for some servers.  DEL is a
 * blank for none: for Dovecot it is a part of a tag.
 * Tested by tests/unit/recio/spotted_commands.c and grammar.c.
 */
#include "recio/command_name.h"

#include <string.h>

#include "recio/argument_form.h"

enum { VERB_MAX = 24, TAG_MAX = 40 };

static bool is_separator(char byte)
{
	return (unsigned char)byte <= ' ';
}

struct word command_name_word(const char *at, size_t len, size_t from)
{
	struct word w;

	while (from < len && is_separator(at[from]))
		from++;
	w.from = w.to = from;
	while (w.to < len && !is_separator(at[w.to]))
		w.to++;
	return w;
}

const struct grammar_command *
command_name_find(const struct grammar_command *table, const char *at,
		  size_t len)
{
	for (; table && table->verb; table++)
		if (len && argument_form_upper(*at) == *table->verb &&
		    argument_form_is(at, len, table->verb))
			return table;
	return NULL;
}

const struct grammar_command *
command_name_find_run_in(const struct grammar_command *table, const char *at,
			 size_t len)
{
	size_t verb;

	for (; table && table->verb; table++) {
		if (!len || argument_form_upper(*at) != *table->verb)
			continue;
		verb = strlen(table->verb);
		if (strchr(table->form, 'x') && len > verb &&
		    argument_form_is(at, verb, table->verb))
			return table;
	}
	return NULL;
}

bool command_name_is_tag(const char *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((at[i] & 0x80) || strchr("(){}\"%*\\+", at[i]))
			return false;
	return len > 0 && len <= TAG_MAX;
}

bool command_name_is_plain_tag(const char *at, size_t len)
{
	size_t n = 0, letters;

	while (n < len && argument_form_letter(at[n]))
		n++;
	letters = n;
	while (n < len && (argument_form_digit(at[n]) || at[n] == '.'))
		n++;
	return n == len && letters <= 5 && n - letters <= 9 &&
	       (n > letters || n == 1);
}

bool command_name_is_plain(const char *at, size_t len)
{
	bool upper = len > 1 && at[1] == argument_form_upper(at[1]);

	for (size_t i = 0; i < len; i++)
		if (!argument_form_letter(at[i]) ||
		    (i && (at[i] == argument_form_upper(at[i])) != upper) ||
		    (!i && upper && at[i] != argument_form_upper(at[i])))
			return false;
	return len > 0 && len <= VERB_MAX;
}

/* Finds a name among the letters of this word. */
static const struct grammar_command *
spot_word(const struct grammar_command *table, const char *at, struct word w,
	  size_t *from, size_t *to)
{
	const struct grammar_command *found;

	while (w.from < w.to && !argument_form_letter(at[w.from]))
		w.from++;
	for (*from = *to = w.from; *to < w.to && argument_form_letter(at[*to]);)
		++*to;
	found = command_name_find(table, at + *from, *to - *from);
	if (!found &&
	    (found = command_name_find_run_in(table, at + *from, *to - *from)))
		*to = *from + strlen(found->verb);
	return found;
}

static bool has_letter(const char *at, struct word w)
{
	while (w.from < w.to && !argument_form_letter(at[w.from]))
		w.from++;
	return w.from < w.to;
}

const struct grammar_command *
command_name_spot(const struct grammar *const *grammars, const char *at,
		  size_t len, size_t *from, size_t *to)
{
	const struct grammar_command *found = NULL;
	struct word first, second;

	first = command_name_word(at, len, 0);
	second = command_name_word(at, len, first.to);
	for (; !found && *grammars; grammars++) {
		found = spot_word((*grammars)->tagged, at, second, from, to);
		if (!found)
			found =
			    spot_word((*grammars)->tagged, at, first, from, to);
		if (!found)
			found =
			    spot_word((*grammars)->plain, at, first, from, to);
		/* Bytes that are not letters may be a word of their own. */
		if (!found && !has_letter(at, first))
			found =
			    spot_word((*grammars)->plain, at, second, from, to);
	}
	return found;
}
