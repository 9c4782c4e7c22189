/*
 * Summaries of the lines of client and server.  Peers choose these lines: a
 * false line makes the summary of the peer's own session wrong and has no other
 * effect.  A summary has a fixed size, whatever they say.  Tested by
 * tests/unit/rlogsess/dialogue.c.
 */
#include "rlogsess/grouping/smtp_summary.h"

#include <string.h>

#include "rlogsess/smtp_line.h"

static bool has_prefix(const char *text, size_t len, const char *word)
{
	struct slice line = {text, len};

	return slice_word(&line, word);
}

/* True if the text ends with a CR that is escaped, with a backslash alone. */
static bool ends_with_escaped_cr(const char *text, size_t len)
{
	size_t backslashes = 0;

	if (len < 4 || memcmp(text + len - 4, "\\x0d", 4) != 0)
		return false;
	for (size_t i = len - 3; i && text[i - 1] == '\\'; i--)
		backslashes++;
	return backslashes % 2 != 0;
}

/*
 * Returns the length without the CR and spaces at the end.  recio escapes a CR
 * whose newline is in another record, and rlog's directive v escapes all.
 */
static size_t trimmed_length(const char *text, size_t len)
{
	for (;;) {
		if (len && (text[len - 1] == '\r' || text[len - 1] == ' '))
			len--;
		else if (ends_with_escaped_cr(text, len))
			len -= 4;
		else
			return len;
	}
}

static void add_address(struct string_list *list, struct slice rest)
{
	struct slice path = smtp_line_path(rest);

	if (path.len)
		string_list_add(list, path.at, path.len);
	else
		string_list_add(list, "<>", 2);
}

static void set_helo(struct smtp_summary *summary, struct slice rest)
{
	struct slice name = slice_until(&rest, ' ');

	summary->helo = (struct string_list){0};
	string_list_add(&summary->helo, name.at, name.len);
}

static void begin_chunk(struct smtp_summary *summary, struct slice rest)
{
	struct smtp_chunk chunk;

	if (!smtp_line_chunk(rest, &chunk))
		return;
	summary->chunk_left = chunk.size;
	summary->this_bytes += chunk.size;
	summary->in_data = true;
	summary->messages += chunk.last;
}

/* The tag of IMAP stands before its LOGOUT. */
static bool is_goodbye(struct slice line)
{
	struct slice end = line;

	if (slice_word(&line, "QUIT") || slice_word(&line, "LOGOUT"))
		return true;
	if (end.len <= strlen(" LOGOUT"))
		return false;
	slice_skip(&end, end.len - strlen(" LOGOUT"));
	return slice_word(&end, " LOGOUT");
}

static bool is_tls_request(struct slice line)
{
	return slice_word(&line, "STARTTLS") || slice_word(&line, "STLS");
}

/* Removes the word of a client's greeting. */
static bool take_helo_word(struct slice *line)
{
	return slice_word(line, "EHLO ") || slice_word(line, "HELO ") ||
	       slice_word(line, "LHLO ");
}

static void take_client_command(struct smtp_summary *summary, const char *text,
				size_t len)
{
	struct slice line = {text, trimmed_length(text, len)};

	if (login_names_take(&summary->login, line.at, line.len))
		return;
	if (is_goodbye(line))
		summary->polite = true;
	else if (is_tls_request(line))
		summary->asked_for_tls = true;
	else if (take_helo_word(&line))
		set_helo(summary, line);
	else if (slice_word(&line, "MAIL FROM:"))
		add_address(&summary->from, line);
	else if (slice_word(&line, "RCPT TO:"))
		add_address(&summary->rcpt, line);
	else if (slice_word(&line, "BDAT "))
		begin_chunk(summary, line);
	else if (slice_word(&line, "DATA"))
		/* A server that was not heard may have accepted it. */
		summary->in_data = !line.len && !summary->greeted;
}

static void end_this_message(struct smtp_summary *summary)
{
	summary->in_data = false;
	summary->message_bytes += summary->this_bytes;
	summary->this_bytes = 0;
	summary->chunk_left = 0;
}

void smtp_summary_in(struct smtp_summary *summary,
		     const struct smtp_summary_line *line)
{
	if (!summary->in_data) {
		take_client_command(summary, line->text, line->len);
		return;
	}
	if (trimmed_length(line->text, line->len) == 1 &&
	    line->text[0] == '.') {
		summary->messages++;
		end_this_message(summary);
	} else {
		summary->this_bytes += line->size;
	}
}

