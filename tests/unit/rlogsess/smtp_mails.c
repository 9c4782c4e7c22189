/* The mails of a session, and their last replies. */
#include "rlogsess/trace/smtp_mails.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static char told[4096];

/* "QP[*]: REPLY/" with * for a match, or "-" for a mail that was not sent. */
static void note_mail(void *ctx, const struct smtp_mail *mail)
{
	size_t len = strlen(told);

	(void)ctx;
	snprintf(told + len, sizeof told - len, "%s%d%s:%.*s/",
		 mail->sent ? "" : "-", (int)mail->qp, mail->matches ? "*" : "",
		 (int)mail->reply_len, mail->reply);
}

/*
 * Passes a session, "<client\n>server\n:note\n", in parts of at most n bytes,
 * and compares the mails.
 */
static void assert_mails(const char *session, const char *what, size_t n,
			 const char *want)
{
	struct session_part part = {.time = 5};
	struct mail_query query;
	static struct smtp_mails mails;
	struct slice rest = {session, strlen(session)}, line;

	*told = 0;
	assert_int_equal(mail_query_parse(&query, what), 0);
	smtp_mails_init(&mails, &query, note_mail, NULL);
	while (rest.len) {
		char text[256];
		bool more;

		line = slice_until(&rest, '\n');
		part.kind = *line.at == ':' ? PART_NOTE : PART_BYTES;
		part.direction = *line.at == '<' ? DIALOGUE_IN : DIALOGUE_OUT;
		slice_skip(&line, 1);
		more = line.len && line.at[line.len - 1] == '+';
		line.len -= more;
		memcpy(text, line.at, line.len);
		if (part.kind == PART_BYTES && !more) {
			memcpy(text + line.len, "\r\n", 2);
			line.len += 2;
		}
		for (size_t i = 0; i < line.len; i += part.text.len) {
			part.text = (struct slice){text + i, line.len - i};
			if (part.kind == PART_BYTES && part.text.len > n)
				part.text.len = n;
			smtp_mails_take(&mails, &part);
		}
	}
	smtp_mails_finish(&mails);
	assert_string_equal(told, want);
}

