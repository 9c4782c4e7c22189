/*
 * Parses options of the command line and of RECIO. Invariant: on failure bad
 * names the option, or is NULL where the usage line says it best.
 */
#include "recio/recio_options.h"

#include <string.h>

#include <skalibs/sgetopt.h>
#include <skalibs/types.h>

#include "base/number.h"

enum { TIMEOUT = 60, TIMEOUT_MAX = 86400 };

static int parse_show(struct recio_options *options, const char *arg)
{
	options->show[0] = strcmp(arg, "in") == 0;
	options->show[1] = strcmp(arg, "out") == 0;
	if (options->show[0] || options->show[1])
		return 0;
	options->bad = "-f takes in or out";
	return -1;
}

static int parse_protocol(struct recio_options *options, const char *arg)
{
	options->protocol = dialect_named(arg);
	if (options->protocol)
		return 0;
	options->bad = "-p takes " DIALECT_NAMES;
	return -1;
}

static int parse_limit(struct recio_options *options, const char *arg)
{
	if (number_parse_size(&options->limit, arg))
		return 0;
	options->bad = "-k takes a size: bytes, or with k, m or g";
	return -1;
}

static int parse_number(struct recio_options *options, int opt, const char *arg)
{
	unsigned int n;
	bool ok = uint0_scan(arg, &n) != 0;

	switch (opt) {
	case 'w':
		options->bad = "-w takes a number of bytes from 1 on";
		options->width = n;
		ok = ok && n >= 1;
		break;
	case 'n':
		options->bad =
		    "-n takes a descriptor from 2 on: 0 and 1 are the "
		    "session";
		options->log = n;
		ok = ok && n >= 2 && n <= 0x7fffffff;
		break;
	default:
		options->bad = "-T takes seconds from 1 to 86400";
		options->timeout = n;
		ok = ok && n >= 1 && n <= TIMEOUT_MAX;
	}
	if (!ok)
		return -1;
	options->bad = NULL;
	return 0;
}

static int parse_one(struct recio_options *options, int opt, const char *arg)
{
	switch (opt) {
	case 'c': options->client = true; return 0;
	case 'e': options->by_environment = true; return 0;
	case 'L': options->looks_inside = true; return 0;
	case 'l': options->lines = true; return 0;
	case 'r': options->raw = true; return 0;
	case 't': options->labels = true; return 0;
	case 'v': options->verbose = true; return 0;
	case 'd': options->drop = true; return 0;
	case 's': options->secrets = true; return 0;
	case 'm': options->contents = true; return 0;
	case 'x': options->dump = true; return 0;
	case 'f': return parse_show(options, arg);
	case 'k': return parse_limit(options, arg);
	case 'p': return parse_protocol(options, arg);
	case 'w':
	case 'n':
	case 'T': return parse_number(options, opt, arg);
	default: return -1;
	}
}

/* Checks options that exclude each other. */
static int check(struct recio_options *options)
{
	if (options->client && (options->log == 6 || options->log == 7))
		options->bad =
		    "-n can't be 6 or 7 with -c: they are the session";
	else if (options->raw && options->dump)
		options->bad =
		    "-r and -x can't both be given: a dump is not raw";
	else
		return 0;
	return -1;
}

static const char letters[] = "cdeLlmrstvxf:k:n:p:T:w:";

static int refuse_recording_option(struct recio_options *options, int letter,
				   const char *word)
{
	std_options_fault(options->fault, letters, letter, word);
	options->bad = options->fault;
	return -1;
}

/* Result: the number of words that were options, or -1. */
static int parse_all(struct recio_options *options, int argc,
		     char const *const *argv)
{
	subgetopt l = SUBGETOPT_ZERO;
	int opt;

	while ((opt = subgetopt_r(argc, argv, letters, &l)) != -1) {
		if (opt == '?')
			return refuse_recording_option(options, l.problem,
						       argv[l.ind]);
		if (parse_one(options, opt, l.arg) < 0)
			return -1;
	}
	return check(options) < 0 ? -1 : l.ind;
}

int recio_options_parse(struct recio_options *options, int argc,
			char const *const *argv)
{
	int n;

	*options = (struct recio_options){
	    .show = {true, true},
	    .limit = UINT64_MAX,
	    .log = 2,
	    .timeout = TIMEOUT,
	};
	n = parse_all(options, argc, argv);
	if (n < 0)
		return -1;
	options->program = argv + n;
	return n < argc ? 0 : -1;
}

int recio_options_add(struct recio_options *options, const char *text)
{
	char copy[RECIO_OPTIONS_TEXT_MAX], *rest = copy, *word;
	const char *argv[RECIO_OPTIONS_WORDS_MAX + 2] = {""};
	int argc = 1;

	options->bad = "too many words";
	if (strlen(text) >= sizeof copy)
		return -1;
	strcpy(copy, text);
	while ((word = strtok_r(rest, " \t", &rest))) {
		if (argc > RECIO_OPTIONS_WORDS_MAX)
			return -1;
		argv[argc++] = word;
	}
	options->bad = NULL;
	if (parse_all(options, argc, argv) == argc)
		return 0;
	if (!options->bad)
		options->bad = "it may hold recio's options and nothing else";
	return -1;
}
