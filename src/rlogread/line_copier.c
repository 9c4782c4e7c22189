/*
 * Copies lines.  Raw lines need no label, so they are read and written in
 * blocks; in every other form, and where a line has to be looked at, one line
 * is read at a time.  Tested by tests/sh/rlogread-*.t.
 */
#include "rlogread/line_copier.h"

/* A block has its newlines in it; a line does not. */
static void copy_block(struct line_copier *copier,
		       const struct source_line *line)
{
	struct output *output = &copier->output;

	if (copier->form.kind != LINE_FORM_RAW || line->ends) {
		line_form_put(&copier->form, output, line);
		return;
	}
	if (line->begins && output_is_mid_line(output))
		output_block(output, "\n", 1);
	output_block(output, line->text, line->len);
}

static enum reader_trouble copy_or_stop(void *ctx,
					const struct source_line *line)
{
	struct line_copier *copier = ctx;

	copier->matched = true;
	if (copier->options.quiet)
		return READER_ENOUGH;
	copy_block(copier, line);
	return READER_FINE;
}

static void choose_form(struct line_copier *copier, bool terminal)
{
	const struct rlogread_options *options = &copier->options;
	struct line_form *form = &copier->form;

	line_form_init(form, options->form_given ? options->form
			     : terminal          ? LINE_FORM_LOCAL
						 : LINE_FORM_RAW);
	if (!terminal || form->kind == LINE_FORM_RAW ||
	    form->kind == LINE_FORM_JSON)
		return;
	output_set_safe(&copier->output, true);
	form->colour = reader_program_has_colours();
}

void line_copier_init(struct line_copier *copier, bool terminal)
{
	struct reader_program *program = &copier->program;

	output_init(&copier->output, 1);
	choose_form(copier, terminal);
	program->output = &copier->output;
	program->take = copy_or_stop;
	program->ctx = copier;
	if (copier->options.selection.source.cursor && !copier->options.quiet)
		reader_program_make_exact(program);
	if (copier->form.kind == LINE_FORM_RAW)
		program->block = output_unit(&copier->output);
}

/* -n with -U: reads the window twice, the first time to count its lines. */
static enum reader_trouble count_window(struct line_copier *copier)
{
	struct source_options *options = &copier->options.selection.source;
	struct source_line line;
	uint64_t count = 0;
	int r;

	if (!options->tailed || !options->until)
		return READER_FINE;
	options->tailed = false;
	reader_program_open(&copier->program);
	while ((r = source_next(copier->program.source, &line)) > 0)
		count += line.ends;
	if (r < 0)
		return READER_SOURCE;
	reader_program_close(&copier->program);
	options->skip = count > options->lines ? count - options->lines : 0;
	return READER_FINE;
}

enum reader_trouble line_copier_run(struct line_copier *copier)
{
	enum reader_trouble trouble = count_window(copier);

	if (trouble != READER_FINE)
		return trouble;
	reader_program_open(&copier->program);
	return reader_program_run(&copier->program);
}
