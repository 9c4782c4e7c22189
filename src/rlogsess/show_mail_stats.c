/* Counts over messages; see show_mail.h. */
#include <stdio.h>
#include <string.h>

#include "rlogsess/show_mail.h"

static const struct histogram_step delay[HISTOGRAM_STEPS] = {
    {1000, "below 1 s"},           {10000, "below 10 s"},
    {60000, "below 1 min"},        {3600000, "below 1 h"},
    {21600000, "below 6 h"},       {86400000, "below 1 day"},
    {INT64_MAX, "1 day and more"},
};

void show_mail_count(struct show_mail_counts *c, const struct mail *m)
{
	c->messages++;
	c->bytes += m->bytes;
	c->bounces += strcmp(m->from, "<>") == 0;
	c->bounced += m->bounced;
	c->open += (m->group.marks & GROUP_OPEN) != 0;
}

void show_mail_count_result(struct show_mail_counts *c,
			    const struct mail_result *r)
{
	int64_t ms;

	if (!r->delivery)
		return;
	c->outcome[strcmp(r->delivery->channel, "remote") == 0][r->outcome]++;
	if (r->outcome != MAIL_SUCCESS || !r->mail->started ||
	    r->time == LINE_TIME_NONE || r->mail->group.first == LINE_TIME_NONE)
		return;
	ms = (r->time - r->mail->group.first) / 1000000;
	histogram_add(c->delay, delay, ms);
}

void show_mail_stats(struct output *o, const struct show_mail_counts *c)
{
	static const char *const channel[] = {"local", "remote"};
	char name[32];

	histogram_row(o, "messages", c->messages);
	histogram_row(o, "bytes", c->bytes);
	histogram_row(o, "bounces", c->bounces);
	histogram_row(o, "that bounced", c->bounced);
	histogram_row(o, "still in the queue", c->open);
	output_string(o, "\ndeliveries\n");
	for (int i = 0; i < 2; i++)
		for (int k = 0; k <= MAIL_UNKNOWN; k++) {
			snprintf(name, sizeof name, "%s %s", channel[i],
				 show_mail_outcome((enum mail_outcome)k));
			histogram_row(o, name, c->outcome[i][k]);
		}
	output_string(o, "\nfrom the queue to success\n");
	histogram_show(o, c->delay, delay);
}
