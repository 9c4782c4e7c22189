/*
 * A relay beside which a program asks for TLS, between ends that this test
 * holds. How whole sessions go is for tests/sh/recio-ucspi-tls.t.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>

#include <cmocka.h>

#include <skalibs/tai.h>

#include "relay/ucspi_tls.h"

static struct ucspi_tls tls;
static struct relay plain;
static char chunk[2][CHANNEL_CHUNK];
static char story[512];
static int client, program;
static int control, clear_in, clear_out; /* the server's ends */
static bool agreed;

static void tell(const char *what, const char *at, size_t len)
{
	size_t n = strlen(story);

	snprintf(story + n, sizeof story - n, "%s%.*s ", what, (int)len, at);
}

static void tell_data(void *ctx, enum relay_dir dir, const char *buf,
		      size_t len)
{
	(void)ctx;
	tell(dir == RELAY_IN ? "<" : ">", buf, len);
}

static void tell_end(void *ctx, enum relay_dir dir)
{
	tell_data(ctx, dir, "[end]", 5);
}

static bool has_agreed(void *ctx)
{
	(void)ctx;
	return agreed;
}

static void answer(void *ctx, const char *at, size_t len)
{
	(void)ctx;
	tell("answer:", at, len);
}

static void begin(void *ctx)
{
	(void)ctx;
	tell("begin", "", 0);
}

static void tell_failure(void *ctx)
{
	(void)ctx;
	tell("fail", "", 0);
}

static void decline(void *ctx)
{
	(void)ctx;
	tell("decline", "", 0);
}

static void set_number(const char *name, int fd)
{
	char text[16];

	snprintf(text, sizeof text, "%d", fd);
	setenv(name, text, 1);
}

/* The test keeps the ends of the client, the program and the server. */
static int set_up(void **state)
{
	const struct ucspi_tls_events events = {NULL,  has_agreed,   answer,
						begin, tell_failure, decline};
	int outer[2], inner[2], pair[2], in[2], out[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, outer) < 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, inner) < 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0 || pipe(in) < 0 ||
	    pipe(out) < 0)
		return -1;
	fcntl(inner[1], F_SETFL, O_NONBLOCK);
	client = outer[0];
	program = inner[0];
	control = pair[0];
	clear_in = in[1];
	clear_out = out[0];
	set_number("SSLCTLFD", pair[1]);
	set_number("SSLREADFD", in[0]);
	set_number("SSLWRITEFD", out[1]);
	memset(&tls, 0, sizeof tls);
	memset(&plain, 0, sizeof plain);
	*story = 0;
	agreed = false;
	plain.socket = true;
	plain.timeout = 1;
	plain.channel[RELAY_IN].from = endpoint_shared(outer[1]);
	plain.channel[RELAY_IN].to = endpoint_own(inner[1]);
	plain.channel[RELAY_OUT].from = endpoint_own(inner[1]);
	plain.channel[RELAY_OUT].to = endpoint_shared(outer[1]);
	for (int dir = RELAY_IN; dir <= RELAY_OUT; dir++)
		plain.channel[dir].buf = chunk[dir];
	plain.tap = (struct relay_tap){.data = tell_data, .end = tell_end};
	if (ucspi_tls_find(&tls, interpose_server) != UCSPI_TLS_FOUND ||
	    ucspi_tls_open(&tls) < 0)
		return -1;
	ucspi_tls_join(&tls, &plain, &events);
	return 0;
}