/* Adds a text to a list that does not have it. */
static void add_unlisted(struct string_list *list, struct slice text)
{
	for (const char *s = string_list_next(list, NULL); s;
	     s = string_list_next(list, s))
		if (slice_equal(text, s))
			return;
	string_list_add(list, text.at, text.len);
}

/* Writes the text without the parts in brackets, cut; returns its length. */
static size_t write_refusal(char to[SMTP_SUMMARY_REFUSAL], struct slice text)
{
	size_t len = 0;
	char closing = 0;

	for (size_t i = 0; i < text.len && len < SMTP_SUMMARY_REFUSAL; i++) {
		char c = text.at[i];

		if (closing && c != closing)
			continue;
		closing = c == '<' ? '>' : c == '[' ? ']' : 0;
		to[len++] = c;
	}
	return len;
}

static void keep_refusal(struct smtp_summary *summary, struct slice reply)
{
	char text[SMTP_SUMMARY_REFUSAL];
	const char *sender = NULL;

	add_unlisted(&summary->refusals,
		     (struct slice){text, write_refusal(text, reply)});
	for (const char *s = string_list_next(&summary->from, NULL); s;
	     s = string_list_next(&summary->from, s))
		sender = s;
	if (sender)
		add_unlisted(&summary->refused,
			     (struct slice){sender, strlen(sender)});
}

static bool take_reply_code(struct smtp_summary *summary, const char *text,
			    size_t len)
{
	bool last;
	int code = smtp_line_reply((struct slice){text, len}, &last);

	if (code < 0 || code >= SMTP_SUMMARY_CODES)
		return false;
	summary->codes[code / 64] |= (uint64_t)1 << code % 64;
	if (code >= 100 && last)
		summary->replies[code / 100 - 1]++;
	if (code >= 400 && last)
		keep_refusal(summary, (struct slice){text, len});
	return true;
}

/* An empty line is no reply. */
static void keep_reply(struct smtp_summary *summary, const char *text,
		       size_t len)
{
	if (!len)
		return;
	if (len > sizeof summary->reply)
		len = sizeof summary->reply;
	memcpy(summary->reply, text, len);
	summary->reply_len = (uint16_t)len;
}

void smtp_summary_said(struct smtp_summary *summary, const char *text,
		       size_t len)
{
	if (take_reply_code(summary, text, len))
		keep_reply(summary, text, len);
}

bool smtp_summary_replied(const struct smtp_summary *summary, unsigned int code)
{
	return code < SMTP_SUMMARY_CODES &&
	       summary->codes[code / 64] >> code % 64 & 1;
}

/* A server with such a greeting expects the client to say goodbye. */
static void take_greeting(struct smtp_summary *summary, const char *text,
			  size_t len)
{
	summary->greeted = true;
	summary->expects_quit = has_prefix(text, len, "220") ||
				has_prefix(text, len, "+OK") ||
				has_prefix(text, len, "* OK");
}

void smtp_summary_out(struct smtp_summary *summary,
		      const struct smtp_summary_line *line)
{
	size_t len = trimmed_length(line->text, line->len);

	if (!summary->greeted)
		take_greeting(summary, line->text, len);
	login_names_hear(&summary->login, line->text, len);
	take_reply_code(summary, line->text, len);
	/* A later QUIT cannot be read. */
	if (summary->asked_for_tls && (has_prefix(line->text, len, "220") ||
				       has_prefix(line->text, len, "+OK")))
		smtp_summary_secret(summary);
	summary->asked_for_tls = false;
	/* The reply of the server ends the message. */
	if (summary->in_data)
		end_this_message(summary);
	if (has_prefix(line->text, len, "354"))
		summary->in_data = true;
	keep_reply(summary, line->text, len);
}

bool smtp_summary_chunk(struct smtp_summary *summary, uint64_t bytes)
{
	if (!summary->chunk_left)
		return false;
	summary->chunk_left -=
	    bytes < summary->chunk_left ? bytes : summary->chunk_left;
	if (!summary->chunk_left)
		end_this_message(summary);
	return true;
}

void smtp_summary_message(struct smtp_summary *summary, uint64_t bytes,
			  bool whole)
{
	summary->messages += whole;
	summary->this_bytes = bytes;
	end_this_message(summary);
}

void smtp_summary_gap(struct smtp_summary *summary)
{
	login_names_miss(&summary->login);
}

void smtp_summary_secret(struct smtp_summary *summary)
{
	smtp_summary_gap(summary);
	summary->hides_quit |= summary->expects_quit;
	summary->expects_quit = false;
}

void smtp_summary_inside(struct smtp_summary *summary)
{
	smtp_summary_gap(summary);
	summary->expects_quit |= summary->hides_quit;
}
