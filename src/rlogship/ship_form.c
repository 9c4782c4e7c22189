/*
 * The forms json and raw.
 *
 * Invariant of json: line_restore gives back the stored bytes of each object.
 * So a stamp becomes a member only if one space follows it, and a record's
 * members are used only if the record is put together from them again, which
 * fails for a process ID with leading zeros; any other line is sent as text.
 *
 * In raw, bytes are sent as they are stored.  A newline is added before a line
 * only where the end of a file has cut the line before it.
 *
 * Tested by tests/unit/rlogship/ship_batch.c.
 */
#include "rlogship/ship_form.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/label.h"
#include "logread/record_line.h"

size_t ship_form_members(char text[SHIP_MEMBERS_MAX],
			 const struct log_name *origin)
{
	return (size_t)snprintf(text, SHIP_MEMBERS_MAX,
				"\"host\":\"%s\",\"name\":\"%s\"", origin->host,
				origin->name);
}

static void put_time(struct json *json, const struct ship_item *item)
{
	const struct source_line *line = item->line;
	struct timespec time;
	char text[UTC_TEXT];
	size_t n;

	if (!line->begins || !line->stamp ||
	    !label_to_time(&time, &line->label, line->kind))
		return;
	n = utc_format(item->times, text, &time);
	if (n)
		json_plain(json, "time", text, n);
}

static void put_record(struct json *json, const struct record_line *record)
{
	json_number(json, "pid", record->pid);
	json_plain(json, "dir", &record->direction, 1);
	json_text(json, "payload", record->payload, record->len);
	if (record->direction == ':')
		return;
	if (record->dump)
		json_bool(json, "dump", true);
	json_bool(json, "more", record->more);
	json_bool(json, "eof", record->eof);
}

bool ship_form_record(struct record_line *record, const char *text, size_t len)
{
	return record_line_parse(record, text, len) && !record->unmarked &&
	       (*text != '0' || text[1] == ' ');
}

static void put_content(struct json *json, const struct source_line *line,
			const char *text, size_t len)
{
	struct record_line record;

	if (line->begins && line->ends &&
	    ship_form_record(&record, text, len)) {
		put_record(json, &record);
		return;
	}
	json_text(json, "text", text, len);
	if (!line->begins)
		json_bool(json, "rest", true);
	if (!line->ends)
		json_bool(json, "cut", true);
}

static void put_json_object(struct output *output, const struct ship_item *item)
{
	const struct source_line *line = item->line;
	size_t stamp = line->begins ? line->stamp : 0;
	struct json json;

	json_init(&json, output);
	json_open_object(&json, NULL);
	json_members(&json, item->members, item->members_len);
	json_plain(&json, "id", item->id, item->id_len);
	put_time(&json, item);
	if (stamp && stamp < line->len && line->text[stamp] == ' ') {
		json_plain(&json, "label", line->text, stamp);
		stamp++;
	} else {
		stamp = 0;
	}
	put_content(&json, line, line->text + stamp, line->len - stamp);
	json_close_object(&json);
	output_string(output, "\n");
}

static void put_label(struct json *json, const char *name,
		      const struct tain_s *label)
{
	char text[LABEL_LEN];

	if (!label)
		return;
	label_format(text, label);
	json_plain(json, name, text, sizeof text);
}

static void put_json_gap(struct output *output, const struct ship_gap *gap)
{
	struct json json;

	json_init(&json, output);
	json_open_object(&json, NULL);
	json_members(&json, gap->members, gap->members_len);
	json_plain(&json, "id", gap->id, strlen(gap->id));
	json_bool(&json, "missing", true);
	put_label(&json, "after", gap->after);
	put_label(&json, "before", gap->before);
	json_close_object(&json);
	output_string(output, "\n");
}

static void put_raw_line(struct output *output, const struct ship_item *item)
{
	const struct source_line *line = item->line;

	if (line->begins && line->joins)
		output_string(output, "\n");
	output_bytes(output, line->text, line->len);
	if (line->ends)
		output_string(output, "\n");
}

static const struct ship_form forms[] = {
    {"json", put_json_object, put_json_gap},
    {"raw", put_raw_line, NULL},
};

const struct ship_form *ship_form_named(const char *name)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (strcmp(forms[i].name, name) == 0)
			return &forms[i];
	return NULL;
}
