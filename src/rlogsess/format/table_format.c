/*
 * The form table: a row for each session, each delivery of a message, or, with
 * --stuck, each message.  A row is made of a list of fields, from which a
 * layout or the user chooses columns.  On a terminal the columns are aligned
 * and have names; otherwise there is a TAB between them.  A field is never
 * empty, and holds no TAB and no character that controls a terminal.  Tested by
 * tests/sh/rlogsess-sessions.t, rlogsess-filters.t, rlogsess-ask.t and
 * rlogsess-columns.t.
 */
#include <stdio.h>
#include <string.h>

#include <skalibs/uint64.h>

#include "rlogsess/format/column_choice.h"
#include "rlogsess/format/format.h"
#include "rlogsess/line_time.h"

enum { CELL_ROOM = 4096, LIST_ROOM = 512 };

/* The source, which ends each layout, is a column if there are several. */
struct table_column {
	const char *name;
	int width; /* negative: numbers, aligned to the right */
};

struct table_state {
	struct column_choice choice;
	int width[COLUMN_CHOICE_MAX];
};

/* A row that is being written. */
struct table_row {
	struct format_run *run;
	size_t column; /* the next one */
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

/* The width of a column that is not in the layout. */
static int guess_width(const struct field *field)
{
	switch (field->type) {
	case FIELD_NUMBER:
	case FIELD_SECONDS: return -9;
	case FIELD_TIME: return 26;
	case FIELD_FLAG: return 6;
	default: return 24;
	}
}

static int find_width(const struct table_column *layout,
		      const struct field *field)
{
	for (; strcmp(layout->name, "source") != 0; layout++)
		if (strcmp(layout->name, field->name) == 0)
			return layout->width;
	return guess_width(field);
}

/* Writes the names of a layout with commas between them. */
static void list_layout(char list[LIST_ROOM], const struct table_column *layout,
			bool several)
{
	size_t len = 0;

	for (; strcmp(layout->name, "source") != 0; layout++)
		len += (size_t)snprintf(list + len, LIST_ROOM - len, "%s%s",
					len ? "," : "", layout->name);
	if (several)
		snprintf(list + len, LIST_ROOM - len, ",source");
}

/* Fills a column of n bytes that are left; none if the text is longer. */
static void pad_column(struct output *output, int n)
{
	while (n-- > 0)
		output_bytes(output, " ", 1);
}

static void write_cell_text(struct table_row *row, struct slice text)
{
	struct output *output = row->run->output;
	const struct table_state *state = row->run->state;
	bool wide = row->run->options.terminal;
	int width = state->width[row->column], used;

	if (row->column++ > 0)
		output_bytes(output, wide ? " " : "\t", 1);
	if (!text.len)
		text = (struct slice){"-", 1};
	if (wide && width < 0)
		pad_column(output, -width - (int)text.len);
	used = (int)output_field(output, text.at, text.len);
	if (wide && row->column < state->choice.count)
		pad_column(output, width - used);
}

/* The strings with commas between, and the number of missing ones. */
static size_t format_strings(char text[CELL_ROOM],
			     const struct string_list *list)
{
	size_t len = string_list_join(list, text);

	if (list->count > list->kept)
		len += (size_t)snprintf(text + len, CELL_ROOM - len, ",+%u",
					list->count - list->kept);
	return len;
}

/* Returns the text of a field that is not absent, in text if need be. */
static struct slice format_field(char text[CELL_ROOM],
				 const struct field *field)
{
	size_t len = 0;

	switch (field->type) {
	case FIELD_NUMBER: len = uint64_fmt(text, field->number); break;
	case FIELD_TEXT: return field->text;
	case FIELD_NAMES: return field->words;
	case FIELD_TIME: len = line_time_format_local(text, field->time); break;
	case FIELD_SECONDS:
		len = line_time_format_seconds(text, field->time);
		break;
	case FIELD_FLAG: return (struct slice){"true", 4};
	case FIELD_STRINGS: len = format_strings(text, field->strings); break;
	case FIELD_CODES: len = fields_list_codes(field, text); break;
	case FIELD_LINES:
	case FIELD_ROWS: break;
	}
	return (struct slice){text, len};
}

/* A signal is shown in the place of the exit status. */
static struct slice format_cell(char text[CELL_ROOM],
				const struct fields *fields, size_t n)
{
	const struct field *field = &fields->field[n], *signal = field + 1;
	size_t len;

	if (!field->absent)
		return format_field(text, field);
	if (strcmp(field->name, "exit") != 0 || signal->absent)
		return (struct slice){text, 0};
	len = (size_t)snprintf(text, CELL_ROOM, "sig%d", (int)signal->number);
	return (struct slice){text, len};
}

static int write_row(struct format_run *run, const struct fields *fields)
{
	const struct table_state *state = run->state;
	struct table_row row = {run, 0};
	char text[CELL_ROOM];

	for (size_t i = 0; i < state->choice.count; i++)
		write_cell_text(
		    &row, format_cell(text, fields, state->choice.field[i]));
	output_string(run->output, "\n");
	return 0;
}

static void write_heading(struct format_run *run, const struct fields *fields)
{
	const struct table_state *state = run->state;
	struct table_row row = {run, 0};

	for (size_t i = 0; i < state->choice.count; i++) {
		const char *name = fields->field[state->choice.field[i]].name;

		write_cell_text(&row, (struct slice){name, strlen(name)});
	}
	output_string(run->output, "\n");
}

static int begin_table(struct format_run *run,
		       const struct table_column *layout)
{
	const struct format_options *options = &run->options;
	struct table_state *state = run->state;
	struct fields fields = {.count = 0};
	char list[LIST_ROOM];
	struct slice bad;

	if (options->format->list_columns(options->grouper->grouping, &fields) <
	    0)
		return -1;
	list_layout(list, layout, options->several);
	column_choice_parse(&state->choice, &fields,
			    options->columns ? options->columns : list, &bad);
	for (size_t i = 0; i < state->choice.count; i++)
		state->width[i] =
		    find_width(layout, &fields.field[state->choice.field[i]]);
	if (options->heading)
		write_heading(run, &fields);
	return 0;
}

static int begin_session_table(struct format_run *run)
{
	return begin_table(run, session_columns);
}

static int begin_delivery_table(struct format_run *run)
{
	return begin_table(run, delivery_columns);
}

static int begin_stuck_table(struct format_run *run)
{
	return begin_table(run, stuck_columns);
}

static int write_session_row(struct format_run *run, const struct group *group)
{
	struct fields fields = {.count = 0};

	run->options.grouper->grouping->list_fields(group, &fields);
	return write_row(run, &fields);
}

/* The fields of a delivery, of which the message may be unknown. */
static void list_delivery(const struct mail_result *result, const char *source,
			  struct fields *fields)
{
	const struct mail_delivery *delivery = result->delivery;
	const struct mail *mail = result->mail;
	int64_t begin = delivery ? delivery->group.first : LINE_TIME_NONE;
	int64_t queued =
	    mail && mail->started ? mail->group.first : LINE_TIME_NONE;

