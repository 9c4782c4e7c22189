/* Which of a client's lines are responses, step by step. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "recio/auth_exchange.h"

static void challenge_and_response(void **state)
{
	struct auth_exchange auth = {.state = AUTH_NONE};

	(void)state;
	auth_exchange_begin(&auth);
	assert_int_equal(auth.state, AUTH_WAITS);
	for (int i = 0; i < 2; i++) {
		auth_exchange_challenge(&auth);
		assert_int_equal(auth.state, AUTH_RESPONDS);
		auth_exchange_respond(&auth);
		assert_int_equal(auth.state, AUTH_WAITS);
	}
	assert_false(auth.after);
	auth_exchange_answer(&auth, true);
	assert_int_equal(auth.state, AUTH_NONE);
	assert_true(auth.after);
	assert_false(auth.cut_response);
}

/* No answer comes: all lines may be responses, until one does. */
static void blind(void **state)
{
	struct auth_exchange auth = {.state = AUTH_NONE};

	(void)state;
	auth_exchange_give_up(&auth);
	assert_int_equal(auth.state, AUTH_NONE);
	auth_exchange_begin(&auth);
	auth_exchange_give_up(&auth);
	assert_int_equal(auth.state, AUTH_BLIND);
	auth_exchange_respond(&auth);
	assert_int_equal(auth.state, AUTH_BLIND);
	auth_exchange_challenge(&auth);
	auth_exchange_give_up(&auth);
	assert_int_equal(auth.state, AUTH_RESPONDS);
}

/* The answer comes in the middle of a response: its rest is one, too. */
static void cut_response(void **state)
{
	static const enum auth_state within[] = {AUTH_RESPONDS, AUTH_BLIND};

	(void)state;
	for (size_t i = 0; i < sizeof within / sizeof *within; i++) {
		struct auth_exchange auth = {.state = within[i]};

		auth_exchange_answer(&auth, true);
		assert_true(auth.cut_response);
		auth_exchange_respond(&auth);
		assert_int_equal(auth.state, AUTH_NONE);
		auth_exchange_close_response(&auth);
		assert_false(auth.cut_response);
		assert_true(auth.after);
		auth = (struct auth_exchange){.state = within[i]};
		auth_exchange_answer(&auth, false);
		assert_false(auth.cut_response);
	}
}

/* An answer without an authentication is to something else. */
static void stray_answer(void **state)
{
	struct auth_exchange auth = {.state = AUTH_NONE};

	(void)state;
	auth_exchange_answer(&auth, true);
	assert_false(auth.after || auth.cut_response);
}

/* Another reading doubts if the one before did, or was in the middle. */
static void inherit(void **state)
{
	struct auth_exchange auth = {.after = false}, before = {.after = false};

	(void)state;
	auth_exchange_inherit(&auth, &before);
	assert_false(auth.after);
	before.after = true;
	auth_exchange_inherit(&auth, &before);
	assert_true(auth.after);
	before.after = false;
	auth_exchange_inherit(&auth, &before);
	assert_true(auth.after);
	auth.after = false;
	before.state = AUTH_WAITS;
	auth_exchange_inherit(&auth, &before);
	assert_true(auth.after);
	assert_int_equal(auth.state, AUTH_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(challenge_and_response),
	    cmocka_unit_test(blind),
	    cmocka_unit_test(cut_response),
	    cmocka_unit_test(stray_answer),
	    cmocka_unit_test(inherit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
