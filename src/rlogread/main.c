/*
 * rlogread: lines of log directories on standard output.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <skalibs/strerr.h>

#include "base/std_options.h"
#include "logread/source_event.h"
#include "rlogread/loop.h"

char const *PROG = "rlogread";

static struct rlogread_options options;

static void help(void)
{
	puts(
	    "usage: " RLOGREAD_SYNOPSIS "\n"
	    "\n"
	    "Writes the lines of log directories, merged by time, to standard\n"
	    "output; without a directory those of standard input.\n"
	    "\n"
	    "  -c cursorfile      begin where the last run with it ended\n"
	    "  -f                 follow the log, over its rotations\n"
	    "  -L auto|djb|leap   the kind of labels (auto)\n"
	    "  -n lines           only so many lines, the last ones\n"
	    "  -o form            raw, local, tai64nlocal, utc, iso, unix, "
	    "json\n"
	    "  -q                 write nothing; exit 1 if there is no line\n"
	    "  -S since           only lines from this time on\n"
	    "  -U until           only lines up to this time\n"
	    "  -v                 say what was found out about the log\n"
	    "\n"
	    "Long: --cursor-file --follow --labels --lines --output --quiet\n"
	    "--since (--start) --until (--end) --verbose --dir=dir");
}

static void tell(void *ctx, const struct source_notice *notice)
{
	char text[SOURCE_EVENT_MAX];

	(void)ctx;
	if (source_event_text(text, notice, options.selection.verbose))
		strerr_warnw(text);
}

/* Who writes to standard input may wait for an answer. */
static int idle(void *ctx)
{
	return loop_flush(ctx);
}

static struct source *open_source(struct loop *loop)
{
	struct source_options *o = &options.selection.source;
	char text[SOURCE_EVENT_MAX];
	const char *bad;
	struct source *source;

	o->tell = tell;
	o->idle = idle;
	o->ctx = loop;
	source = source_open(o, &bad);
	if (source)
		return source;
	source_event_open(text, o, bad);
	strerr_dief(111, text);
}

/* The last lines of a window: it is read twice, the first time to count. */
static void count_window(struct loop *loop)
{
	struct source_options *o = &options.selection.source;
	struct source_line line;
	struct source *source;
	uint64_t count = 0;
	int r;

	if (!o->tailed || !o->until)
		return;
	o->tailed = false;
	source = open_source(loop);
	while ((r = source_next(source, &line)) > 0)
		count += line.ends;
	if (r < 0)
		strerr_diefusys(111, "read the log");
	source_close(source);
	o->skip = count > o->lines ? count - o->lines : 0;
}

static bool wants_colour(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return !(no && *no) && term && strcmp(term, "dumb") != 0;
}

static void choose_form(struct loop *loop)
{
	struct line_form *form = &loop->form;
	bool terminal = isatty(1);

	line_form_init(form, options.form_given ? options.form
			     : terminal         ? LINE_FORM_LOCAL
						: LINE_FORM_RAW);
	if (!terminal || form->kind == LINE_FORM_RAW ||
	    form->kind == LINE_FORM_JSON)
		return;
	output_set_safe(&loop->out, true);
	form->colour = wants_colour();
}

static void read_options(int argc, char **argv)
{
	const struct reader_options *s = &options.selection;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (rlogread_options_parse(&options, argc, argv, &now) == 0)
		return;
	if (s->bad && s->value)
		strerr_dief(100, "'", s->value, "' is ", s->bad);
	if (s->bad)
		strerr_dief(100, s->bad);
	strerr_dieusage(100, RLOGREAD_SYNOPSIS);
}

static void check(enum loop_trouble trouble)
{
	switch (trouble) {
	case LOOP_FINE: return;
	case LOOP_SOURCE: strerr_diefusys(111, "read the log");
	case LOOP_CURSOR:
		strerr_diefusys(111, "write ", options.selection.source.cursor);
	case LOOP_OUTPUT: break;
	}
	if (errno == EPIPE) {
		signal(SIGPIPE, SIG_DFL);
		raise(SIGPIPE);
	}
	strerr_diefusys(111, "write to standard output");
}

int main(int argc, char **argv)
{
	int answer = std_options_alone(argc, (char const *const *)argv,
				       "rlogread " VERSION, help);
	static struct loop loop = {.options = &options};
	bool failed;

	if (answer >= 0)
		return answer;
	read_options(argc, argv);
	loop_init(&loop);
	choose_form(&loop);
	count_window(&loop);
	loop.source = open_source(&loop);
	check(loop_run(&loop));
	if (options.quiet)
		return loop.matched ? 0 : 1;
	failed = source_failed(loop.source);
	source_close(loop.source);
	return failed ? 111 : 0;
}
