/*
 * Reports; see report.h.  Flat lines come in the order of time, but whether a
 * session is asked for is known only at its end.  So they wait in a temporary
 * file, with the numbers of their sessions, while a bit for each session says
 * which of them pass.  When a log is followed that would be for ever: then a
 * session's lines come at its end.
 */
#include "rlogsess/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rlogsess/show_session.h"

/* Seconds; qmail gives a message up after seven days (qmail-send(8)). */
enum { QUIET_SESSION = 3600, QUIET_MESSAGE = 8 * 86400 };

/* What stands in front of a line that waits. */
struct waiting {
	uint64_t number;
	uint32_t len;
};

static int wait_line(struct report *r, const struct session *s,
		     const struct connection_line *l)
{
	struct waiting w = {s->group.number, 0};
	size_t peer_len = strlen(s->peer) + 1;

	w.len = (uint32_t)(peer_len + l->text.len);
	if (fwrite(&w, sizeof w, 1, r->waiting) != 1 ||
	    fwrite(s->peer, peer_len, 1, r->waiting) != 1 ||
	    (l->text.len &&
	     fwrite(l->text.at, l->text.len, 1, r->waiting) != 1))
		return -1;
	return 0;
}

static int take(struct report *r, uint64_t number)
{
	size_t byte = number / 8, room;
	unsigned char *more;

	if (byte >= r->taken_room) {
		room = 2 * byte + 1024;
		more = realloc(r->taken, room);
		if (!more)
			return -1;
		memset(more + r->taken_room, 0, room - r->taken_room);
		r->taken = more;
		r->taken_room = room;
	}
	r->taken[byte] |= (unsigned char)(1 << number % 8);
	return 0;
}

static bool is_taken(const struct report *r, uint64_t number)
{
	return number / 8 < r->taken_room &&
	       r->taken[number / 8] >> number % 8 & 1;
}

static int on_line(void *ctx, struct session *s,
		   const struct connection_line *l)
{
	struct report *r = ctx;
	const struct filter *f = &r->options->filter;

	if (f->by_text && !s->matches)
		s->matches = filter_text(f, l->text.at, l->text.len);
	if (r->options->form != FORM_FLAT || r->late || r->restoring)
		return 0;
	if (r->hold)
		return wait_line(r, s, l);
	show_flat(&r->out, s->group.number, s->peer, l->text.at, l->text.len);
	return 0;
}

static int on_over(void *ctx, struct session *s)
{
	struct report *r = ctx;
	struct line_spool_store *store = &r->sessions.store;

	if (!filter_takes(&r->options->filter, s))
		return 0;
	switch (r->options->form) {
	case FORM_TEXT:
		return show_text(&r->out, store, &s->group, SHOW_SESSION);
	case FORM_TABLE: show_session_table(&r->out, s, r->wide); return 0;
	case FORM_JSON: return show_session_json(&r->out, store, s);
	case FORM_STATS: stats_add(&r->stats, s); return 0;
	case FORM_FLAT: break;
	}
	if (r->hold)
		return take(r, s->group.number);
	if (r->late)
		return show_flat_all(&r->out, store, &s->group, s->peer);
	return 0;
}

static int init_form(struct report *r)
{
	const struct rlogsess_options *o = r->options;
	bool filtered = !filter_is_open(&o->filter);
	bool carry = o->state || o->descriptors;

	r->late =
	    filtered && (o->selection.source.follow || o->by_message || carry);
	r->sessions.keep = r->mails.keep =
	    o->form == FORM_TEXT || o->form == FORM_JSON || r->late || carry;
	switch (o->form) {
	case FORM_TEXT:
	case FORM_JSON: break;
	case FORM_FLAT:
		r->hold = filtered && !r->late;
		if (r->hold && !(r->waiting = tmpfile()))
			return -1;
		break;
	case FORM_TABLE:
		if (r->wide && o->by_message)
			show_mail_table_head(&r->out);
		else if (r->wide)
			show_session_table_head(&r->out);
		break;
	case FORM_STATS: return stats_init(&r->stats);
	}
	return 0;
}

struct report *report_new(const struct rlogsess_options *o, bool terminal)
{
	struct report *r = calloc(1, sizeof *r);
	struct mail_events mail_events;
	int64_t quiet = o->by_message ? QUIET_MESSAGE : QUIET_SESSION;

