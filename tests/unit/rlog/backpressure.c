/* Holding the input up: what is said when, and when it is too long. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "rlog/backpressure.h"

char const *PROG = "rlog";

static struct tain_s now, deadline;

/* Looks at second `at`; what it says goes to said. */
static void look(struct backpressure *backpressure, uint64_t at, bool blocked,
		 bool held, const char *want)
{
	char said[256] = "";
	int fds[2], saved = dup(2);

	assert_int_equal(pipe(fds), 0);
	dup2(fds[1], 2);
	now.sec.x = at;
	deadline = tain_infinite;
	backpressure_look(backpressure, blocked, held, &now, &deadline);
	dup2(saved, 2);
	close(saved);
	close(fds[1]);
	assert_true(read(fds[0], said, sizeof said - 1) >= 0);
	close(fds[0]);
	assert_string_equal(said, want);
}

static void said_once_and_for_how_long(void **state)
{
	static const char begins[] = "rlog: warning: the input has to wait "
				     "until all can be written\n";
	struct backpressure backpressure = {0};

	(void)state;
	look(&backpressure, 100, true, false, "");
	assert_false(tain_less(&deadline, &tain_infinite));
	look(&backpressure, 110, true, true, "");
	assert_int_equal(deadline.sec.x, 110 + BACKPRESSURE_TOLD);
	/* Not for so short a time. */
	look(&backpressure, 110, false, false, "");
	look(&backpressure, 120, true, true, "");
	look(&backpressure, 121, true, true, begins);
	look(&backpressure, 130, true, true, "");
	assert_false(tain_less(&deadline, &tain_infinite));
	look(&backpressure, 132, false, false,
	     "rlog: warning: the input had to wait for 12 seconds\n");
	look(&backpressure, 133, false, false, "");
}

/* Counted from when the outputs were blocked; held is what matters. */
static void too_long(void **state)
{
	struct backpressure backpressure = {0};

	(void)state;
	look(&backpressure, 100, true, false, "");
	now.sec.x = 200;
	assert_false(
	    backpressure_too_long(&backpressure, 5000, &now, &deadline));
	look(&backpressure, 103, true, true, "");
	deadline = tain_infinite;
	assert_false(backpressure_too_long(&backpressure, 0, &now, &deadline));
	assert_false(
	    backpressure_too_long(&backpressure, 5000, &now, &deadline));
	assert_int_equal(deadline.sec.x, 105);
	now.sec.x = 105;
	assert_true(
	    backpressure_too_long(&backpressure, 5000, &now, &deadline));
	/* It went on in between. */
	look(&backpressure, 103, false, false, "");
	look(&backpressure, 104, true, true, "");
	now.sec.x = 108;
	assert_false(
	    backpressure_too_long(&backpressure, 5000, &now, &deadline));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(said_once_and_for_how_long),
	    cmocka_unit_test(too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
