/* Options; see options.h. */
#include "options.h"

#include <string.h>

#include <skalibs/sgetopt.h>
#include <skalibs/types.h>

enum { TIMEOUT = 60, TIMEOUT_MAX = 86400 };

static int parse_show(struct options *o, const char *arg)
{
	o->show[0] = strcmp(arg, "in") == 0;
	o->show[1] = strcmp(arg, "out") == 0;
	if (o->show[0] || o->show[1])
		return 0;
	o->bad = "-f takes in or out";
	return -1;
}

static int parse_protocol(struct options *o, const char *arg)
{
	o->protocol = protocol_named(arg);
	if (o->protocol)
		return 0;
	o->bad = "-p takes " PROTOCOL_NAMES;
	return -1;
}

static int parse_number(struct options *o, int opt, const char *arg)
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

static int parse_one(struct options *o, int opt, const char *arg)
{
	switch (opt) {
	case 'r': o->raw = true; return 0;
	case 't': o->labels = true; return 0;
	case 'v': o->verbose = true; return 0;
	case 'd': o->drop = true; return 0;
	case 's': o->secrets = true; return 0;
	case 'm': o->contents = true; return 0;
	case 'f': return parse_show(o, arg);
	case 'p': return parse_protocol(o, arg);
	case 'w':
	case 'n':
	case 'T': return parse_number(o, opt, arg);
	default: return -1;
	}
}

int options_parse(struct options *o, int argc, char const *const *argv)
{
	subgetopt l = SUBGETOPT_ZERO;
	int opt;

	*o = (struct options){
	    .show = {true, true}, .log = 2, .timeout = TIMEOUT};
	while ((opt = subgetopt_r(argc, argv, "dmrstvf:n:p:T:w:", &l)) != -1)
		if (parse_one(o, opt, l.arg) < 0)
			return -1;
	o->program = argv + l.ind;
	return l.ind < argc ? 0 : -1;
}
