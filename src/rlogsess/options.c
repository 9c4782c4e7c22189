/* Options; see options.h. */
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct option long_options[] = {
    {"address", required_argument, NULL, 'i'},
    {"bad", no_argument, NULL, 's'},
    {"cursor-file", required_argument, NULL, 'c'},
    {"dir", required_argument, NULL, 'D'},
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

static int wrong(struct options *o, const char *what)
{
	snprintf(o->bad, sizeof o->bad, "%s", what);
	return -1;
}

static int set_form(struct options *o, const char *arg)
{
	static const char *const names[] = {"text", "flat", "table", "json",
					    "stats"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(arg, names[i]) == 0) {
			o->form = (enum form)i;
			return 0;
		}
	return wrong(o, "-o takes text, flat, table, json or stats");
}

static int set_quiet(struct options *o, const char *arg)
{
	char *end;
	unsigned long n = strtoul(arg, &end, 10);

	if (*arg < '0' || *arg > '9' || *end || n < 1 || n > 31536000)
		return wrong(o, "-t takes seconds from 1 to 31536000");
	o->quiet = (unsigned int)n;
	return 0;
}

static int set_text(struct options *o, const char *arg)
{
	char why[160];

	if (filter_set_text(&o->filter, arg, why, sizeof why) == 0)
		return 0;
	snprintf(o->bad, sizeof o->bad,
		 "-m takes an extended regular expression: %s", why);
	return -1;
}

static int set_filter(struct options *o, int opt, const char *arg)
{
	switch (opt) {
	case 'i':
		return filter_set_address(&o->filter, arg) == 0
			   ? 0
			   : wrong(o, "-i takes an address, such as 192.0.2.7, "
				      "192.0.2.0/24 or 2001:db8::/32");
	case 'p':
		return filter_set_pid(&o->filter, arg) == 0
			   ? 0
			   : wrong(o, "-p takes a process ID");
	case 'r':
		return filter_set_reply(&o->filter, arg) == 0
			   ? 0
			   : wrong(o, "-r takes a reply code, such as 451 or "
				      "5xx");
	default: return set_text(o, arg);
	}
}

static int set(struct options *o, int opt, const char *arg)
{
	switch (opt) {
	case 'f': o->follow = true; return 0;
	case 'K': o->descriptors = true; return 0;
	case 'M': o->by_message = true; return 0;
	case 's': o->filter.bad = true; return 0;
	case 'v': o->verbose = true; return 0;
	case 'c': o->cursor = arg; return 0;
	case 'k': o->state = arg; return 0;
	case 'L': o->labels = arg; return 0;
	case 'S': o->since = arg; return 0;
	case 'U': o->until = arg; return 0;
	case 'o': return set_form(o, arg);
	case 't': return set_quiet(o, arg);
	case 'i':
	case 'm':
	case 'p':
	case 'r': return set_filter(o, opt, arg);
	default: return -1;
	}
}

/* What does not go together. */
static int check(struct options *o)
{
	const struct filter *f = &o->filter;

	if (o->by_message && (f->pid || f->by_address || f->by_reply))
		return wrong(o, "-i, -p and -r look at sessions, and -M shows "
				"messages");
	if (o->state && o->descriptors)
		return wrong(o, "-k and -K exclude each other");
	if ((o->state || o->descriptors) && o->form == FORM_STATS)
		return wrong(o, "-o stats counts what was read and carries "
				"nothing over");
	return 0;
}

int options_parse(struct options *o, int argc, char **argv)
{
	int opt, dirs = 0;

	*o = (struct options){.form = FORM_TEXT};
	opterr = 0;
	while ((opt = getopt_long(argc, argv, "fKMsvc:i:k:L:m:o:p:r:S:t:U:",
				  long_options, NULL)) != -1) {
		if (opt == 'D')
			argv[1 + dirs++] = optarg;
		else if (set(o, opt, optarg) < 0)
			return -1;
	}
	o->input = (const char *const *)argv + optind;
	if (dirs)
		return wrong(o, "--dir");
	return check(o);
}
