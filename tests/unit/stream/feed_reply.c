/* Reply subjects of messages: both forms, and those that no server gives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stream/feed_reply.h"

static void both_forms(void **state)
{
	static const char *const texts[] = {
	    "$JS.ACK.S.C.1.42.7.1795182400250000000.3",
	    "$JS.ACK._.hash.S.C.1.42.7.1795182400250000000.3",
	    "$JS.ACK.hub.hash.S.C.1.42.7.1795182400250000000.3.token"};
	struct feed_reply reply;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert_true(feed_reply_parse(&reply, texts[i], "S", "C"));
		assert_int_equal(reply.delivered, 1);
		assert_int_equal(reply.sequence, 42);
		assert_int_equal(reply.number, 7);
		assert_true(reply.time == INT64_C(1795182400250000000));
		assert_int_equal(reply.pending, 3);
	}
	assert_true(feed_reply_parse(
	    &reply, "$JS.ACK.S.C.1.18446744073709551615.7.1.0", "S", "C"));
	assert_true(reply.sequence == UINT64_MAX);
}

static void others(void **state)
{
	static const char *const texts[] = {
	    "",
	    "s.1",
	    "$JS.ACK.T.C.1.42.7.1.3",
	    "$JS.ACK.S.D.1.42.7.1.3",
	    "$JS.ACK.S.CC.1.42.7.1.3",
	    "$JS.NAK.S.C.1.42.7.1.3",
	    "$JS.ACK.S.C.1.42.7.1",
	    "$JS.ACK.S.C.1.42.7.1.3.4",
	    "$JS.ACK.S.C.1.42.7.1.3.4.5.6.7",
	    "$JS.ACK.S.C.0.42.7.1.3",
	    "$JS.ACK.S.C.1.0.7.1.3",
	    "$JS.ACK.S.C.1.42.0.1.3",
	    "$JS.ACK.S.C.1.-42.7.1.3",
	    "$JS.ACK.S.C.1.+42.7.1.3",
	    "$JS.ACK.S.C.1. 42.7.1.3",
	    "$JS.ACK.S.C.1.42x.7.1.3",
	    "$JS.ACK.S.C.1..7.1.3",
	    "$JS.ACK.S.C.1.18446744073709551616.7.1.3",
	    "$JS.ACK.S.C.1.000000000000000000042.7.1.3",
	    "$JS.ACK.S.C.1.42.7.9223372036854775808.3",
	};
	struct feed_reply reply;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (feed_reply_parse(&reply, texts[i], "S", "C"))
			fail_msg("accepted: %s", texts[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(both_forms),
	    cmocka_unit_test(others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
