/* The writer, as far as it needs no files: what it tells of its outputs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rlog/writer.h"

char const *PROG = "rlog";

static void longest_of_those_that_block(void **state)
{
	struct script script = {.directories_n = 3};
	struct logdir d[3] = {{.settings.drop_after = 300},
			      {.settings.drop_after = 100},
			      {.settings.drop_after = 0}};
	struct writer w = {.script = &script, .directories = d};

	(void)state;
	assert_int_equal(writer_drop_after(&w), 0);
	d[1].due = true;
	assert_int_equal(writer_drop_after(&w), 100);
	d[0].appending.on = true;
	assert_int_equal(writer_drop_after(&w), 300);
	d[1].due = false;
	d[1].again = true;
	d[0].settings.drop_after = 50;
	assert_int_equal(writer_drop_after(&w), 100);
	/* Nothing is dropped as long as one may block for ever. */
	d[2].rotating.on = true;
	assert_int_equal(writer_drop_after(&w), 0);
	d[2].rotating.on = false;
	w.forward.stuck = true;
	assert_int_equal(writer_drop_after(&w), 0);
	w.forward.drop_after = 200;
	assert_int_equal(writer_drop_after(&w), 200);
	w.forward.drop_after = 70;
	assert_int_equal(writer_drop_after(&w), 100);
}

static void idle_and_processing(void **state)
{
	struct script script = {.directories_n = 2};
	struct logdir d[2] = {{.bytes = 0}, {.bytes = 5}};
	struct writer w = {.script = &script, .directories = d};

	(void)state;
	assert_true(writer_idle(&w));
	assert_false(writer_processing(&w));
	d[1].processor.pid = 77;
	assert_true(writer_processing(&w));
	/* An empty current is not rotated. */
	writer_rotate(&w);
	assert_false(d[0].due);
	assert_true(d[1].due);
	assert_false(writer_idle(&w));
	writer_finish(&w);
	assert_true(d[0].finishing && d[1].finishing);
	assert_false(d[0].ending || w.ending);
	writer_end(&w);
	assert_true(d[0].ending && d[1].ending && w.ending);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(longest_of_those_that_block),
	    cmocka_unit_test(idle_and_processing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
