/*
 * What the recorder makes of what it is shown, packet by packet, with the log
 * in a pipe.  The process ID of all records is 1.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <sys/socket.h>

#include <skalibs/tai.h>

#include "../escapes.h"
#include "recio/recorder.h"

static struct recorder r;
static struct relay_tap tap;
static int from_log;

static int set_up(void **state)
{
	struct record_form form;
	int fds[2];

	(void)state;
	if (pipe2(fds, O_NONBLOCK) < 0)
		return -1;
	from_log = fds[0];
	record_form_init(&form, 1, false);
	recorder_init(&r, &form, fds[1], false);
	tap = recorder_tap(&r);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	close(from_log);
	close(r.sink.log.fd);
	return 0;
}

static void in(const char *text)
{
	tap.data(tap.ctx, RELAY_IN, text, strlen(text));
}

static void out(const char *text)
{
	tap.data(tap.ctx, RELAY_OUT, text, strlen(text));
}

/* All that was recorded since the last time. */
static void recorded(const char *want)
{
	char got[4096];
	ssize_t n = read(from_log, got, sizeof got - 1);

	got[n > 0 ? n : 0] = 0;
	assert_string_equal(got, want);
}

static void choose(const char *name)
{
	recorder_choose(&r, dialect_named(name), false, false);
}

static bool blind(void)
{
	bool blind_in = recorder_is_blind(&r, RELAY_IN);

	assert_int_equal(recorder_is_blind(&r, RELAY_OUT), blind_in);
	return blind_in;
}

static void packets(void **state)
{
	(void)state;
	in("one\ntw");
	out("o");
	tap.end(tap.ctx, RELAY_IN);
	recorded("1 < one \n1 < tw+\n1 > o+\n1 < [EOF]\n");
	assert_false(blind());
}

/* The text in two packets, recorded with this width, gives its bytes back. */
static void check_cut(const char *text, size_t cut, size_t width)
{
	char log[4096], back[256];
	const char *line = log, *end;
	size_t n = 0;
	ssize_t len;

	r.form.width = width;
	tap.data(tap.ctx, RELAY_IN, text, cut);
	tap.data(tap.ctx, RELAY_IN, text + cut, strlen(text) - cut);
	tap.tick(tap.ctx);
	len = read(from_log, log, sizeof log);
	assert_true(len > 0 && escapes_safe(log, (size_t)len));
	for (; line < log + len; line = end + 1) {
		end = memchr(line, '\n', (size_t)(log + len - line));
		assert_non_null(end);
		assert_memory_equal(line, "1 < ", 4);
		n += escapes_undo(back + n, line + 4,
				  (size_t)(end - 1 - (line + 4)));
		if (end[-1] == ' ')
			back[n++] = '\n';
	}
	assert_int_equal(n, strlen(text));
	assert_memory_equal(back, text, n);
}

/* However packets, lines and records cut the text; a CR ends each line. */
static void no_control_is_recorded(void **state)
{
	static const char text[] =
	    "\342\200\256a\342\200\256\330\234\\\342\201\246\r\r\n\342\n\200"
	    "\256\342\342\200\250\302\205\303\251\342\200\220\342\201\245\n"
	    "\342\200+\r\n \342\200\256";

	(void)state;
	for (int lines = 0; lines < 2; lines++) {
		r.lines = lines;
		for (size_t width = 1; width <= sizeof text; width++)
			for (size_t cut = 0; cut < sizeof text - 1; cut++)
				check_cut(text, cut, width);
	}
}

static void limit(void **state)
{
	(void)state;
	r.limit = 9;
	in("one\n");
	out("five\n");
	recorded("1 < one \n1 > five \n");
	/* Nothing is left out yet. */
	assert_false(blind());
	in("");
	recorded("");
	in("x");
	recorded("1 : recorded 9 bytes, the rest is left out\n");
	assert_true(blind());
	out("y\n");
	tap.end(tap.ctx, RELAY_OUT);
	recorder_note(&r, "end");
	recorder_finish(&r);
	recorded("1 > [EOF]\n1 : end\n");
}