static void sessions(void **state)
{
	static const struct {
		const char *session, *what, *want;
	} row[] = {
	    {">220 mx\n<EHLO a\n>250-mx\n>250 ok\n<MAIL FROM:<a@b>\n>250 ok\n"
	     "<RCPT TO:<c@d>\n>250 ok\n<DATA\n>354 go\n<x\n<.\n"
	     ">250 ok 1 qp 7\n<QUIT\n>221 bye\n",
	     "c@d", "7*:250 ok 1 qp 7/"},
	    /* Letters of any case, parameters, no brackets. */
	    {"<mail from:A@B SIZE=1\n>250 ok\n<rcpt to: <x@y>\n>250 ok\n"
	     "<data\n>354 go\n<.\n>250 ok 1 qp 7\n",
	     "a@b", "7*:250 ok 1 qp 7/"},
	    /* Refused: a recipient, the command DATA, the message. */
	    {"<MAIL FROM:<a@b>\n>250 ok\n<RCPT TO:<c@d>\n>550 no\n<QUIT\n"
	     ">221 bye\n",
	     "7", "-0:550 no/"},
	    {"<MAIL FROM:<a@b>\n>250 ok\n<DATA\n>503 no\n<MAIL FROM:<c@d>\n"
	     ">250 ok\n<DATA\n>354 go\n<.\n>250 ok 1 qp 7\n",
	     "c@d", "-0:503 no/7*:250 ok 1 qp 7/"},
	    {"<MAIL FROM:<a@b>\n>250 ok\n<DATA\n>354 go\n<.\n>554 no\n", "a@b",
	     "0*:554 no/"},
	    /* Given up, by RSET and by another MAIL. */
	    {"<MAIL FROM:<a@b>\n>250 ok\n<RSET\n>250 flushed\n", "1",
	     "-0:250 ok/"},
	    {"<MAIL FROM:<a@b>\n>250 1\n<MAIL FROM:<c@d>\n>250 2\n", "1",
	     "-0:250 1/-0:250 2/"},
	    /* A message has no commands, also before it was asked for. */
	    {"<DATA\n<MAIL FROM:<x@y>\n>354 go\n<MAIL FROM:<x@y>\n<.\n"
	     ">250 ok qp 7\n",
	     "x@y", "7:250 ok qp 7/"},
	    {"<DATA\n>354 go\n<..\n<. \n<.\n>250 ok qp 7\n", "1",
	     "7:250 ok qp 7/"},
	    /* The Message-ID: in the header alone, perhaps folded. */
	    {"<DATA\n>354 go\n<message-id: <i@d>\n<.\n>250 qp\n", "<i@d>",
	     "0*:250 qp/"},
	    {"<DATA\n>354 go\n<Message-ID:\n<\t<i@d>\n<.\n>250 qp\n", "<i@d>",
	     "0*:250 qp/"},
	    {"<DATA\n>354 go\n<Message-ID:\n<X: <i@d>\n<.\n>250 qp\n", "<i@d>",
	     "0:250 qp/"},
	    {"<DATA\n>354 go\n<A: b\n< <i@d>\n<.\n>250 qp\n", "<i@d>",
	     "0:250 qp/"},
	    {"<DATA\n>354 go\n<A: b\n<\n<Message-ID: <i@d>\n<.\n>250 qp\n",
	     "<i@d>", "0:250 qp/"},
	    /* BDAT: chunks need not be lines. */
	    {"<MAIL FROM:<a@b>\n<BDAT 9\n<MAIL FROM+\n<BDAT 5 LAST\n<:<x>.+\n"
	     "<NOOP\n>250 1\n>250 2\n>250 ok qp 7\n>250 noop\n",
	     "x", "7:250 ok qp 7/"},
	    {"<MAIL FROM:<a@b>\n<BDAT 0 LAST\n>250 1\n>250 ok qp 7\n", "a@b",
	     "7*:250 ok qp 7/"},
	    {"<MAIL FROM:<a@b>\n<BDAT 19\n<Message-ID: <i@d>\n"
	     "<BDAT 2 LAST\n<\n>250 1\n>250 2\n>250 ok qp 7\n",
	     "i@d", "7*:250 ok qp 7/"},
	    /* Notes of recio -p in place of messages. */
	    {"<DATA\n>354 go\n:< 9 bytes, 1 lines of message\n"
	     "<MAIL FROM:<a@b>\n>250 ok qp 7\n>250 ok\n",
	     "a@b", "7:250 ok qp 7/-0*:250 ok/"},
	    {"<DATA\n>354 go\n:< 9 bytes, 1 lines of message, unfinished\n",
	     "1", "-0:/"},
	    {"<BDAT 9 LAST\n:< 9 bytes, 1 lines of message\n<NOOP\n"
	     ">250 ok qp 7\n>250 noop\n",
	     "7", "7*:250 ok qp 7/"},
	    /* Without a note; and recio -f out, which has replies alone. */
	    {"<DATA\n>354 go\n>250 ok qp 7\n", "7", "-7*:250 ok qp 7/"},
	    {">220 mx\n>250 ok\n>250 ok\n>354 go\n>250 ok qp 7\n>221 bye\n",
	     "7", "-7*:250 ok qp 7/"},
	    /* Nobody waits for replies. */
	    {"<EHLO a\n<MAIL FROM:<a@b>\n<DATA\n<.\n<MAIL FROM:<c@d>\n<DATA\n"
	     "<.\n<QUIT\n>220 mx\n>250 a\n>250 b\n>354 c\n>250 qp 1\n>250 d\n"
	     ">354 e\n>550 no\n>221 f\n",
	     "c@d", "1:250 qp 1/0*:550 no/"},
	    /* Lines that are no replies, and those of several lines. */
	    {"<DATA\n>354 go\n<.\n>oops\n>25x\n>250-ok qp 6\n>250 ok qp 7\n",
	     "1", "7:250 ok qp 7/"},
	    /* The log ends. */
	    {"<MAIL FROM:<a@b>\n<DATA\n>250 ok\n>354 go\n<.\n", "1",
	     "0:250 ok/"},
	    {"<MAIL FROM:<a@b>\n", "a@b", "-0*:/"},
	    {"", "1", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		for (size_t n = 1; n < 64; n *= 3)
			assert_mails(row[i].session, row[i].what, n,
				     row[i].want);
}

/* Mails whose replies never come are passed on, oldest first. */
static void many_wait(void **state)
{
	static char session[4096];

	(void)state;
	for (int i = 0; i < SMTP_MAILS_WAITING + 2; i++)
		strcat(session, "<MAIL FROM:<a@b>\n<DATA\n<.\n");
	assert_mails(session, "1", 100, "0:/0:/0:/0:/0:/0:/0:/0:/0:/0:/");
}

static void long_lines(void **state)
{
	static struct smtp_mails mails;
	struct mail_query query;
	struct session_part part = {.kind = PART_BYTES};
	char text[1000];

	(void)state;
	*told = 0;
	memset(text, 'x', sizeof text);
	mail_query_parse(&query, "1");
	smtp_mails_init(&mails, &query, note_mail, NULL);
	part.text = (struct slice){text, sizeof text};
	for (int i = 0; i < 10; i++)
		smtp_mails_take(&mails, &part);
	part.direction = DIALOGUE_OUT;
	memcpy(text, "250 ", 4);
	for (int i = 0; i < 10; i++)
		smtp_mails_take(&mails, &part);
	part.text = (struct slice){"\n", 1};
	smtp_mails_take(&mails, &part);
	smtp_mails_finish(&mails);
	assert_string_equal(told, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sessions),
	    cmocka_unit_test(many_wait),
	    cmocka_unit_test(long_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
