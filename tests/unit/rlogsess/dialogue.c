/* What is made of records and notes. */
#include "rlogsess/grouping/dialogue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The dialogue of records that end with NULL. */
static struct dialogue heard(const char *const *records)
{
	struct line_time_reader stamps = {0};
	struct line_prefix prefix = {0};
	struct line_reader reader = {&stamps, &prefix};
	struct dialogue d = {0};
	struct connection_line l;

	for (; *records; records++) {
		log_line_parse_connection(&l, &reader, *records,
					  strlen(*records));
		dialogue_take(&d, &l);
	}
	return d;
}

static void bytes(void **state)
{
	static const char *const log[] = {
	    "1 < abc ", "1 < d+",   "1 < \\x00\\xff\\\\+",
	    "1 <  ",    "1 > x\r ", NULL};
	static const char *const noted[] = {
	    "1 < abc ",
	    "1 : end < 9 bytes (2 not taken), eof; > 7 bytes, eof; 1.0 s",
	    "1 < late ", NULL};
	struct dialogue d = heard(log);

	(void)state;
	assert_int_equal(d.bytes[DIALOGUE_IN], 4 + 1 + 3 + 1);
	assert_int_equal(d.bytes[DIALOGUE_OUT], 3);
	d = heard(noted);
	assert_int_equal(d.bytes[DIALOGUE_IN], 9);
	assert_int_equal(d.bytes[DIALOGUE_OUT], 7);
	assert_false(d.reset);
}

static void smtp(void **state)
{
	static const char *const log[] = {"1 > 220 mx ",
					  "1 < ehlo me x\r ",
					  "1 > 250-a ",
					  "1 > 250 b ",
					  "1 < MAIL FROM:<a b@c> SIZE=1\r ",
					  "1 > 250 ok ",
					  "1 < RCPT TO:<d@e>\r ",
					  "1 > 550 no ",
					  "1 < RCPT TO:f@g\r ",
					  "1 > 250 ok ",
					  "1 < DATA ",
					  "1 > 354 go ",
					  "1 < QUIT ",
					  "1 < ..+",
					  "1 <  ",
					  "1 < .+",
					  "1 < \r ",
					  "1 > 250 taken ",
					  "1 < MAIL FROM:<> ",
					  "1 < Quit ",
					  "1 > 221 bye\r ",
					  NULL};
	struct dialogue d = heard(log);
	const char *from = string_list_next(&d.talk.from, NULL);

	(void)state;
	assert_string_equal(string_list_next(&d.talk.helo, NULL), "me");
	assert_string_equal(from, "a b@c");
	assert_string_equal(string_list_next(&d.talk.from, from), "<>");
	assert_string_equal(string_list_next(&d.talk.rcpt, NULL), "d@e");
	assert_int_equal(d.talk.rcpt.count, 2);
	assert_int_equal(d.talk.messages, 1);
	assert_int_equal(d.talk.message_bytes, 5 + 3);
	assert_true(smtp_summary_replied(&d.talk, 550));
	assert_false(smtp_summary_replied(&d.talk, 551));
	assert_false(smtp_summary_replied(&d.talk, 5500));
	assert_true(d.talk.expects_quit && d.talk.polite);
	assert_int_equal(d.talk.reply_len, 7);
	assert_memory_equal(d.talk.reply, "221 bye", 7);
}

/* An empty line is no reply: the one before it stays. */
static void empty_lines_of_the_server(void **state)
{
	static const char *const silent[] = {"1 > \r ", "1 >   ", NULL};
	static const char *const said[] = {"1 > 220 mx ", "1 > \r ", NULL};
	struct dialogue d = heard(silent);

	(void)state;
	assert_int_equal(d.talk.reply_len, 0);
	d = heard(said);
	assert_int_equal(d.talk.reply_len, 6);
	assert_memory_equal(d.talk.reply, "220 mx", 6);
}

static void hidden_messages(void **state)
{
	static const char *const log[] = {
	    "1 < DATA ",
	    "1 > 354 go ",
	    "1 : < 2345 bytes, 51 lines of message",
	    "1 > 250 ok ",
	    "1 < BDAT 10 LAST ",
	    "1 : < 10 bytes, 1 lines of message",
	    "1 > 250 ok ",
	    "1 < DATA ",
	    "1 > 354 go ",
	    "1 : < 7 bytes, 1 lines of message, unfinished",
	    NULL};
	struct dialogue d = heard(log);

	(void)state;
	assert_int_equal(d.talk.messages, 2 + 1);
	assert_int_equal(d.talk.message_bytes, 2345 + 10 + 7);
}

static void chunks(void **state)
{
	static const char *const log[] = {
	    "1 < BDAT 8 ", "1 < QUIT\r ", "1 < x+",
	    "1 < \r+",     "1 > 250 ok ", "1 < BDAT 3 LAST ",
	    "1 < x\r ",    "1 > 250 ok ", NULL};
	struct dialogue d = heard(log);

	(void)state;
	assert_false(d.talk.polite);
	assert_int_equal(d.talk.messages, 1);
	assert_int_equal(d.talk.message_bytes, 11);
}

