/*
 * The command line of rlogsess.  Arguments are checked where they are parsed;
 * combinations of options at the end.  Tested by tests/sh/rlogsess-usage.t.
 */
#include "rlogsess/rlogsess_options.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <skalibs/types.h>

#include "rlogsess/grouping/dialogue.h"

enum { QUIET_MAX = 31536000 };

static const struct option session_words[] = {
    READER_OPTIONS_WORDS,
    {"address", required_argument, NULL, 'i'},
    {"bad", no_argument, NULL, 's'},
    {"direction", required_argument, NULL, 'D'},
    {"from", required_argument, NULL, 'F'},
    {"into", required_argument, NULL, 'I'},
    {"match", required_argument, NULL, 'm'},
    {"messages", no_argument, NULL, 'M'},
    {"msg", required_argument, NULL, 'N'},
    {"number", required_argument, NULL, 'n'},
    {"output", required_argument, NULL, 'o'},
    {"pid", required_argument, NULL, 'p'},
    {"quiet-time", required_argument, NULL, 't'},
    {"reply", required_argument, NULL, 'r'},
    {"rest", no_argument, NULL, 'R'},
    {"state-file", required_argument, NULL, 'k'},
    {"columns", required_argument, NULL, 'C'},
    {"heading", no_argument, NULL, 'H'},
    {"stuck", no_argument, NULL, 'Q'},
    {"time", required_argument, NULL, 'T'},
    {"trace", required_argument, NULL, 'W'},
    {NULL, 0, NULL, 0},
};

static int refuse_argument(struct rlogsess_options *options,
			   const char *problem, const char *value,
			   const char *hint)
{
	return reader_options_refuse(&options->selection, problem, value, hint);
}

static int parse_session_form(struct rlogsess_options *options, const char *arg)
{
	options->form = format_find(arg);
	if (options->form)
		return 0;
	format_names(options->why, sizeof options->why, " or ");
	return refuse_argument(options, "unknown form", arg, options->why);
}

static int parse_time_form(struct rlogsess_options *options, const char *arg)
{
	if (!line_form_named(&options->time, arg) ||
	    options->time == LINE_FORM_JSON)
		return refuse_argument(options, "unknown form of times", arg,
				       LINE_FORM_TIMES);
	options->time_given = true;
	return 0;
}

/* The criteria of one kind, for messages. */
struct criterion {
	char option;
	const char *invalid, *many; /* problems of an argument */
	const char *hint;           /* how to write it, or NULL */
};

static const struct criterion criteria[] = {
    {'i', "invalid address", "too many addresses",
     "give an address or network such as 192.0.2.7, 192.0.2.0/24 or "
     "2001:db8::/32"},
    {'p', "invalid process ID", "too many process IDs", NULL},
    {'r', "invalid reply code", "too many reply codes",
     "give a code such as 451 or 5xx; with -M, an address or @domain"},
    {'m', "invalid regular expression", "too many regular expressions", NULL},
    {'F', "invalid regular expression", "too many senders", NULL},
    {'N', "invalid message number", "too many message numbers", NULL},
};

static int add_criterion(struct rlogsess_options *options, int option,
			 const char *arg)
{
	struct filter *filter = &options->filter;

	switch (option) {
	case 'i': return filter_add_network(filter, arg);
	case 'p': return filter_add_pid(filter, arg);
	case 'r':
		return strchr(arg, '@') ? filter_add_recipient(filter, arg)
					: filter_add_reply(filter, arg);
	case 'N': return filter_add_message(filter, arg);
	case 'F':
		return filter_add_sender(filter, arg, options->why,
					 sizeof options->why);
	default:
		return filter_add_text(filter, arg, options->why,
				       sizeof options->why);
	}
}

static int parse_filter(struct rlogsess_options *options, int option,
			const char *arg)
{
	const struct criterion *criterion = criteria;

	*options->why = 0;
	if (add_criterion(options, option, arg) == 0)
		return 0;
	while (criterion->option != option)
		criterion++;
	if (errno == E2BIG) {
		snprintf(options->why, sizeof options->why,
			 "at most %d are possible", (int)FILTER_MAX);
		return refuse_argument(options, criterion->many, arg,
				       options->why);
	}
	return refuse_argument(options, criterion->invalid, arg,
			       *options->why ? options->why : criterion->hint);
}

