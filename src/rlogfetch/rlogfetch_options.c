/*
 * The command line of rlogfetch.  Each argument is checked where it is parsed.
 * Tested by tests/sh/rlogfetch-usage.t.
 */
#include "rlogfetch/rlogfetch_options.h"

#include <fcntl.h>
#include <getopt.h>
#include <string.h>
#include <time.h>

#include "base/number.h"
#include "logread/time_expression.h"
#include "logwrite/fed_log.h"

static const struct option fetch_words[] = {
    {"once", no_argument, NULL, '1'},
    {"cursor-file", required_argument, NULL, 'c'},
    {"ready-fd", required_argument, NULL, 'd'},
    {"sequence", required_argument, NULL, 'n'},
    {"since", required_argument, NULL, 'S'},
    {"start", required_argument, NULL, 'S'},
    {"status-file", required_argument, NULL, 's'},
    {"verbose", no_argument, NULL, 'v'},
    {NULL, 0, NULL, 0},
};

static int refuse_value(struct rlogfetch_options *options, const char *problem,
			const char *value, const char *hint)
{
	options->problem = problem;
	options->value = value;
	options->hint = hint;
	return -1;
}

static int set_sequence(struct rlogfetch_options *options, const char *arg)
{
	if (number_parse_count(&options->from.sequence, arg, INT64_MAX) &&
	    options->from.sequence)
		return 0;
	return refuse_value(options, "invalid sequence", arg,
			    "the number of a message, from 1 on");
}

static int set_since(struct rlogfetch_options *options, const char *arg)
{
	struct time_expression when;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (!time_expression_parse(&when, arg, TIME_SINCE, &now) ||
	    (when.is_label &&
	     !label_to_time(&when.time, &when.label, LABEL_DJB)) ||
	    when.time.tv_sec < 0)
		return refuse_value(options, "invalid time", arg,
				    "times are " TIME_EXPRESSION_EXAMPLES);
	options->from.time =
	    when.time.tv_sec * INT64_C(1000000000) + when.time.tv_nsec;
	return 0;
}

static int set_ready_descriptor(struct rlogfetch_options *options,
				const char *arg)
{
	uint64_t fd;

	if (!number_parse_count(&fd, arg, 1 << 20) ||
	    fcntl((int)fd, F_GETFD) < 0)
		return refuse_value(options, "invalid descriptor", arg,
				    "the number of an open one");
	options->ready = (int)fd;
	return 0;
}

static int set_fetch_option(struct rlogfetch_options *options, int option,
			    const char *arg)
{
	switch (option) {
	case '1': options->once = true; return 0;
	case 'c': options->cursor = arg; return 0;
	case 'd': return set_ready_descriptor(options, arg);
	case 'n': return set_sequence(options, arg);
	case 'S': return set_since(options, arg);
	case 's': options->status = arg; return 0;
	case 'v': options->verbose = true; return 0;
	default: return -1;
	}
}

static int refuse_fetch_option(struct rlogfetch_options *options, int result,
			       char *const *argv)
{
	const char *word = argv[optind - 1];

	if (optopt && strncmp(word, "--", 2) != 0) {
		options->letter[0] = '-';
		options->letter[1] = (char)optopt;
		word = options->letter;
	}
	return refuse_value(
	    options, result == ':' ? "missing argument of" : "unknown option",
	    word, result == ':' ? NULL : "--help lists the options");
}

static int take_directives(struct rlogfetch_options *options,
			   const char *const *words, size_t n)
{
	options->directives = words;
	options->directives_n = n;
	if (fed_log_check(words, n, options->why) > 0)
		return 0;
	return refuse_value(options, options->why, NULL, NULL);
}

static int take_words(struct rlogfetch_options *options, int argc, char **argv)
{
	const char *why;

	if (argc < 1)
		return -1;
	why = stream_url_parse(&options->url, argv[0], STREAM_URL_READ);
	if (why)
		return refuse_value(options, "invalid url", argv[0], why);
	if (argc < 2)
		return 0;
	options->directory = argv[1];
	if (!*argv[1])
		return refuse_value(options, "invalid directory", "", NULL);
	return take_directives(options, (const char *const *)argv + 2,
			       (size_t)argc - 2);
}

int rlogfetch_options_parse(struct rlogfetch_options *options, int argc,
			    char **argv)
{
	int option;

	*options = (struct rlogfetch_options){.ready = -1};
	opterr = 0;
	while ((option = getopt_long(argc, argv, "+:1c:d:n:S:s:v", fetch_words,
				     NULL)) != -1) {
		if (option == '?' || option == ':')
			return refuse_fetch_option(options, option, argv);
		if (set_fetch_option(options, option, optarg) < 0)
			return -1;
	}
	if (options->from.sequence && options->from.time)
		return refuse_value(options, "-n and -S exclude each other",
				    NULL, NULL);
	return take_words(options, argc - optind, argv + optind);
}
