/*
 * Reports about messages; see report.h.  Deliveries are shown as they end, the
 * rest of a message when it is over.
 */
#include "rlogsess/report.h"

#include <string.h>

#include "rlogsess/log_text.h"

/* True if this delivery is asked for, as far as it is about the recipient. */
static bool looked_for(const struct report *r, bool matches)
{
	return !r->options->filter.by_text || matches;
}

static void on_starting(void *ctx, struct mail_delivery *d)
{
	struct report *r = ctx;

	d->matches = filter_text(&r->options->filter, d->recipient,
				 strlen(d->recipient));
	if (d->matches)
		d->mail->matches = true;
}

static int on_line(void *ctx, struct mail *m, const struct qmail_line *l)
{
	struct report *r = ctx;

	if (r->options->form == FORM_FLAT && !r->late && !r->restoring)
		show_flat(&r->out, m->group.number, m->from, l->text.at,
			  l->text.len);
	return 0;
}

/* A line of a delivery whose beginning, and message, are not in this log. */
static void stray(struct report *r, const struct qmail_line *l)
{
	if (r->options->filter.by_text)
		return;
	if (r->options->form == FORM_FLAT) {
		show_flat(&r->out, 0, "", l->text.at, l->text.len);
	} else if (r->options->form == FORM_TEXT) {
		log_text_lines(&r->out, l->text.at, l->text.len);
		output_string(&r->out,
			      "\nrlogsess: its beginning is not in this "
			      "log\n\n");
	}
}

static int on_result(void *ctx, const struct mail_result *result)
{
	struct report *r = ctx;
	const struct filter *f = &r->options->filter;

	if (f->bad && result->outcome == MAIL_SUCCESS)
		return 0;
	if (!looked_for(r, result->delivery && result->delivery->matches))
		return 0;
	if (r->restoring && r->options->form != FORM_JSON)
		return 0;
	if (r->options->form == FORM_TABLE)
		show_mail_table(&r->out, result, r->wide);
	else if (!result->mail)
		stray(r, result->line);
	else if (r->options->form == FORM_JSON)
		show_mail_json_keep(&r->mails.store, result);
	else if (r->options->form == FORM_STATS)
		show_mail_count_result(&r->counts, result);
	return 0;
}

static bool is_bad(const struct mail *m)
{
	return m->count[MAIL_DEFERRAL] || m->count[MAIL_FAILURE] ||
	       m->count[MAIL_UNKNOWN];
}

static int on_over(void *ctx, struct mail *m)
{
	struct report *r = ctx;
	struct line_spool_store *store = &r->mails.store;

	if (!looked_for(r, m->matches) ||
	    (r->options->filter.bad && !is_bad(m)))
		return 0;
	switch (r->options->form) {
	case FORM_TEXT: return show_text(&r->out, store, &m->group, SHOW_MAIL);
	case FORM_FLAT:
		return r->late
			   ? show_flat_all(&r->out, store, &m->group, m->from)
			   : 0;
	case FORM_JSON: return show_mail_json(&r->out, store, m);
	case FORM_STATS: show_mail_count(&r->counts, m); return 0;
	case FORM_TABLE: break;
	}
	return 0;
}

struct mail_events report_mail_events(struct report *r)
{
	return (struct mail_events){r, on_starting, on_line, on_result,
				    on_over};
}
