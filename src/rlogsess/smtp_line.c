/*
 * Lines of SMTP.  They come from peers: spaces and cases that servers forgive
 * are forgiven, and a line that departs further from its form has no parts.
 * Tested by tests/unit/rlogsess/smtp_line.c.
 */
#include "rlogsess/smtp_line.h"

enum { CODE_DIGITS = 3 };

static void skip_blanks(struct slice *text)
{
	while (text->len && (*text->at == ' ' || *text->at == '\t'))
		slice_skip(text, 1);
}

struct slice smtp_line_path(struct slice rest)
{
	char end;

	skip_blanks(&rest);
	end = slice_prefix(&rest, "<") ? '>' : ' ';
	return slice_until(&rest, end);
}

bool smtp_line_chunk(struct slice rest, struct smtp_chunk *chunk)
{
	skip_blanks(&rest);
	if (!slice_number(&rest, UINT64_MAX, &chunk->size))
		return false;
	chunk->last = slice_word(&rest, " LAST");
	return true;
}

int smtp_line_reply(struct slice line, bool *last)
{
	int code = 0;

	if (line.len < CODE_DIGITS ||
	    (line.len > CODE_DIGITS && line.at[CODE_DIGITS] != ' ' &&
	     line.at[CODE_DIGITS] != '-'))
		return -1;
	for (size_t i = 0; i < CODE_DIGITS; i++) {
		if (line.at[i] < '0' || line.at[i] > '9')
			return -1;
		code = code * 10 + line.at[i] - '0';
	}
	*last = line.len == CODE_DIGITS || line.at[CODE_DIGITS] == ' ';
	return code;
}
