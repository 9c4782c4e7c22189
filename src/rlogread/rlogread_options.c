/* Options; see rlogread_options.h. */
#include "rlogread/rlogread_options.h"

#include <skalibs/uint64.h>

static const struct option words[] = {
    READER_OPTIONS_WORDS,
    {"lines", required_argument, NULL, 'n'},
    {"output", required_argument, NULL, 'o'},
    {"quiet", no_argument, NULL, 'q'},
    {NULL, 0, NULL, 0},
};

static int parse_form(struct rlogread_options *o, const char *arg)
{
	if (!line_form_named(&o->form, arg))
		return reader_options_refuse(
		    &o->selection, "no form of output: " LINE_FORM_NAMES, arg);
	o->form_given = true;
	return 0;
}

static int parse_lines(struct rlogread_options *o, const char *arg)
{
	struct source_options *s = &o->selection.source;

	if (!uint640_scan(arg, &s->lines) || s->lines == UINT64_MAX)
		return reader_options_refuse(&o->selection,
					     "no number of lines", arg);
	s->tailed = true;
	return 0;
}

static int parse_one(struct rlogread_options *o, int opt, const char *arg)
{
	switch (opt) {
	case 'n': return parse_lines(o, arg);
	case 'o': return parse_form(o, arg);
	case 'q': o->quiet = true; return 0;
	default: return -1;
	}
}

/* What does not go together. */
static int check(struct rlogread_options *o)
{
	const struct source_options *s = &o->selection.source;
	const char *bad;

	if (s->follow && s->until)
		bad = "-f and -U do not go together";
	else if (s->follow && o->quiet)
		bad = "-f and -q do not go together";
	else if (!s->count && (s->follow || s->tailed || s->cursor))
		bad = "-c, -f and -n need a log directory";
	else
		return 0;
	return reader_options_refuse(&o->selection, bad, NULL);
}

int rlogread_options_parse(struct rlogread_options *o, int argc, char **argv,
			   const struct timespec *now)
{
	int opt, r;

	*o = (struct rlogread_options){0};
	reader_options_init(&o->selection);
	opterr = 0;
	while ((opt = getopt_long(argc, argv, READER_OPTIONS_LETTERS "n:o:q",
				  words, NULL)) != -1) {
		r = reader_options_option(&o->selection, opt, optarg, now);
		if (r < 0 || (r == 0 && parse_one(o, opt, optarg) < 0))
			return -1;
	}
	if (reader_options_operands(&o->selection, argv + optind) < 0)
		return -1;
	return check(o);
}
