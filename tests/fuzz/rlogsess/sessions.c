/*
 * A log, as sessions and as messages: every line of one is told of, with the
 * parts of a line inside the line, and comes back with it; what is over is
 * forgotten; JSON and tables hold no control bytes or characters.
 */
#include "rlogsess/grouping/connections.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../unit/escapes.h"
#include "rlogsess/grouping/qmail.h"
#include "rlogsess/show_mail.h"
#include "rlogsess/show_session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINES_MAX = 512 };

struct run {
	struct sessions sessions;
	struct mails mails;
	struct output out;
	size_t told, came_back;
};

static void check(bool fine)
{
	if (!fine)
		abort();
}

/* No control byte but the newline at the end of a line, and TAB in a table. */
static void check_shown(struct output *o)
{
	size_t len;
	const char *text = output_composed(o, &len);

	for (size_t i = 0; i < len; i++)
		check((unsigned char)text[i] >= ' ' || text[i] == '\n' ||
		      text[i] == '\t');
	check(escapes_safe(text, len));
	output_init(o, -1);
}

static void check_inside(struct slice part, const struct connection_line *l)
{
	if (part.len)
		check(part.at >= l->text.at &&
		      part.at + part.len <= l->text.at + l->text.len);
}

static int on_line(void *ctx, struct session *s,
		   const struct connection_line *l)
{
	struct run *r = ctx;

	r->told++;
	check(l->kind != LINE_OTHER && l->pid == s->group.key);
	check_inside(l->peer, l);
	check_inside(l->body, l);
	check_inside(l->port, l);
	check_inside(l->local, l);
	check(strlen(s->peer) < sizeof s->peer);
	return 0;
}

static int count(void *ctx, const char *lines, size_t len)
{
	size_t *n = ctx;

	check(len && lines[len - 1] == '\n');
	for (size_t i = 0; i < len; i++)
		*n += lines[i] == '\n';
	return 0;
}

static int on_over(void *ctx, struct session *s)
{
	struct run *r = ctx;
	struct line_spool_store *store = &r->sessions.store;
	size_t lines = 0;

	check(line_spool_each(store, &s->group.held, count, &lines) == 0);
	check(lines == s->group.lines && !s->group.held.left_out);
	r->came_back += lines;
	show_session_table(&r->out, s, false);
	check_shown(&r->out);
	check(show_session_json(&r->out, store, s) == 0);
	check_shown(&r->out);
	return 0;
}

static void on_starting(void *ctx, struct mail_delivery *d)
{
	(void)ctx;
	check(strlen(d->recipient) < sizeof d->recipient);
}

static int on_mail_line(void *ctx, struct mail *m, const struct qmail_line *l)
{
	struct run *r = ctx;

	check(l->kind != QUEUE_OTHER && m->group.lines > 0);
	r->told++;
	return 0;
}

static int on_result(void *ctx, const struct mail_result *result)
{
	struct run *r = ctx;

	show_mail_table(&r->out, result, false);
	check_shown(&r->out);
	if (result->mail)
		show_mail_json_keep(&r->mails.store, result);
	return 0;
}

static int on_mail_over(void *ctx, struct mail *m)
{
	struct run *r = ctx;
	struct line_spool_store *store = &r->mails.store;
	size_t lines = 0;

	check(line_spool_each(store, &m->group.held, count, &lines) == 0);
	check(lines == m->group.lines && !m->deliveries);
	r->came_back += lines;
	check(show_mail_json(&r->out, store, m) == 0);
	check_shown(&r->out);
	return 0;
}

static void read_log(struct run *r, const char *text, size_t len)
{
	struct line_time_reader stamps = {0};
	struct qmail_line message;
	struct connection_line line;
	const char *newline;
	size_t n;

	for (int i = 0; len && i < LINES_MAX; i++) {
		newline = memchr(text, '\n', len);
		n = newline ? (size_t)(newline - text) : len;
		connection_line_parse(&line, &stamps, text, n);
		check(sessions_take(&r->sessions, &line) == 0);
		qmail_line_parse(&message, &stamps, text, n);
		check(mails_take(&r->mails, &message) == 0);
		n += newline != NULL;
		text += n;
		len -= n;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct run r;
	const struct session_events events = {&r, on_line, on_over};
	const struct mail_events mail_events = {&r, on_starting, on_mail_line,
						on_result, on_mail_over};
	/* A copy, so that reading beyond the end of the last line is seen. */
	char *text = malloc(size ? size : 1);

	if (!text)
		abort();
	if (size)
		memcpy(text, data, size);
	r.told = r.came_back = 0;
	output_init(&r.out, -1);
	sessions_init(&r.sessions, &events);
	mails_init(&r.mails, &mail_events);
	r.sessions.quiet = 3600 * SESSION_SECOND;
	r.mails.quiet = 3600 * MAIL_SECOND;
	r.sessions.keep = r.mails.keep = true;
	read_log(&r, text, size);
	check(sessions_finish(&r.sessions) == 0);
	check(mails_finish(&r.mails) == 0);
	check(r.told == r.came_back && r.sessions.running == 0);
	check(r.sessions.store.memory == 0 && r.mails.store.memory == 0);
	sessions_free(&r.sessions);
	mails_free(&r.mails);
	free(text);
	return 0;
}
