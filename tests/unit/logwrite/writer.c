/* The writer, as far as it needs no files: what it tells of its outputs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "logwrite/writer.h"

static void idle_and_processing(void **state)
{
	struct script script = {.directories_n = 2};
	struct directory d[2] = {{.logdir.bytes = 0}, {.logdir.bytes = 5}};
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
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(idle_and_processing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
