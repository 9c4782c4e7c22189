/*
 * The options that reading programs share.  Arguments are checked where they
 * are parsed; combinations of options are checked by each program.  Tested by
 * tests/sh/rlogread-usage.t and tests/sh/rlogsess-usage.t.
 */
#include "logread/reader_options.h"

#include <string.h>

#include <skalibs/uint64.h>

int reader_options_refuse(struct reader_options *selection, const char *problem,
			  const char *value, const char *hint)
{
	selection->problem = problem;
	selection->value = value;
	selection->hint = hint;
	return -1;
}

static int set_time(struct reader_options *selection, const char *arg,
		    enum time_side side)
{
	struct time_expression *when =
	    side == TIME_SINCE ? &selection->since : &selection->until;

	if (!time_expression_parse(when, arg, side, &selection->now))
		return reader_options_refuse(
		    selection, "invalid time", arg,
		    "times are " TIME_EXPRESSION_EXAMPLES);
	if (side == TIME_SINCE)
		selection->source.since = when;
	else
		selection->source.until = when;
	return 1;
}

static int set_last(struct reader_options *selection, const char *arg)
{
	if (!time_expression_parse_last(&selection->since, arg,
					&selection->now))
		return reader_options_refuse(
		    selection, "invalid duration", arg,
		    "durations are " TIME_EXPRESSION_DURATIONS);
	selection->last = true;
	return 1;
}

static int set_labels(struct reader_options *selection, const char *arg)
{
	static const char *const names[] = {
	    [LABEL_AUTO] = "auto",
	    [LABEL_DJB] = "djb",
	    [LABEL_LEAP] = "leap",
	};

	for (size_t i = LABEL_AUTO; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], arg) == 0) {
			selection->source.labels = (enum label_kind)i;
			return 1;
		}
	return reader_options_refuse(selection, "unknown kind of labels", arg,
				     "auto, djb or leap");
}

int reader_options_set_tail(struct reader_options *selection, const char *arg,
			    const char *problem)
{
	struct tail_limit tail = {.given = true,
				  .all = strcmp(arg, "all") == 0};

	selection->tail = tail;
	if (tail.all || (uint640_scan(arg, &selection->tail.count) &&
			 selection->tail.count != UINT64_MAX))
		return 0;
	return reader_options_refuse(selection, problem, arg,
				     "give a number, or all");
}

static int add_directory(struct reader_options *selection,
			 const char *directory)
{
	if (selection->source.count == SOURCE_DIRECTORIES)
		return reader_options_refuse(selection, "too many directories",
					     directory, NULL);
	selection->directories[selection->source.count++] = directory;
	return 1;
}

/* Returns 1, 0 if the option is not one of these, or -1. */
static int set_common_option(struct reader_options *selection, int option,
			     const char *arg)
{
	switch (option) {
	case 'c': selection->source.cursor = arg; return 1;
	case 'd': return add_directory(selection, arg);
	case 'f': selection->source.follow = true; return 1;
	case 'L': return set_labels(selection, arg);
	case 'S': return set_time(selection, arg, TIME_SINCE);
	case 'U': return set_time(selection, arg, TIME_UNTIL);
	case 'v': selection->verbose = true; return 1;
	case READER_OPTIONS_LAST: return set_last(selection, arg);
	default: return 0;
	}
}

static int add_operands(struct reader_options *selection, char *const *words)
{
	for (; *words; words++)
		if (add_directory(selection, *words) < 0)
			return -1;
	return 0;
}

/* The option that getopt_long has refused, as it was written. */
static const char *find_refused_word(struct reader_options *selection,
				     char *const *argv)
{
	const char *word = argv[optind - 1];

	if (!optopt || strncmp(word, "--", 2) == 0)
		return word;
	selection->letter[0] = '-';
	selection->letter[1] = (char)optopt;
	return selection->letter;
}

/* result: of getopt_long. */
static int refuse_option(struct reader_options *selection, int result,
			 char *const *argv)
{
	const char *word = find_refused_word(selection, argv);

	if (result == ':')
		return reader_options_refuse(
		    selection, "missing argument of option", word, NULL);
	return reader_options_refuse(selection, "unknown option", word,
				     optopt && word != selection->letter
					 ? "it takes no argument"
					 : "--help lists the options");
}

static int check_window(struct reader_options *selection)
{
	struct source_options *source = &selection->source;

	if (selection->last && (source->since || source->until))
		return reader_options_refuse(
		    selection, "--last excludes -S and -U", NULL, NULL);
	if (selection->last)
		source->since = &selection->since;
	if (!source->since || !source->until ||
	    !time_expression_is_later(source->since, source->until))
		return 0;
	return reader_options_refuse(
	    selection, "-S is later than -U: no line is in this window", NULL,
	    NULL);
}

void reader_options_choose_tail(struct reader_options *selection)
{
	const struct source_options *source = &selection->source;
	struct tail_limit *tail = &selection->tail;

	if (tail->given)
		return;
	tail->all = !source->follow || source->since || source->cursor;
	tail->count = READER_OPTIONS_TAIL;
	for (size_t i = 0; i < source->count; i++)
		tail->all |= strcmp(source->directories[i], "-") == 0;
}

int reader_options_parse(struct reader_options *selection,
			 const struct reader_options_own *own, int argc,
			 char **argv)
{
	int option, r;

	*selection = (struct reader_options){
	    .source = {.directories = selection->directories,
		       .labels = LABEL_AUTO}};
	clock_gettime(CLOCK_REALTIME, &selection->now);
	opterr = 0;
	while ((option = getopt_long(argc, argv, own->letters, own->words,
				     NULL)) != -1) {
		if (option == '?' || option == ':')
			return refuse_option(selection, option, argv);
		r = set_common_option(selection, option, optarg);
		if (r == 0)
			r = own->set(own->ctx, option, optarg);
		if (r < 0)
			return -1;
	}
	return check_window(selection) < 0
		   ? -1
		   : add_operands(selection, argv + optind);
}