static void limit_in_a_packet(void **state)
{
	(void)state;
	r.limit = 5;
	in("one\ntwo\nthree\n");
	recorded("1 < one \n1 < t+\n"
		 "1 : recorded 5 bytes, the rest is left out\n");
	assert_true(blind());
}

/* What is not shown does not count. */
static void limit_and_direction(void **state)
{
	(void)state;
	r.limit = 2;
	r.show[RELAY_IN] = false;
	in("a long line\n");
	out("ab");
	recorded("1 > ab+\n");
	out("c");
	recorded("1 : recorded 2 bytes, the rest is left out\n");
}

/* Beyond the limit the dialect still has to find the place of TLS. */
static void limit_and_tls(void **state)
{
	(void)state;
	r.limit = 3;
	choose("smtp");
	recorder_follow(&r, true);
	out("220 hi\r\n");
	recorded("1 > 220+\n1 : recorded 3 bytes, the rest is left out\n");
	assert_false(blind());
	in("STARTTLS\r\n");
	assert_false(recorder_has_agreed(&r));
	out("220 go\r\n");
	assert_true(recorder_has_agreed(&r));
	recorder_begin_tls(&r, "TLS");
	recorder_follow(&r, false);
	assert_true(blind());
	in("NOOP\r\n");
	recorded("");
}

static void tls_begins(void **state)
{
	(void)state;
	choose("smtp");
	r.lines = true;
	out("220 hi\n");
	in("STARTTLS\nNO");
	out("220 go\n");
	recorder_begin_tls(&r, "TLS a b");
	in("QUIT\n");
	recorder_finish(&r);
	recorded("1 > 220 hi \n1 < STARTTLS \n1 > 220 go \n1 < NO+\n"
		 "1 : TLS a b\n1 < QUIT \n");
}

static void limit_and_protocol(void **state)
{
	(void)state;
	r.limit = 27;
	choose("pop3");
	in("USER joe\nPASS a long secret\n");
	out("+OK\n+OK\n");
	recorded("1 < USER joe \n1 < PASS *** \n1 > +OK \n1 > +OK \n");
	in("RETR 1\n");
	recorded("1 < R+\n1 : recorded 27 bytes, the rest is left out\n");
	assert_true(blind());
	out("+OK\nthe message\n.\n");
	in("QUIT\n");
	recorded("");
	tap.end(tap.ctx, RELAY_IN);
	tap.end(tap.ctx, RELAY_OUT);
	recorder_finish(&r);
	recorded("1 < [EOF]\n1 > [EOF]\n");
}

/* No note counts a message of which only the beginning was looked at. */
static void limit_in_a_message(void **state)
{
	(void)state;
	r.limit = 10;
	choose("smtp");
	in("DATA\n");
	out("354\n");
	in("hello\n");
	recorded("1 < DATA \n1 > 354 \n");
	out("250 early\n");
	recorded("1 > 2+\n1 : recorded 10 bytes, the rest is left out\n");
	in("more\n.\n");
	tap.end(tap.ctx, RELAY_IN);
	recorder_finish(&r);
	recorded("1 < [EOF]\n");
}

static void dump(void **state)
{
	(void)state;
	r.form.dump = true;
	in("EHLO me\r\n");
	out("0123456789abcdefX");
	in("\x7f\xff");
	recorded(
	    "1 < 00000000  45 48 4c 4f 20 6d 65 0d  0a                       "
	    "|EHLO me..|\n"
	    "1 > 00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  "
	    "|0123456789abcdef|\n"
	    "1 > 00000010  58                                                "
	    "|X|\n"
	    "1 < 00000009  7f ff                                             "
	    "|..|\n");
}

/* The offsets are those of the session, so that the gaps are seen. */
static void dump_and_protocol(void **state)
{
	(void)state;
	r.form.dump = true;
	r.outgoing = true; /* swaps the directions for the protocol */
	choose("pop3");
	out("PASS secret\nNOOP\n");
	recorded(
	    "1 > 00000000  50 41 53 53 20 2a 2a 2a                           "
	    "|PASS ***|\n"
	    "1 > 0000000b  0a 4e 4f 4f 50 0a                                 "
	    "|.NOOP.|\n");
	/* No gap between packets. */
	out("STAT\n");
	recorded(
	    "1 > 00000011  53 54 41 54 0a                                    "
	    "|STAT.|\n");
}

