/*
 * Messages as JSON; see show_mail.h.  The deliveries of a message wait with it
 * as the text of their objects, without their last byte.
 */
#include "rlogsess/object.h"
#include "rlogsess/show_mail.h"

#include <string.h>

void show_mail_json_keep(struct line_spool_store *store,
			 const struct mail_result *r)
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
	line_spool_add(store, &r->mail->rows, o.buf, o.len);
}

int show_mail_json(struct out *o, struct line_spool_store *store,
		   const struct mail *m)
{
	const struct group *g = &m->group;
	char marks[SHOW_MARKS];

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
	show_marks(marks, g);
	object_names(o, "marks", marks);
	if (object_values(o, "deliveries", store, &m->rows) < 0)
		return -1;
	object_number(o, "lines_left_out", g->held.left_out);
	if (object_lines(o, "lines", store, &g->held) < 0)
		return -1;
	object_end(o);
	return 0;
}
