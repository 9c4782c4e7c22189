/* Lines for rlogsess: stamps become djb labels, long lines are cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../composed.h"

#include "base/output.h"
#include "rlogship/session_form.h"
#include "whole_line.h"

/* The text that the form makes of a line. */
static void expect_line(const struct source_line *line, const char *want)
{
	static struct output output;
	const struct ship_item item = {.line = line};

	output_init(&output, -1);
	session_form.put_line(&output, &item);
	assert_string_equal(composed_text(&output), want);
}

static void stamps_become_djb_labels(void **state)
{
	struct source_line line =
	    whole_line("2025-11-21_06:00:23 77 < x ", 19, LABEL_DJB);

	(void)state;
	expect_line(&line, "@400000006920000100000005 77 < x \n");
	line = whole_line("@400000006920000100000005 77 < x ", 25, LABEL_LEAP);
	expect_line(&line, "@40000000691fffe600000005 77 < x \n");
	line = whole_line("no stamp", 0, LABEL_DJB);
	expect_line(&line, "no stamp\n");
}

static void a_long_line_ends_with_its_first_piece(void **state)
{
	struct source_line line = whole_line("77 < x", 0, LABEL_DJB);

	(void)state;
	line.ends = false;
	expect_line(&line, "77 < x\n");
	line.begins = false;
	expect_line(&line, "\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(stamps_become_djb_labels),
	    cmocka_unit_test(a_long_line_ends_with_its_first_piece),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