static void dump_and_limit(void **state)
{
	(void)state;
	r.form.dump = true;
	r.limit = 1;
	in("ab");
	recorded(
	    "1 < 00000000  61                                                "
	    "|a|\n1 : recorded 1 bytes, the rest is left out\n");
}

static void whole_lines(void **state)
{
	(void)state;
	r.lines = true;
	in("EH");
	in("LO");
	recorded("");
	in(" me\r");
	in("\nQU");
	recorded("1 < EHLO me\r \n");
	out("220");
	recorded("1 < QU+\n");
	out(" hello\n221");
	recorded("1 > 220 hello \n");
	in("IT\n");
	recorded("1 > 221+\n1 < IT \n");
	in("x");
	tap.end(tap.ctx, RELAY_IN);
	recorded("1 < x+\n1 < [EOF]\n");
	/* The end of one direction comes behind what the other one said. */
	out("y");
	tap.end(tap.ctx, RELAY_OUT);
	recorded("1 > y+\n1 > [EOF]\n");
	in("z");
	recorder_finish(&r);
	recorded("1 < z+\n");
}

static void a_line_waits_so_long(void **state)
{
	struct tain_s first, wait;

	(void)state;
	assert_null(tap.deadline(tap.ctx));
	in("packets ask for no deadline");
	assert_null(tap.deadline(tap.ctx));
	recorded("1 < packets ask for no deadline+\n");
	r.lines = true;
	in("whole\n");
	assert_null(tap.deadline(tap.ctx));
	recorded("1 < whole \n");
	in("pa");
	first = *tap.deadline(tap.ctx);
	tain_sub(&wait, &first, &STAMP);
	assert_int_equal(tain_to_millisecs(&wait), 200);
	/* It does not wait longer because there is more of it. */
	tain_addsec_g(&STAMP, 1);
	in("rt");
	assert_memory_equal(tap.deadline(tap.ctx), &first, sizeof first);
	tap.tick(tap.ctx);
	recorded("1 < part+\n");
	assert_null(tap.deadline(tap.ctx));
	/* But the next line does. */
	in("a");
	first = *tap.deadline(tap.ctx);
	tain_addsec_g(&STAMP, 1);
	in("b\nc");
	assert_true(tain_less(&first, tap.deadline(tap.ctx)));
	recorded("1 < ab \n");
}

/* Twice the width of a record and no more is kept. */
static void a_long_line(void **state)
{
	char text[101], got[70000];
	size_t bytes = 0, len = 0;
	ssize_t n;

	(void)state;
	r.lines = true;
	memset(text, 'x', 100);
	text[100] = 0;
	for (int i = 0; i < 200; i++)
		in(text);
	assert_true(r.packet.len <= COALESCER_MAX);
	in("\n");
	while ((n = read(from_log, got + len, sizeof got - len)) > 0)
		len += (size_t)n;
	for (size_t i = 0; i < len; i++)
		bytes += got[i] == 'x';
	assert_int_equal(bytes, 20000);
	assert_memory_equal(got + len - 2, " \n", 2);
}

/* A direction that nobody sees does not cut the lines of the other one. */
static void lines_and_direction(void **state)
{
	(void)state;
	r.lines = true;
	r.show[RELAY_OUT] = false;
	in("on");
	out("hidden\n");
	in("e\n");
	recorded("1 < one \n");
	choose("pop3");
	in("ST");
	out("+OK hidden\n");
	in("AT\n");
	recorded("1 < STAT \n");
}

