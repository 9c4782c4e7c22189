/*
 * The loop; see loop.h.  Signals that end us are let in only where all lines
 * that were read are dealt with.
 */
#include "rlogsess/loop.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "rlogsess/carry.h"

enum {
	SAVE_EVERY = 10000, /* milliseconds between two saved states */
	LOOK_EVERY = 1000,  /* at the clock, while sessions are open */
	BLOCK = 1 << 16,
};

static bool has_to_end_in_order(const struct rlogsess_options *o)
{
	return o->selection.source.follow || o->selection.source.cursor ||
	       o->state;
}

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* A block: lines with their newlines, or one line without, or a piece of one.
 */
static int take(struct report *r, const struct source_line *block)
{
	const char *at = block->text, *end = at + block->len, *newline;
	bool rest = !block->begins;

	report_set_labels(r, block->kind);
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
	return output_error(&l->report->output) ? LOOP_OUTPUT : LOOP_REPORT;
}

/* The output first, then what would make us leave it out the next time. */
static enum loop_trouble save(struct loop *l, bool all)
{
	const struct rlogsess_options *o = l->options;

	if (output_flush(&l->report->output) < 0)
		return LOOP_OUTPUT;
	if (o->state && carry_save_file(&l->report->grouper, o->state) < 0)
		return LOOP_STATE;
	if (o->descriptors && carry_save(&l->report->grouper, 5) < 0)
		return LOOP_STATE;
	if (o->selection.source.cursor) {
		source_mark(l->source, all);
		if (source_save(l->source) < 0)
			return LOOP_CURSOR;
	}
	l->dirty = false;
	l->saved = wait_clock();
	return LOOP_FINE;
}

/*
 * Nothing more for now.  Where sessions are not carried over, those that are
 * open would be forgotten if their lines were: so only a state is saved here.
 */
static enum loop_trouble pause_for_more(struct loop *l)
{
	struct report *r = l->report;

	if (report_pass(r, now()) < 0)
		return blame(l);
	if (output_flush(&r->output) < 0)
		return LOOP_OUTPUT;
	if (l->dirty && l->options->state &&
	    wait_clock() - l->saved >= SAVE_EVERY)
		return save(l, true);
	if (wait_wait(&l->standby, l->source, LOOK_EVERY) < 0)
		return LOOP_OUTPUT;
	return LOOP_FINE;
}

static enum loop_trouble read_all(struct loop *l)
{
	struct source_line block;
	enum loop_trouble trouble;
	int r;

	while (!*l->standby.stop) {
		r = source_block(l->source, &block, BLOCK);
		if (r < 0 && errno != EINTR)
			return LOOP_SOURCE;
		if (r > 0) {
			l->dirty = true;
			if (take(l->report, &block) < 0)
				return blame(l);
			continue;
		}
		if (!l->options->selection.source.follow)
			return LOOP_FINE;
		wait_look(&l->standby);
		if (*l->standby.stop)
			return LOOP_FINE;
		trouble = pause_for_more(l);
		if (trouble != LOOP_FINE)
			return trouble;
	}
	return LOOP_FINE;
}

enum loop_trouble loop_run(struct loop *l)
{
	const struct rlogsess_options *o = l->options;
	enum loop_trouble trouble;

	if (o->state && carry_load_file(&l->report->grouper, o->state) < 0)
		return LOOP_STATE;
	if (o->descriptors && carry_load(&l->report->grouper, 4) < 0)
		return LOOP_STATE;
	wait_init(&l->standby);
	if (has_to_end_in_order(o))
		wait_catch(&l->standby);
	trouble = read_all(l);
	if (trouble != LOOP_FINE)
		return trouble;
	if (report_finish(l->report, o->state || o->descriptors) < 0)
		return blame(l);
	return save(l, true);
}
