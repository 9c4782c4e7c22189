/*
 * What a receiver makes of the packets of a channel. The results are lines: "<"
 * and ">" and the bytes of a direction, ":" and a note.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <sys/socket.h>

#include <skalibs/tai.h>

#include "recio/clear_receiver.h"

static struct clear_receiver receiver;
static int channel;
static char text[65536];
static struct clear_head head;

static void add_line(char sign, const char *at, size_t len)
{
	size_t n = strlen(text);

	snprintf(text + n, sizeof text - n, "%c%.*s\n", sign, (int)len, at);
}

static void give_data(void *ctx, enum relay_dir dir, const char *at, size_t len)
{
	(void)ctx;
	add_line("<>"[dir], at, len);
}

static void give_note(void *ctx, const char *note)
{
	(void)ctx;
	add_line(':', note, strlen(note));
}

/* Set by a test: counts of this direction are needed. */
static int counted;

static bool needs_counts(void *ctx, enum relay_dir dir)
{
	(void)ctx;
	return (int)dir == counted;
}

static bool give_counts(void *ctx, enum relay_dir dir,
			const struct clear_content *content)
{
	char line[80];

	if (!needs_counts(ctx, dir))
		return false;
	snprintf(line, sizeof line, "%d bytes, %d lines, %.2s",
		 (int)content->bytes, (int)content->lines, content->last);
	add_line("<>"[dir], line, strlen(line));
	return true;
}

static int set_up(void **state)
{
	const struct clear_out out = {.data = give_data,
				      .content = give_counts,
				      .counts = needs_counts,
				      .note = give_note};
	int pair[2];

	(void)state;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) < 0)
		return -1;
	channel = pair[1];
	*text = 0;
	counted = -1;
	head = (struct clear_head){.by_descriptor = 1};
	clear_receiver_init(&receiver, pair[0], 0, NULL, &out);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	close(channel);
	close(receiver.fd);
	return 0;
}

static void send_packet(enum clear_kind kind, uint8_t dir, const void *payload,
			size_t len)
{
	char bytes[sizeof head + 1000];

	head.kind = (uint8_t)kind;
	head.dir = dir;
	memcpy(bytes, &head, sizeof head);
	memcpy(bytes + sizeof head, payload, len);
	assert_int_equal(send(channel, bytes, sizeof head + len, 0),
			 sizeof head + len);
}

static void send_text(enum clear_kind kind, uint8_t dir, const char *payload)
{
	send_packet(kind, dir, payload, strlen(payload));
}

#define FACTS "TLSv1.3\0CIPHER\0\0\0"

static void send_facts(void)
{
	send_packet(CLEAR_HELLO, 0, FACTS, sizeof FACTS - 1);
}

/* A hello whose random is "xx...". */
static bool begin(void)
{
	char hello[43] = "\26\3\1\0\46\1\0\0\42\3\3";

	memset(hello + 11, 'x', CLEAR_RANDOM);
	return clear_receiver_begin(&receiver, hello, sizeof hello);
}

/* A library that resumes a session may not know the name that a client sent. */
static void name_of_the_hello(void **state)
{
	static const char list[] = "\0\0\0\21\0\17\0\0\14mx.example.b";
	char hello[70] = "\26\3\1\0\101\1\0\0\75\3\3";
	const char *facts = "TLSv1.2\0CIPHER\0\0\0";

	(void)state;
	memset(hello + 11, 'x', CLEAR_RANDOM);
	memcpy(hello + 43, "\0\0\0\0\0\25", 6);
	memcpy(hello + 49, list, sizeof list - 1);
	send_text(CLEAR_LOADED, 0, "");
	send_packet(CLEAR_HELLO, 0, facts, 17);
	assert_true(clear_receiver_begin(&receiver, hello, sizeof hello));
	clear_receiver_drain(&receiver);
	assert_string_equal(text, ":TLS TLSv1.2 CIPHER mx.example.b\n");
}

