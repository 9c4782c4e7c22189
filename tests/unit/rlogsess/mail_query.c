/* Which mails are asked for. */
#include "rlogsess/trace/mail_query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct slice slice_of(const char *text)
{
	return (struct slice){text, strlen(text)};
}

static void addresses(void **state)
{
	static const struct {
		const char *what, *address;
		bool same;
	} row[] = {
	    {"a@b", "a@b", true},
	    {"a@b", "A@B", true},
	    {"<a@b>", "a@b", true},
	    {"a@b", "<a@b>", true},
	    {"a@b", "a@bc", false},
	    {"a@b", "a@", false},
	    {"<>", "<>", true},
	    {"<>", "", true},
	    {"<>", "a", false},
	    {"a b@c", "\"a b\"@c", true},
	    {"a_b@c", "\"a b\"@c", true},
	    {"\"a\\\"b\"@c", "ab@c", false},
	    {"\"a\\\"b\"@c", "\"a\\\"b\"@c", true},
	    {"a@b", "@x,@y:a@b", true},
	    {"a@b", "@b", false},
	    {"caf\303\251@b", "caf__@b", true},
	    {"a%b@c", "a_b@c", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct mail_query query;
		struct slice what = slice_of(row[i].what),
			     address = slice_of(row[i].address);

		assert_int_equal(mail_query_parse(&query, row[i].what), 0);
		if (mail_query_address(&query, address) != row[i].same)
			fail_msg("%s: %s", row[i].what, row[i].address);
		assert_int_equal(mail_query_hash(what) ==
				     mail_query_hash(address),
				 row[i].same);
	}
}

/* Of a long address the first bytes count, on both sides. */
static void long_addresses(void **state)
{
	char a[1000], b[MAIL_QUERY_ADDRESS + 1];
	struct mail_query query;

	(void)state;
	memset(a, 'a', sizeof a);
	a[sizeof a - 1] = 0;
	memcpy(b, a, sizeof b);
	b[sizeof b - 1] = 0;
	assert_int_equal(mail_query_parse(&query, a), 0);
	assert_true(mail_query_address(&query, slice_of(b)));
	b[MAIL_QUERY_ADDRESS - 1] = 0;
	assert_false(mail_query_address(&query, slice_of(b)));
}

static void numbers(void **state)
{
	static const struct {
		const char *what;
		bool qp, message;
	} row[] = {
	    {"4720", true, false},       {"qp 4720", true, false},
	    {"msg 4720", false, true},   {"qp4720", false, false},
	    {"4720 ", false, false},     {"47201", false, false},
	    {"msg 4720x", false, false}, {"18446744073709556336", false, false},
	};
	struct mail_query query;

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		assert_int_equal(mail_query_parse(&query, row[i].what), 0);
		assert_int_equal(mail_query_qp(&query, 4720), row[i].qp);
		assert_int_equal(mail_query_message(&query, 4720),
				 row[i].message);
	}
	assert_int_equal(mail_query_parse(&query, "0"), 0);
	assert_false(mail_query_qp(&query, 0));
	assert_int_equal(mail_query_parse(&query, ""), -1);
}

static void ids(void **state)
{
	struct mail_query query;

	(void)state;
	assert_int_equal(mail_query_parse(&query, "<One@x>"), 0);
	assert_true(mail_query_id(&query, slice_of("One@x")));
	assert_false(mail_query_id(&query, slice_of("one@x")));
	assert_false(mail_query_id(&query, slice_of("One@")));
	assert_int_equal(mail_query_parse(&query, "<>"), 0);
	assert_false(mail_query_id(&query, slice_of("")));
	assert_int_equal(mail_query_parse(&query, "123"), 0);
	assert_true(mail_query_id(&query, slice_of("123")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(addresses),
	    cmocka_unit_test(long_addresses),
	    cmocka_unit_test(numbers),
	    cmocka_unit_test(ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