/* Only who sees the answers knows what is a secret. */
static void a_protocol_sees_both(void **state)
{
	(void)state;
	r.show[RELAY_OUT] = false;
	assert_true(recorder_is_blind(&r, RELAY_OUT));
	assert_false(recorder_is_blind(&r, RELAY_IN));
	choose("smtp");
	assert_false(recorder_is_blind(&r, RELAY_OUT));
	in("AUTH LOGIN\n");
	out("334 \n");
	in("secret\n");
	out("235\n");
	in("NOOP\n");
	recorded("1 < AUTH LOGIN \n1 < *** \n1 < NOOP \n");
}

static void lines_and_protocol(void **state)
{
	(void)state;
	r.lines = true;
	choose("smtp");
	in("MAIL FROM:<>\r\nAU");
	recorded("1 < MAIL FROM:<>\r \n");
	in("TH PLAIN c2Vj");
	in("cmV0\r\n");
	recorded("1 < AUTH PLAIN *** \n");
	out("250\n235\n");
	in("DA");
	in("TA\r\n");
	out("35");
	out("4\n");
	recorded("1 > 250 \n1 > 235 \n1 < DATA\r \n1 > 354 \n");
	in("hello\r\n.\r\nQU");
	recorded("1 : < 7 bytes, 1 lines of message\n");
	tap.end(tap.ctx, RELAY_IN);
	tap.end(tap.ctx, RELAY_OUT);
	recorder_finish(&r);
	recorded("1 < QU+\n1 < [EOF]\n1 > [EOF]\n");
}

static void lines_and_limit(void **state)
{
	(void)state;
	r.lines = true;
	r.limit = 6;
	in("one\ntw");
	in("o and more");
	assert_false(blind());
	in("\n");
	recorded("1 < one \n1 < tw+\n"
		 "1 : recorded 6 bytes, the rest is left out\n");
	assert_true(blind());
	assert_null(tap.deadline(tap.ctx));
}

/* A width cuts each line by itself. */
static void lines_raw(void **state)
{
	(void)state;
	r.lines = r.form.raw = true;
	r.form.width = 4;
	in("a\nb\033c");
	in("de\n");
	recorded("1 < a \n1 < b\033cd+\n1 < e \n");
}

static void lines_dumped(void **state)
{
	(void)state;
	r.lines = r.form.dump = true;
	in("a\nb");
	in("c\n");
	recorded(
	    "1 < 00000000  61 0a                                             "
	    "|a.|\n"
	    "1 < 00000002  62 63 0a                                          "
	    "|bc.|\n");
}

static void send_clear(int channel, enum clear_kind kind, uint8_t dir,
		       const char *payload)
{
	struct clear_head head = {
	    .kind = (uint8_t)kind, .dir = dir, .by_descriptor = 1};
	char bytes[sizeof head + 64];
	size_t len = strlen(payload);

	memcpy(bytes, &head, sizeof head);
	memcpy(bytes + sizeof head, payload, len);
	assert_int_equal(send(channel, bytes, sizeof head + len, 0),
			 sizeof head + len);
}

