/* The text of socket_facts: whole and back, and what is refused. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <netinet/in.h>

#include <cmocka.h>

#include "../same-facts.h"
#include "base/socket_facts.h"
#include "compat/compat.h"

static struct socket_facts facts, got;
static char text[SOCKET_FACTS_TEXT];

static void the_longest_fits(void **state)
{
	(void)state;
	facts.device = (dev_t)-1;
	facts.inode = (ino_t)-1;
	for (int f = 0; f < FACTS; f++) {
		facts.fact[f].error = 0;
		facts.fact[f].len = FACT_SIZE;
		memset(facts.fact[f].value, 0xa0 + f, FACT_SIZE);
	}
	assert_true(socket_facts_write(text, &facts) < sizeof text);
	assert_non_null(socket_facts_read(&got, text));
	assert_same_facts(&got, &facts);
}

static void anything_else_is_refused(void **state)
{
	static const char *const wrong[] = {"",
					    ":",
					    "1",
					    "1:",
					    ":1",
					    "1:2",
					    "1:2,",
					    "-1:2,,,,,,,,,,",
					    " 1:2,,,,,,,,,,",
					    "1: 2,,,,,,,,,,",
					    "1:2,,,,,,,,,",
					    "1:2,0,,,,,,,,,",
					    "1:2,0g,,,,,,,,,",
					    "1:2,-,,,,,,,,,",
					    "1:2,-0,,,,,,,,,",
					    "1:2,--1,,,,,,,,,",
					    "1:2,-99999,,,,,,,,,",
					    "11111111111111111:2,,,,,,,,,,",
					    "1:2;,,,,,,,,,,"};

	(void)state;
	assert_non_null(socket_facts_read(&got, "1:2,,,,,,,,,,"));
	for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++)
		if (socket_facts_read(&got, wrong[k]))
			fail_msg("it was taken: %s", wrong[k]);
}

static void a_value_that_is_too_long_is_refused(void **state)
{
	char *end = text + sprintf(text, "1:2,");

	(void)state;
	memset(end, '0', 2 * FACT_SIZE);
	strcpy(end + 2 * FACT_SIZE, ",,,,,,,,,");
	assert_non_null(socket_facts_read(&got, text));
	strcpy(end + 2 * FACT_SIZE, "00,,,,,,,,,");
	assert_null(socket_facts_read(&got, text));
}

static void options_have_their_facts(void **state)
{
	(void)state;
	assert_int_equal(socket_facts_option(SOL_SOCKET, SO_PEERCRED),
			 COMPAT_LINUX ? FACT_PEER_CRED : -1);
	assert_int_equal(socket_facts_option(IPPROTO_IP, 80),
			 COMPAT_LINUX ? FACT_ORIGINAL_DST : -1);
	assert_int_equal(socket_facts_option(IPPROTO_IPV6, 80),
			 COMPAT_LINUX ? FACT_ORIGINAL_DST6 : -1);
	assert_int_equal(socket_facts_option(SOL_SOCKET, SO_RCVBUF), -1);
	assert_int_equal(socket_facts_option(IPPROTO_TCP, SO_PEERCRED), -1);
	assert_int_equal(socket_facts_option(-1, -1), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_longest_fits),
	    cmocka_unit_test(anything_else_is_refused),
	    cmocka_unit_test(a_value_that_is_too_long_is_refused),
	    cmocka_unit_test(options_have_their_facts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
