/*
 * The form syslog (relp/syslog_message.h).  As in JSON, the stored bytes of a
 * line can be restored: a label becomes a value only if a space follows it, and
 * a record its values only if it is put together from them again.
 *
 * Tested by tests/unit/rlogship/syslog_form.c and tests/peer/rlogship-relp.t.
 */
#include "rlogship/syslog_form.h"

#include <stdio.h>
#include <string.h>

#include "base/label.h"
#include "relp/syslog_message.h"

static void put_messages(struct output *output, const struct syslog_line *line)
{
	struct syslog_part part = {.number = 0};
	char message[SYSLOG_MAX];
	size_t n;

	while ((n = syslog_message_next(message, line, &part))) {
		output_bytes(output, message, n);
		output_string(output, "\n");
	}
}

/* Replaces the text by the values of the record that it is. */
static void use_record(struct syslog_line *sent, const struct source_line *line)
{
	struct record_line record;

	if (!line->begins || !line->ends ||
	    !ship_form_record(&record, sent->text, sent->len))
		return;
	sent->kind = record.direction == ':' ? SYSLOG_NOTE : SYSLOG_RECORD;
	sent->pid = record.pid;
	sent->direction = record.direction;
	sent->dump = record.dump;
	sent->more = record.more;
	sent->eof = record.eof;
	sent->text = record.payload;
	sent->len = record.len;
}

static void put_syslog_line(struct output *output, const struct ship_item *item)
{
	const struct source_line *line = item->line;
	size_t stamp = line->begins ? line->stamp : 0;
	struct syslog_line sent = {
	    .dated = line->dated,
	    .host = item->origin->host,
	    .name = item->origin->name,
	    .id = item->id,
	    .text = line->text,
	    .len = line->len,
	    .rest = !line->begins,
	    .cut = !line->ends,
	};

	sent.dated =
	    line->dated && label_to_time(&sent.time, &line->label, line->kind);
	if (stamp && stamp < line->len && line->text[stamp] == ' ') {
		sent.label = line->text;
		sent.label_len = stamp;
		sent.text += stamp + 1;
		sent.len -= stamp + 1;
	}
	use_record(&sent, line);
	put_messages(output, &sent);
}

static void append_label(char *text, size_t size, const char *word,
			 const struct tain_s *label)
{
	size_t n = strlen(text);
	char digits[LABEL_LEN];

	if (!label)
		return;
	label_format(digits, label);
	snprintf(text + n, size - n, " %s %.*s", word, (int)sizeof digits,
		 digits);
}

static void put_syslog_gap(struct output *output, const struct ship_gap *gap)
{
	char text[128] = "lines are missing";
	struct syslog_line sent = {
	    .kind = SYSLOG_MISSING,
	    .host = gap->origin->host,
	    .name = gap->origin->name,
	    .id = gap->id,
	    .text = text,
	};

	append_label(text, sizeof text, "after", gap->after);
	append_label(text, sizeof text, "before", gap->before);
	sent.len = strlen(text);
	put_messages(output, &sent);
}

const struct ship_form syslog_form = {"syslog", put_syslog_line,
				      put_syslog_gap};