/* The library's name comes first. */
static void name_of_the_library(void **state)
{
	(void)state;
	send_text(CLEAR_LOADED, 0, "");
	send_packet(CLEAR_HELLO, 0, "TLSv1.2\0CIPHER\0a.example\0", 26);
	assert_true(begin());
	strcpy(receiver.name, "b.example");
	clear_receiver_drain(&receiver);
	assert_string_equal(text, ":TLS TLSv1.2 CIPHER a.example\n");
}

static void in_order(void **state)
{
	(void)state;
	send_text(CLEAR_LOADED, 0, "");
	send_facts();
	send_text(CLEAR_DATA, 1, "hi");
	send_text(CLEAR_DATA, 0, "ho");
	assert_int_equal(clear_receiver_descriptor(&receiver), -1);
	clear_receiver_drain(&receiver);
	assert_string_equal(text, "");
	assert_true(begin());
	assert_int_equal(clear_receiver_descriptor(&receiver), receiver.fd);
	clear_receiver_drain(&receiver);
	clear_receiver_finish(&receiver);
	assert_string_equal(text, ":TLS TLSv1.3 CIPHER\n>hi\n<ho\n");
	assert_false(clear_receiver_has_ended(&receiver));
	close(channel);
	clear_receiver_drain(&receiver);
	assert_true(clear_receiver_has_ended(&receiver));
}

/* By descriptor, or by random. */
static void of_the_session(void **state)
{
	(void)state;
	send_text(CLEAR_LOADED, 0, "");
	head.by_descriptor = 0;
	send_facts();
	send_text(CLEAR_DATA, 0, "zero");
	memset(head.random, 'x', CLEAR_RANDOM);
	send_text(CLEAR_DATA, 0, "own");
	head.random[CLEAR_RANDOM - 1] = 'y';
	send_text(CLEAR_DATA, 0, "other");
	send_text(CLEAR_TROUBLE, 0, "other");
	head.by_descriptor = 1;
	send_text(CLEAR_DATA, 0, "by descriptor");
	assert_true(begin());
	clear_receiver_drain(&receiver);
	assert_string_equal(text, ":TLS\n<own\n<by descriptor\n");
}

/* Counts that rise are noted once, those of another process not at all. */
static void losses(void **state)
{
	(void)state;
	send_text(CLEAR_LOADED, 0, "");
	head.lost_records = 3;
	head.lost_bytes = 30;
	send_text(CLEAR_DATA, 0, "a");
	send_text(CLEAR_DATA, 0, "b");
	head.lost_records = 1;
	head.lost_bytes = 100;
	send_text(CLEAR_DATA, 0, "c");
	head.lost_records = 4;
	head.lost_bytes = 35;
	send_text(CLEAR_DATA, 0, "d");
	assert_true(begin());
	clear_receiver_drain(&receiver);
	assert_string_equal(text,
			    ":TLS\n:lost 3 records, 30 bytes\n<a\n<b\n<c\n"
			    ":lost 1 records, 5 bytes\n<d\n");
}

/* A process that ends tells its last losses, without a session. */
static void losses_at_the_end(void **state)
{
	(void)state;
	send_text(CLEAR_LOADED, 0, "");
	send_text(CLEAR_DATA, 0, "a");
	memset(head.random, 0, CLEAR_RANDOM);
	head.lost_records = 2;
	head.lost_bytes = 20;
	send_text(CLEAR_LOSS, 0, "");
	assert_true(begin());
	clear_receiver_drain(&receiver);
	assert_string_equal(text, ":TLS\n<a\n:lost 2 records, 20 bytes\n");
}

/* A program can't fill the log with notes. */
static void notes_once(void **state)
{
	(void)state;
	send_text(CLEAR_LOADED, 0, "");
	for (int i = 0; i < 3; i++) {
		send_text(CLEAR_TROUBLE, 0, "why");
		send_facts();
	}
	assert_true(begin());
	clear_receiver_drain(&receiver);
	clear_receiver_finish(&receiver);
	assert_string_equal(text,
			    ":TLS\n:TLS, not seen: why\n:TLS TLSv1.3 CIPHER\n");
}

