/* Options; see options.h. */
#include "rlogread/options.h"

#include <getopt.h>
#include <string.h>

#include <skalibs/uint64.h>

/* journalctl's words, and those of GreenArrow's logdir_select_time. */
static const struct option words[] = {
    {"cursor-file", required_argument, NULL, 'c'},
    {"dir", required_argument, NULL, 'd'},
    {"end", required_argument, NULL, 'U'},
    {"follow", no_argument, NULL, 'f'},
    {"labels", required_argument, NULL, 'L'},
    {"lines", required_argument, NULL, 'n'},
    {"output", required_argument, NULL, 'o'},
    {"quiet", no_argument, NULL, 'q'},
    {"since", required_argument, NULL, 'S'},
    {"start", required_argument, NULL, 'S'},
    {"until", required_argument, NULL, 'U'},
    {"verbose", no_argument, NULL, 'v'},
    {NULL, 0, NULL, 0},
};

static int bad(struct options *o, const char *why, const char *value)
{
	o->bad = why;
	o->value = value;
	return -1;
}

static int parse_time(struct options *o, const char *arg, enum when_side side,
		      const struct timespec *now)
{
	struct when *when = side == WHEN_SINCE ? &o->since : &o->until;

	if (!when_parse(when, arg, side, now))
		return bad(o, "no time; times are " WHEN_EXAMPLES, arg);
	if (side == WHEN_SINCE)
		o->source.since = when;
	else
		o->source.until = when;
	return 0;
}

static int parse_labels(struct options *o, const char *arg)
{
	if (strcmp(arg, "auto") == 0)
		o->source.labels = SOURCE_AUTO;
	else if (strcmp(arg, "djb") == 0)
		o->source.labels = SOURCE_DJB;
	else if (strcmp(arg, "leap") == 0)
		o->source.labels = SOURCE_LEAP;
	else
		return bad(o, "no kind of labels: auto, djb or leap", arg);
	return 0;
}

static int add_directory(struct options *o, const char *directory)
{
	if (o->source.count == SOURCE_DIRECTORIES)
		return bad(o, "one directory too many", directory);
	o->directories[o->source.count++] = directory;
	return 0;
}

static int parse_form(struct options *o, const char *arg)
{
	if (!form_named(&o->form, arg))
		return bad(o, "no form of output: " FORM_NAMES, arg);
	o->form_given = true;
	return 0;
}

static int parse_lines(struct options *o, const char *arg)
{
	if (!uint640_scan(arg, &o->source.lines) ||
	    o->source.lines == UINT64_MAX)
		return bad(o, "no number of lines", arg);
	o->source.tailed = true;
	return 0;
}

static int parse_one(struct options *o, int opt, const char *arg,
		     const struct timespec *now)
{
	switch (opt) {
	case 'c': o->source.cursor = arg; return 0;
	case 'd': return add_directory(o, arg);
	case 'f': o->source.follow = true; return 0;
	case 'L': return parse_labels(o, arg);
	case 'n': return parse_lines(o, arg);
	case 'o': return parse_form(o, arg);
	case 'q': o->quiet = true; return 0;
	case 'S': return parse_time(o, arg, WHEN_SINCE, now);
	case 'U': return parse_time(o, arg, WHEN_UNTIL, now);
	case 'v': o->verbose = true; return 0;
	default: return -1;
	}
}

/* What does not go together. */
static int check(struct options *o)
{
	const struct source_options *s = &o->source;

	if (s->follow && s->until)
		return bad(o, "-f and -U do not go together", NULL);
	if (s->follow && o->quiet)
		return bad(o, "-f and -q do not go together", NULL);
	if (!s->count && (s->follow || s->tailed || s->cursor))
		return bad(o, "-c, -f and -n need a log directory", NULL);
	return 0;
}

int options_parse(struct options *o, int argc, char **argv,
		  const struct timespec *now)
{
	int opt;

	*o = (struct options){.source.directories = o->directories};
	opterr = 0;
	while ((opt = getopt_long(argc, argv, "c:fL:n:o:qS:U:v", words,
				  NULL)) != -1)
		if (parse_one(o, opt, optarg, now) < 0)
			return -1;
	for (; optind < argc; optind++)
		if (add_directory(o, argv[optind]) < 0)
			return -1;
	return check(o);
}
