/*
 * Rows of the list.  A row is an element details, whose class is the outcome;
 * the number that a link leads to is that of the element pre, since browsers
 * open what a link leads into.  Cells have one letter as their class: t time,
 * o outcome, p peer, w who, z size, l TLS, s seconds.  Tested by
 * tests/sh/rlogsess-html.t.
 */
#include "rlogsess/html/html_row.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "rlogsess/html/html_text.h"
#include "rlogsess/line_time.h"

static void describe_bad_end(struct html_verdict *verdict,
			     const struct session *session)
{
	if (session->ended && session->signal)
		snprintf(verdict->word, HTML_ROW_WORD, "signal %d",
			 session->signal);
	else if (session->ended && session->status)
		snprintf(verdict->word, HTML_ROW_WORD, "exit %d",
			 session->status);
	else
		strcpy(verdict->word,
		       session->said.reset ? "reset" : "no goodbye");
}

/* Names the worst class of replies by its lowest code. */
static void describe_refusal(struct html_verdict *verdict,
			     const struct smtp_summary *summary)
{
	unsigned int found = 0;

	for (unsigned int code = SMTP_SUMMARY_CODES - 1; code >= 400; code--)
		if (smtp_summary_replied(summary, code) &&
		    (!found || found / 100 == code / 100))
			found = code;
	snprintf(verdict->word, HTML_ROW_WORD, "%s %u",
		 found < 500 ? "deferred" : "refused", found);
}

void html_row_judge_session(struct html_verdict *verdict,
			    const struct session *session)
{
	verdict->outcome = session_outcome(session);
	switch (verdict->outcome) {
	case OUTCOME_BAD: describe_bad_end(verdict, session); break;
	case OUTCOME_REFUSED:
		describe_refusal(verdict, &session->said.talk);
		break;
	case OUTCOME_OPEN: strcpy(verdict->word, "goes on"); break;
	case OUTCOME_DENIED: strcpy(verdict->word, "denied"); break;
	default: strcpy(verdict->word, "fine");
	}
}

void html_row_judge_mail(struct html_verdict *verdict, const struct mail *mail)
{
	const uint64_t *count = mail->count;

	if (mail->bounced || count[MAIL_FAILURE]) {
		verdict->outcome = OUTCOME_BAD;
		strcpy(verdict->word, mail->bounced ? "bounced" : "failed");
	} else if (count[MAIL_DEFERRAL]) {
		verdict->outcome = OUTCOME_REFUSED;
		strcpy(verdict->word, mail->ended ? "late" : "deferred");
	} else if (!mail->ended || count[MAIL_UNKNOWN]) {
		verdict->outcome = OUTCOME_OPEN;
		strcpy(verdict->word, "goes on");
	} else {
		verdict->outcome = OUTCOME_FINE;
		strcpy(verdict->word, "delivered");
	}
}

static void write_html_text(struct output *output, const char *text)
{
	struct html_text html;

	html_text_init(&html, output);
	html_text_put(&html, text, strlen(text));
}

static void open_cell(struct output *output, char class)
{
	char text[] = "<span class=?>";

	text[sizeof text - 3] = class;
	output_string(output, text);
}

/* Cells are divided by spaces, for browsers without style sheets. */
static void close_cell(struct output *output)
{
	output_string(output, " </span>");
}

/* Most cells of some columns are empty: these have no element. */
static void write_cell(struct output *output, char class, const char *text)
{
	if (!*text)
		return;
	open_cell(output, class);
	write_html_text(output, text);
	close_cell(output);
}

/* Opens the row, and writes its time and outcome. */
static void begin_row(struct output *output, const struct group *group,
		      const struct html_verdict *verdict)
{
	char time[LINE_TIME_TEXT], text[160];

	snprintf(text, sizeof text, "<details class=%s",
		 session_outcome_name(verdict->outcome));
	output_string(output, text);
	if (group->first != LINE_TIME_NONE) {
		snprintf(text, sizeof text, " data-t=%.3f",
			 (double)(group->first / 1000000) / 1000);
		output_string(output, text);
	}
	output_string(output, "><summary>");
	if (line_time_format_local(time, group->first) > 19)
		time[19] = 0;
	write_cell(output, 't', time);
	write_cell(output, 'o', verdict->word);
}

/* Writes bytes with one decimal of a larger unit, "2.3 kB". */
static void format_size(char text[32], uint64_t bytes)
{
	static const char units[] = "kMGTPE";
	double size = (double)bytes / 1000;
	size_t unit = 0;

	if (bytes < 1000) {
		snprintf(text, 32, "%" PRIu64 " B", bytes);
		return;
	}
	for (; size >= 999.95 && unit < sizeof units - 2; unit++)
		size /= 1000;
	snprintf(text, 32, "%.1f %cB", size, units[unit]);
}

static void write_size_cell(struct output *output, uint64_t bytes)
{
	char text[32] = "";

	if (bytes)
		format_size(text, bytes);
	write_cell(output, 'z', text);
}

static void begin_seconds_cell(struct output *output, const struct group *group)
{
	char text[LINE_TIME_TEXT];

	open_cell(output, 's');
	if (group->first == LINE_TIME_NONE)
		strcpy(text, "-");
	else
		line_time_format_seconds(text, group->last - group->first);
	output_string(output, text);
	output_string(output, " </span>");
}

