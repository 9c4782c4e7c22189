/*
 * Messages as JSON; see show_mail.h.  The deliveries of a message wait with it
 * as the text of their objects, without their last byte.
 */
#include "object.h"
#include "show_mail.h"

#include <string.h>

void show_mail_json_keep(struct held_store *store, const struct mail_result *r)
{
	const struct mail_delivery *d = r->delivery;
	struct out o;

	out_init(&o, -1);
	object_begin(&o, "delivery", d->group.key);
	object_time(&o, "start", d->group.first);
	object_seconds(&o, "seconds", d->group.first, r->time);
	object_string(&o, "channel", d->channel);
	object_string(&o, "recipient", d->recipient);
	object_string(&o, "outcome", show_mail_outcome(r->outcome));
	object_text(&o, "text", r->why.at,
		    r->why.len < 4096 ? r->why.len : 4096);
	out_string(&o, "}");
	held_add(store, &r->mail->rows, o.buf, o.len);
}

struct array {
	struct out *out;
	const char *comma;
};

static int give(void *ctx, const char *text, size_t len)
{
	struct array *a = ctx;
	const char *newline;
	size_t n;

	for (; len; text += n + 1, len -= n + 1) {
		newline = memchr(text, '\n', len);
		n = (size_t)(newline - text);
		out_string(a->out, a->comma);
		out_bytes(a->out, text, n);
		a->comma = ",";
	}
	return 0;
}

int show_mail_json(struct out *o, struct held_store *store,
		   const struct mail *m)
{
	const struct group *g = &m->group;
	struct array rows = {o, ""};
	char marks[SHOW_MAIL_MARKS];

	object_begin(o, "message", g->key);
	object_time(o, "start", g->first);
	object_time(o, "end", g->last);
	object_seconds(o, "seconds", g->first, g->last);
	object_string(o, "from", m->from);
	if (*m->from)
		object_number(o, "size", m->bytes);
	for (int i = 0; i < MAIL_UNKNOWN; i++)
		object_number(o, show_mail_outcome((enum mail_outcome)i),
			      m->count[i]);
	if (m->bounced)
		out_string(o, ",\"bounced\":true");
	show_mail_marks(marks, m);
	object_names(o, "marks", marks);
	object_key(o, "deliveries");
	out_string(o, "[");
	if (held_each(store, &m->rows, give, &rows) < 0)
		return -1;
	out_string(o, "]");
	object_number(o, "lines_left_out", g->held.left_out);
	if (object_lines(o, "lines", store, &g->held) < 0)
		return -1;
	object_end(o);
	return 0;
}