	if (!r)
		return NULL;
	if (o->quiet)
		quiet = o->quiet;
	mail_events = report_mail_events(r);
	r->options = o;
	r->wide = terminal;
	output_init(&r->out, 1);
	output_set_safe(&r->out, terminal);
	sessions_init(&r->sessions,
		      &(struct session_events){r, on_line, on_over});
	mails_init(&r->mails, &mail_events);
	r->sessions.quiet = quiet * SESSION_SECOND;
	r->mails.quiet = quiet * MAIL_SECOND;
	if (init_form(r) == 0)
		return r;
	report_free(r);
	return NULL;
}

void report_free(struct report *r)
{
	sessions_free(&r->sessions);
	mails_free(&r->mails);
	stats_free(&r->stats);
	free(r->taken);
	if (r->waiting)
		fclose(r->waiting);
	free(r);
}

static int take_line(struct report *r, const char *text, size_t len)
{
	struct qmail_line message;
	struct connection_line line;

	if (r->options->by_message) {
		qmail_line_parse(&message, &r->stamps, text, len);
		return mails_take(&r->mails, &message);
	}
	connection_line_parse(&line, &r->stamps, text, len);
	return sessions_take(&r->sessions, &line);
}

int report_line(struct report *r, const char *text, size_t len)
{
	if (len > LINE_SPOOL_LINE_MAX) {
		len = LINE_SPOOL_LINE_MAX;
		r->cut++;
	}
	if (take_line(r, text, len) < 0)
		return -1;
	if (!output_error(&r->out))
		return 0;
	errno = output_error(&r->out);
	return -1;
}

/* The lines that waited, now that it is known whose they are. */
static int show_waiting(struct report *r)
{
	struct waiting w;
	char *line = malloc(SESSION_PEER + LINE_SPOOL_LINE_MAX);
	size_t peer;

	if (!line)
		return -1;
	rewind(r->waiting);
	while (fread(&w, sizeof w, 1, r->waiting) == 1 &&
	       fread(line, w.len, 1, r->waiting) == 1) {
		if (!is_taken(r, w.number))
			continue;
		peer = strlen(line) + 1;
		show_flat(&r->out, w.number, line, line + peer, w.len - peer);
	}
	free(line);
	if (ferror(r->waiting))
		return -1;
	return 0;
}

int report_pass(struct report *r, int64_t now)
{
	return sessions_pass(&r->sessions, now);
}

int report_trouble(const struct report *r)
{
	return r->options->by_message ? r->mails.store.trouble
				      : r->sessions.store.trouble;
}

int report_finish(struct report *r, bool carry)
{
	if (!carry &&
	    (sessions_finish(&r->sessions) < 0 || mails_finish(&r->mails) < 0))
		return -1;
	if (r->hold && show_waiting(r) < 0)
		return -1;
	if (r->options->form == FORM_STATS && r->options->by_message)
		show_mail_stats(&r->out, &r->counts);
	else if (r->options->form == FORM_STATS)
		stats_show(&r->out, &r->stats, r->sessions.most);
	return output_flush(&r->out);
}

struct group_table *report_book(struct report *r,
				struct line_spool_store **store)
{
	*store = r->options->by_message ? &r->mails.store : &r->sessions.store;
	return r->options->by_message ? &r->mails.book : &r->sessions.book;
}

static void set_restoring(struct report *r, bool restoring)
{
	r->restoring = restoring;
	r->sessions.restoring = restoring;
	r->mails.restoring = restoring;
}

void report_restore(struct report *r, const struct report_open *one)
{
	struct line_spool_store *store;

	set_restoring(r, true);
	report_book(r, &store)->number = one->number - 1;
}

bool report_restored(struct report *r, const struct report_open *one)
{
	struct line_spool_store *store;
	struct group *g = group_table_find(report_book(r, &store), one->key);

	if (!g || g->number != one->number)
		return false;
	g->lines += one->left_out;
	g->held.left_out = one->left_out;
	return true;
}

void report_number(struct report *r, uint64_t number)
{
	struct line_spool_store *store;

	set_restoring(r, false);
	report_book(r, &store)->number = number;
}