static void no_companion(void **state)
{
	(void)state;
	assert_false(begin());
	assert_false(clear_receiver_runs(&receiver));
	assert_string_equal(
	    text, ":TLS\n:TLS, not seen: the companion was not loaded\n");
}

static void no_channel(void **state)
{
	const struct clear_out out = {.data = give_data, .note = give_note};

	(void)state;
	close(receiver.fd);
	clear_receiver_init(&receiver, -1, 0, "p is linked statically", &out);
	assert_false(begin());
	assert_string_equal(text,
			    ":TLS\n:TLS, not seen: p is linked statically\n");
}

/* A static program may run one that is not. */
static void loaded_all_the_same(void **state)
{
	(void)state;
	receiver.unloadable = "p is linked statically";
	send_text(CLEAR_LOADED, 0, "");
	assert_true(begin());
	assert_string_equal(text, "");
}

static void closed_by_the_program(void **state)
{
	(void)state;
	send_text(CLEAR_LOADED, 0, "");
	close(channel);
	assert_false(begin());
	assert_non_null(strstr(text, "closed the companion's descriptor\n"));
}

static void nothing_seen(void **state)
{
	(void)state;
	send_text(CLEAR_LOADED, 0, "");
	assert_true(begin());
	clear_receiver_drain(&receiver);
	clear_receiver_finish(&receiver);
	clear_receiver_finish(&receiver);
	assert_string_equal(text,
			    ":TLS\n:TLS, not seen: no function of OpenSSL "
			    "or GnuTLS was called\n");
}

/* A handshake that begins has to be that of the session. */
static void begun_only(void **state)
{
	(void)state;
	send_text(CLEAR_LOADED, 0, "");
	head.by_descriptor = 0;
	send_text(CLEAR_BEGUN, 0, "");
	assert_true(begin());
	clear_receiver_drain(&receiver);
	assert_false(receiver.begun);
	head.by_descriptor = 1;
	send_text(CLEAR_BEGUN, 0, "");
	send_text(CLEAR_BEGUN, 0, "");
	clear_receiver_drain(&receiver);
	assert_string_equal(text, "");
	clear_receiver_finish(&receiver);
	assert_string_equal(
	    text, ":TLS\n:TLS, not seen: the handshake did not end\n");
}

/* The process may have become a program that loads nothing. */
static void lost_by_the_program(void **state)
{
	(void)state;
	strcpy(receiver.image, "/bin/p is linked statically");
	send_text(CLEAR_LOADED, 0, "");
	assert_true(begin());
	clear_receiver_drain(&receiver);
	clear_receiver_finish(&receiver);
	assert_string_equal(
	    text, ":TLS\n:TLS, not seen: /bin/p is linked statically\n");
}

static void never_loaded(void **state)
{
	(void)state;
	strcpy(receiver.image, "/bin/p is linked statically");
	receiver.unloadable = "q is setuid";
	assert_false(begin());
	assert_string_equal(
	    text, ":TLS\n:TLS, not seen: /bin/p is linked statically\n");
}

/* Waits for the end of the channel, and takes all that comes before. */
static void waits_for_the_end(void **state)
{
	pid_t child;

	(void)state;
	tain_now_set_stopwatch_g();
	send_text(CLEAR_LOADED, 0, "");
	assert_true(begin());
	child = fork();
	if (child == 0) {
		send_text(CLEAR_DATA, 0, "late");
		_exit(0);
	}
	close(channel);
	clear_receiver_wait(&receiver, 1000);
	assert_true(clear_receiver_has_ended(&receiver));
	assert_string_equal(text, ":TLS\n<late\n");
}

/* The grant that has been sent: "DIRECTION NUMBER", or "" for none. */
static const char *read_grant(void)
{
	static char line[40];
	struct clear_grant grant;

	*line = 0;
	if (recv(channel, &grant, sizeof grant, MSG_DONTWAIT) ==
	    (ssize_t)sizeof grant)
		snprintf(line, sizeof line, "%d %u", grant.dir, grant.number);
	return line;
}

