/*
 * A line as a JSON object.  A record (records.5) becomes members of its own;
 * any other line, and every piece of a line, becomes text.
 *
 * Tested by tests/unit/rlogread/line_form.c and tests/sh/json-schema.t.
 */
#include "rlogread/line_json.h"

#include "base/json.h"
#include "base/label.h"
#include "logread/record_line.h"

static void put_record(struct json *json, const struct record_line *record)
{
	json_number(json, "pid", record->pid);
	json_plain(json, "dir", &record->direction, 1);
	json_text(json, "payload", record->payload, record->len);
	if (record->direction == ':')
		return;
	json_bool(json, "more", record->more);
	json_bool(json, "eof", record->eof);
}

static void put_content(struct json *json, const struct source_line *line,
			const char *text, size_t len)
{
	struct record_line record;

	if (line->begins && line->ends &&
	    record_line_parse(&record, text, len) && !record.unmarked) {
		put_record(json, &record);
		return;
	}
	json_text(json, "text", text, len);
	if (!line->begins)
		json_bool(json, "rest", true);
	if (!line->ends)
		json_bool(json, "cut", true);
}

static void put_label(struct json *json, struct line_form *form,
		      const struct source_line *line)
{
	char time[LINE_FORM_TIME];
	size_t n = line_form_time(form, time, &line->label, line->kind);

	if (n)
		json_plain(json, "time", time, n);
	json_plain(json, "label", line->text, LABEL_LEN);
}

void line_json_put(struct line_form *form, struct output *output,
		   const struct source_line *line)
{
	const char *text = line->text;
	size_t len = line->len;
	struct json json;

	json_init(&json, output);
	json_open_object(&json, NULL);
	if (line->begins && line->labelled) {
		put_label(&json, form, line);
		text += LABEL_LEN;
		len -= LABEL_LEN;
		if (len && *text == ' ') {
			text++;
			len--;
		}
	}
	json_string(&json, "directory", line->directory);
	put_content(&json, line, text, len);
	json_close_object(&json);
}
