/*
 * The table of formats: option parsing, messages and --help take the names from
 * here.  Tested by
 * tests/sh/rlogsess-usage.t and the tests of the forms.
 */
#include "rlogsess/format/format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Each of these is defined in a file of its own. */
extern const struct format format_text;
extern const struct format format_flat;
extern const struct format format_session_table, format_delivery_table;
extern const struct format format_json;
extern const struct format format_csv;
extern const struct format format_session_stats, format_message_stats;
extern const struct format format_html_sessions, format_html_messages;
extern const struct format format_bytes, format_hex, format_mail;
extern const struct format format_pcapng;
extern const struct format format_ladder, format_metrics;

/* name, format of sessions and of messages, carries, exact, tells */
static const struct format_choice choices[] = {
    {"text", &format_text, &format_text, true, false, false},
    {"flat", &format_flat, &format_flat, true, false, false},
    {"table", &format_session_table, &format_delivery_table, true, false,
     false},
    {"json", &format_json, &format_json, true, false, false},
    {"csv", &format_csv, &format_csv, true, false, false},
    {"stats", &format_session_stats, &format_message_stats, false, false,
     false},
    {"html", &format_html_sessions, &format_html_messages, false, false, false},
    {"bytes", &format_bytes, NULL, true, true, true},
    {"hex", &format_hex, NULL, true, false, true},
    {"mail", &format_mail, NULL, true, true, true},
    {"pcapng", &format_pcapng, NULL, true, true, false},
    {"ladder", &format_ladder, NULL, true, false, false},
    {"metrics", &format_metrics, NULL, true, false, false},
};

enum { CHOICES = sizeof choices / sizeof *choices };

const struct format *format_choose(const struct format_choice *choice,
				   bool by_message, bool stuck)
{
	if (stuck && choice->messages == &format_delivery_table)
		return &format_stuck_table;
	return by_message ? choice->messages : choice->sessions;
}

const struct format_choice *format_find(const char *name)
{
	for (size_t i = 0; i < CHOICES; i++)
		if (strcmp(choices[i].name, name) == 0)
			return &choices[i];
	return NULL;
}

void format_names(char *text, size_t size, const char *last)
{
	size_t len = 0;

	*text = 0;
	for (size_t i = 0; i < CHOICES && len < size; i++) {
		const char *before = i == 0 ? "" : ", ";

		if (i == CHOICES - 1)
			before = last;
		len += (size_t)snprintf(text + len, size - len, "%s%s", before,
					choices[i].name);
	}
}

int format_begin(struct format_run *run, const struct format_options *options)
{
	const struct format *format = options->format;

	*run =
	    (struct format_run){.options = *options, .output = options->output};
	line_writer_init(&run->lines, options->time);
	if (format->state_size && !(run->state = calloc(1, format->state_size)))
		return -1;
	return format->begin ? format->begin(run) : 0;
}

void format_free(struct format_run *run)
{
	if (run->state && run->options.format->free)
		run->options.format->free(run->state);
	free(run->state);
	run->state = NULL;
}

bool format_always(const struct format_options *options)
{
	(void)options;
	return true;
}
