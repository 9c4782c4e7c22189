/*
 * The command line of rlogread.  Arguments are checked where they are parsed;
 * combinations of options at the end.  Tested by tests/sh/rlogread-usage.t.
 */
#include "rlogread/rlogread_options.h"

#include <skalibs/uint64.h>

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

static int parse_lines(struct rlogread_options *options, const char *arg)
{
	struct source_options *source = &options->selection.source;

	if (!uint640_scan(arg, &source->lines) || source->lines == UINT64_MAX)
		return reader_options_refuse(
		    &options->selection, "invalid number of lines", arg, NULL);
	source->tailed = true;
	return 0;
}

static int set_read_option(void *ctx, int option, const char *arg)
{
	struct rlogread_options *options = ctx;

	switch (option) {
	case 'n': return parse_lines(options, arg);
	case 'o': return parse_line_form(options, arg);
	case 'q': options->quiet = true; return 0;
	default: return -1;
	}
}

static const char *find_read_conflict(const struct rlogread_options *options)
{
	const struct source_options *source = &options->selection.source;

	if (source->follow && source->until)
		return "-f and -U exclude each other";
	if (source->follow && options->quiet)
		return "-f and -q exclude each other";
	if (!source->count &&
	    (source->follow || source->tailed || source->cursor))
		return "-c, -f and -n need a log directory";
	return NULL;
}

int rlogread_options_parse(struct rlogread_options *options, int argc,
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
	return conflict ? reader_options_refuse(&options->selection, conflict,
						NULL, NULL)
			: 0;
}
