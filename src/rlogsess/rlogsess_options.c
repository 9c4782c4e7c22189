/* Options; see rlogsess_options.h. */
#include "rlogsess/rlogsess_options.h"

#include <stdio.h>

#include <skalibs/types.h>

enum { QUIET_MAX = 31536000 };

static const struct option words[] = {
    READER_OPTIONS_WORDS,
    {"address", required_argument, NULL, 'i'},
    {"bad", no_argument, NULL, 's'},
    {"match", required_argument, NULL, 'm'},
    {"messages", no_argument, NULL, 'M'},
    {"output", required_argument, NULL, 'o'},
    {"pid", required_argument, NULL, 'p'},
    {"quiet-time", required_argument, NULL, 't'},
    {"reply", required_argument, NULL, 'r'},
    {"state-file", required_argument, NULL, 'k'},
    {NULL, 0, NULL, 0},
};

static int bad(struct rlogsess_options *o, const char *why, const char *value)
{
	return reader_options_refuse(&o->selection, why, value);
}

static int set_form(struct rlogsess_options *o, const char *arg)
{
	char names[sizeof o->why - 16];

	o->form = format_find(arg);
	if (o->form)
		return 0;
	format_names(names, sizeof names, " or ");
	snprintf(o->why, sizeof o->why, "no form: %s", names);
	return bad(o, o->why, arg);
}

static int set_filter(struct rlogsess_options *o, int opt, const char *arg)
{
	struct filter *f = &o->filter;

	switch (opt) {
	case 'i':
		if (filter_set_address(f, arg) == 0)
			return 0;
		return bad(o,
			   "no address or network, such as 192.0.2.7, "
			   "192.0.2.0/24 or 2001:db8::/32",
			   arg);
	case 'p':
		if (filter_set_pid(f, arg) == 0)
			return 0;
		return bad(o, "no process ID", arg);
	case 'r':
		if (filter_set_reply(f, arg) == 0)
			return 0;
		return bad(o, "no reply code, such as 451 or 5xx", arg);
	default:
		if (filter_set_text(f, arg, o->why, sizeof o->why) == 0)
			return 0;
		return bad(o, o->why, arg);
	}
}

static int set_quiet(struct rlogsess_options *o, const char *arg)
{
	if (uint0_scan(arg, &o->quiet) && o->quiet >= 1 &&
	    o->quiet <= QUIET_MAX)
		return 0;
	return bad(o, "no number of seconds from 1 to 31536000", arg);
}

static int set(struct rlogsess_options *o, int opt, const char *arg)
{
	switch (opt) {
	case 'i':
	case 'm':
	case 'p':
	case 'r': return set_filter(o, opt, arg);
	case 'K': o->descriptors = true; return 0;
	case 'k': o->state = arg; return 0;
	case 'M': o->by_message = true; return 0;
	case 'o': return set_form(o, arg);
	case 's': filter_set_bad(&o->filter); return 0;
	case 't': return set_quiet(o, arg);
	default: return -1;
	}
}

/* What does not go together. */
static int check(struct rlogsess_options *o)
{
	const struct filter *f = &o->filter;
	const struct source_options *s = &o->selection.source;

	if (o->by_message && (f->pid || f->by_address || f->by_reply))
		return bad(o,
			   "-i, -p and -r are about sessions, -M is about "
			   "messages",
			   NULL);
	if (o->state && o->descriptors)
		return bad(o, "-k and -K do not go together", NULL);
	if ((o->state || o->descriptors) && !o->form->carries)
		return bad(o, "-o stats carries nothing over: no -k or -K",
			   NULL);
	if (s->follow && (s->until || o->descriptors))
		return bad(o, "-f does not go together with -U or -K", NULL);
	if (!s->count && (s->follow || s->cursor))
		return bad(o, "-c and -f need a log directory", NULL);
	return 0;
}

int rlogsess_options_parse(struct rlogsess_options *o, int argc, char **argv,
			   const struct timespec *now)
{
	int opt, r;

	*o = (struct rlogsess_options){0};
	reader_options_init(&o->selection);
	o->form = format_find("text");
	opterr = 0;
	while ((opt = getopt_long(argc, argv,
				  READER_OPTIONS_LETTERS "i:Kk:Mm:o:p:r:st:",
				  words, NULL)) != -1) {
		r = reader_options_option(&o->selection, opt, optarg, now);
		if (r < 0 || (r == 0 && set(o, opt, optarg) < 0))
			return -1;
	}
	if (reader_options_operands(&o->selection, argv + optind) < 0)
		return -1;
	return check(o);
}
