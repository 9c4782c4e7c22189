/* How sessions ended. */
#include "rlogsess/grouping/session_outcome.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The outcome of a session with this reply, 0 for none. */
static const char *outcome_of(struct session session, const char *reply)
{
	smtp_summary_said(&session.said.talk, reply, strlen(reply));
	return session_outcome_name(session_outcome(&session));
}

static void each_outcome(void **state)
{
	struct session none = {0};
	struct session denied = {.denied = true, .ended = true, .status = 100};
	struct session killed = {.ended = true, .signal = 9};

	(void)state;
	assert_string_equal(outcome_of(none, ""), "fine");
	assert_string_equal(outcome_of(none, "250 ok"), "fine");
	assert_string_equal(outcome_of(none, "399 odd"), "fine");
	assert_string_equal(outcome_of(none, "400 no"), "refused");
	assert_string_equal(outcome_of(none, "599 no"), "refused");
	assert_string_equal(outcome_of(killed, "550 no"), "bad");
	assert_string_equal(outcome_of(denied, "550 no"), "denied");
}

static void open_sessions_may_still_succeed(void **state)
{
	struct session open = {.group.marks = GROUP_OPEN};

	(void)state;
	assert_string_equal(outcome_of(open, "451 later"), "open");
	open.group.marks = GROUP_NO_START;
	assert_string_equal(outcome_of(open, "451 later"), "refused");
	open.group.marks = GROUP_OPEN;
	open.said.reset = true;
	assert_string_equal(outcome_of(open, "451 later"), "bad");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_outcome),
	    cmocka_unit_test(open_sessions_may_still_succeed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
