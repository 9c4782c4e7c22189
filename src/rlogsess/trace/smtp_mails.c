/*
 * Mails of a session.  Each command, and each end of a message, has one reply,
 * and replies are in the order of commands, so that a reply finds its mail by
 * its number, also if the client does not wait for replies.  From DATA on all
 * lines are the message until "." or a refusal, so that a message holds no
 * commands.  Where -p of recio has left out a message its note stands for the
 * end of it.  A peer that breaks these rules makes the facts of its own session
 * wrong and has no other effect.
 *
 * mail_finder parses the same lines (smtp_line.h) for another purpose: it gives
 * exact bytes, and leaves a doubtful message or session out, of which a trace
 * shows what there is.  Tested by tests/unit/rlogsess/smtp_mails.c.
 */
#include "rlogsess/trace/smtp_mails.h"

#include <string.h>

#include "rlogsess/smtp_line.h"
#include "rlogsess/trace/queue_reply.h"

void smtp_mails_init(struct smtp_mails *mails, const struct mail_query *query,
		     void (*visit)(void *ctx, const struct smtp_mail *mail),
		     void *ctx)
{
	*mails =
	    (struct smtp_mails){.query = query, .visit = visit, .ctx = ctx};
}

static struct slice trim_spaces(struct slice text)
{
	while (text.len && (*text.at == ' ' || *text.at == '\t'))
		slice_skip(&text, 1);
	while (text.len &&
	       (text.at[text.len - 1] == ' ' || text.at[text.len - 1] == '\t'))
		text.len--;
	return text;
}

static void begin_sent_mail(struct smtp_mails *mails, int64_t time)
{
	mails->open = true;
	mails->message = false;
	mails->mail = (struct smtp_mail){.begin = time, .end = time};
}

static void keep_last_reply(struct smtp_mail *mail, struct slice line,
			    int64_t time)
{
	mail->reply_len =
	    line.len < sizeof mail->reply ? line.len : sizeof mail->reply;
	memcpy(mail->reply, line.at, mail->reply_len);
	mail->end = time;
}

/* Passes on a mail; line is the server's last reply to it. */
static void end_mail(struct smtp_mails *mails, struct smtp_mail *mail,
		     struct slice line, int64_t time)
{
	keep_last_reply(mail, line, time);
	mail->replied = true;
	mail->accepted = *line.at == '2';
	if (mail->accepted) {
		mail->qp = queue_reply_qp(line);
		mail->matches |=
		    mail_query_qp(mails->query, mail->qp) ||
		    mail_query_id(mails->query, queue_reply_id(line, "\t"));
	}
	mails->visit(mails->ctx, mail);
}

static void forget_first_waiting(struct smtp_mails *mails)
{
	mails->waiting_count--;
	memmove(mails->waiting, mails->waiting + 1,
		mails->waiting_count * sizeof *mails->waiting);
}

/* The client sends no more of the mail; the reply of this number is its last.
 */
static void wait_for_reply(struct smtp_mails *mails, uint64_t reply)
{
	mails->content = false;
	if (!mails->open)
		return;
	if (mails->waiting_count == SMTP_MAILS_WAITING) {
		mails->visit(mails->ctx, &mails->waiting[0].mail);
		forget_first_waiting(mails);
	}
	mails->waiting[mails->waiting_count++] =
	    (struct smtp_mails_waiting){reply, mails->mail};
	mails->open = false;
}

static void wait_for_last_reply(struct smtp_mails *mails, uint64_t reply)
{
	mails->mail.sent = true;
	wait_for_reply(mails, reply);
}

/* The command that was taken last gives up the mail of those before. */
static void abandon_mail(struct smtp_mails *mails)
{
	uint64_t reply = mails->asked - 1;

	if (mails->open && mails->answered >= reply)
		mails->visit(mails->ctx, &mails->mail);
	else
		wait_for_reply(mails, reply);
	mails->open = false;
}

static void begin_content(struct smtp_mails *mails, int64_t time)
{
	if (!mails->open)
		begin_sent_mail(mails, time);
	mails->mail.begin = time;
	mails->message = true;
	mails->header = true;
	mails->id_follows = false;
}

