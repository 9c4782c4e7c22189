/* The facts that preload_ask gets from the kernel, and their way as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../same-facts.h"
#include "relay/preload.h"

static struct socket_facts facts, got;
static char text[SOCKET_FACTS_TEXT];

static void a_socket_goes_through_the_text(void **state)
{
	int pair[2];
	size_t n;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_true(preload_ask(&facts, pair[0], pair[1]));
	assert_true(socket_facts_match(&facts, pair[1]));
	assert_false(socket_facts_match(&facts, pair[0]));
	assert_int_equal(facts.fact[FACT_PEER_NAME].error, 0);
	assert_int_not_equal(facts.fact[FACT_ORIGINAL_DST].error, 0);
	n = socket_facts_write(text, &facts);
	assert_int_equal(n, strlen(text));
	assert_null(strchr(text, ' '));
	assert_ptr_equal(socket_facts_read(&got, text), text + n);
	assert_same_facts(&got, &facts);
	close(pair[0]);
	close(pair[1]);
}

static void what_is_not_a_socket_has_no_facts(void **state)
{
	int pipes[2];

	(void)state;
	assert_int_equal(pipe(pipes), 0);
	assert_false(preload_ask(&facts, pipes[0], pipes[1]));
	assert_false(preload_ask(&facts, 999, pipes[1]));
	close(pipes[0]);
	close(pipes[1]);
}

/* The companion may be in this process. */
static void own_process(void **state)
{
	char why[PRELOAD_WHY];

	(void)state;
	assert_false(preload_examine(why, getpid()));
}

static void no_process(void **state)
{
	char why[PRELOAD_WHY];

	(void)state;
	assert_false(preload_examine(why, 0x7ffffffe));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_socket_goes_through_the_text),
	    cmocka_unit_test(what_is_not_a_socket_has_no_facts),
	    cmocka_unit_test(own_process),
	    cmocka_unit_test(no_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