/* Relayed bytes are ignored, also where they can't be spliced. */
static void inside_of_tls(void **state)
{
	int pair[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	choose("smtp");
	recorder_look_inside(&r, pair[0], 0, NULL);
	assert_int_equal(tap.reads_from(tap.ctx), -1);
	send_clear(pair[1], CLEAR_LOADED, 0, "");
	in("\x16\x03\x01hello");
	out("\x16\x03\x03hello\n");
	assert_true(blind());
	in("cipher\n");
	out("cipher\n");
	recorded("");
	assert_int_equal(tap.reads_from(tap.ctx), pair[0]);
	send_clear(pair[1], CLEAR_DATA, 1, "220 hi\r\n");
	send_clear(pair[1], CLEAR_DATA, 0, "AUTH PLAIN secret\r\n");
	tap.readable(tap.ctx);
	recorded("1 : TLS\n1 > 220 hi\r \n1 < AUTH PLAIN *** \n");
	tap.end(tap.ctx, RELAY_IN);
	send_clear(pair[1], CLEAR_DATA, 1, "235 ok\r\n");
	send_clear(pair[1], CLEAR_DATA, 0, "QUIT\r\n");
	tap.end(tap.ctx, RELAY_OUT);
	recorded("1 > 235 ok\r \n1 < QUIT\r \n");
	close(pair[1]);
	recorder_finish(&r);
	recorded("1 < [EOF]\n1 > [EOF]\n");
}

/* The program hands over no more than is recorded. */
static void limit_inside_of_tls(void **state)
{
	int pair[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	choose("smtp");
	r.limit = 5;
	recorder_look_inside(&r, pair[0], 0, NULL);
	send_clear(pair[1], CLEAR_LOADED, 0, "");
	in("\x16\x03\x01hello");
	out("\x16\x03\x03hello\n");
	send_clear(pair[1], CLEAR_DATA, 1, "220 hello\r\n");
	send_clear(pair[1], CLEAR_DATA, 0, "NOOP\r\n");
	tap.readable(tap.ctx);
	recorded("1 : TLS\n1 > 220 h+\n"
		 "1 : recorded 5 bytes, the rest is left out\n");
	assert_int_equal(tap.reads_from(tap.ctx), -1);
	assert_int_equal(send(pair[1], "x", 1, MSG_NOSIGNAL), -1);
	assert_true(errno == EPIPE || errno == ECONNRESET);
	tap.end(tap.ctx, RELAY_IN);
	tap.end(tap.ctx, RELAY_OUT);
	recorder_finish(&r);
	recorded("1 < [EOF]\n1 > [EOF]\n");
	close(pair[1]);
}

/* They wait for the next event, but not for ever. */
static void counts_inside_of_tls(void **state)
{
	const struct clear_head head = {.kind = CLEAR_CONTENT,
					.by_descriptor = 1};
	const struct clear_content content = {300, 3, "xy", {0}};
	char bytes[sizeof head + sizeof content];
	int pair[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	choose("smtp");
	recorder_look_inside(&r, pair[0], 0, NULL);
	send_clear(pair[1], CLEAR_LOADED, 0, "");
	in("\x16\x03\x01hello");
	out("\x16\x03\x03hello\n");
	send_clear(pair[1], CLEAR_DATA, 1, "220 hi\r\n");
	send_clear(pair[1], CLEAR_DATA, 0, "DATA\r\n");
	send_clear(pair[1], CLEAR_DATA, 1, "354 go\r\n");
	tap.readable(tap.ctx);
	assert_false(tap.defers(tap.ctx));
	assert_null(tap.deadline(tap.ctx));
	memcpy(bytes, &head, sizeof head);
	memcpy(bytes + sizeof head, &content, sizeof content);
	assert_int_equal(send(pair[1], bytes, sizeof bytes, 0), sizeof bytes);
	tap.readable(tap.ctx);
	assert_true(tap.defers(tap.ctx));
	assert_true(tain_future(tap.deadline(tap.ctx)));
	tap.tick(tap.ctx);
	assert_false(tap.defers(tap.ctx));
	assert_null(tap.deadline(tap.ctx));
	send_clear(pair[1], CLEAR_DATA, 0, "\r\n.\r\n");
	close(pair[1]);
	recorder_finish(&r);
	recorded("1 : TLS\n1 > 220 hi\r \n1 < DATA\r \n1 > 354 go\r \n"
		 "1 : < 302 bytes, 4 lines of message\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(packets),
	    TEST(no_control_is_recorded),
	    TEST(limit),
	    TEST(limit_in_a_packet),
	    TEST(limit_and_direction),
	    TEST(limit_and_tls),
	    TEST(tls_begins),
	    TEST(limit_and_protocol),
	    TEST(limit_in_a_message),
	    TEST(whole_lines),
	    TEST(a_line_waits_so_long),
	    TEST(a_long_line),
	    TEST(lines_and_direction),
	    TEST(a_protocol_sees_both),
	    TEST(lines_and_protocol),
	    TEST(lines_and_limit),
	    TEST(lines_raw),
	    TEST(lines_dumped),
	    TEST(dump),
	    TEST(dump_and_protocol),
	    TEST(dump_and_limit),
	    TEST(inside_of_tls),
	    TEST(limit_inside_of_tls),
	    TEST(counts_inside_of_tls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