static void send_number(uint32_t number, uint8_t dir, size_t len)
{
	char payload[1000];

	memset(payload, 'x', len);
	head.number = number;
	send_packet(CLEAR_DATA, dir, payload, len);
}

/* For the packets that were taken, once, and again if many bytes come. */
static void grants(void **state)
{
	(void)state;
	send_text(CLEAR_LOADED, 0, "");
	assert_true(begin());
	send_number(7, 1, 10);
	clear_receiver_drain(&receiver);
	assert_string_equal(read_grant(), "");
	counted = 0;
	send_number(8, 1, 10);
	send_number(9, 1, 10);
	clear_receiver_drain(&receiver);
	assert_string_equal(read_grant(), "0 9");
	assert_string_equal(read_grant(), "");
	send_number(10, 0, CLEAR_CONTENT_MIN - 1);
	clear_receiver_drain(&receiver);
	assert_string_equal(read_grant(), "");
	send_number(11, 0, CLEAR_CONTENT_MIN);
	clear_receiver_drain(&receiver);
	assert_string_equal(read_grant(), "0 11");
	counted = -1;
	send_number(12, 0, CLEAR_CONTENT_MIN);
	clear_receiver_drain(&receiver);
	assert_string_equal(read_grant(), "");
	counted = 1;
	send_number(13, 0, 10);
	clear_receiver_drain(&receiver);
	assert_string_equal(read_grant(), "1 13");
}

/* A program that ends and has not read its grant has said all before. */
static void unread_grant(void **state)
{
	(void)state;
	send_text(CLEAR_LOADED, 0, "");
	assert_true(begin());
	counted = 0;
	send_number(1, 1, 10);
	clear_receiver_drain(&receiver);
	send_text(CLEAR_DATA, 0, "one");
	send_text(CLEAR_DATA, 0, "two");
	close(channel);
	clear_receiver_drain(&receiver);
	assert_string_equal(text, ":TLS\n>xxxxxxxxxx\n<one\n<two\n");
	assert_true(clear_receiver_has_ended(&receiver));
}

static void counts(void **state)
{
	const struct clear_content content = {300, 4, "\r\n", {0}};
	const struct clear_content invalid = {2, 0, "xy", {0}};

	(void)state;
	send_text(CLEAR_LOADED, 0, "");
	assert_true(begin());
	counted = 0;
	send_packet(CLEAR_CONTENT, 0, &content, sizeof content);
	send_packet(CLEAR_CONTENT, 0, &invalid, sizeof invalid);
	clear_receiver_drain(&receiver);
	clear_receiver_drain(&receiver);
	assert_true(clear_receiver_counts(&receiver));
	clear_receiver_rest(&receiver);
	assert_false(clear_receiver_counts(&receiver));
	/* Nobody has asked for these. */
	send_packet(CLEAR_CONTENT, 1, &content, sizeof content);
	send_text(CLEAR_DATA, 0, "x");
	clear_receiver_drain(&receiver);
	assert_false(clear_receiver_counts(&receiver));
	assert_string_equal(text, ":TLS\n<300 bytes, 4 lines, \r\n\n"
				  ":lost 1 records, 300 bytes\n<x\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(in_order, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(of_the_session, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(name_of_the_hello, set_up,
					    tear_down),
	    cmocka_unit_test_setup_teardown(name_of_the_library, set_up,
					    tear_down),
	    cmocka_unit_test_setup_teardown(losses, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(losses_at_the_end, set_up,
					    tear_down),
	    cmocka_unit_test_setup_teardown(notes_once, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(no_companion, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(no_channel, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(loaded_all_the_same, set_up,
					    tear_down),
	    cmocka_unit_test_setup_teardown(closed_by_the_program, set_up,
					    tear_down),
	    cmocka_unit_test_setup_teardown(nothing_seen, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(begun_only, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(lost_by_the_program, set_up,
					    tear_down),
	    cmocka_unit_test_setup_teardown(never_loaded, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(grants, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(unread_grant, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(counts, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(waits_for_the_end, set_up,
					    tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
