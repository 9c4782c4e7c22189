/* Lines of a log in the output, with their stamps as times. */
#ifndef LINE_WRITER_H
#define LINE_WRITER_H

#include "base/output.h"
#include "logread/line_form.h"
#include "rlogsess/grouper.h"
#include "rlogsess/slice.h"

struct line_writer {
	struct line_form form;
	struct stamp_reader stamps;
	const char *source; /* of the lines */
	bool begun;
};

/* Makes a writer of this form, which is not JSON. */
void line_writer_init(struct line_writer *writer, enum line_form_kind form);

/*
 * Says that the following lines are of this source of the grouper, and do not
 * follow the lines before in time.
 */
void line_writer_begin(struct line_writer *writer,
		       const struct grouper *grouper, const char *source);

/* Says that the following lines follow the last ones of this source in time. */
void line_writer_continue(struct line_writer *writer,
			  const struct grouper *grouper, const char *source);

/* Adds a line, and a newline. */
void line_writer_put(struct line_writer *writer, struct output *output,
		     struct slice line);

/* Adds whole lines with their newlines. */
void line_writer_put_all(struct line_writer *writer, struct output *output,
			 struct slice lines);

#endif
