/*
 * The options are those of Dovecot's rawlog.  Tested by tests/unit/rawio and
 * tests/sh/rawio-usage.t.
 */
#include "rawio/rawio_options.h"

#include <string.h>

#include <skalibs/sgetopt.h>

#include "rawio/raw_directory.h"

static int parse_keep(struct rawio_options *options, const char *arg)
{
	options->keep[0] = strcmp(arg, "in") == 0;
	options->keep[1] = strcmp(arg, "out") == 0;
	if (options->keep[0] || options->keep[1])
		return 0;
	options->bad = "-f takes in or out";
	return -1;
}

static int parse_dir(struct rawio_options *options, const char *arg)
{
	options->dir = arg;
	if (!*arg)
		options->bad = "-d takes a directory";
	else if (!raw_directory_is_valid(arg))
		options->bad = "-d takes the fields %u, %n, %d, %r, %h and %%";
	return options->bad ? -1 : 0;
}

static const char letters[] = "btvIf:d:";

static int refuse_raw_option(struct rawio_options *options, int letter,
			     const char *word)
{
	std_options_fault(options->fault, letters, letter, word);
	options->bad = options->fault;
	return -1;
}

static int apply_option(struct rawio_options *options, int opt, const char *arg)
{
	switch (opt) {
	case 'b': options->bounds = true; return 0;
	case 't': options->stamps = true; return 0;
	case 'v': options->explains = true; return 0;
	case 'I': options->address = true; return 0;
	case 'f': return parse_keep(options, arg);
	case 'd': return parse_dir(options, arg);
	default: return -1;
	}
}

int rawio_options_parse(struct rawio_options *options, int argc,
			char const *const *argv)
{
	subgetopt state = SUBGETOPT_ZERO;
	int opt;

	*options = (struct rawio_options){.keep = {true, true}};
	while ((opt = subgetopt_r(argc, argv, letters, &state)) != -1) {
		if (opt == '?')
			return refuse_raw_option(options, state.problem,
						 argv[state.ind]);
		if (apply_option(options, opt, state.arg) < 0)
			return -1;
	}
	options->program = argv + state.ind;
	return state.ind < argc ? 0 : -1;
}
