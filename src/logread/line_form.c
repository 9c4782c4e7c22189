/*
 * The forms of a line.  A stamp becomes a time in all forms but raw; one whose
 * time can't be written stays as it is.  Every form but JSON keeps the bytes
 * after the stamp, unless the output is a terminal: there all text from
 * the log passes output_shown, and the escape sequences of colours are the only
 * ones.
 *
 * In JSON a line is an object: a record (records.5) becomes members of its own;
 * any other line, and every piece of a line, becomes text.
 */
#include "logread/line_form.h"

#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/json.h"
#include "base/label.h"
#include "logread/record_line.h"

static const char *const names[] = {
    [LINE_FORM_RAW] = "raw",   [LINE_FORM_LOCAL] = "local",
    [LINE_FORM_UTC] = "utc",   [LINE_FORM_TAI64NLOCAL] = "tai64nlocal",
    [LINE_FORM_ISO] = "iso",   [LINE_FORM_UNIX] = "unix",
    [LINE_FORM_JSON] = "json",
};

/* The forms that write a date, with the digits of the fraction. */
static const struct utc_style styles[] = {
    [LINE_FORM_LOCAL] = {' ', 6, UTC_ZONE_NONE},
    [LINE_FORM_UTC] = {' ', 6, UTC_ZONE_Z},
    [LINE_FORM_TAI64NLOCAL] = {' ', 9, UTC_ZONE_NONE},
    [LINE_FORM_ISO] = {'T', 9, UTC_ZONE_OFFSET},
    [LINE_FORM_JSON] = {'T', 9, UTC_ZONE_OFFSET},
};

bool line_form_named(enum line_form_kind *kind, const char *name)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(names[i], name) == 0) {
			*kind = (enum line_form_kind)i;
			return true;
		}
	}
	return false;
}

void line_form_init(struct line_form *form, enum line_form_kind kind)
{
	*form =
	    (struct line_form){.kind = kind, .formatter.style = styles[kind]};
	tzset();
}

/* Writes seconds since 1970 with nine digits of a fraction. */
static size_t format_unix(char *out, const struct timespec *time)
{
	size_t n = (size_t)snprintf(out, LINE_FORM_TIME, "%lld",
				    (long long)time->tv_sec);

	return n + utc_format_fraction(out + n, time->tv_nsec, 9);
}

size_t line_form_time(struct line_form *form, char *out,
		      const struct tain_s *label, enum label_kind kind)
{
	struct timespec time;

	if (!label_to_time(&time, label, kind))
		return 0;
	return form->kind == LINE_FORM_UNIX
		   ? format_unix(out, &time)
		   : utc_format(&form->formatter, out, &time);
}

static const char *colour_of(char dir)
{
	switch (dir) {
	case '<': return "\033[36m";
	case '>': return "\033[32m";
	default: return "\033[33m";
	}
}

/*
 * Writes the bytes of a line after the first `skip`, which are its stamp, to a
 * terminal: control bytes and bytes that are not UTF-8 are escaped as in
 * records.5, backslashes stay, and a CR at the end of the line is left out.
 */
static void put_safe_line(struct output *output, const struct source_line *line,
			  size_t skip, bool colour)
{
	const char *text = line->text + skip;
	size_t len = line->len - skip, head = len && *text == ' ';
	struct record_line r;
	bool coloured = colour && line->begins && line->ends &&
			record_line_parse(&r, text + head, len - head) &&
			!r.unmarked;

	len = line->ends ? escape_without_cr(text, len) : len;
	if (!coloured) {
		output_shown(output, text, len);
		return;
	}
	head = (size_t)(r.payload - text) - 2;
	if (head > len)
		head = len;
	output_shown(output, text, head);
	output_string(output, colour_of(r.direction));
	output_shown(output, text + head, len - head);
	output_string(output, "\033[0m");
}

void line_form_put_text(struct line_form *form, struct output *output,
			const struct source_line *line)
{
	char time[LINE_FORM_TIME];
	size_t skip = 0, n;

	if (line->begins && line->stamp && form->kind != LINE_FORM_RAW) {
		n = line_form_time(form, time, &line->label, line->kind);
		skip = n ? line->stamp : 0;
		output_bytes(output, time, n);
	}
	if (output_is_safe(output))
		put_safe_line(output, line, skip, form->colour);
	else
		output_bytes(output, line->text + skip, line->len - skip);
}

static void put_json_record(struct json *json, const struct record_line *record)
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

static void put_json_content(struct json *json, const struct source_line *line,
			     const char *text, size_t len)
{
	struct record_line record;

	if (line->begins && line->ends &&
	    record_line_parse(&record, text, len) && !record.unmarked) {
		put_json_record(json, &record);
		return;
	}
	json_text(json, "text", text, len);
	if (!line->begins)
		json_bool(json, "rest", true);
	if (!line->ends)
		json_bool(json, "cut", true);
}

static void put_json_stamp(struct json *json, struct line_form *form,
			   const struct source_line *line)
{
	char time[LINE_FORM_TIME];
	size_t n = line_form_time(form, time, &line->label, line->kind);

	if (n)
		json_plain(json, "time", time, n);
	json_plain(json, "label", line->text, line->stamp);
}

/* Adds the object of a line, or of a piece of one, without a newline. */
static void put_json(struct line_form *form, struct output *output,
		     const struct source_line *line)
{
	const char *text = line->text;
	size_t len = line->len;
	struct json json;

	json_init(&json, output);
	json_open_object(&json, NULL);
	if (line->begins && line->stamp) {
		put_json_stamp(&json, form, line);
		text += line->stamp;
		len -= line->stamp;
		if (len && *text == ' ') {
			text++;
			len--;
		}
	}
	json_string(&json, "directory", line->directory);
	put_json_content(&json, line, text, len);
	json_close_object(&json);
}

void line_form_put(struct line_form *form, struct output *output,
		   const struct source_line *line)
{
	/* A line that a rotation or a crash has cut must not hide the next. */
	if (line->begins && output_is_mid_line(output))
		output_end_line(output, true);
	if (form->kind == LINE_FORM_JSON)
		put_json(form, output, line);
	else
		line_form_put_text(form, output, line);
	output_end_line(output, form->kind == LINE_FORM_JSON || line->ends);
}
