/*
 * The table of dialects. The rows of DIALECTS are the only place that lists
 * them: names for messages, the greetings that auto tells apart and the
 * commands of unknown protocols all follow from it.
 * Tested by tests/unit/recio/auto.c.
 */
#include <string.h>

#include "recio/dialect/dialect.h"

#define ADDRESS(name) &dialect_##name,

static const struct dialect *const dialects[] = {DIALECTS(ADDRESS)};

enum { DIALECT_ROWS = sizeof dialects / sizeof *dialects };

const struct dialect *dialect_named(const char *name)
{
	for (size_t i = 0; i < DIALECT_ROWS; i++)
		if (strcmp(dialects[i]->name, name) == 0)
			return dialects[i];
	return strcmp(dialect_auto.name, name) == 0 ? &dialect_auto : NULL;
}

const struct dialect *dialect_greeted(const struct line_lexer *line)
{
	for (size_t i = DIALECT_ROWS; i-- > 0;)
		if (dialects[i]->greeting_matches &&
		    dialects[i]->greeting_matches(line))
			return dialects[i];
	return &dialect_any;
}

void dialect_list_grammars(const struct dialect *dialect,
			   const struct grammar *list[DIALECT_GRAMMARS])
{
	size_t n = 0;

	for (size_t i = 0; i < DIALECT_ROWS; i++)
		if (!dialect->rules &&
		    (!n || list[n - 1] != dialects[i]->rules))
			list[n++] = dialects[i]->rules;
	if (dialect->rules)
		list[n++] = dialect->rules;
	list[n] = NULL;
}
