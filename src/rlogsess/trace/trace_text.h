/* The forms of mails that --trace has found. */
#ifndef TRACE_TEXT_H
#define TRACE_TEXT_H

#include "rlogsess/trace/trace_chain.h"
#include "rlogsess/trace/trace_parts.h"

struct trace_text {
	struct output *output;
	const struct trace_parts *parts;
	bool json;
	uint64_t mails; /* that were written */
};

/*
 * Writes a mail: as text a heading before each session and message, and its
 * remarks; as JSON an object in a line.  Returns 0, or -1 with errno set.
 */
int trace_text_write(struct trace_text *text, const struct trace_chain *chain);

#endif
