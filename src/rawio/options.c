/* Options; see options.h. */
#include "rawio/options.h"

#include <string.h>

#include <skalibs/sgetopt.h>

static int parse_keep(struct options *o, const char *arg)
{
	o->keep[0] = strcmp(arg, "in") == 0;
	o->keep[1] = strcmp(arg, "out") == 0;
	if (o->keep[0] || o->keep[1])
		return 0;
	o->bad = "-f takes in or out";
	return -1;
}

static int parse_dir(struct options *o, const char *arg)
{
	o->dir = arg;
	if (*arg)
		return 0;
	o->bad = "-d takes a directory";
	return -1;
}

static int parse_one(struct options *o, int opt, const char *arg)
{
	switch (opt) {
	case 'b': o->bounds = true; return 0;
	case 't': o->stamps = true; return 0;
	case 'I': o->address = true; return 0;
	case 'f': return parse_keep(o, arg);
	case 'd': return parse_dir(o, arg);
	default: return -1;
	}
}

int options_parse(struct options *o, int argc, char const *const *argv)
{
	subgetopt l = SUBGETOPT_ZERO;
	int opt;

	*o = (struct options){.keep = {true, true}};
	while ((opt = subgetopt_r(argc, argv, "btIf:d:", &l)) != -1)
		if (parse_one(o, opt, l.arg) < 0)
			return -1;
	o->program = argv + l.ind;
	return l.ind < argc ? 0 : -1;
}
