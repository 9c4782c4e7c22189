/* A session of RELP with answers of every kind, and with random ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "relp/relp_session.h"

#define OPENED          \
	"1 rsp 54 200 " \
	"OK\nrelp_version=0\nrelp_software=x\ncommands=syslog\n\n"

static struct relp_session session;

static void begin(unsigned int window)
{
	char out[RELP_OPEN_MAX];
	size_t n = relp_session_begin(&session, window, out);

	assert_memory_equal(out, "1 open ", 7);
	assert_int_equal(out[n - 1], '\n');
	assert_non_null(memmem(out, n, "\ncommands=syslog\n", 17));
	assert_non_null(memmem(out, n, "relp_version=0\n", 15));
	assert_int_equal(relp_session_room(&session), 0);
}

static bool answer(const char *text)
{
	return relp_session_receive(&session, text, strlen(text));
}

static void send_messages(unsigned int n)
{
	char out[RELP_HEADER_MAX];

	for (unsigned int i = 0; i < n; i++) {
		assert_true(relp_session_room(&session) > 0);
		relp_session_add(&session, 5, out);
	}
}

static bool acknowledge(uint32_t number)
{
	char text[40];

	snprintf(text, sizeof text, "%u rsp 6 200 OK\n", number);
	return answer(text);
}

/* A session that has its whole window: message 2 is acknowledged. */
static void begin_open(unsigned int window)
{
	begin(window);
	assert_true(answer(OPENED));
	send_messages(1);
	assert_int_equal(relp_session_room(&session), 0);
	assert_true(acknowledge(2));
	assert_int_equal(relp_session_acked(&session), 1);
	assert_int_equal(relp_session_room(&session), window);
}

static void failed(enum relp_reason reason, const char *text)
{
	assert_int_equal(session.phase, RELP_FAILED);
	assert_int_equal(session.reason, reason);
	assert_string_equal(session.text, text);
	assert_int_equal(relp_session_room(&session), 0);
	assert_false(acknowledge(3));
	assert_int_equal(session.reason, reason);
}

static void the_window(void **state)
{
	(void)state;
	begin_open(3);
	send_messages(3);
	assert_int_equal(relp_session_room(&session), 0);
	assert_int_equal(relp_session_in_flight(&session), 3);
	assert_true(answer("3 rsp 6 200 OK\n4 rsp 6 200"));
	assert_int_equal(relp_session_acked(&session), 2);
	assert_int_equal(relp_session_room(&session), 1);
	assert_true(answer(" OK\n5 rsp 3 200\n"));
	assert_int_equal(relp_session_acked(&session), 4);
	assert_int_equal(relp_session_room(&session), 3);
}

static void frames_have_numbers(void **state)
{
	char out[RELP_HEADER_MAX];
	size_t n;

	(void)state;
	begin(4);
	assert_true(answer(OPENED));
	n = relp_session_add(&session, 5, out);
	assert_memory_equal(out, "2 syslog 5 ", n);
}

static void answers_out_of_order(void **state)
{
	(void)state;
	begin_open(3);
	send_messages(3);
	assert_true(acknowledge(5));
	assert_true(acknowledge(4));
	assert_int_equal(relp_session_acked(&session), 1);
	assert_int_equal(relp_session_room(&session), 0);
	assert_true(acknowledge(3));
	assert_int_equal(relp_session_acked(&session), 4);
	assert_int_equal(relp_session_room(&session), 3);
}

static void wrong_answers(void **state)
{
	static const char *const wrong[] = {
	    "2 rsp 6 200 OK\n", /* a second time, and nothing else is awaited */
	    "6 rsp 6 200 OK\n", /* not sent */
	    "0 rsp 6 200 OK\n",
	    "999999999 rsp 6 200 OK\n",
	    "4 rsp 6 200 OK\n4 rsp 6 200 OK\n", /* twice, out of order */
	    "3 syslog 6 200 OK\n",
	    "3 serverclose 0\n",
	    "0 hello 0\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		begin_open(3);
		send_messages(3);
		assert_false(answer(wrong[i]));
		failed(RELP_UNEXPECTED, "");
		assert_int_equal(relp_session_acked(&session), 1);
	}
}

