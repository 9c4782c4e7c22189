/* Options; see recio_options.h. */
#include "recio/recio_options.h"

#include <string.h>

#include <skalibs/sgetopt.h>
#include <skalibs/types.h>

#include "base/number.h"

enum { TIMEOUT = 60, TIMEOUT_MAX = 86400 };

static int parse_show(struct recio_options *o, const char *arg)
{
	o->show[0] = strcmp(arg, "in") == 0;
	o->show[1] = strcmp(arg, "out") == 0;
	if (o->show[0] || o->show[1])
		return 0;
	o->bad = "-f takes in or out";
	return -1;
}

static int parse_protocol(struct recio_options *o, const char *arg)
{
	o->protocol = dialect_named(arg);
	if (o->protocol)
		return 0;
	o->bad = "-p takes " DIALECT_NAMES;
	return -1;
}

static int parse_limit(struct recio_options *o, const char *arg)
{
	if (number_parse_size(&o->limit, arg))
		return 0;
	o->bad = "-k takes a size: bytes, or with k, m or g";
	return -1;
}

static int parse_number(struct recio_options *o, int opt, const char *arg)
{
	unsigned int n;
	bool ok = uint0_scan(arg, &n) != 0;

	switch (opt) {
	case 'w':
		o->bad = "-w takes a number of bytes from 1 on";
		o->width = n;
		ok = ok && n >= 1;
		break;
	case 'n':
		o->bad = "-n takes a descriptor from 2 on: 0 and 1 are the "
			 "session";
		o->log = n;
		ok = ok && n >= 2 && n <= 0x7fffffff;
		break;
	default:
		o->bad = "-T takes seconds from 1 to 86400";
		o->timeout = n;
		ok = ok && n >= 1 && n <= TIMEOUT_MAX;
	}
	if (!ok)
		return -1;
	o->bad = NULL;
	return 0;
}

static int parse_one(struct recio_options *o, int opt, const char *arg)
{
	switch (opt) {
	case 'c': o->client = true; return 0;
	case 'e': o->by_environment = true; return 0;
	case 'l': o->lines = true; return 0;
	case 'r': o->raw = true; return 0;
	case 't': o->labels = true; return 0;
	case 'v': o->verbose = true; return 0;
	case 'd': o->drop = true; return 0;
	case 's': o->secrets = true; return 0;
	case 'm': o->contents = true; return 0;
	case 'x': o->dump = true; return 0;
	case 'f': return parse_show(o, arg);
	case 'k': return parse_limit(o, arg);
	case 'p': return parse_protocol(o, arg);
	case 'w':
	case 'n':
	case 'T': return parse_number(o, opt, arg);
	default: return -1;
	}
}

/* What is wrong only together. */
static int check(struct recio_options *o)
{
	if (o->client && (o->log == 6 || o->log == 7))
		o->bad = "-n can't be 6 or 7 with -c: they are the session";
	else if (o->raw && o->dump)
		o->bad = "-r and -x can't both be given: a dump is not raw";
	else
		return 0;
	return -1;
}

/* Result: the number of words that were options, or -1. */
static int parse_all(struct recio_options *o, int argc, char const *const *argv)
{
	subgetopt l = SUBGETOPT_ZERO;
	int opt;

	while ((opt = subgetopt_r(argc, argv, "cdelmrstvxf:k:n:p:T:w:", &l)) !=
	       -1)
		if (parse_one(o, opt, l.arg) < 0)
			return -1;
	return check(o) < 0 ? -1 : l.ind;
}

int recio_options_parse(struct recio_options *o, int argc,
			char const *const *argv)
{
	int n;

	*o = (struct recio_options){
	    .show = {true, true},
	    .limit = UINT64_MAX,
	    .log = 2,
	    .timeout = TIMEOUT,
	};
	n = parse_all(o, argc, argv);
	if (n < 0)
		return -1;
	o->program = argv + n;
	return n < argc ? 0 : -1;
}

int recio_options_add(struct recio_options *o, const char *text)
{
	char copy[RECIO_OPTIONS_TEXT_MAX], *rest = copy, *word;
	const char *argv[RECIO_OPTIONS_WORDS_MAX + 2] = {""};
	int argc = 1;

	o->bad = "too many words";
	if (strlen(text) >= sizeof copy)
		return -1;
	strcpy(copy, text);
	while ((word = strtok_r(rest, " \t", &rest))) {
		if (argc > RECIO_OPTIONS_WORDS_MAX)
			return -1;
		argv[argc++] = word;
	}
	o->bad = NULL;
	if (parse_all(o, argc, argv) == argc)
		return 0;
	if (!o->bad)
		o->bad = "it may hold recio's options and nothing else";
	return -1;
}
