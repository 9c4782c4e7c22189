/* Options; see options.h. */
#include "options.h"

#include <getopt.h>
#include <string.h>

#include <skalibs/types.h>

enum { QUIET_MAX = 31536000 };

/* rlogread's words where it has the same option. */
static const struct option words[] = {
    {"address", required_argument, NULL, 'i'},
    {"bad", no_argument, NULL, 's'},
    {"cursor-file", required_argument, NULL, 'c'},
    {"dir", required_argument, NULL, 'd'},
    {"end", required_argument, NULL, 'U'},
    {"follow", no_argument, NULL, 'f'},
    {"labels", required_argument, NULL, 'L'},
    {"match", required_argument, NULL, 'm'},
    {"messages", no_argument, NULL, 'M'},
    {"output", required_argument, NULL, 'o'},
    {"pid", required_argument, NULL, 'p'},
    {"quiet-time", required_argument, NULL, 't'},
    {"reply", required_argument, NULL, 'r'},
    {"since", required_argument, NULL, 'S'},
    {"start", required_argument, NULL, 'S'},
    {"state-file", required_argument, NULL, 'k'},
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

/* The place of a name in a list that ends with NULL, or -1. */
static int named(const char *const *names, const char *arg)
{
	for (int i = 0; names[i]; i++)
		if (strcmp(names[i], arg) == 0)
			return i;
	return -1;
}

static int set_form(struct options *o, const char *arg)
{
	static const char *const forms[] = {"text", "flat",  "table",
					    "json", "stats", NULL};
	int i = named(forms, arg);

	if (i < 0)
		return bad(o, "no form: text, flat, table, json or stats", arg);
	o->form = (enum form)i;
	return 0;
}

static int set_labels(struct options *o, const char *arg)
{
	static const char *const kinds[] = {"auto", "djb", "leap", NULL};
	int i = named(kinds, arg);

	if (i < 0)
		return bad(o, "no kind of labels: auto, djb or leap", arg);
	o->source.labels = (enum source_labels)i;
	return 0;
}

static int set_time(struct options *o, const char *arg, enum when_side side,
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

static int set_filter(struct options *o, int opt, const char *arg)
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

static int set_quiet(struct options *o, const char *arg)
{
	if (uint0_scan(arg, &o->quiet) && o->quiet >= 1 &&
	    o->quiet <= QUIET_MAX)
		return 0;
	return bad(o, "no number of seconds from 1 to 31536000", arg);
}

static int add_directory(struct options *o, const char *directory)
{
	if (o->source.count == SOURCE_DIRECTORIES)
		return bad(o, "one directory too many", directory);
	o->directories[o->source.count++] = directory;
	return 0;
}

static int set(struct options *o, int opt, const char *arg,
	       const struct timespec *now)
{
	switch (opt) {
	case 'c': o->source.cursor = arg; return 0;
	case 'd': return add_directory(o, arg);
	case 'f': o->source.follow = true; return 0;
	case 'i':
	case 'm':
	case 'p':
	case 'r': return set_filter(o, opt, arg);
	case 'K': o->descriptors = true; return 0;
	case 'k': o->state = arg; return 0;
	case 'L': return set_labels(o, arg);
	case 'M': o->by_message = true; return 0;
	case 'o': return set_form(o, arg);
	case 'S': return set_time(o, arg, WHEN_SINCE, now);
	case 's': o->filter.bad = true; return 0;
	case 't': return set_quiet(o, arg);
	case 'U': return set_time(o, arg, WHEN_UNTIL, now);
	case 'v': o->verbose = true; return 0;
	default: return -1;
	}
}

/* What does not go together. */
static int check(struct options *o)
{
	const struct filter *f = &o->filter;
	const struct source_options *s = &o->source;

	if (o->by_message && (f->pid || f->by_address || f->by_reply))
		return bad(o,
			   "-i, -p and -r are about sessions, -M is about "
			   "messages",
			   NULL);
	if (o->state && o->descriptors)
		return bad(o, "-k and -K do not go together", NULL);
	if ((o->state || o->descriptors) && o->form == FORM_STATS)
		return bad(o, "-o stats carries nothing over: no -k or -K",
			   NULL);
	if (s->follow && (s->until || o->descriptors))
		return bad(o, "-f does not go together with -U or -K", NULL);
	if (!s->count && (s->follow || s->cursor))
		return bad(o, "-c and -f need a log directory", NULL);
	return 0;
}

int options_parse(struct options *o, int argc, char **argv,
		  const struct timespec *now)
{
	int opt;

	*o = (struct options){.source.directories = o->directories};
	opterr = 0;
	while ((opt = getopt_long(argc, argv, "c:fi:Kk:L:Mm:o:p:r:S:st:U:v",
				  words, NULL)) != -1)
		if (set(o, opt, optarg, now) < 0)
			return -1;
	for (; optind < argc; optind++)
		if (add_directory(o, argv[optind]) < 0)
			return -1;
	return check(o);
}
