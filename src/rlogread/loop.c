/*
 * The loop; see loop.h.  With a position to remember it ends only between two
 * lines.
 */
#include "rlogread/loop.h"

#include <errno.h>
#include <limits.h>

enum { SAVE_EVERY = 1000 }; /* milliseconds between two saved positions */

static int save(struct loop *l)
{
	if (!l->exact || !l->dirty)
		return 0;
	if (source_save(l->source) < 0) {
		l->unsaved = true;
		return -1;
	}
	l->dirty = false;
	l->saved = wait_clock();
	return 0;
}

static int save_when_due(struct loop *l)
{
	return wait_clock() - l->saved >= SAVE_EVERY ? save(l) : 0;
}

static int written(void *ctx, bool all)
{
	struct loop *l = ctx;

	if (!l->exact)
		return 0;
	source_mark(l->source, all);
	l->dirty = true;
	if (save_when_due(l) < 0)
		return -1;
	wait_look(&l->standby);
	return 0;
}

void loop_init(struct loop *l)
{
	const struct options *o = l->options;

	l->exact = o->selection.source.cursor && !o->quiet;
	wait_init(&l->standby);
	out_init(&l->out, 1, l->exact);
	l->out.written = written;
	l->out.ctx = l;
	l->out.stop = l->standby.stop;
	l->out.waiting = &l->standby.waiting;
	if (!l->exact)
		return;
	wait_catch(&l->standby);
	signal(SIGPIPE, SIG_IGN);
}

/* That we are told to end is no trouble. */
static bool is_trouble(const struct loop *l)
{
	return !(errno == EINTR && *l->standby.stop);
}

/* What has failed is not tried again: some of it may have been written. */
int loop_flush(struct loop *l)
{
	if (!l->failed && out_flush(&l->out) < 0 && is_trouble(l))
		l->failed = errno;
	errno = l->failed;
	return l->failed ? -1 : 0;
}

/* Blocks have their newlines in them, lines do not. */
static int put(struct loop *l, const struct source_line *line)
{
	if (l->form.kind != FORM_RAW || line->ends)
		return form_line(&l->form, &l->out, line);
	if (line->begins && l->out.open &&
	    out_block(&l->out, "\n", 1, true) < 0)
		return -1;
	return out_block(&l->out, line->text, line->len,
			 line->len && line->text[line->len - 1] == '\n');
}

static int next(struct loop *l, struct source_line *line)
{
	if (l->form.kind == FORM_RAW && !l->form.safe)
		return source_block(l->source, line, l->out.unit);
	return source_next(l->source, line);
}

/* Nothing more for now: until there is, or it is time to save. */
static int wait_for_more(struct loop *l)
{
	if (wait_wait(&l->standby, l->source, l->dirty ? SAVE_EVERY : INT_MAX) <
	    0)
		return -1;
	return l->dirty ? save_when_due(l) : 0;
}

static enum loop_trouble copy(struct loop *l)
{
	struct source_line line;
	int r;

	while (!*l->standby.stop) {
		r = next(l, &line);
		if (r < 0 && errno != EINTR)
			return LOOP_SOURCE;
		if (r > 0) {
			l->matched = true;
			if (l->options->quiet)
				return LOOP_FINE;
			if (put(l, &line) < 0 && is_trouble(l))
				return LOOP_OUTPUT;
			continue;
		}
		if (loop_flush(l) < 0)
			return LOOP_OUTPUT;
		if (!l->options->selection.source.follow)
			return LOOP_FINE;
		if (!*l->standby.stop && wait_for_more(l) < 0)
			return LOOP_OUTPUT;
	}
	return LOOP_FINE;
}

enum loop_trouble loop_run(struct loop *l)
{
	enum loop_trouble trouble = copy(l);
	int error = errno;

	if (l->unsaved || trouble == LOOP_SOURCE)
		return l->unsaved ? LOOP_CURSOR : trouble;
	if (trouble == LOOP_FINE) {
		if (l->exact && !*l->standby.stop)
			source_mark(l->source, true);
		l->dirty = true;
	}
	if (save(l) < 0)
		return LOOP_CURSOR;
	errno = error;
	return trouble;
}
