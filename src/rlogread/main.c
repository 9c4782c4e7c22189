/*
 * rlogread: lines of log directories on standard output.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <skalibs/strerr.h>

#include "answer.h"
#include "rlogread/form.h"
#include "rlogread/message.h"
#include "rlogread/options.h"
#include "rlogread/out.h"
#include "source.h"

char const *PROG = "rlogread";

enum { SAVE_EVERY = 1000 }; /* milliseconds between two saved positions */

static volatile sig_atomic_t stop;

struct run {
	struct options options;
	struct source *source;
	struct form form;
	struct out out;
	sigset_t waiting;
	bool exact;    /* there is a position to remember */
	bool dirty;    /* it is not saved as it stands */
	int64_t saved; /* when it was saved last */
	bool matched;
};

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

static int64_t milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void tell(void *ctx, const struct source_notice *notice)
{
	const struct run *run = ctx;

	message_tell(notice, run->options.verbose);
}

static void save(struct run *run)
{
	if (!run->exact || !run->dirty)
		return;
	if (source_save(run->source) < 0)
		strerr_diefusys(111, "write ", run->options.source.cursor);
	run->dirty = false;
	run->saved = milliseconds();
}

/* Signals are let in here: nothing is half done. */
static void let_in(struct run *run)
{
	const struct timespec zero = {0};

	ppoll(NULL, 0, &zero, &run->waiting);
}

static void written(void *ctx, bool all)
{
	struct run *run = ctx;

	if (!run->exact)
		return;
	source_mark(run->source, all);
	run->dirty = true;
	if (milliseconds() - run->saved >= SAVE_EVERY)
		save(run);
	let_in(run);
}

/* Standard output is gone or takes nothing more. */
static void fail(struct run *run)
{
	int error = errno;

	save(run);
	if (error == EPIPE) {
		signal(SIGPIPE, SIG_DFL);
		raise(SIGPIPE);
	}
	errno = error;
	strerr_diefusys(111, "write to standard output");
}

static void flush(void *ctx)
{
	struct run *run = ctx;

	if (out_flush(&run->out) < 0 && !(errno == EINTR && stop))
		fail(run);
}

static void on_signal(int signal)
{
	(void)signal;
	stop = 1;
}

/* With a position to remember we end in order, and between two lines. */
static void catch_signals(struct run *run)
{
	static const int signals[] = {SIGTERM, SIGINT, SIGHUP};
	struct sigaction action = {.sa_handler = on_signal};
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		sigaction(signals[i], &action, NULL);
		sigaddset(&set, signals[i]);
	}
	signal(SIGPIPE, SIG_IGN);
	sigprocmask(SIG_BLOCK, &set, &run->waiting);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		sigdelset(&run->waiting, signals[i]);
	run->out.stop = &stop;
}

/* Until there is more, it is time to save, or nobody listens any more. */
static void wait_for_more(struct run *run)
{
	struct pollfd p[2] = {{.fd = 1}, {.events = POLLIN}};
	int timeout = source_wait(run->source, &p[1].fd);
	struct timespec time;

	if (run->dirty && timeout > SAVE_EVERY)
		timeout = SAVE_EVERY;
	time.tv_sec = timeout / 1000;
	time.tv_nsec = timeout % 1000 * 1000000L;
	if (ppoll(p, 2, &time, &run->waiting) > 0 &&
	    p[0].revents & (POLLERR | POLLHUP)) {
		errno = EPIPE;
		fail(run);
	}
	source_woken(run->source);
	if (run->dirty && milliseconds() - run->saved >= SAVE_EVERY)
		save(run);
}

/* Blocks have their newlines in them, lines do not. */
static int put(struct run *run, const struct source_line *line)
{
	if (run->form.kind != FORM_RAW || line->ends)
		return form_line(&run->form, &run->out, line);
	if (line->begins && run->out.open &&
	    out_block(&run->out, "\n", 1, true) < 0)
		return -1;
	return out_block(&run->out, line->text, line->len,
			 line->len && line->text[line->len - 1] == '\n');
}

