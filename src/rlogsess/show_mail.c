/* Messages as a table of deliveries; see show_mail.h. */
#include "rlogsess/show_mail.h"

#include "rlogsess/table.h"

const char *show_mail_outcome(enum mail_outcome outcome)
{
	static const char *const names[] = {"success", "deferral", "failure",
					    "unknown"};

	return names[outcome];
}

static const struct table_column column[] = {
    {"start", 26},  {"seconds", -9}, {"age", -9},    {"message", -10},
    {"from", 24},   {"size", -9},    {"channel", 7}, {"recipient", 24},
    {"outcome", 8}, {"text", 0},
};

void show_mail_table_head(struct output *o)
{
	table_head(o, column, sizeof column / sizeof *column);
}

void show_mail_table(struct output *o, const struct mail_result *r, bool wide)
{
	static const struct mail no_mail;
	static const struct mail_delivery no_delivery;
	const struct mail *m = r->mail ? r->mail : &no_mail;
	const struct mail_delivery *d =
	    r->delivery ? r->delivery : &no_delivery;
	int64_t begin = r->delivery ? d->group.first : LINE_TIME_NONE;
	struct table_row row = {o, column, wide, 0};

	table_time(&row, begin);
	table_seconds(&row, begin, r->time);
	table_seconds(&row, m->started ? m->group.first : LINE_TIME_NONE,
		      r->time);
	if (r->mail)
		table_number(&row, m->group.key);
	else
		table_string(&row, "");
	table_string(&row, m->from);
	if (*m->from)
		table_number(&row, m->bytes);
	else
		table_string(&row, "");
	table_string(&row, d->channel);
	table_string(&row, d->recipient);
	table_string(&row, show_mail_outcome(r->outcome));
	table_field(&row, r->why.at, r->why.len);
	table_end(&row);
}