static int parse_direction(struct rlogsess_options *options, const char *arg)
{
	static const int directions[] = {DIALOGUE_IN, DIALOGUE_OUT};

	if (strcmp(arg, "in") == 0)
		options->direction = &directions[0];
	else if (strcmp(arg, "out") == 0)
		options->direction = &directions[1];
	else
		return refuse_argument(options, "invalid direction", arg,
				       "give in, to the program, or out, from "
				       "it");
	return 0;
}

static int parse_quiet(struct rlogsess_options *options, const char *arg)
{
	if (uint0_scan(arg, &options->quiet) && options->quiet >= 1 &&
	    options->quiet <= QUIET_MAX)
		return 0;
	return refuse_argument(options, "invalid number of seconds", arg,
			       "give 1 to 31536000");
}

static int set_session_option(void *ctx, int option, const char *arg)
{
	struct rlogsess_options *options = ctx;

	switch (option) {
	case 'C': options->columns = arg; return 0;
	case 'H': options->heading = true; return 0;
	case 'F':
	case 'i':
	case 'm':
	case 'N':
	case 'p':
	case 'r': return parse_filter(options, option, arg);
	case 'D': return parse_direction(options, arg);
	case 'I': options->into = arg; return 0;
	case 'K': options->descriptors = true; return 0;
	case 'k': options->state = arg; return 0;
	case 'M': options->by_message = true; return 0;
	case 'n':
		return reader_options_set_tail(&options->selection, arg,
					       "invalid number of sessions");
	case 'o': return parse_session_form(options, arg);
	case 'Q': filter_set_stuck(&options->filter); return 0;
	case 'R': options->rest = true; return 0;
	case 's': filter_set_bad(&options->filter); return 0;
	case 'T': return parse_time_form(options, arg);
	case 'W': options->trace = arg; return 0;
	case 't': return parse_quiet(options, arg);
	default: return -1;
	}
}

static bool is_limited(const struct rlogsess_options *options)
{
	return options->selection.tail.given && !options->selection.tail.all;
}

/* Returns the conflict of the forms that give bytes back, or NULL. */
static const char *find_bytes_conflict(const struct rlogsess_options *options)
{
	const char *name = options->form->name;
	bool bytes = strcmp(name, "bytes") == 0;

	if (options->by_message && !options->form->messages)
		return "-o bytes, hex, mail, pcapng, ladder and metrics show "
		       "sessions, -M shows messages";
	if (is_limited(options) && options->form->tells && !options->rest)
		return "-n excludes -o bytes, hex and mail";
	if (is_limited(options) && rlogsess_options_format(options)->save)
		return "-n excludes -o metrics";
	if (options->into && strcmp(name, "mail") != 0)
		return "--into belongs to -o mail";
	if (options->direction && !bytes && strcmp(name, "hex") != 0)
		return "--direction belongs to -o bytes and hex";
	if (bytes && !options->direction)
		return "-o bytes needs --direction in or out";
	return NULL;
}

/* A page has all sessions of one run, and is written at its end. */
static const char *find_page_conflict(const struct rlogsess_options *options)
{
	if (strcmp(options->form->name, "html") == 0 && !options->rest &&
	    (options->state || options->descriptors || is_limited(options) ||
	     options->filter.stuck))
		return "-o html is one page: no -K, -k, -n or --stuck";
	return NULL;
}

static bool shows_lines(const struct rlogsess_options *options)
{
	return options->rest || options->form == format_find("text") ||
	       options->form == format_find("flat");
}

/* All groups are shown where -n would contradict another option. */
static void choose_last_groups(struct rlogsess_options *options)
{
	struct tail_limit *tail = &options->selection.tail;

	reader_options_choose_tail(&options->selection);
	tail->all |=
	    options->state || options->descriptors || !options->form->carries;
	/* Counters are about all sessions. */
	tail->all |= rlogsess_options_format(options)->save != NULL;
	/* Sentences about a session are told when it ends. */
	tail->all |= options->form->tells && !options->rest;
}