static int next(struct run *run, struct source_line *line)
{
	if (run->form.kind == FORM_RAW && !run->form.safe)
		return source_block(run->source, line, run->out.unit);
	return source_next(run->source, line);
}

static void copy(struct run *run)
{
	struct source_line line;
	int r;

	while (!stop) {
		r = next(run, &line);
		if (r < 0 && errno != EINTR)
			strerr_diefusys(111, "read the log");
		if (r > 0) {
			run->matched = true;
			if (run->options.quiet)
				return;
			if (put(run, &line) < 0 && !(errno == EINTR && stop))
				fail(run);
			continue;
		}
		flush(run);
		if (!run->options.source.follow)
			return;
		if (!stop)
			wait_for_more(run);
	}
}

static void open_source(struct run *run)
{
	struct source_options *o = &run->options.source;
	const char *bad;

	o->tell = tell;
	o->idle = flush;
	o->ctx = run;
	run->source = source_open(o, &bad);
	if (run->source)
		return;
	if (bad && bad == o->cursor && errno == EINVAL)
		strerr_dief(111, bad,
			    " is no cursor of rlogread; give -c the "
			    "name of a new file");
	if (bad && errno == ENOENT && access(bad, F_OK) == 0)
		strerr_dief(111, bad,
			    " holds no log: neither current nor "
			    "archives, here or in log/main");
	if (bad)
		strerr_diefusys(111, "open ", bad);
	strerr_diefusys(111, "open the log");
}

/* The last lines of a window: it is read twice, the first time to count. */
static void count_window(struct run *run)
{
	struct source_options *o = &run->options.source;
	struct source_line line;
	uint64_t count = 0;
	int r;

	if (!o->tailed || !o->until)
		return;
	o->tailed = false;
	open_source(run);
	while ((r = source_next(run->source, &line)) > 0)
		count += line.ends;
	if (r < 0)
		strerr_diefusys(111, "read the log");
	source_close(run->source);
	o->skip = count > o->lines ? count - o->lines : 0;
}

static bool wants_colour(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return !(no && *no) && term && strcmp(term, "dumb") != 0;
}

static void choose_form(struct run *run)
{
	bool terminal = isatty(1);

	form_init(&run->form, run->options.form_given ? run->options.form
			      : terminal              ? FORM_LOCAL
						      : FORM_RAW);
	if (!terminal || run->form.kind == FORM_RAW ||
	    run->form.kind == FORM_JSON)
		return;
	run->form.safe = true;
	run->form.colour = wants_colour();
}

int main(int argc, char **argv)
{
	int answer = answer_alone(argc, (char const *const *)argv,
				  "rlogread " VERSION, help);
	static struct run run;
	struct timespec now;

	if (answer >= 0)
		return answer;
	clock_gettime(CLOCK_REALTIME, &now);
	if (options_parse(&run.options, argc, argv, &now) < 0) {
		if (run.options.bad && run.options.value)
			strerr_dief(100, "'", run.options.value, "' is ",
				    run.options.bad);
		if (run.options.bad)
			strerr_dief(100, run.options.bad);
		strerr_dieusage(100, RLOGREAD_SYNOPSIS);
	}
	choose_form(&run);
	run.exact = run.options.source.cursor && !run.options.quiet;
	out_init(&run.out, 1, run.exact);
	run.out.written = written;
	run.out.ctx = &run;
	run.out.waiting = &run.waiting;
	sigprocmask(SIG_SETMASK, NULL, &run.waiting);
	if (run.exact)
		catch_signals(&run);
	count_window(&run);
	open_source(&run);
	copy(&run);
	if (run.exact && !stop)
		source_mark(run.source, true);
	run.dirty = true;
	save(&run);
	if (run.options.quiet)
		_exit(run.matched ? 0 : 1);
	if (source_failed(run.source))
		_exit(111);
	source_close(run.source);
	return 0;
}