static void begin_mail_chunk(struct smtp_mails *mails, struct slice rest,
			     int64_t time)
{
	struct smtp_chunk chunk;

	if (!smtp_line_chunk(rest, &chunk))
		return;
	if (!mails->open || !mails->message)
		begin_content(mails, time);
	mails->chunk = mails->asked;
	mails->chunk_left = chunk.size;
	mails->last_chunk = chunk.last;
	if (!chunk.size && chunk.last)
		wait_for_last_reply(mails, mails->chunk);
}

static void take_sender(struct smtp_mails *mails, struct slice rest,
			int64_t time)
{
	struct slice path = smtp_line_path(rest);

	abandon_mail(mails);
	begin_sent_mail(mails, time);
	mails->mail.has_sender = true;
	mails->mail.sender = mail_query_hash(path);
	mails->mail.matches = mail_query_address(mails->query, path);
}

static void take_mail_command(struct smtp_mails *mails, struct slice line,
			      int64_t time)
{
	mails->asked++;
	if (slice_word(&line, "MAIL FROM:")) {
		take_sender(mails, line, time);
	} else if (slice_word(&line, "RCPT TO:")) {
		if (mail_query_address(mails->query, smtp_line_path(line)))
			mails->mail.matches |= mails->open;
	} else if (slice_word(&line, "DATA") && !trim_spaces(line).len) {
		begin_content(mails, time);
		mails->content = true;
		mails->data = mails->asked;
	} else if (slice_word(&line, "BDAT ")) {
		begin_mail_chunk(mails, line, time);
	} else if (slice_word(&line, "RSET") || slice_word(&line, "QUIT") ||
		   slice_word(&line, "EHLO ") || slice_word(&line, "HELO ") ||
		   slice_word(&line, "LHLO ")) {
		abandon_mail(mails);
	}
}

/* "<ID>", which may stand alone in the line behind "Message-ID:" */
static void take_message_id(struct smtp_mails *mails, struct slice text)
{
	text = trim_spaces(text);
	mails->id_follows = !text.len;
	if (slice_prefix(&text, "<"))
		text = slice_until(&text, '>');
	mails->mail.matches |= mail_query_id(mails->query, text);
}

static void take_content(struct smtp_mails *mails, struct slice line)
{
	bool folded = line.len && (*line.at == ' ' || *line.at == '\t');

	mails->mail.recorded = true;
	if (!mails->header)
		return;
	if (!line.len)
		mails->header = false;
	else if (mails->id_follows && folded)
		take_message_id(mails, line);
	else if (slice_word(&line, "Message-ID:"))
		take_message_id(mails, line);
	else
		mails->id_follows = false;
}

static void take_client_line(struct smtp_mails *mails, struct slice line,
			     int64_t time)
{
	if (mails->chunk_left)
		take_content(mails, line);
	else if (!mails->content)
		take_mail_command(mails, line, time);
	else if (slice_equal(line, "."))
		wait_for_last_reply(mails, ++mails->asked);
	else
		take_content(mails, line);
}

/* Takes the last reply about a mail. */
static void end_waiting(struct smtp_mails *mails, struct smtp_mail *mail,
			struct slice line, int64_t time)
{
	if (mail->sent) {
		end_mail(mails, mail, line, time);
		return;
	}
	keep_last_reply(mail, line, time);
	mails->visit(mails->ctx, mail);
}

/* Gives the reply whose number is `answered` to its mail. */
static void give_reply(struct smtp_mails *mails, struct slice line,
		       int64_t time)
{
	struct smtp_mails_waiting first;

	while (mails->waiting_count) {
		first = mails->waiting[0];
		if (first.reply > mails->answered) {
			keep_last_reply(&mails->waiting[0].mail, line, time);
			return;
		}
		forget_first_waiting(mails);
		if (first.reply == mails->answered) {
			end_waiting(mails, &first.mail, line, time);
			return;
		}
		mails->visit(mails->ctx, &first.mail);
	}
	if (mails->open)
		keep_last_reply(&mails->mail, line, time);
}

