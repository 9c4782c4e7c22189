/* Answers to a request for the next message, and those that no server gives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "stream/next_reply.h"

static int parse(const char *text, uint64_t *sequence, int *code)
{
	return next_reply_parse(text, strlen(text), sequence, code);
}

static void messages(void **state)
{
	static const char *const texts[] = {
	    "{\"type\":\"t\",\"message\":{\"subject\":\"s\",\"seq\":42,"
	    "\"data\":\"eA==\",\"time\":\"2026-11-22T14:18:46Z\"}}\n",
	    "{\"message\": {\"seq\": 42}, \"type\": \"t\"}",
	    /* Names within strings. */
	    "{\"message\":{\"subject\":\"\\\"seq\\\":7,\\\"err_code\\\":1\","
	    "\"seq\":42}}",
	};
	uint64_t sequence;
	int code;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert_int_equal(parse(texts[i], &sequence, &code), 1);
		assert_int_equal(sequence, 42);
	}
	assert_int_equal(parse("{\"message\":{\"seq\":18446744073709551615}}",
			       &sequence, &code),
			 1);
	assert_true(sequence == UINT64_MAX);
}

static void errors(void **state)
{
	uint64_t sequence;
	int code;

	(void)state;
	assert_int_equal(parse("{\"error\":{\"code\":404,\"err_code\":10037,"
			       "\"description\":\"no message found\"}}",
			       &sequence, &code),
			 0);
	assert_int_equal(parse("{\"error\":{\"code\":500,\"err_code\":10008}}",
			       &sequence, &code),
			 -1);
	assert_int_equal(code, 10008);
}

static void others(void **state)
{
	static const char *const texts[] = {
	    "",
	    "{}",
	    "[",
	    "{\"message\":",
	    "{\"message\":null}",
	    "{\"message\":{}}",
	    "{\"seq\":1}",
	    "{\"seq\":1,\"message\":{}}",
	    "{\"message\":{\"seq\":",
	    "{\"message\":{\"seq\":0}}",
	    "{\"message\":{\"seq\":-1}}",
	    "{\"message\":{\"seq\":\"1\"}}",
	    "{\"message\":{\"seq\":18446744073709551616}}",
	    "{\"message\":{\"seq\":100000000000000000000000}}",
	    "{\"error\":{\"err_code\":0}}",
	    "{\"error\":{\"err_code\":99999999999}}",
	};
	uint64_t sequence;
	int code;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (parse(texts[i], &sequence, &code) != -1 || code)
			fail_msg("accepted: %s", texts[i]);
	/* The text ends where its length says. */
	assert_int_equal(next_reply_parse("{\"message\":{\"seq\":123}}", 19,
					  &sequence, &code),
			 1);
	assert_int_equal(sequence, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(messages),
	    cmocka_unit_test(errors),
	    cmocka_unit_test(others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