/* Writes the strings of a list with commas between. */
static void write_list(struct output *output, const struct string_list *list)
{
	char more[24];

	for (const char *p = NULL; (p = string_list_next(list, p));) {
		if (p != list->text)
			output_string(output, ", ");
		write_html_text(output, *p ? p : "<>");
	}
	if (list->count > list->kept) {
		snprintf(more, sizeof more, ", +%u", list->count - list->kept);
		output_string(output, more);
	}
}

/* Writes the client's name, and senders and recipients. */
static void write_who_cell(struct output *output,
			   const struct smtp_summary *summary)
{
	const char *helo = string_list_next(&summary->helo, NULL);

	open_cell(output, 'w');
	if (helo) {
		output_string(output, "<i>");
		write_html_text(output, helo);
		output_string(output, "</i> ");
	}
	write_list(output, &summary->from);
	if (summary->rcpt.count)
		output_string(output, " → ");
	write_list(output, &summary->rcpt);
	close_cell(output);
}

void html_row_begin_session(struct output *output,
			    const struct session *session,
			    const struct html_verdict *verdict)
{
	begin_row(output, &session->group, verdict);
	write_cell(output, 'p', *session->peer ? session->peer : "-");
	write_who_cell(output, &session->said.talk);
	write_size_cell(output, session->said.talk.message_bytes);
	write_cell(output, 'l', session->said.tls_version);
	begin_seconds_cell(output, &session->group);
}

void html_row_begin_mail(struct output *output, const struct mail *mail,
			 const struct html_verdict *verdict)
{
	char text[32];

	begin_row(output, &mail->group, verdict);
	snprintf(text, sizeof text, "msg %" PRIu64, mail->group.key);
	write_cell(output, 'p', text);
	write_cell(output, 'w', mail->from);
	write_size_cell(output, mail->bytes);
	snprintf(text, sizeof text, "%" PRIu64 "/%" PRIu64,
		 mail->count[MAIL_SUCCESS],
		 mail->count[MAIL_SUCCESS] + mail->count[MAIL_FAILURE] +
		     mail->count[MAIL_DEFERRAL] + mail->count[MAIL_UNKNOWN]);
	write_cell(output, 'l', text);
	begin_seconds_cell(output, &mail->group);
}

/* A fact that is no number of its own is left out if it is empty. */
static void write_fact(struct output *output, const char *name,
		       const char *value)
{
	if (!*value)
		return;
	output_string(output, " · ");
	output_string(output, name);
	write_html_text(output, value);
}

static void begin_facts(struct output *output, const struct group *group,
			const char *noun, bool lines_missing)
{
	char text[FIELDS_MARKS];

	output_string(output, "</summary><p>");
	output_string(output, noun);
	output_number(output, group->number);
	fields_mark_words(text, group->marks, lines_missing);
	write_fact(output, "", text);
}

static void end_facts(struct output *output, const char *source)
{
	write_fact(output, "", source ? source : "");
	output_string(output, "</p>");
}

void html_row_open_lines(struct output *output, const struct group *group)
{
	output_string(output, "<pre id=s");
	output_number(output, group->number);
	output_string(output, ">");
}

static void write_waits(struct output *output,
			const struct session_waits *waits)
{
	char text[LINE_TIME_TEXT + 32];
	size_t n;

	if (!waits->known)
		return;
	n = line_time_format_seconds(text, waits->client_for);
	strcpy(text + n, " s for the client");
	write_fact(output, "waited ", text);
	n = line_time_format_seconds(text, waits->server_for);
	strcpy(text + n, " s for the server");
	output_string(output, ", ");
	output_string(output, text);
}

void html_row_end_session(struct output *output, const struct session *session,
			  const char *source)
{
	const struct dialogue *said = &session->said;
	char text[SMTP_SUMMARY_REPLY + 1];

	begin_facts(output, &session->group, "session ",
		    said->lost || session->group.held.left_out);
	snprintf(text, sizeof text, "%" PRIu64, session->group.key);
	write_fact(output, "process ", text);
	write_fact(output, "port ", session->port);
	write_fact(output, "at ", session->local);
	format_size(text, said->bytes[DIALOGUE_IN]);
	write_fact(output, "in ", text);
	format_size(text, said->bytes[DIALOGUE_OUT]);
	write_fact(output, "out ", text);
	write_fact(output, "", said->tls_cipher);
	slice_copy((struct slice){said->talk.reply, said->talk.reply_len}, text,
		   sizeof text);
	write_fact(output, "last reply ", text);
	write_waits(output, &session->waits);
	end_facts(output, source);
}

void html_row_end_mail(struct output *output, const struct mail *mail,
		       const char *source)
{
	char text[32] = "";

	begin_facts(output, &mail->group, "message ",
		    mail->group.held.left_out);
	if (mail->qp)
		snprintf(text, sizeof text, "%" PRIu64, mail->qp);
	write_fact(output, "qp ", text);
	end_facts(output, source);
}

void html_row_close(struct output *output)
{
	output_string(output, "</pre></details>\n");
}
