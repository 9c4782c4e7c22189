/*
 * The form sessions.  A stamp of any kind becomes the djb label of its time, so
 * that a session's first label, which names it, depends on its time alone, and
 * a passing time can be told in the same form.
 *
 * A line that is longer than a batch is cut at the end of its first piece: what
 * rlogsess reads of a line is at its beginning, and a later piece must not be
 * taken for a line.
 *
 * Tested by tests/unit/rlogship/session_form.c.
 */
#include "rlogship/session_form.h"

static void put_session_line(struct output *output,
			     const struct ship_item *item)
{
	const struct source_line *line = item->line;
	char label[LABEL_LEN];
	struct timespec time;
	struct tain_s djb;
	size_t used = 0;

	if (line->begins && line->stamp &&
	    label_to_time(&time, &line->label, line->kind) &&
	    label_from_time(&djb, &time, LABEL_DJB)) {
		label_format(label, &djb);
		output_bytes(output, label, sizeof label);
		used = line->stamp;
	}
	if (line->begins)
		output_bytes(output, line->text + used, line->len - used);
	output_string(output, "\n");
}

const struct ship_form session_form = {"sessions", put_session_line, NULL};
