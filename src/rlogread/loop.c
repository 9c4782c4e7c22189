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

	source_mark(l->source, all);
	l->dirty = true;
	if (save_when_due(l) < 0)
		return -1;
	wait_look(&l->standby);
	return 0;
}

void loop_init(struct loop *l)
{
	const struct rlogread_options *o = l->options;

	l->exact = o->selection.source.cursor && !o->quiet;
	wait_init(&l->standby);
	output_init(&l->out, 1);
	if (!l->exact)
		return;
	wait_catch(&l->standby);
	output_set_exact(&l->out, &(struct output_exact){
				      .stop = l->standby.stop,
				      .waiting = &l->standby.waiting,
				      .written = written,
				      .ctx = l,
				  });
	signal(SIGPIPE, SIG_IGN);
}

/* Returns 0 if the output is fine, or has ended because of a signal. */
static int check_output(struct loop *l)
{
	errno = output_error(&l->out);
	return !errno || (errno == EINTR && *l->standby.stop) ? 0 : -1;
}

int loop_flush(struct loop *l)
{
	output_flush(&l->out);
	return check_output(l);
}

/* Blocks have their newlines in them, lines do not. */
static void put_lines(struct loop *l, const struct source_line *line)
{
	if (l->form.kind != LINE_FORM_RAW || line->ends) {
		line_form_put(&l->form, &l->out, line);
		return;
	}
	if (line->begins && output_is_mid_line(&l->out))
		output_block(&l->out, "\n", 1);
	output_block(&l->out, line->text, line->len);
}

static int next(struct loop *l, struct source_line *line)
{
	if (l->form.kind == LINE_FORM_RAW)
		return source_block(l->source, line, output_unit(&l->out));
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
			put_lines(l, &line);
			if (check_output(l) < 0)
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
