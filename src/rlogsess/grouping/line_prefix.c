/*
 * The prefix of a log.  A prefix of several words is not looked for: in a line
 * of a service a record may stand behind several words of a client.  A service
 * that begins its lines with one word and a client's text can be deceived in
 * the same way without a prefix.  Tested by tests/unit/rlogsess/log_line.c.
 */
#include "rlogsess/grouping/line_prefix.h"

#include <string.h>

/* Returns the length of the first word and the spaces behind it, or 0. */
static size_t get_word_length(struct slice line)
{
	size_t n = 0, spaces = 0;

	while (n < line.len && line.at[n] != ' ')
		n++;
	while (n + spaces < line.len && line.at[n + spaces] == ' ')
		spaces++;
	return n && spaces ? n + spaces : 0;
}

/* The line may have more spaces of its own behind those of the prefix. */
static void learn_prefix(struct line_prefix *prefix, struct slice line)
{
	size_t n = get_word_length(line);

	if (n == 0 || n > sizeof prefix->text) {
		prefix->absent = true;
		return;
	}
	if (!prefix->len) {
		memcpy(prefix->text, line.at, n);
		prefix->len = n;
	}
	if (n < prefix->len)
		prefix->len = n;
	prefix->absent = memcmp(line.at, prefix->text, prefix->len) != 0;
}

size_t line_prefix_take(struct line_prefix *prefix, struct slice line)
{
	if (!prefix->absent)
		learn_prefix(prefix, line);
	return prefix->absent ? 0 : prefix->len;
}

void line_prefix_deny(struct line_prefix *prefix)
{
	prefix->absent = true;
}
