/* What is to be read; see reader_options.h. */
#include "logread/reader_options.h"

#include <string.h>

void reader_options_init(struct reader_options *s)
{
	*s = (struct reader_options){
	    .source = {.directories = s->directories, .labels = LABEL_AUTO}};
}

int reader_options_refuse(struct reader_options *s, const char *bad,
			  const char *value)
{
	s->bad = bad;
	s->value = value;
	return -1;
}

static int set_time(struct reader_options *s, const char *arg,
		    enum time_side side, const struct timespec *now)
{
	struct time_expression *when =
	    side == TIME_SINCE ? &s->since : &s->until;

	if (!time_expression_parse(when, arg, side, now))
		return reader_options_refuse(
		    s, "no time; times are " TIME_EXPRESSION_EXAMPLES, arg);
	if (side == TIME_SINCE)
		s->source.since = when;
	else
		s->source.until = when;
	return 1;
}

static int set_labels(struct reader_options *s, const char *arg)
{
	static const char *const names[] = {
	    [LABEL_AUTO] = "auto",
	    [LABEL_DJB] = "djb",
	    [LABEL_LEAP] = "leap",
	};

	for (size_t i = LABEL_AUTO; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], arg) == 0) {
			s->source.labels = (enum label_kind)i;
			return 1;
		}
	return reader_options_refuse(s, "no kind of labels: auto, djb or leap",
				     arg);
}

static int add_directory(struct reader_options *s, const char *directory)
{
	if (s->source.count == SOURCE_DIRECTORIES)
		return reader_options_refuse(s, "one directory too many",
					     directory);
	s->directories[s->source.count++] = directory;
	return 1;
}

int reader_options_option(struct reader_options *s, int option, const char *arg,
			  const struct timespec *now)
{
	switch (option) {
	case 'c': s->source.cursor = arg; return 1;
	case 'd': return add_directory(s, arg);
	case 'f': s->source.follow = true; return 1;
	case 'L': return set_labels(s, arg);
	case 'S': return set_time(s, arg, TIME_SINCE, now);
	case 'U': return set_time(s, arg, TIME_UNTIL, now);
	case 'v': s->verbose = true; return 1;
	default: return 0;
	}
}

int reader_options_operands(struct reader_options *s, char *const *words)
{
	for (; *words; words++)
		if (add_directory(s, *words) < 0)
			return -1;
	return 0;
}
