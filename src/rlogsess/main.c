/*
 * rlogsess: puts the lines of logs together again, session by session.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <skalibs/strerr.h>

#include "base/std_options.h"
#include "logread/source_event.h"
#include "rlogsess/loop.h"
#include "rlogsess/report.h"
#include "rlogsess/rlogsess_options.h"

char const *PROG = "rlogsess";

static struct rlogsess_options options;

static void help(void)
{
	puts(
	    "usage: " RLOGSESS_SYNOPSIS "\n"
	    "\n"
	    "Shows the lines of logs session by session; without dir, those\n"
	    "of standard input.\n"
	    "\n"
	    "  -c cursorfile      begin where the last run with it ended\n"
	    "  -f                 follow the logs, over their rotations\n"
	    "  -i address         only sessions of this address or network\n"
	    "  -K                 carry open ones from descriptor 4 to 5\n"
	    "  -k statefile       carry open ones over in a file\n"
	    "  -L auto|djb|leap   the kind of labels (auto)\n"
	    "  -M                 messages of qmail-send, not sessions\n"
	    "  -m regex           only those with such a line; -M: recipient\n"
	    "  -o form            text, flat, table, json or stats\n"
	    "  -p pid             only sessions of this process ID\n"
	    "  -r reply           only those with a reply such as 451 or 5xx\n"
	    "  -S since           only lines from this time on\n"
	    "  -s                 only those that ended badly\n"
	    "  -t seconds         how long one may be silent (3600)\n"
	    "  -U until           only lines up to this time\n"
	    "  -v                 say what was found out about the log\n"
	    "\n"
	    "Long: --address --bad --cursor-file --follow --labels --match\n"
	    "--messages --output --pid --quiet-time --reply --since (--start)\n"
	    "--state-file --until (--end) --verbose --dir=dir");
}

static void read_options(int argc, char **argv)
{
	const struct reader_options *s = &options.selection;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (rlogsess_options_parse(&options, argc, argv, &now) == 0)
		return;
	if (s->bad && s->value)
		strerr_dief(100, "'", s->value, "' is ", s->bad);
	if (s->bad)
		strerr_dief(100, s->bad);
	strerr_dieusage(100, RLOGSESS_SYNOPSIS);
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
	struct report *report = ctx;

	return output_flush(&report->output);
}

static struct source *open_source(struct report *report)
{
	struct source_options *o = &options.selection.source;
	struct source *source;
	char text[SOURCE_EVENT_MAX];
	const char *bad;

	o->tell = tell;
	o->idle = idle;
	o->ctx = report;
	source = source_open(o, &bad);
	if (source)
		return source;
	source_event_open(text, o, bad);
	strerr_dief(111, text);
}

static _Noreturn void die_of_state(void)
{
	const char *name = options.state ? options.state : "descriptor 4 or 5";

	if (errno == EINVAL)
		strerr_dief(111, name, " holds no state of ",
			    options.by_message ? "rlogsess -M" : "rlogsess",
			    "; give -k the name of a new file");
	strerr_diefusys(111, "read or write the state in ", name);
}

static void check(enum loop_trouble trouble)
{
	switch (trouble) {
	case LOOP_FINE: return;
	case LOOP_SOURCE: strerr_diefusys(111, "read the log");
	case LOOP_REPORT: strerr_diefusys(111, "put sessions together");
	case LOOP_STATE: die_of_state();
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

static void warn_of_losses(const struct report *report)
{
	int error = report_trouble(report);

	if (report_cut_lines(report))
		strerr_warnw("lines longer than 65535 bytes were cut");
	if (error)
		strerr_warnw("lines were left out: unable to write to the "
			     "temporary file: ",
			     strerror(error));
}

int main(int argc, char **argv)
{
	int answer = std_options_alone(argc, (char const *const *)argv,
				       "rlogsess " VERSION, help);
	struct loop loop = {.options = &options};
	bool failed;

	if (answer >= 0)
		return answer;
	read_options(argc, argv);
	loop.report = report_new(&options, isatty(1));
	if (!loop.report)
		strerr_diefusys(111, "make room for sessions");
	loop.source = open_source(loop.report);
	check(loop_run(&loop));
	warn_of_losses(loop.report);
	failed = source_failed(loop.source);
	source_close(loop.source);
	report_free(loop.report);
	filter_free(&options.filter);
	return failed ? 111 : 0;
}
