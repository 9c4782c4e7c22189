/*
 * rlogread: writes lines of log directories to standard output.  Arguments are
 * checked where they are parsed, combinations of options at the end.
 *
 * Raw lines need no label, so they are read and written in blocks; in every
 * other form, and where a line has to be looked at, one line is read at a time.
 *
 * Tested by tests/sh/rlogread-*.t.
 */
#include <stdbool.h>
#include <unistd.h>

#include "base/output.h"
#include "logread/line_form.h"
#include "logread/reader_options.h"
#include "logread/reader_program.h"
#include "rlogread/rlogread_help.h"

char const *PROG = "rlogread";

struct rlogread_options {
	struct reader_options selection;
	bool quiet;      /* -q: write nothing, the exit code answers */
	bool form_given; /* -o was given; otherwise the terminal decides */
	enum line_form_kind form;
};

struct line_copier {
	struct rlogread_options options;
	struct reader_program program;
	bool matched; /* there was a line */
	struct line_form form;
	struct output output;
};

static const struct option read_words[] = {
    READER_OPTIONS_WORDS,
    {"lines", required_argument, NULL, 'n'},
    {"output", required_argument, NULL, 'o'},
    {"quiet", no_argument, NULL, 'q'},
    {NULL, 0, NULL, 0},
};

static int parse_line_form(struct rlogread_options *options, const char *arg)
{
	if (!line_form_named(&options->form, arg))
		return reader_options_refuse(
		    &options->selection, "unknown form", arg, LINE_FORM_NAMES);
	options->form_given = true;
	return 0;
}

static int set_read_option(void *ctx, int option, const char *arg)
{
	struct rlogread_options *options = ctx;

	switch (option) {
	case 'n':
		return reader_options_set_tail(&options->selection, arg,
					       "invalid number of lines");
	case 'o': return parse_line_form(options, arg);
	case 'q': options->quiet = true; return 0;
	default: return -1;
	}
}

static const char *find_read_conflict(const struct rlogread_options *options)
{
	const struct source_options *source = &options->selection.source;
	const struct tail_limit *tail = &options->selection.tail;

	if (source->follow && source->until)
		return "-f and -U exclude each other";
	if (source->follow && options->quiet)
		return "-f and -q exclude each other";
	if (!source->count &&
	    (source->follow || source->cursor || (tail->given && !tail->all)))
		return "-c, -f and -n need a log directory";
	return NULL;
}

static void choose_last_lines(struct reader_options *selection)
{
	reader_options_choose_tail(selection);
	selection->source.tailed = !selection->tail.all;
	selection->source.lines = selection->tail.count;
}

/* Parses argv.  Returns 0, or -1 as reader_options_refuse does. */
static int parse_read_options(struct rlogread_options *options, int argc,
			      char **argv)
{
	const struct reader_options_own own = {
	    .letters = READER_OPTIONS_LETTERS "n:o:q",
	    .words = read_words,
	    .set = set_read_option,
	    .ctx = options,
	};
	const char *conflict;

	*options = (struct rlogread_options){0};
	if (reader_options_parse(&options->selection, &own, argc, argv) < 0)
		return -1;
	conflict = find_read_conflict(options);
	if (conflict)
		return reader_options_refuse(&options->selection, conflict,
					     NULL, NULL);
	choose_last_lines(&options->selection);
	return 0;
}

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

/* Prepares the output as the options say; terminal: it is one. */
static void prepare_copying(struct line_copier *copier, bool terminal)
{
	struct reader_program *program = &copier->program;

	output_init(&copier->output, 1);
	choose_form(copier, terminal);
	program->output = &copier->output;
	program->take = copy_or_stop;
	program->ctx = copier;
	program->shows_lines = !copier->options.quiet;
	if (copier->options.selection.source.cursor && !copier->options.quiet)
		reader_program_make_exact(program);
	if (copier->form.kind == LINE_FORM_RAW)
		program->block = output_unit(&copier->output);
}

/* -n in a window: reads it twice, the first time to count its lines. */
static enum reader_trouble count_window(struct line_copier *copier)
{
	struct source_options *options = &copier->options.selection.source;
	struct source_line line;
	uint64_t count = 0;
	int r;

	if (!options->tailed || !(options->since || options->until))
		return READER_FINE;
	options->tailed = false;
	reader_program_open(&copier->program);
	options->tell = NULL;
	while ((r = source_next(copier->program.source, &line)) > 0)
		count += line.begins;
	if (r < 0)
		return READER_SOURCE;
	reader_program_close(&copier->program);
	options->skip = count > options->lines ? count - options->lines : 0;
	return READER_FINE;
}

/*
 * Opens the log and copies its lines until it ends; with a cursor, until a
 * signal arrives.  -q: ends at the first line.
 */
static enum reader_trouble copy_log(struct line_copier *copier)
{
	enum reader_trouble trouble = count_window(copier);

	if (trouble != READER_FINE)
		return trouble;
	reader_program_open(&copier->program);
	return reader_program_run(&copier->program);
}

int main(int argc, char **argv)
{
	static struct line_copier copier = {
	    .program = {.version = "rlogread " VERSION,
			.synopsis = RLOGREAD_SYNOPSIS,
			.selection = &copier.options.selection},
	};
	struct reader_program *program = &copier.program;
	int code;

	reader_program_start(program, argc, argv, rlogread_help_print);
	if (parse_read_options(&copier.options, argc, argv) < 0)
		reader_program_refuse(program);
	prepare_copying(&copier, isatty(1));
	reader_program_check(program, copy_log(&copier));
	code = reader_program_close(program);
	if (copier.options.quiet)
		return copier.matched ? 0 : 1;
	return code;
}
