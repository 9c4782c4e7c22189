/*
 * The second reading of the logs of --trace: the sessions and messages that are
 * asked for, each of them formatted and kept in a temporary file without a name
 * until its mail is written.
 */
#ifndef TRACE_PARTS_H
#define TRACE_PARTS_H

#include <sys/types.h>

#include "rlogsess/format/format.h"
#include "rlogsess/rlogsess_options.h"
#include "rlogsess/trace/mail_facts.h"
#include "rlogsess/trace/trace_groupers.h"

/* A session or message. */
struct trace_part {
	struct group_name name;
	bool found;
	off_t at, len; /* in the file */
};

struct trace_parts {
	struct trace_part *part; /* sorted by name, each once */
	size_t count, room;
	FILE *file;
	struct output output; /* to file */
	struct trace_groupers groupers;
	struct format_run session_run, message_run;
};

/*
 * Makes zeroed parts ready, to be formatted as the options say; their groupers
 * take the lines.  terminal: for people.  Returns 0, or -1 with errno set;
 * trace_parts_free releases the parts in both cases.
 */
int trace_parts_init(struct trace_parts *parts,
		     const struct rlogsess_options *options, size_t logs,
		     bool terminal);

void trace_parts_free(struct trace_parts *parts);

/* Asks for a group; not after the first line.  Returns 0, or -1 and errno. */
int trace_parts_add(struct trace_parts *parts, const struct group_name *name);

/* Returns the part of this name if it was found, or NULL. */
const struct trace_part *trace_parts_find(const struct trace_parts *parts,
					  const struct group_name *name);

/* Copies a part, without its newline at the end, to an output. */
int trace_parts_copy(const struct trace_parts *parts,
		     const struct trace_part *part, struct output *to);

#endif
