/*
 * The loop; see loop.h.  Signals that end us are let in only where all lines
 * that were read are dealt with.
 */
#include "loop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "state.h"

enum {
	SAVE_EVERY = 10000, /* milliseconds between two saved states */
	LOOK_EVERY = 1000,  /* at the clock, while sessions are open */
	BLOCK = 1 << 16,
};

static volatile sig_atomic_t stop;
static sigset_t waiting; /* the mask to wait with */

static void on_signal(int signal)
{
	(void)signal;
	stop = 1;
}

static void catch_signals(void)
{
	static const int signals[] = {SIGTERM, SIGINT, SIGHUP};
	struct sigaction action = {.sa_handler = on_signal};
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		sigaction(signals[i], &action, NULL);
		sigaddset(&set, signals[i]);
	}
	sigprocmask(SIG_BLOCK, &set, &waiting);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		sigdelset(&waiting, signals[i]);
}

static bool has_to_end_in_order(const struct options *o)
{
	return o->source.follow || o->source.cursor || o->state;
}

static int64_t now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t milliseconds(void)
{
	return now(CLOCK_MONOTONIC) / 1000000;
}

/* A block: lines with their newlines, or one line without, or a piece of one.
 */
static int take(struct report *r, const struct source_line *block)
{
	const char *at = block->text, *end = at + block->len, *newline;
	bool rest = !block->begins;

	r->stamps.kind = block->kind;
	while ((newline = memchr(at, '\n', (size_t)(end - at)))) {
		if (!rest && report_line(r, at, (size_t)(newline - at)) < 0)
			return -1;
		rest = false;
		at = newline + 1;
	}
	if (rest || (at == end && !block->ends))
		return 0;
	return report_line(r, at, (size_t)(end - at));
}

static enum loop_trouble blame(const struct loop *l)
{
	return l->report->out.trouble ? LOOP_OUTPUT : LOOP_REPORT;
}

/* The output first, then what would make us leave it out the next time. */
static enum loop_trouble save(struct loop *l, bool all)
{
	const struct options *o = l->options;

	if (out_flush(&l->report->out) < 0)
		return LOOP_OUTPUT;
	if (o->state && state_save_file(l->report, o->state) < 0)
		return LOOP_STATE;
	if (o->descriptors && state_save(l->report, 5) < 0)
		return LOOP_STATE;
	if (o->source.cursor) {
		source_mark(l->source, all);
		if (source_save(l->source) < 0)
			return LOOP_CURSOR;
	}
	l->dirty = false;
	l->saved = milliseconds();
	return LOOP_FINE;
}

/*
 * Nothing more for now.  Where sessions are not carried over, those that are
 * open would be forgotten if their lines were: so only a state is saved here.
 */
static enum loop_trouble pause_for_more(struct loop *l)
{
	struct pollfd p[2] = {{.fd = 1}, {.events = POLLIN}};
	struct report *r = l->report;
	struct timespec time;
	int timeout;

	if (report_pass(r, now(CLOCK_REALTIME)) < 0)
		return blame(l);
	if (out_flush(&r->out) < 0)
		return LOOP_OUTPUT;
	if (l->dirty && l->options->state &&
	    milliseconds() - l->saved >= SAVE_EVERY)
		return save(l, true);
	timeout = source_wait(l->source, &p[1].fd);
	if (timeout > LOOK_EVERY)
		timeout = LOOK_EVERY;
	time.tv_sec = timeout / 1000;
	time.tv_nsec = timeout % 1000 * 1000000L;
	if (ppoll(p, 2, &time, &waiting) > 0 &&
	    p[0].revents & (POLLERR | POLLHUP)) {
		errno = EPIPE;
		return LOOP_OUTPUT;
	}
	source_woken(l->source);
	return LOOP_FINE;
}

static void let_in_signals(void)
{
	const struct timespec zero = {0};

	ppoll(NULL, 0, &zero, &waiting);
}

static enum loop_trouble read_all(struct loop *l)
{
	struct source_line block;
	enum loop_trouble trouble;
	int r;

	while (!stop) {
		r = source_block(l->source, &block, BLOCK);
		if (r < 0 && errno != EINTR)
			return LOOP_SOURCE;
		if (r > 0) {
			l->dirty = true;
			if (take(l->report, &block) < 0)
				return blame(l);
			continue;
		}
		if (!l->options->source.follow)
			return LOOP_FINE;
		let_in_signals();
		if (!stop && (trouble = pause_for_more(l)) != LOOP_FINE)
			return trouble;
	}
	return LOOP_FINE;
}

enum loop_trouble loop_run(struct loop *l)
{
	const struct options *o = l->options;
	enum loop_trouble trouble;

	if (o->state && state_load_file(l->report, o->state) < 0)
		return LOOP_STATE;
	if (o->descriptors && state_load(l->report, 4) < 0)
		return LOOP_STATE;
	sigprocmask(SIG_SETMASK, NULL, &waiting);
	if (has_to_end_in_order(o))
		catch_signals();
	trouble = read_all(l);
	if (trouble != LOOP_FINE)
		return trouble;
	if (report_finish(l->report, o->state || o->descriptors) < 0)
		return blame(l);
	return save(l, true);
}