static void refused_messages(void **state)
{
	static const char *const refusals[][2] = {
	    {"4 rsp 9 500 ERROR\n", "500 ERROR"},
	    {"4 rsp 3 500\n", "500"},
	    {"4 rsp 0\n", ""},
	    {"4 rsp 2 20\n", "20"},
	    {"4 rsp 6 2000 O\n", "2000 O"},
	    {"4 rsp 7 500\n\x1b[1\n", "500??[1"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		begin_open(3);
		send_messages(3);
		assert_true(acknowledge(5));
		assert_true(acknowledge(3));
		assert_false(answer(refusals[i][0]));
		failed(RELP_REFUSED, refusals[i][1]);
		assert_int_equal(relp_session_acked(&session), 2);
	}
}

static void long_refusal(void **state)
{
	char text[600], want[RELP_TEXT];
	int n = snprintf(text, sizeof text, "3 rsp 500 500 ");

	(void)state;
	memset(text + n, 'x', 496);
	snprintf(text + n + 496, 4, "\n");
	memset(want, 'x', sizeof want);
	memcpy(want, "500 ", 4);
	want[sizeof want - 1] = '\0';
	begin_open(3);
	send_messages(1);
	assert_false(answer(text));
	failed(RELP_REFUSED, want);
}

static void not_opened(void **state)
{
	static const char *const answers[][2] = {
	    {"1 rsp 9 500 ERROR\n", "500 ERROR"},
	    {"1 rsp 6 200 OK\n", "200 OK"},
	    {"1 rsp 26 200 OK\ncommands=eventlog2\n\n",
	     "200 OK?commands=eventlog2?"},
	    {"1 rsp 23 200 OK\ncommands=syslog2\n", "200 OK?commands=syslog2"},
	    {"1 rsp 21 200 OK\ncommand=syslog\n", "200 OK?command=syslog"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		begin(3);
		assert_false(answer(answers[i][0]));
		failed(RELP_NOT_OPENED, answers[i][1]);
	}
	begin(3);
	assert_false(acknowledge(2));
	failed(RELP_UNEXPECTED, "");
}

static void offers_among_others(void **state)
{
	(void)state;
	begin(3);
	assert_true(
	    answer("1 rsp 42 200 OK\nx=syslog\ncommands=audit,syslog,more\n"));
	assert_int_equal(relp_session_room(&session), 1);
}

static void bytes_that_are_no_frame(void **state)
{
	(void)state;
	begin(3);
	assert_false(answer("HTTP/1.1 400 Bad Request\r\n"));
	failed(RELP_MALFORMED, "");
}

static void server_closes(void **state)
{
	(void)state;
	begin_open(3);
	send_messages(2);
	assert_false(answer("3 rsp 6 200 OK\n0 serverclose 0\n"));
	failed(RELP_ENDED, "");
	assert_int_equal(relp_session_acked(&session), 2);
}

static void client_closes(void **state)
{
	char out[RELP_HEADER_MAX + 1];
	size_t n;

	(void)state;
	begin_open(3);
	send_messages(2);
	n = relp_session_finish(&session, out);
	assert_memory_equal(out, "5 close 0\n", n);
	assert_true(acknowledge(3));
	assert_true(acknowledge(4));
	assert_int_equal(relp_session_acked(&session), 3);
	assert_false(answer("5 rsp 0\n0 serverclose 0\n"));
	assert_int_equal(session.phase, RELP_CLOSED);
}

/* Sends a message whose frame has this number. */
static void send_numbered(const char *number)
{
	char out[RELP_HEADER_MAX], want[40];
	size_t n = (size_t)snprintf(want, sizeof want, "%s syslog 5 ", number);

	assert_int_equal(relp_session_add(&session, 5, out), n);
	assert_memory_equal(out, want, n);
}

/* Sends the last two numbers and the first two. */
static void send_around_the_end(void)
{
	begin_open(4);
	session.number = RELP_NUMBER_MAX - 2;
	send_numbered("999999998");
	send_numbered("999999999");
	send_numbered("1");
	send_numbered("2");
}

static void numbers_wrap(void **state)
{
	char out[RELP_HEADER_MAX + 1];

	(void)state;
	send_around_the_end();
	assert_false(acknowledge(0));
	failed(RELP_UNEXPECTED, "");
	send_around_the_end();
	assert_true(acknowledge(RELP_NUMBER_MAX - 1));
	assert_true(acknowledge(2));
	assert_true(acknowledge(RELP_NUMBER_MAX));
	assert_int_equal(relp_session_acked(&session), 3);
	assert_true(acknowledge(1));
	assert_int_equal(relp_session_acked(&session), 5);
	session.number = RELP_NUMBER_MAX - 1;
	send_messages(1);
	assert_memory_equal(out, "1 close 0\n",
			    relp_session_finish(&session, out));
	assert_true(acknowledge(RELP_NUMBER_MAX));
	assert_int_equal(relp_session_in_flight(&session), 0);
}

/*
 * A server that answers in random order: the session agrees with a count over
 * all messages, and its window is never exceeded.
 */
static void random_answers(void **state)
{
	enum { MESSAGES = 20000 };
	static bool answered[MESSAGES + 2];
	uint32_t sent = 0, first = 0;

	(void)state;
	begin_open(RELP_WINDOW);
	srand(7);
	memset(answered, 0, sizeof answered);
	while (first < MESSAGES) {
		unsigned int room = relp_session_room(&session);
		uint32_t one;

		if (sent < MESSAGES && room && rand() % 2) {
			send_messages(1);
			sent++;
		}
		if (sent == first)
			continue;
		one = first + (uint32_t)rand() % (sent - first);
		if (answered[one])
			continue;
		assert_true(acknowledge(one + 3));
		answered[one] = true;
		while (first < sent && answered[first])
			first++;
		assert_int_equal(relp_session_acked(&session), first + 1);
		assert_int_equal(relp_session_in_flight(&session),
				 sent - first);
		assert_int_equal(relp_session_room(&session),
				 RELP_WINDOW - (sent - first));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_window),
	    cmocka_unit_test(frames_have_numbers),
	    cmocka_unit_test(answers_out_of_order),
	    cmocka_unit_test(wrong_answers),
	    cmocka_unit_test(refused_messages),
	    cmocka_unit_test(long_refusal),
	    cmocka_unit_test(not_opened),
	    cmocka_unit_test(offers_among_others),
	    cmocka_unit_test(bytes_that_are_no_frame),
	    cmocka_unit_test(server_closes),
	    cmocka_unit_test(client_closes),
	    cmocka_unit_test(numbers_wrap),
	    cmocka_unit_test(random_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
