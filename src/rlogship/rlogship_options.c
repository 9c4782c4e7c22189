/*
 * The command line of rlogship.  Without -n, HOST is the machine's name, and
 * NAME that of the service whose log it is.
 *
 * Tested by tests/sh/rlogship-usage.t.
 */
#include "rlogship/rlogship_options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "logdir/layout.h"
#include "rlogship/session_form.h"
#include "rlogship/syslog_form.h"

enum {
	BYTES_DEFAULT = 256 << 10,
	BYTES_LEAST = 1 << 10,
	BYTES_MOST = 64 << 20,
	HOST_TEXT = 256,
};

static const struct option ship_words[] = {
    {"once", no_argument, NULL, '1'},
    {"bytes", required_argument, NULL, 'b'},
    {"cursor-file", required_argument, NULL, 'c'},
    {"ready-fd", required_argument, NULL, 'd'},
    {"labels", required_argument, NULL, 'L'},
    {"name", required_argument, NULL, 'n'},
    {"output", required_argument, NULL, 'o'},
    {"status-file", required_argument, NULL, 's'},
    {"verbose", no_argument, NULL, 'v'},
    {NULL, 0, NULL, 0},
};

static int refuse_ship(struct rlogship_options *options, const char *problem,
		       const char *value, const char *hint)
{
	return stream_options_refuse(&options->stream, problem, value, hint);
}

/* Copies len bytes.  Returns false if they can be no HOST and no NAME. */
static bool copy_name(char to[LOG_NAME_MAX], const char *from, size_t len)
{
	if (!log_name_is_part(from, len))
		return false;
	memcpy(to, from, len);
	to[len] = 0;
	return true;
}

static int set_name(struct rlogship_options *options, const char *arg)
{
	const char *slash = strchr(arg, '/');
	const char *name = slash ? slash + 1 : arg;

	if ((!slash ||
	     copy_name(options->origin.host, arg, (size_t)(slash - arg))) &&
	    copy_name(options->origin.name, name, strlen(name)))
		return 0;
	return refuse_ship(
	    options, "invalid name", arg,
	    "NAME or HOST/NAME, each 1 to 64 letters, digits, '.', "
	    "'_' or '-'");
}

static int set_bytes(struct rlogship_options *options, const char *arg)
{
	uint64_t bytes;

	if (!number_parse_size(&bytes, arg) || bytes < BYTES_LEAST ||
	    bytes > BYTES_MOST)
		return refuse_ship(options, "invalid size", arg,
				   "1k to 64m, as 256k");
	options->bytes = (size_t)bytes;
	return 0;
}

static int set_ship_labels(struct rlogship_options *options, const char *arg)
{
	if (strcmp(arg, "auto") == 0)
		options->labels = LABEL_AUTO;
	else if (strcmp(arg, "djb") == 0)
		options->labels = LABEL_DJB;
	else if (strcmp(arg, "leap") == 0)
		options->labels = LABEL_LEAP;
	else
		return refuse_ship(options, "unknown kind of labels", arg,
				   "auto, djb or leap");
	return 0;
}

static int set_form(struct rlogship_options *options, const char *arg)
{
	options->form = strcmp(arg, session_form.name) == 0
			    ? &session_form
			    : ship_form_named(arg);
	if (options->form)
		return 0;
	return refuse_ship(options, "unknown form", arg,
			   "json, raw or sessions");
}

static int set_ship_option(struct rlogship_options *options, int option,
			   const char *arg)
{
	switch (option) {
	case 'b': return set_bytes(options, arg);
	case 'L': return set_ship_labels(options, arg);
	case 'n': return set_name(options, arg);
	case 'o': return set_form(options, arg);
	default: return stream_options_set(&options->stream, option, arg);
	}
}

/* The host is the machine's, up to the first dot. */
static int choose_host(struct rlogship_options *options)
{
	char host[HOST_TEXT] = "";

	if (*options->origin.host)
		return 0;
	if (gethostname(host, sizeof host - 1) == 0 &&
	    copy_name(options->origin.host, host, strcspn(host, ".")))
		return 0;
	return refuse_ship(options,
			   "the name of this host can't be used: give -n "
			   "HOST/NAME",
			   NULL, NULL);
}

/*
 * The name is that of the service whose log it is: SERVICE/log/main.  There is
 * none yet if the directory is not found, whose opening will say why.
 */
static int choose_name(struct rlogship_options *options)
{
	char *path, *slash;
	bool chosen = false;

	if (*options->origin.name)
		return 0;
	path = realpath(options->directory, NULL);
	if (!path)
		return 0;
	while ((slash = strrchr(path, '/'))) {
		chosen = copy_name(options->origin.name, slash + 1,
				   strlen(slash + 1));
		*slash = 0;
		if (!chosen || (strcmp(slash + 1, "main") != 0 &&
				strcmp(slash + 1, "log") != 0 &&
				strcmp(slash + 1, LAYOUT_CURRENT) != 0))
			break;
	}
	free(path);
	return chosen ? 0 : refuse_ship(options, RLOGSHIP_UNNAMED, NULL, NULL);
}

/*
 * A server of RELP takes syslog alone.  It can't be asked for its last line,
 * and neither can a stream of sessions.
 */
static int choose_ship_form(struct rlogship_options *options)
{
	if (options->url.scheme == STREAM_NATS) {
		if (!options->form)
			options->form = ship_form_named("json");
		if (options->form != &session_form || options->stream.cursor)
			return 0;
		return refuse_ship(options,
				   "-o sessions needs -c cursorfile: the "
				   "stream keeps no places",
				   NULL, NULL);
	}
	if (options->form)
		return refuse_ship(
		    options, "relp:// has no forms: leave out -o", NULL, NULL);
	options->form = &syslog_form;
	if (options->stream.cursor)
		return 0;
	return refuse_ship(
	    options, "relp:// needs -c cursorfile: the server keeps no places",
	    NULL, NULL);
}

static int take_operands(struct rlogship_options *options, int argc,
			 char **argv)
{
	const char *why;

	if (argc - optind != 2)
		return -1;
	why = stream_url_parse(&options->url, argv[optind], STREAM_URL_PUBLISH);
	if (why)
		return refuse_ship(options, "invalid url",
				   stream_url_mask(argv[optind]), why);
	options->directory = argv[optind + 1];
	if (choose_ship_form(options) < 0 || choose_host(options) < 0)
		return -1;
	return choose_name(options);
}

int rlogship_options_parse(struct rlogship_options *options, int argc,
			   char **argv)
{
	int option;

	*options = (struct rlogship_options){
	    .bytes = BYTES_DEFAULT,
	    .stream.ready = -1,
	    .labels = LABEL_AUTO,
	};
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":1b:c:d:L:n:o:s:v",
				     ship_words, NULL)) != -1) {
		if (option == '?' || option == ':')
			return stream_options_refuse_word(&options->stream,
							  option, argv);
		if (set_ship_option(options, option, optarg) < 0)
			return -1;
	}
	return take_operands(options, argc, argv);
}
