/* The form syslog: lines, records, notes, pieces and gaps as messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../composed.h"

#include "base/output.h"
#include "rlogship/syslog_form.h"
#include "whole_line.h"

#define LABEL "@400000006920000100000005"
#define TIME "<134>1 2025-11-21T06:00:23.000000Z "
#define NOTE_TIME "<133>1 2025-11-21T06:00:23.000000Z "
#define ID "[rlog@32473 id=\"mx1/smtp/x\""

static const struct log_name origin = {"mx1", "smtp"};
static struct output output;

static void expect_composed(const char *want)
{
	assert_string_equal(composed_text(&output), want);
}

static struct source_line labelled_line(const char *text)
{
	size_t stamp =
	    strncmp(text, LABEL, sizeof LABEL - 1) == 0 ? sizeof LABEL - 1 : 0;

	return whole_line(text, stamp, LABEL_DJB);
}

static void put_line(const struct source_line *line)
{
	const struct ship_item item = {
	    .origin = &origin, .id = "mx1/smtp/x", .line = line};

	output_init(&output, -1);
	syslog_form.put_line(&output, &item);
}

static void expect_text(const char *text, const char *want)
{
	const struct source_line line = labelled_line(text);

	put_line(&line);
	expect_composed(want);
}

static void lines(void **state)
{
	(void)state;
	assert_string_equal(syslog_form.name, "syslog");
	expect_text(LABEL " hello",
		    TIME "mx1 smtp - line " ID " label=\"" LABEL "\"] hello\n");
	/* Only a space after it makes a label a value. */
	expect_text(LABEL, TIME "mx1 smtp - line " ID "] " LABEL "\n");
	expect_text(LABEL "\tx", TIME "mx1 smtp - line " ID
				      " escaped=\"1\"] " LABEL "\\x09x\n");
	expect_text("no label", TIME "mx1 smtp - line " ID "] no label\n");
}

static void records(void **state)
{
	(void)state;
	expect_text(LABEL " 77 < EHLO x ",
		    TIME "mx1 smtp 77 record " ID " label=\"" LABEL
			 "\" dir=\"<\"] EHLO x\n");
	expect_text(LABEL " 77 : a note", NOTE_TIME
		    "mx1 smtp 77 note " ID " label=\"" LABEL "\"] a note\n");
	/* It could not be put together again. */
	expect_text(LABEL " 077 < EHLO x ",
		    TIME "mx1 smtp - line " ID " label=\"" LABEL
			 "\"] 077 < EHLO x \n");
}

static void parts_of_records(void **state)
{
	(void)state;
	expect_text(LABEL " 77 > part+",
		    TIME "mx1 smtp 77 record " ID " label=\"" LABEL
			 "\" dir=\">\" more=\"1\"] part\n");
	expect_text(LABEL " 77 > [EOF]",
		    TIME "mx1 smtp 77 record " ID " label=\"" LABEL
			 "\" dir=\">\" eof=\"1\"]\n");
}

static void undated_lines(void **state)
{
	struct source_line line = labelled_line("77 < x ");

	(void)state;
	line.dated = false;
	put_line(&line);
	expect_composed("<134>1 - mx1 smtp 77 record " ID " dir=\"<\"] x\n");
}

/* A piece of a record is text. */
static void pieces(void **state)
{
	struct source_line line = labelled_line(LABEL " 77 < x ");

	(void)state;
	line.ends = false;
	put_line(&line);
	expect_composed(TIME "mx1 smtp - line " ID " label=\"" LABEL
			     "\" cut=\"1\"] 77 < x \n");
	line.begins = false;
	line.ends = true;
	put_line(&line);
	expect_composed(TIME "mx1 smtp - line " ID " rest=\"1\"] " LABEL
			     " 77 < x \n");
	line = labelled_line("77 < x ");
	line.begins = false;
	put_line(&line);
	expect_composed(TIME "mx1 smtp - line " ID " rest=\"1\"] 77 < x \n");
	line = labelled_line(LABEL " ");
	line.len--;
	put_line(&line);
	expect_composed(TIME "mx1 smtp - line " ID "] " LABEL "\n");
}

/* A text that has no room in a message goes in several, numbered ones. */
static void long_lines(void **state)
{
	static char text[20000];
	const char *got, *at;
	struct source_line line;
	size_t messages = 0;

	(void)state;
	memset(text, 'x', sizeof text - 1);
	line = labelled_line(text);
	put_line(&line);
	got = composed_text(&output);
	at = got;
	for (const char *end; (end = strchr(at, '\n')); at = end + 1) {
		assert_in_range(end - at, 1, 8096);
		assert_memory_equal(at, TIME, sizeof TIME - 1);
		messages++;
	}
	assert_int_equal(messages, 3);
	assert_non_null(strstr(got, "id=\"mx1/smtp/x/2\""));
	assert_non_null(strstr(got, "id=\"mx1/smtp/x/3\""));
}

static void gaps(void **state)
{
	const struct ship_gap both = {.origin = &origin,
				      .id = "mx1/smtp/x",
				      .after = &whole_line_label,
				      .before = &whole_line_label};
	const struct ship_gap none = {.origin = &origin, .id = "mx1/smtp/x"};

	(void)state;
	output_init(&output, -1);
	syslog_form.put_gap(&output, &both);
	expect_composed("<132>1 - mx1 smtp - missing " ID
			"] lines are missing after " LABEL " before " LABEL
			"\n");
	output_init(&output, -1);
	syslog_form.put_gap(&output, &none);
	expect_composed("<132>1 - mx1 smtp - missing " ID
			"] lines are missing\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lines),
	    cmocka_unit_test(records),
	    cmocka_unit_test(parts_of_records),
	    cmocka_unit_test(undated_lines),
	    cmocka_unit_test(pieces),
	    cmocka_unit_test(long_lines),
	    cmocka_unit_test(gaps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