/* --trace reads its logs twice, and shows mails alone. */
static const char *find_trace_conflict(const struct rlogsess_options *options)
{
	const struct source_options *source = &options->selection.source;
	const char *form = options->form->name;

	if (!*options->trace)
		return "--trace needs a Message-ID, qp, queue ID or address";
	if (strcmp(form, "text") != 0 && strcmp(form, "json") != 0)
		return "--trace has the forms text and json";
	if (!filter_is_open(&options->filter) || options->by_message ||
	    options->rest || is_limited(options) || options->state ||
	    options->descriptors || options->direction || options->into ||
	    source->follow || source->cursor)
		return "--trace goes with -L, -o, -S, -t, -U, -v, --last and "
		       "--time alone";
	for (size_t i = 0; i < source->count; i++)
		if (strcmp(source->directories[i], "-") == 0)
			return "--trace reads its logs twice: no standard "
			       "input";
	if (!source->count)
		return "--trace reads its logs twice: name them";
	return NULL;
}

static const char *find_session_conflict(const struct rlogsess_options *options)
{
	const struct filter *filter = &options->filter;
	const struct source_options *source = &options->selection.source;
	bool carry = options->state || options->descriptors;

	if (options->trace)
		return find_trace_conflict(options);
	if (find_page_conflict(options))
		return find_page_conflict(options);
	if (!options->by_message && filter->recipients)
		return "-r with an address needs -M: sessions have replies";
	if (options->by_message && (filter->networks || filter->replies))
		return "-i and -r select sessions, -M shows messages";
	if (!options->by_message && filter_has_messages(filter))
		return "--msg, --from and --stuck select messages: they need "
		       "-M";
	if (filter->stuck &&
	    (source->follow || carry || !options->form->carries))
		return "--stuck looks at the end of the log: no -f, -K, -k or "
		       "-o stats";
	if (options->state && options->descriptors)
		return "-k and -K exclude each other";
	if (carry && !options->form->carries)
		return "-o stats carries nothing over: no -k or -K";
	if (options->heading &&
	    (options->rest || options->form != format_find("table")))
		return "--heading belongs to -o table";
	if (options->time_given && !shows_lines(options))
		return "--time is about lines: of -o text, -o flat and --rest";
	if (is_limited(options) && (carry || !options->form->carries))
		return "-n excludes -k, -K and -o stats";
	if (source->follow && (source->until || options->descriptors))
		return "-f excludes -U and -K";
	if (!source->count && (source->follow || source->cursor))
		return "-c and -f need a log directory";
	return find_bytes_conflict(options);
}

const struct format *
rlogsess_options_format(const struct rlogsess_options *options)
{
	return format_choose(options->form, options->by_message,
			     options->filter.stuck);
}

/* Returns 0, or -1 if a name is that of no column of the form. */
static int check_columns(struct rlogsess_options *options)
{
	const struct format *format = rlogsess_options_format(options);
	struct fields fields = {.count = 0};
	struct column_choice choice;
	struct slice bad;

	if (!options->columns)
		return 0;
	if (!format->list_columns || options->rest)
		return refuse_argument(options,
				       "--columns belongs to -o table and csv",
				       NULL, NULL);
	if (format->list_columns(options->by_message ? &grouping_qmail
						     : &grouping_connections,
				 &fields) < 0)
		return refuse_argument(options, "no memory", NULL, NULL);
	if (column_choice_parse(&choice, &fields, options->columns, &bad) == 0)
		return 0;
	slice_copy(bad, options->word, sizeof options->word);
	column_choice_names(options->why, &fields);
	return refuse_argument(options, "unknown column", options->word,
			       options->why);
}

int rlogsess_options_parse(struct rlogsess_options *options, int argc,
			   char **argv)
{
	const struct reader_options_own own = {
	    .letters = READER_OPTIONS_LETTERS "i:Kk:Mm:n:o:p:r:st:",
	    .words = session_words,
	    .set = set_session_option,
	    .ctx = options,
	};
	const char *conflict;

	*options = (struct rlogsess_options){0};
	if (reader_options_parse(&options->selection, &own, argc, argv) < 0)
		return -1;
	if (!options->form)
		options->form =
		    format_find(options->filter.stuck ? "table" : "text");
	conflict = find_session_conflict(options);
	if (conflict)
		return refuse_argument(options, conflict, NULL, NULL);
	choose_last_groups(options);
	return check_columns(options);
}

enum line_form_kind
rlogsess_options_time(const struct rlogsess_options *options, bool terminal)
{
	if (options->time_given)
		return options->time;
	return terminal ? LINE_FORM_LOCAL : LINE_FORM_RAW;
}