	fields_number(fields, "delivery", delivery ? delivery->group.key : 0);
	fields_if(fields, delivery != NULL);
	fields_time(fields, "start", begin);
	fields_seconds(fields, "seconds", begin, result->time);
	fields_seconds(fields, "age", queued, result->time);
	fields_number(fields, "message", mail ? mail->group.key : 0);
	fields_if(fields, mail != NULL);
	fields_string(fields, "from", mail ? mail->from : "");
	fields_number(fields, "size", mail ? mail->bytes : 0);
	fields_if(fields, mail && *mail->from);
	fields_number(fields, "qp", mail ? mail->qp : 0);
	fields_if(fields, mail && mail->qp);
	fields_string(fields, "channel", delivery ? delivery->channel : "");
	fields_string(fields, "recipient", delivery ? delivery->recipient : "");
	fields_string(fields, "outcome", qmail_outcome(result->outcome));
	fields_text(fields, "text", result->why);
	fields_string(fields, "source", source ? source : "");
}

static int list_delivery_columns(const struct grouping *grouping,
				 struct fields *fields)
{
	const struct mail_result blank = {0};

	(void)grouping;
	list_delivery(&blank, NULL, fields);
	return 0;
}

static int write_delivery_row(struct format_run *run,
			      const struct mail_result *result)
{
	struct fields fields = {.count = 0};

	list_delivery(result,
		      result->mail ? result->mail->group.source
				   : grouper_source(run->options.grouper),
		      &fields);
	return write_row(run, &fields);
}

static void list_stuck(const struct mail *mail, struct fields *fields)
{
	const char *source = mail->group.source;
	int64_t queued = mail->started ? mail->group.first : LINE_TIME_NONE;

	fields_time(fields, "start", queued);
	fields_seconds(fields, "age", queued, qmail_queued_until(mail));
	fields_number(fields, "message", mail->group.key);
	fields_string(fields, "from", mail->from);
	fields_number(fields, "size", mail->bytes);
	fields_if(fields, *mail->from != 0);
	fields_number(fields, "qp", mail->qp);
	fields_if(fields, mail->qp != 0);
	fields_number(fields, "attempts", mail->count[MAIL_DEFERRAL]);
	fields_string(fields, "recipient", mail->deferred);
	fields_string(fields, "text", mail->reason);
	fields_string(fields, "source", source ? source : "");
}

static int list_stuck_columns(const struct grouping *grouping,
			      struct fields *fields)
{
	static const struct mail blank;

	(void)grouping;
	list_stuck(&blank, fields);
	return 0;
}

static int write_stuck_row(struct format_run *run, const struct group *group)
{
	struct fields fields = {.count = 0};

	list_stuck(qmail_mail(group), &fields);
	return write_row(run, &fields);
}

const struct format format_session_table = {
    .state_size = sizeof(struct table_state),
    .list_columns = column_choice_list,
    .begin = begin_session_table,
    .group = write_session_row,
};

const struct format format_delivery_table = {
    .state_size = sizeof(struct table_state),
    .shows_results = true,
    .list_columns = list_delivery_columns,
    .begin = begin_delivery_table,
    .result = write_delivery_row,
};

const struct format format_stuck_table = {
    .state_size = sizeof(struct table_state),
    .list_columns = list_stuck_columns,
    .begin = begin_stuck_table,
    .group = write_stuck_row,
};
