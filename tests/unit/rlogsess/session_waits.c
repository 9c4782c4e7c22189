/* How long each side of a session was waited for. */
#include "rlogsess/grouping/session_waits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rlogsess/line_time.h"

struct timed_line {
	int64_t time;
	enum connection_line_kind kind;
};

static struct session_waits wait_for(const struct timed_line *lines, size_t n)
{
	struct session_waits waits = {0};

	for (size_t i = 0; i < n; i++) {
		struct connection_line line = {.time = lines[i].time,
					       .kind = lines[i].kind};

		session_waits_take(&waits, &line);
	}
	return waits;
}

#define WAITS(...)                                                  \
	wait_for((const struct timed_line[]){__VA_ARGS__},          \
		 sizeof((const struct timed_line[]){__VA_ARGS__}) / \
		     sizeof(struct timed_line))

static void take_note(struct session_waits *waits, int64_t time,
		      const char *text)
{
	struct connection_line line = {
	    .time = time, .kind = LINE_NOTE, .body = {text, strlen(text)}};

	session_waits_take(waits, &line);
}

static void take_record(struct session_waits *waits, int64_t time,
			enum connection_line_kind kind)
{
	struct connection_line line = {.time = time, .kind = kind};

	session_waits_take(waits, &line);
}

static void greeting_is_waited_for(void **state)
{
	struct session_waits waits = WAITS({10, LINE_START}, {11, LINE_OK},
					   {15, LINE_OUT}, {40, LINE_IN});

	(void)state;
	assert_int_equal(waits.server_for, 5);
	assert_int_equal(waits.client_for, 25);
}

static void only_a_question_is_answered(void **state)
{
	/* Two lines of a message, an answer, and the server's timeout. */
	struct session_waits waits = WAITS({100, LINE_IN}, {110, LINE_IN},
					   {113, LINE_OUT}, {413, LINE_OUT});

	(void)state;
	assert_int_equal(waits.server_for, 3);
	assert_int_equal(waits.client_for, 10 + 300);
}

static void notes_and_ends_are_no_records(void **state)
{
	struct session_waits waits = WAITS({100, LINE_IN}, {150, LINE_NOTE},
					   {160, LINE_OUT}, {900, LINE_END});

	(void)state;
	assert_int_equal(waits.server_for, 60);
	assert_int_equal(waits.client_for, 0);
}

static void note_of_a_message_is_what_its_side_sent(void **state)
{
	/* The server accepts a message, and sends one. */
	struct session_waits waits = WAITS({100, LINE_OUT});

	(void)state;
	take_note(&waits, 140, "< 900 bytes, 9 lines of message");
	take_record(&waits, 147, LINE_OUT);
	take_record(&waits, 150, LINE_IN);
	take_note(&waits, 152, "> 900 bytes, 9 lines of message");
	take_record(&waits, 155, LINE_OUT);
	assert_int_equal(waits.server_for, 7 + 2);
	assert_int_equal(waits.client_for, 40 + 3 + 3);
}

static void message_that_has_no_end_was_not_sent(void **state)
{
	struct session_waits waits = WAITS({100, LINE_OUT});

	(void)state;
	take_note(&waits, 140, "< 900 bytes, 9 lines of message, unfinished");
	take_record(&waits, 147, LINE_OUT);
	assert_int_equal(waits.server_for, 0);
	assert_int_equal(waits.client_for, 47);
}

static void clock_that_was_set_back(void **state)
{
	struct session_waits waits =
	    WAITS({100, LINE_IN}, {40, LINE_OUT}, {45, LINE_IN});

	(void)state;
	assert_int_equal(waits.server_for, 0);
	assert_int_equal(waits.client_for, 5);
}

static void without_times_nothing_is_known(void **state)
{
	struct session_waits waits =
	    WAITS({LINE_TIME_NONE, LINE_IN}, {LINE_TIME_NONE, LINE_OUT});

	(void)state;
	assert_false(waits.known);
	waits = WAITS({1, LINE_START});
	assert_false(waits.known);
	waits = WAITS({1, LINE_IN});
	assert_true(waits.known);
}

static void next_wait_is_that_of_one_side(void **state)
{
	struct connection_line in = {.kind = LINE_IN}, out = {.kind = LINE_OUT};
	struct session_waits waits = {0};

	(void)state;
	assert_true(session_waits_for_server(&waits, &out));
	assert_false(session_waits_for_server(&waits, &in));
	waits = WAITS({1, LINE_OUT});
	assert_false(session_waits_for_server(&waits, &out));
	waits = WAITS({1, LINE_IN});
	assert_true(session_waits_for_server(&waits, &out));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(greeting_is_waited_for),
	    cmocka_unit_test(only_a_question_is_answered),
	    cmocka_unit_test(notes_and_ends_are_no_records),
	    cmocka_unit_test(note_of_a_message_is_what_its_side_sent),
	    cmocka_unit_test(message_that_has_no_end_was_not_sent),
	    cmocka_unit_test(clock_that_was_set_back),
	    cmocka_unit_test(without_times_nothing_is_known),
	    cmocka_unit_test(next_wait_is_that_of_one_side),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
