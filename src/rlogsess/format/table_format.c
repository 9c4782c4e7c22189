/*
 * The form table: a row for each session, each delivery of a message, or, with
 * --stuck, each message.  On a terminal the columns are aligned and have names;
 * otherwise there is a TAB between them.  A field is never empty, and holds no
 * TAB and no character that controls a terminal.  Tested by
 * tests/sh/rlogsess-sessions.t, rlogsess-filters.t and rlogsess-ask.t.
 */
#include <stdio.h>
#include <string.h>

#include <skalibs/uint64.h>

#include "rlogsess/format/format.h"
#include "rlogsess/grouping/connections.h"
#include "rlogsess/line_time.h"

struct table_column {
	const char *name;
	int width; /* negative: numbers, aligned to the right; 0: source */
};

/* A row that is being written. */
struct table_row {
	struct output *output;
	const struct table_column *column; /* the next one */
	bool first;
	bool wide;    /* align the columns */
	bool several; /* name the source */
};

static const struct table_column session_columns[] = {
    {"start", 26}, {"seconds", -9}, {"peer", 15},       {"pid", -7},
    {"helo", 20},  {"from", 24},    {"recipients", 24}, {"messages", -8},
    {"size", -9},  {"reply", 30},   {"in", -9},         {"out", -9},
    {"exit", -6},  {"marks", 24},   {"source", 0},
};

static const struct table_column delivery_columns[] = {
    {"start", 26},  {"seconds", -9}, {"age", -9},    {"message", -10},
    {"from", 24},   {"size", -9},    {"channel", 7}, {"recipient", 24},
    {"outcome", 8}, {"text", 40},    {"source", 0},
};

static const struct table_column stuck_columns[] = {
    {"start", 26},     {"age", -12}, {"message", -10},
    {"from", 24},      {"size", -9}, {"attempts", -8},
    {"recipient", 24}, {"text", 40}, {"source", 0},
};

static struct table_row begin_row(const struct format_run *run,
				  const struct table_column *columns)
{
	return (struct table_row){run->output, columns, true,
				  run->options.terminal, run->options.several};
}

static void write_spaces(struct output *output, int n)
{
	while (n-- > 0)
		output_bytes(output, " ", 1);
}

/* The source, the last column, is there if there are several. */
static bool is_last(const struct table_row *row)
{
	return row->several ? row->column->width == 0
			    : row->column[1].width == 0;
}

static void write_field(struct table_row *row, struct slice text)
{
	int width = is_last(row) ? 0 : row->column->width, used;

	if (!row->first)
		output_bytes(row->output, row->wide ? " " : "\t", 1);
	row->first = false;
	row->column++;
	if (!text.len)
		text = (struct slice){"-", 1};
	if (row->wide && width < 0)
		write_spaces(row->output, -width - (int)text.len);
	used = (int)output_field(row->output, text.at, text.len);
	if (row->wide)
		write_spaces(row->output, width - used);
}

static void write_text_field(struct table_row *row, const char *text)
{
	write_field(row, (struct slice){text, strlen(text)});
}

static void end_row(struct table_row *row, const char *source)
{
	if (row->several)
		write_text_field(row, source ? source : "");
	output_string(row->output, "\n");
}

static void write_number_field(struct table_row *row, uint64_t number)
{
	char text[UINT64_FMT];

	write_field(row, (struct slice){text, uint64_fmt(text, number)});
}

static void write_time_field(struct table_row *row, int64_t time)
{
	char text[LINE_TIME_TEXT];

	write_field(row,
		    (struct slice){text, line_time_format_local(text, time)});
}

static void write_seconds_field(struct table_row *row, int64_t begin,
				int64_t end)
{
	char text[LINE_TIME_TEXT];
	size_t len = 0;

	if (begin != LINE_TIME_NONE && end != LINE_TIME_NONE)
		len = line_time_format_seconds(text, end - begin);
	write_field(row, (struct slice){text, len});
}

static void write_header(const struct format_run *run,
			 const struct table_column *columns)
{
	struct table_row row = begin_row(run, columns);

	if (!run->options.terminal)
		return;
	while (!is_last(&row))
		write_text_field(&row, row.column->name);
	write_text_field(&row, row.column->name);
	output_string(run->output, "\n");
}

static int begin_session_table(struct format_run *run)
{
	write_header(run, session_columns);
	return 0;
}

