/*
 * The command line of rlogfetch.  Each argument is checked where it is parsed.
 * Tested by tests/sh/rlogfetch-usage.t.
 */
#include "rlogfetch/rlogfetch_options.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>
#include <time.h>

#include "base/number.h"
#include "logread/time_expression.h"
#include "logwrite/fed_log.h"

static const struct option fetch_words[] = {
    {"once", no_argument, NULL, '1'},
    {"cursor-file", required_argument, NULL, 'c'},
    {"directives", required_argument, NULL, 'D'},
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
	return stream_options_refuse(&options->stream, problem, value, hint);
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
	    when.time.tv_sec < 0 ||
	    when.time.tv_sec >= INT64_MAX / INT64_C(1000000000))
		return refuse_value(options, "invalid time", arg,
				    "times are " TIME_EXPRESSION_EXAMPLES);
	options->from.time =
	    when.time.tv_sec * INT64_C(1000000000) + when.time.tv_nsec;
	return 0;
}

static int set_fetch_option(struct rlogfetch_options *options, int option,
			    const char *arg)
{
	switch (option) {
	case 'D': options->directive_file = arg; return 0;
	case 'n': return set_sequence(options, arg);
	case 'S': return set_since(options, arg);
	default: return stream_options_set(&options->stream, option, arg);
	}
}

static int refuse_file(struct rlogfetch_options *options)
{
	return refuse_value(
	    options, "unable to take directives of", options->directive_file,
	    errno == EINVAL ? "it is no text" : strerror(errno));
}

static int take_directives(struct rlogfetch_options *options,
			   const char *const *words, size_t n)
{
	options->directives = words;
	options->directives_n = n;
	if (options->directive_file) {
		if (directive_file_read(&options->from_file,
					options->directive_file, words, n) < 0)
			return refuse_file(options);
		options->directives = options->from_file.words;
		options->directives_n = options->from_file.n;
	}
	if (fed_log_check(options->directives, options->directives_n,
			  options->why) > 0)
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
		return refuse_value(options, "invalid url",
				    stream_url_mask(argv[0]), why);
	if (argc < 2 && options->directive_file)
		return refuse_value(options, "-D needs a directory", NULL,
				    NULL);
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

	*options = (struct rlogfetch_options){.stream.ready = -1};
	opterr = 0;
	while ((option = getopt_long(argc, argv, "+:1c:D:d:n:S:s:v",
				     fetch_words, NULL)) != -1) {
		if (option == '?' || option == ':')
			return stream_options_refuse_word(&options->stream,
							  option, argv);
		if (set_fetch_option(options, option, optarg) < 0)
			return -1;
	}
	if (options->from.sequence && options->from.time)
		return refuse_value(options, "-n and -S exclude each other",
				    NULL, NULL);
	return take_words(options, argc - optind, argv + optind);
}
