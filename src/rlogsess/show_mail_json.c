/*
 * Messages as JSON; see show_mail.h.  The deliveries of a message wait with it
 * as the text of their objects, without their last byte.
 */
#include "rlogsess/json_fields.h"
#include "rlogsess/show_mail.h"

#include <string.h>

void show_mail_json_keep(struct line_spool_store *store,
			 const struct mail_result *r)
{
	const struct mail_delivery *d = r->delivery;
	struct output output;
	struct json json;
	const char *text;
	size_t len;

	output_init(&output, -1);
	json_init(&json, &output);
	json_open_object(&json, NULL);
	json_number(&json, "delivery", d->group.key);
	json_fields_time(&json, "start", d->group.first);
	json_fields_seconds(&json, "seconds", d->group.first, r->time);
	json_fields_string(&json, "channel", d->channel);
	json_fields_string(&json, "recipient", d->recipient);
	json_fields_string(&json, "outcome", show_mail_outcome(r->outcome));
	json_fields_text(&json, "text", r->why.at,
			 r->why.len < 4096 ? r->why.len : 4096);
	json_close_object(&json);
	text = output_composed(&output, &len);
	line_spool_add(store, &r->mail->rows, text, len);
}

int show_mail_json(struct output *output, struct line_spool_store *store,
		   const struct mail *m)
{
	const struct group *g = &m->group;
	char marks[SHOW_MARKS];
	struct json json;

	json_init(&json, output);
	json_open_object(&json, NULL);
	json_number(&json, "message", g->key);
	json_fields_time(&json, "start", g->first);
	json_fields_time(&json, "end", g->last);
	json_fields_seconds(&json, "seconds", g->first, g->last);
	json_fields_string(&json, "from", m->from);
	if (*m->from)
		json_number(&json, "size", m->bytes);
	for (int i = 0; i < MAIL_UNKNOWN; i++)
		json_number(&json, show_mail_outcome((enum mail_outcome)i),
			    m->count[i]);
	if (m->bounced)
		json_bool(&json, "bounced", true);
	show_marks(marks, g);
	json_fields_names(&json, "marks", marks);
	if (json_fields_values(&json, "deliveries", store, &m->rows) < 0)
		return -1;
	json_number(&json, "lines_left_out", g->held.left_out);
	if (json_fields_lines(&json, "lines", store, &g->held) < 0)
		return -1;
	json_close_object(&json);
	output_end_line(output, true);
	return 0;
}