static void servers_that_expect_quit(void **state)
{
	static const struct {
		const char *log[6];
		bool expects, polite, reset;
	} row[] = {
	    {{"1 > 220 hi "}, true, false, false},
	    {{"1 > +OK hi ", "1 < quit "}, true, true, false},
	    {{"1 > * OK hi ", "1 < a1 logout\r "}, true, true, false},
	    {{"1 > hi ", "1 < x "}, false, false, false},
	    {{"1 > 220 hi ", "1 < STARTTLS ", "1 > 220 go "},
	     false,
	     false,
	     false},
	    {{"1 > 220 hi ", "1 < STARTTLS ", "1 > 454 no "},
	     true,
	     false,
	     false},
	    {{"1 > 220 hi ", "1 : TLS"}, false, false, false},
	    {{"1 > 220 hi ", "1 < STARTTLS ", "1 > 220 go ", "1 : TLS v c n"},
	     true,
	     false,
	     false},
	    {{"1 > 220 hi ", "1 : TLS, not seen: why"}, true, false, false},
	    {{"1 > 220 hi ", "1 : end < 0 bytes, reset; > 1 bytes, eof; 1 s"},
	     true,
	     false,
	     true},
	    {{"1 : gave up: the peer took nothing"}, false, false, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct dialogue d = heard(row[i].log);

		assert_int_equal(d.talk.expects_quit, row[i].expects);
		assert_int_equal(d.talk.polite, row[i].polite);
		assert_int_equal(d.reset, row[i].reset);
	}
}

static void inside_of_tls(void **state)
{
	struct dialogue d =
	    heard((const char *[]){"1 : TLS", "1 : TLS, not seen: a b", NULL});

	(void)state;
	assert_true(d.tls);
	assert_string_equal(d.tls_version, "");
	d = heard((const char *[]){"1 : TLS TLSv1.2 A_B", NULL});
	assert_true(d.tls);
	assert_string_equal(d.tls_version, "TLSv1.2");
	assert_string_equal(d.tls_cipher, "A_B");
	d = heard((const char *[]){"1 : TLS TLSv1.2 A_B, client CN=x", NULL});
	assert_string_equal(d.tls_cipher, "A_B");
	d = heard((const char *[]){"1 : TLS TLSv1.2 A_B mx.example", NULL});
	assert_string_equal(d.tls_cipher, "A_B");
	d = heard((const char *[]){"1 : TLS TLSv1.2", NULL});
	assert_false(d.tls);
}

/* The longest path of RFC 5321 has 256 bytes. */
static void long_addresses(void **state)
{
	char address[255], text[300], reply[400];
	const char *const log[] = {text, reply, NULL};
	struct dialogue d;

	(void)state;
	memset(address, 'x', sizeof address);
	memcpy(address + 64, "@", 1);
	address[sizeof address - 1] = 0;
	snprintf(text, sizeof text, "1 < MAIL FROM:<%s> SIZE=1 ", address);
	snprintf(reply, sizeof reply, "1 > 250 %s%s ", address, address + 150);
	d = heard(log);
	assert_string_equal(string_list_next(&d.talk.from, NULL), address);
	assert_int_equal(d.talk.reply_len, SMTP_SUMMARY_REPLY);
	assert_memory_equal(d.talk.reply, reply + 4, SMTP_SUMMARY_REPLY);
}

/* Words and lines without end have room for their beginning only. */
static void bounds(void **state)
{
	struct line_time_reader stamps = {0};
	struct line_prefix prefix = {0};
	struct line_reader reader = {&stamps, &prefix};
	struct dialogue d = {0};
	char text[3000];
	struct connection_line l;

	(void)state;
	memset(text, 'x', sizeof text);
	memcpy(text, "1 < RCPT TO:<", 13);
	for (int i = 0; i < 1000; i++) {
		text[sizeof text - 1] = i % 2 ? ' ' : '+';
		log_line_parse_connection(&l, &reader, text, sizeof text);
		dialogue_take(&d, &l);
	}
	assert_int_equal(d.talk.rcpt.count, 500);
	assert_true(d.talk.rcpt.kept < 10);
	assert_true(d.talk.rcpt.len <= STRING_LIST_ROOM);
}

/* Returns the strings with commas. */
static const char *joined(const struct string_list *list)
{
	static char text[STRING_LIST_ROOM + 1];

	text[string_list_join(list, text)] = 0;
	return text;
}

static void refusals(void **state)
{
	static const char *const log[] = {"1 > 554 busy ",
					  "1 < MAIL FROM:<> ",
					  "1 > 250 ok ",
					  "1 < MAIL FROM:<a@b> ",
					  "1 > 250-400 ",
					  "1 > 250 ok ",
					  "1 < RCPT TO:<x> ",
					  "1 > 550-first ",
					  "1 > 550 <x> at [192.0.2.1]: no\r ",
					  "1 > 550 <y> at [192.0.2.2]: no ",
					  "1 > 399 odd ",
					  "1 > 400 ",
					  "1 > 599 <open ",
					  "1 > 600 none ",
					  "1 > -ERR none ",
					  NULL};
	struct dialogue d = heard(log);

	(void)state;
	assert_string_equal(joined(&d.talk.refusals),
			    "554 busy,550 <> at []: no,400,599 <");
	assert_string_equal(joined(&d.talk.refused), "a@b");
}

static void refusals_are_cut(void **state)
{
	char text[SMTP_SUMMARY_LINE] = "1 > 550 ";
	const char *const log[] = {text, NULL};
	struct dialogue d;

	(void)state;
	memset(text + 8, 'x', 300);
	d = heard(log);
	assert_int_equal(strlen(joined(&d.talk.refusals)),
			 SMTP_SUMMARY_REFUSAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refusals),
	    cmocka_unit_test(refusals_are_cut),
	    cmocka_unit_test(bytes),
	    cmocka_unit_test(smtp),
	    cmocka_unit_test(empty_lines_of_the_server),
	    cmocka_unit_test(hidden_messages),
	    cmocka_unit_test(chunks),
	    cmocka_unit_test(servers_that_expect_quit),
	    cmocka_unit_test(inside_of_tls),
	    cmocka_unit_test(long_addresses),
	    cmocka_unit_test(bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