static void say(int fd, const char *text)
{
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

static void close_program(void)
{
	close(program);
	close(tls.program[UCSPI_TLS_CONTROL]);
	close(tls.program[UCSPI_TLS_READ]);
	close(tls.program[UCSPI_TLS_WRITE]);
}

static void run(void)
{
	assert_int_equal(relay_run(&plain), 0);
	ucspi_tls_finish(&tls);
}

static struct tain_s tick_at;
static void (*later)(void);

static const struct tain_s *next_round(void *ctx)
{
	(void)ctx;
	return later ? &tick_at : NULL;
}

/* A round of the relay is over, in which it could read all that was said. */
static void tick_once(void *ctx)
{
	(void)ctx;
	later();
	later = NULL;
}

/* Runs the relay, and does the rest after its first round. */
static void run_and_then(void (*rest)(void))
{
	later = rest;
	plain.tap.deadline = next_round;
	plain.tap.tick = tick_once;
	run();
	assert_null(later);
}

static void ask_and_end(void)
{
	say(tls.program[UCSPI_TLS_CONTROL], "Y");
	say(control, "A=b");
	say(clear_in, "EHLO");
	say(tls.program[UCSPI_TLS_WRITE], "250");
	close(control);
	close(clear_in);
	close_program();
}

/* All that is said before is passed on first; the client's hello stays. */
static void asks_for_tls(void **state)
{
	char buf[16];

	(void)state;
	agreed = true;
	say(client, "hello");
	say(program, "220");
	run_and_then(ask_and_end);
	assert_string_equal(story, ">220 answer:A=b begin <EHLO >250 "
				   "<[end] >[end] ");
	assert_int_equal(read(client, buf, sizeof buf), 3);
	assert_int_equal(read(clear_out, buf, sizeof buf), 3);
	assert_int_equal(plain.channel[RELAY_IN].bytes, 4);
	assert_int_equal(plain.channel[RELAY_OUT].bytes, 6);
}

static size_t sent, taken;
static bool byte_came;

static const struct tain_s *next_tick(void *ctx)
{
	(void)ctx;
	return taken < sent ? &tick_at : NULL;
}

/* The client takes some of the reply; after the byte, all is there for it. */
static void take_some(void *ctx)
{
	char buf[10000], byte;
	ssize_t n;

	(void)ctx;
	if (recv(control, &byte, 1, MSG_DONTWAIT) == 1)
		byte_came = true;
	do {
		n = recv(client, buf, sizeof buf, MSG_DONTWAIT);
		taken += n > 0 ? (size_t)n : 0;
	} while (byte_came && n > 0);
	assert_true(!byte_came || taken == sent);
	tain_addsec_g(&tick_at, 0);
}

/* The byte arrives at the server after the reply arrives at the client. */
static void byte_follows_the_reply(void **state)
{
	static char reply[300000];
	char byte = 0;
	ssize_t n;

	(void)state;
	plain.tap.deadline = next_tick;
	plain.tap.tick = take_some;
	plain.timeout = 60;
	fcntl(program, F_SETFL, O_NONBLOCK);
	n = write(program, reply, sizeof reply);
	assert_true(n > 1000);
	sent = (size_t)n;
	taken = 0;
	fcntl(plain.channel[RELAY_OUT].to.fd, F_SETFL, O_NONBLOCK);
	while (write(plain.channel[RELAY_OUT].to.fd, reply, 1000) > 0)
		sent += 1000;
	say(tls.program[UCSPI_TLS_CONTROL], "y");
	close_program();
	run();
	assert_int_equal(taken, sent);
	assert_true(byte_came || recv(control, &byte, 1, MSG_DONTWAIT) == 1);
}

/* A program that has not spoken may ask at once. */
static void asks_at_once(void **state)
{
	(void)state;
	say(client, "\x16\x03hello");
	run_and_then(ask_and_end);
	assert_string_equal(story, "answer:A=b begin <EHLO >250 "
				   "<[end] >[end] ");
}

static void speak_and_end(void)
{
	say(program, "220");
	close_program();
}

/* A program closes its plain descriptors right after it has asked. */
static void changes_at_once(void **state)
{
	(void)state;
	say(tls.program[UCSPI_TLS_CONTROL], "y");
	close(program);
	program = -1;
	say(clear_in, "EHLO");
	say(tls.program[UCSPI_TLS_WRITE], "250");
	close(control);
	close(clear_in);
	run_and_then(close_program);
	assert_string_equal(story, "begin <EHLO >250 <[end] >[end] ");
}

/* It has not asked, so it gets bytes that look like a handshake. */
static void speaks_instead(void **state)
{
	(void)state;
	say(client, "\x16\x03hello");
	shutdown(client, SHUT_WR);
	run_and_then(speak_and_end);
	assert_non_null(strstr(story, ">220 "));
	assert_int_equal(plain.channel[RELAY_IN].bytes, 7);
}

static void close_later(void)
{
	assert_string_equal(story, "<EHLO ");
	close_program();
}

/* A client that speaks first, and not TLS, is heard at once. */
static void client_speaks_first(void **state)
{
	(void)state;
	say(client, "EHLO");
	run_and_then(close_later);
}

static void closes_without_asking(void **state)
{
	char byte;

	(void)state;
	say(client, "QUIT");
	shutdown(client, SHUT_WR);
	say(program, "220");
	close_program();
	run();
	assert_non_null(strstr(story, "decline"));
	assert_non_null(strstr(story, ">220"));
	assert_non_null(strstr(story, ">[end]"));
	assert_null(strstr(story, "begin"));
	assert_null(strstr(story, "fail"));
	assert_int_equal(read(control, &byte, 1), 0);
}

/*
 * Clear bytes that arrive with the answer wait until that is taken: the kernel
 * may report them first.
 */
static void clear_bytes_wait_for_the_answer(void **state)
{
	const struct relay_guard *guard = &tls.clear.guard;
	char buf[16];

	(void)state;
	say(clear_in, "220");
	assert_int_equal(guard->holds(guard->ctx, RELAY_IN, true), RELAY_READS);
	say(control, "A=b");
	assert_int_equal(guard->holds(guard->ctx, RELAY_IN, true), RELAY_HOLDS);
	assert_int_equal(guard->holds(guard->ctx, RELAY_IN, false),
			 RELAY_READS);
	assert_int_equal(guard->holds(guard->ctx, RELAY_OUT, true),
			 RELAY_READS);
	assert_int_equal(read(tls.number[UCSPI_TLS_CONTROL], buf, sizeof buf),
			 3);
	assert_int_equal(guard->holds(guard->ctx, RELAY_IN, true), RELAY_READS);
}

/* An answer that nobody has asked for begins nothing. */
static void answers_unasked(void **state)
{
	char buf[16];

	(void)state;
	say(control, "A=b");
	close(control);
	say(client, "QUIT");
	shutdown(client, SHUT_WR);
	say(program, "220");
	shutdown(tls.program[UCSPI_TLS_CONTROL], SHUT_WR);
	shutdown(program, SHUT_WR);
	run();
	assert_null(strstr(story, "begin"));
	assert_non_null(strstr(story, "decline"));
	assert_int_equal(read(tls.program[UCSPI_TLS_CONTROL], buf, sizeof buf),
			 3);
}

/* The server has gone: what the client says is the program's again. */
static void server_fails(void **state)
{
	(void)state;
	say(program, "220");
	say(tls.program[UCSPI_TLS_CONTROL], "Y");
	close(control);
	close(clear_in);
	close(clear_out);
	say(client, "NOOP");
	shutdown(client, SHUT_WR);
	shutdown(program, SHUT_WR);
	run();
	assert_string_equal(story, ">220 fail <NOOP <[end] >[end] ");
}

static void finds_descriptors(void **state)
{
	struct ucspi_tls found;

	(void)state;
	assert_int_equal(ucspi_tls_find(&found, interpose_server),
			 UCSPI_TLS_FOUND);
	set_number("SSLREADFD", tls.number[UCSPI_TLS_CONTROL]);
	assert_int_equal(ucspi_tls_find(&found, interpose_server),
			 UCSPI_TLS_SHARED);
	setenv("SSLREADFD", "1", 1);
	assert_int_equal(ucspi_tls_find(&found, interpose_server),
			 UCSPI_TLS_SHARED);
	setenv("SSLREADFD", "9999", 1);
	assert_int_equal(ucspi_tls_find(&found, interpose_server),
			 UCSPI_TLS_NONE);
	setenv("SSLREADFD", "4x", 1);
	assert_int_equal(ucspi_tls_find(&found, interpose_server),
			 UCSPI_TLS_NONE);
	unsetenv("SSLREADFD");
	assert_int_equal(ucspi_tls_find(&found, interpose_server),
			 UCSPI_TLS_NONE);
}

/* One socket for both directions stays one socket. */
static void finds_one_socket(void **state)
{
	struct ucspi_tls found;

	(void)state;
	set_number("SSLREADFD", client);
	set_number("SSLWRITEFD", dup(client));
	assert_int_equal(ucspi_tls_find(&found, interpose_server),
			 UCSPI_TLS_FOUND);
	assert_true(found.socket);
	assert_int_equal(ucspi_tls_open(&found), 0);
	assert_int_equal(found.program[UCSPI_TLS_READ],
			 found.program[UCSPI_TLS_WRITE]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(asks_for_tls, set_up),
	    cmocka_unit_test_setup(byte_follows_the_reply, set_up),
	    cmocka_unit_test_setup(asks_at_once, set_up),
	    cmocka_unit_test_setup(changes_at_once, set_up),
	    cmocka_unit_test_setup(speaks_instead, set_up),
	    cmocka_unit_test_setup(client_speaks_first, set_up),
	    cmocka_unit_test_setup(closes_without_asking, set_up),
	    cmocka_unit_test_setup(clear_bytes_wait_for_the_answer, set_up),
	    cmocka_unit_test_setup(answers_unasked, set_up),
	    cmocka_unit_test_setup(server_fails, set_up),
	    cmocka_unit_test_setup(finds_descriptors, set_up),
	    cmocka_unit_test_setup(finds_one_socket, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
