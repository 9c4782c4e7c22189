/*
 * mboxrd.  At the beginning of a line, brackets and the letters of "From " wait
 * until the line is known to need one bracket more; their number is kept, not
 * the bytes.  Tested by tests/unit/rlogsess/mail_finder.c.
 */
#include "rlogsess/mail/mbox_text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "rlogsess/line_time.h"

static const char from[] = "From ";

enum { FROM_LEN = sizeof from - 1 };

/* True if the sender can stand in the line, whose words spaces divide. */
static bool is_plain_sender(const char *sender)
{
	for (const char *c = sender; *c; c++)
		if (*c <= ' ' || *c == 0x7f)
			return false;
	return *sender != 0;
}

void mbox_text_begin(struct output *output, const char *sender, int64_t time)
{
	time_t seconds = time == LINE_TIME_NONE ? 0 : time / 1000000000;
	char date[32] = "";
	struct tm tm;

	if (gmtime_r(&seconds, &tm))
		strftime(date, sizeof date, "%a %b %e %H:%M:%S %Y", &tm);
	output_string(output, from);
	output_string(output,
		      is_plain_sender(sender) ? sender : "MAILER-DAEMON");
	output_string(output, " ");
	output_string(output, date);
	output_string(output, "\n");
}

/* Writes what waits at the beginning of a line; quoted: one bracket more. */
static void write_waiting(struct mbox_text *text, struct output *output,
			  bool quoted)
{
	for (size_t i = 0; i < text->brackets + quoted; i++)
		output_bytes(output, ">", 1);
	output_bytes(output, from, text->matched);
	text->brackets = text->matched = 0;
	text->inside = true;
}

/* Takes a byte at the beginning of a line; false if it is one of the rest. */
static bool take_line_start(struct mbox_text *text, struct output *output,
			    char byte)
{
	if (byte == '>' && !text->matched) {
		text->brackets++;
		return true;
	}
	if (byte == from[text->matched]) {
		if (++text->matched == FROM_LEN)
			write_waiting(text, output, true);
		return true;
	}
	write_waiting(text, output, false);
	return false;
}

static void write_cr(struct mbox_text *text, struct output *output)
{
	if (text->cr)
		output_bytes(output, "\r", 1);
	text->cr = false;
}

static void add_rest_byte(struct mbox_text *text, struct output *output,
			  char byte)
{
	if (byte == '\n')
		text->cr = false;
	else
		write_cr(text, output);
	if (byte == '\r')
		text->cr = true;
	else
		output_bytes(output, &byte, 1);
	text->inside = byte != '\n';
}

void mbox_text_add(struct mbox_text *text, struct output *output,
		   const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text->inside || !take_line_start(text, output, bytes[i]))
			add_rest_byte(text, output, bytes[i]);
}

void mbox_text_end(struct mbox_text *text, struct output *output)
{
	if (text->brackets || text->matched)
		write_waiting(text, output, false);
	write_cr(text, output);
	if (text->inside)
		output_bytes(output, "\n", 1);
	output_bytes(output, "\n", 1);
	*text = (struct mbox_text){.inside = false};
}