static int begin_delivery_table(struct format_run *run)
{
	write_header(run, delivery_columns);
	return 0;
}

static int begin_stuck_table(struct format_run *run)
{
	write_header(run, stuck_columns);
	return 0;
}

/* The strings with commas between, and the number of missing ones. */
static void write_list_field(struct table_row *row,
			     const struct string_list *list)
{
	char text[STRING_LIST_ROOM + 32];
	size_t len = string_list_join(list, text);

	if (list->count > list->kept)
		len += (size_t)snprintf(text + len, sizeof text - len, ",+%u",
					list->count - list->kept);
	write_field(row, (struct slice){text, len});
}

static void write_exit_field(struct table_row *row,
			     const struct session *session)
{
	char text[24] = "";

	if (session->ended && session->signal)
		snprintf(text, sizeof text, "sig%d", session->signal);
	else if (session->ended)
		snprintf(text, sizeof text, "%d", session->status);
	write_text_field(row, text);
}

static int write_session_row(struct format_run *run, const struct group *group)
{
	const struct session *session = connections_session(group);
	const struct dialogue *dialogue = &session->said;
	const struct smtp_summary *summary = &dialogue->talk;
	struct table_row row = begin_row(run, session_columns);
	char marks[FIELDS_MARKS];

	fields_mark_words(marks, group->marks,
			  dialogue->lost || group->held.left_out);
	write_time_field(&row, group->first);
	write_seconds_field(&row, group->first, group->last);
	write_text_field(&row, session->peer);
	write_number_field(&row, group->key);
	write_list_field(&row, &summary->helo);
	write_list_field(&row, &summary->from);
	write_list_field(&row, &summary->rcpt);
	write_number_field(&row, summary->messages);
	write_number_field(&row, summary->message_bytes);
	write_field(&row, (struct slice){summary->reply, summary->reply_len});
	write_number_field(&row, dialogue->bytes[DIALOGUE_IN]);
	write_number_field(&row, dialogue->bytes[DIALOGUE_OUT]);
	write_exit_field(&row, session);
	write_text_field(&row, marks);
	end_row(&row, group->source);
	return 0;
}

/* The columns about the message, which may be unknown. */
static void write_mail_fields(struct table_row *row, const struct mail *mail)
{
	if (mail)
		write_number_field(row, mail->group.key);
	else
		write_text_field(row, "");
	write_text_field(row, mail ? mail->from : "");
	if (mail && *mail->from)
		write_number_field(row, mail->bytes);
	else
		write_text_field(row, "");
}

static int write_delivery_row(struct format_run *run,
			      const struct mail_result *result)
{
	const struct mail *mail = result->mail;
	const struct mail_delivery *delivery = result->delivery;
	struct table_row row = begin_row(run, delivery_columns);
	int64_t begin = delivery ? delivery->group.first : LINE_TIME_NONE;
	int64_t queued =
	    mail && mail->started ? mail->group.first : LINE_TIME_NONE;

	write_time_field(&row, begin);
	write_seconds_field(&row, begin, result->time);
	write_seconds_field(&row, queued, result->time);
	write_mail_fields(&row, mail);
	write_text_field(&row, delivery ? delivery->channel : "");
	write_text_field(&row, delivery ? delivery->recipient : "");
	write_text_field(&row, qmail_outcome(result->outcome));
	write_field(&row, result->why);
	end_row(&row, mail ? mail->group.source
			   : grouper_source(run->options.grouper));
	return 0;
}

static int write_stuck_row(struct format_run *run, const struct group *group)
{
	const struct mail *mail = qmail_mail(group);
	struct table_row row = begin_row(run, stuck_columns);
	int64_t queued = mail->started ? group->first : LINE_TIME_NONE;

	write_time_field(&row, queued);
	write_seconds_field(&row, queued, qmail_queued_until(mail));
	write_mail_fields(&row, mail);
	write_number_field(&row, mail->count[MAIL_DEFERRAL]);
	write_text_field(&row, mail->deferred);
	write_text_field(&row, mail->reason);
	end_row(&row, group->source);
	return 0;
}

const struct format format_session_table = {
    .begin = begin_session_table,
    .group = write_session_row,
};

const struct format format_delivery_table = {
    .shows_results = true,
    .begin = begin_delivery_table,
    .result = write_delivery_row,
};

const struct format format_stuck_table = {
    .begin = begin_stuck_table,
    .group = write_stuck_row,
};
