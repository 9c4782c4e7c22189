/*
 * Lines in the output.  In the form raw they are copied as they are, many at a
 * time; in all others each line has its stamp parsed once more, by a reader
 * that knows the labels and the years of its source.  Tested by
 * tests/sh/rlogsess-habits.t.
 */
#include "rlogsess/format/line_writer.h"

void line_writer_init(struct line_writer *writer, enum line_form_kind form)
{
	*writer = (struct line_writer){0};
	line_form_init(&writer->form, form);
}

static void set_stamps(struct line_writer *writer,
		       const struct grouper *grouper, const char *source)
{
	const struct line_time_reader *reader = grouper_stamps(grouper, source);

	writer->stamps.kind = reader->kind;
	writer->stamps.span = reader->stamps.span;
	writer->source = source;
	writer->begun = true;
}

void line_writer_begin(struct line_writer *writer,
		       const struct grouper *grouper, const char *source)
{
	writer->stamps = (struct stamp_reader){0};
	set_stamps(writer, grouper, source);
}

void line_writer_continue(struct line_writer *writer,
			  const struct grouper *grouper, const char *source)
{
	if (!writer->begun || writer->source != source)
		line_writer_begin(writer, grouper, source);
	else
		set_stamps(writer, grouper, source);
}

void line_writer_put(struct line_writer *writer, struct output *output,
		     struct slice text)
{
	struct source_line line = {
	    .text = text.at,
	    .len = text.len,
	    .begins = true,
	    .ends = true,
	    .kind = writer->stamps.kind,
	};

	if (writer->form.kind == LINE_FORM_RAW) {
		output_lines(output, text.at, text.len);
	} else {
		line.stamp = stamp_parse(&writer->stamps, &line.label, text.at,
					 text.len);
		line_form_put_text(&writer->form, output, &line);
	}
	output_string(output, "\n");
}

void line_writer_put_all(struct line_writer *writer, struct output *output,
			 struct slice lines)
{
	if (writer->form.kind == LINE_FORM_RAW)
		output_lines(output, lines.at, lines.len);
	else
		while (lines.len)
			line_writer_put(writer, output,
					slice_until(&lines, '\n'));
}