/*
 * The server asks for a message.  A client that waits for this has sent DATA
 * last, whatever the number of replies before was.
 */
static void take_go_ahead(struct smtp_mails *mails, int64_t time)
{
	if (!mails->data && mails->answered == mails->asked) {
		/* recio -f out records no commands. */
		begin_content(mails, time);
		mails->data = ++mails->asked;
		mails->content = true;
	}
	if (mails->content && mails->data && !mails->waiting_count)
		mails->answered = mails->data;
	else if (mails->answered < mails->asked)
		mails->answered++;
	if (mails->answered >= mails->data)
		mails->data = 0;
}

/* Takes a reply that no command has asked for. */
static void take_unasked(struct smtp_mails *mails, struct slice line,
			 int64_t time)
{
	if (!mails->content || !mails->open)
		return;
	mails->content = mails->open = false;
	end_mail(mails, &mails->mail, line, time);
}

static void take_server_line(struct smtp_mails *mails, struct slice line,
			     int64_t time)
{
	bool greeting = !mails->greeted, last;
	int code = smtp_line_reply(line, &last);

	mails->greeted = true;
	if (code < 0 || !last || (greeting && code == 220))
		return;
	if (code == 354) {
		take_go_ahead(mails, time);
		return;
	}
	if (mails->answered == mails->asked) {
		take_unasked(mails, line, time);
		return;
	}
	mails->answered++;
	if (mails->data && mails->answered == mails->data) {
		/* DATA is refused. */
		mails->content = false;
		mails->data = 0;
	}
	give_reply(mails, line, time);
}

static void take_ended_line(struct smtp_mails *mails,
			    const struct session_part *part)
{
	struct stream_line *ended = &mails->line[part->direction];
	struct slice line = stream_line_text(ended);

	stream_line_clear(ended);
	if (part->direction == DIALOGUE_IN)
		take_client_line(mails, line, part->time);
	else
		take_server_line(mails, line, part->time);
}

/* A BDAT chunk has ended, perhaps in the middle of a line. */
static void end_mail_chunk(struct smtp_mails *mails)
{
	mails->chunk_left = 0;
	stream_line_clear(&mails->line[DIALOGUE_IN]);
	if (mails->last_chunk)
		wait_for_last_reply(mails, mails->chunk);
	mails->last_chunk = false;
}

static void take_bytes(struct smtp_mails *mails,
		       const struct session_part *part)
{
	bool in = part->direction == DIALOGUE_IN, ends;
	struct slice rest = part->text;
	uint64_t left;
	size_t n;

	while (rest.len) {
		left = in ? mails->chunk_left : 0;
		n = stream_line_add(
		    &mails->line[part->direction], rest.at,
		    left && left < rest.len ? (size_t)left : rest.len, &ends);
		slice_skip(&rest, n);
		if (ends)
			take_ended_line(mails, part);
		if (left && !(mails->chunk_left -= n))
			end_mail_chunk(mails);
	}
}

/* Takes a note about a message that recio -p has left out. */
static void take_message_note(struct smtp_mails *mails, struct slice text)
{
	struct remark remark;

	log_line_parse_note(&remark, text);
	if (remark.kind != REMARK_MESSAGE || remark.unfinished ||
	    *text.at != '<')
		return;
	if (mails->chunk_left)
		end_mail_chunk(mails);
	else if (mails->content)
		wait_for_last_reply(mails, ++mails->asked);
}

void smtp_mails_take(struct smtp_mails *mails, const struct session_part *part)
{
	if (part->kind == PART_BYTES)
		take_bytes(mails, part);
	else if (part->kind == PART_NOTE)
		take_message_note(mails, part->text);
}

void smtp_mails_finish(struct smtp_mails *mails)
{
	for (size_t i = 0; i < mails->waiting_count; i++)
		mails->visit(mails->ctx, &mails->waiting[i].mail);
	mails->waiting_count = 0;
	if (mails->open)
		mails->visit(mails->ctx, &mails->mail);
	mails->open = false;
}
