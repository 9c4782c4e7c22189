/*
 * SMTP and LMTP.  A client that does not wait for the answer to DATA sends its
 * message at once: DATA begins a message, 354 accepts it, and another answer to
 * DATA takes it back.  Commands and answers are counted to know which answer is
 * that of DATA.  If the count was wrong, 354 begins a message, which is in
 * doubt if bytes of it had been taken for commands.
 * Tested by tests/unit/rlogsess/mail_finder.c.
 */
#include <string.h>

#include "rlogsess/mail/mail_finder.h"
#include "rlogsess/smtp_line.h"

struct smtp_mail_state {
	bool greeted;
	uint32_t owed;   /* answers, of all commands */
	uint32_t before; /* answers until that of DATA, which counts */
	bool in_data;    /* a message of DATA is open, or may be */
	bool sent;       /* its last line was sent */
	bool chunks;     /* a message of BDAT is open */
	bool last;       /* the current chunk is the last one */
	bool starttls;   /* the last command */
	bool swallowed;  /* commands were taken for lines of a message */
};

_Static_assert(sizeof(struct smtp_mail_state) <= MAIL_STATE, "it has room");

static struct smtp_mail_state *get_smtp(struct mail_finder *finder)
{
	return (struct smtp_mail_state *)(void *)finder->state;
}

static bool begins_smtp(int direction, struct slice line)
{
	if (direction == DIALOGUE_OUT)
		return line.len >= 3 && memcmp(line.at, "220", 3) == 0;
	return mail_finder_is_command(line, "EHLO") ||
	       mail_finder_is_command(line, "HELO") ||
	       mail_finder_is_command(line, "LHLO");
}

static void begin_chunk_octets(struct mail_finder *finder, struct slice rest)
{
	struct smtp_mail_state *smtp = get_smtp(finder);
	struct smtp_chunk chunk;

	if (!smtp_line_chunk(rest, &chunk))
		return;
	if (!smtp->chunks)
		mail_finder_begin(finder, DIALOGUE_IN);
	smtp->chunks = true;
	smtp->last = chunk.last;
	mail_finder_expect_octets(finder, DIALOGUE_IN, chunk.size, true);
}

static void begin_data(struct mail_finder *finder)
{
	struct smtp_mail_state *smtp = get_smtp(finder);

	mail_finder_begin(finder, DIALOGUE_IN);
	mail_finder_expect_text(finder, DIALOGUE_IN, true);
	smtp->in_data = true;
	smtp->sent = false;
	smtp->before = smtp->owed;
}

static void take_smtp_command(struct mail_finder *finder, struct slice line)
{
	struct smtp_mail_state *smtp = get_smtp(finder);
	struct slice rest = line;
	bool mail = slice_word(&rest, "MAIL FROM:");

	smtp->owed++;
	smtp->starttls = mail_finder_is_command(line, "STARTTLS");
	/* A message of chunks ends with its last one. */
	if (smtp->chunks && (mail || mail_finder_is_command(line, "RSET"))) {
		mail_finder_break(finder);
		smtp->chunks = false;
	}
	if (mail)
		mail_finder_set_sender(finder, smtp_line_path(rest));
	else if (slice_word(&rest, "BDAT "))
		begin_chunk_octets(finder, rest);
	else if (mail_finder_is_command(line, "DATA"))
		begin_data(finder);
}

/* The last line of the message was sent, and it is known to be one. */
static void end_data(struct mail_finder *finder)
{
	struct smtp_mail_state *smtp = get_smtp(finder);

	smtp->in_data = false;
	smtp->owed++;
	mail_finder_end(finder);
}

static void accept_data(struct mail_finder *finder)
{
	struct smtp_mail_state *smtp = get_smtp(finder);

	if (smtp->in_data) {
		smtp->owed -= smtp->before > 1 ? smtp->before - 1 : 0;
	} else {
		begin_data(finder);
		/* Lines that were sent before may have been its first ones. */
		if (smtp->owed || smtp->swallowed)
			mail_finder_doubt(finder);
		smtp->owed = 0;
	}
	smtp->swallowed = false;
	smtp->before = 0;
	if (smtp->sent)
		end_data(finder);
}

/* The message was none: its lines, if there are any, were commands. */
static void refuse_data(struct mail_finder *finder)
{
	struct smtp_mail_state *smtp = get_smtp(finder);

	smtp->in_data = false;
	smtp->swallowed |= smtp->sent || finder->stream[DIALOGUE_IN].begun;
	mail_finder_forget(finder);
	mail_finder_expect_lines(finder, DIALOGUE_IN);
}

/* An answer during an accepted message ends it, whatever the client thinks. */
static void interrupt_data(struct mail_finder *finder)
{
	get_smtp(finder)->in_data = false;
	if (finder->doubtful)
		mail_finder_end(finder);
	else
		mail_finder_break(finder);
	mail_finder_expect_lines(finder, DIALOGUE_IN);
}

static void take_smtp_reply(struct mail_finder *finder, struct slice line)
{
	struct smtp_mail_state *smtp = get_smtp(finder);
	bool greeting, last;
	int code = smtp_line_reply(line, &last);

	if (code < 0 || !last)
		return;
	greeting = !smtp->greeted && code == 220;
	smtp->greeted = true;
	if (greeting)
		return;
	if (smtp->starttls && smtp->owed <= 1 && code / 100 == 2) {
		mail_finder_give_up(finder);
		return;
	}
	smtp->owed -= smtp->owed > 0;
	if (code == 354) {
		accept_data(finder);
	} else if (smtp->in_data && smtp->before) {
		if (--smtp->before == 0)
			refuse_data(finder);
	} else if (smtp->in_data) {
		interrupt_data(finder);
	}
}

/* Without answers, a command in place of a message shows that DATA failed. */
static bool is_smtp_command(struct slice line)
{
	static const char *const names[] = {"MAIL", "RCPT", "DATA", "RSET",
					    "QUIT", "NOOP", "EHLO", "HELO",
					    "LHLO", "BDAT", "VRFY"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (mail_finder_is_command(line, names[i]))
			return true;
	return false;
}

static bool take_unanswered_line(struct mail_finder *finder,
				 const struct mail_line *line)
{
	if (!is_smtp_command(line->text))
		return false;
	refuse_data(finder);
	take_smtp_command(finder, line->text);
	return true;
}

static void take_smtp_line(struct mail_finder *finder, int direction,
			   const struct mail_line *line)
{
	if (direction == DIALOGUE_IN)
		take_smtp_command(finder, line->text);
	else
		take_smtp_reply(finder, line->text);
}

static void end_smtp_message(struct mail_finder *finder, int direction)
{
	struct smtp_mail_state *smtp = get_smtp(finder);

	(void)direction;
	if (smtp->chunks) {
		smtp->chunks = !smtp->last;
		if (smtp->last)
			mail_finder_end(finder);
	} else if (finder->single || !smtp->before) {
		end_data(finder);
	} else {
		smtp->sent = true;
	}
}

const struct mail_protocol mail_protocol_smtp = {
    .begins = begins_smtp,
    .line = take_smtp_line,
    .over = end_smtp_message,
    .first = take_unanswered_line,
};
