/* Objects of sessions: their ids, what is left out, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rlogship/session_object.h"

static const struct log_name origin = {"mx1", "smtp"};
static char written[1024];

static bool write_object(const char *text)
{
	FILE *out = fmemopen(written, sizeof written, "w");
	bool good = session_object_write(out, &origin, text, strlen(text));

	fclose(out);
	return good;
}

#define START "\"pid\":77,\"start\":\"2025-11-21T06:00:23.000000001Z\""

static void id_comes_first_and_lines_are_left_out(void **state)
{
	char id[SHIP_ID_MAX];
	const char *part;

	(void)state;
	assert_true(write_object("{\"session\":1," START
				 ",\"helo\":\"x\",\"lines\":[\"a\",\"b\"]}"));
	assert_string_equal(
	    written, "{\"host\":\"mx1\",\"name\":\"smtp\",\"id\":\"mx1/smtp/"
		     "@400000006920000100000001/77\",\"session\":1," START
		     ",\"helo\":\"x\"}\n");
	part = session_object_id(id, written, strlen(written));
	assert_string_equal(id, "mx1/smtp/@400000006920000100000001/77");
	assert_string_equal(part, "@400000006920000100000001/77");
}

static void the_largest_pid(void **state)
{
	(void)state;
	assert_true(write_object("{\"pid\":18446744073709551615,\"start\":"
				 "\"2025-11-21T06:00:23Z\",\"lines\":[]}"));
	assert_non_null(strstr(written, "/18446744073709551615\",\"pid\""));
}

/* Objects are also read from the cursor's file, which may have any text. */
static void long_ids_are_refused(void **state)
{
	char text[SHIP_ID_MAX + 16], id[SHIP_ID_MAX];
	int len;

	(void)state;
	for (int n = SHIP_ID_MAX - 1; n <= SHIP_ID_MAX; n++) {
		len = sprintf(text, "{\"id\":\"a/b/");
		memset(text + len, 'c', (size_t)n - 4);
		len += n - 4;
		len += sprintf(text + len, "\"}");
		if (n < SHIP_ID_MAX)
			assert_non_null(
			    session_object_id(id, text, (size_t)len));
		else
			assert_null(session_object_id(id, text, (size_t)len));
	}
}

/* A stranger's text may look like members. */
static void names_in_texts_are_no_members(void **state)
{
	(void)state;
	assert_true(write_object("{" START ",\"helo\":\",\\\"lines\\\":[\","
				 "\"from\":[\"\\\"pid\\\":1\"],\"lines\":[]}"));
	assert_non_null(strstr(written, ",\"helo\":\",\\\"lines\\\":[\","
					"\"from\":[\"\\\"pid\\\":1\"]}\n"));
}

static void other_texts_are_refused(void **state)
{
	static const char *const texts[] = {
	    "",
	    "{}",
	    "{" START "}",
	    "{\"pid\":77,\"lines\":[]}",
	    "{\"pid\":77,\"start\":\"today\",\"lines\":[]}",
	    "{\"pid\":,\"start\":\"2025-11-21T06:00:23Z\",\"lines\":[]}",
	    "[" START ",\"lines\":[]}",
	    "{" START ",\"lines\":[]",
	};
	char id[SHIP_ID_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		memset(written, 0, sizeof written);
		assert_false(write_object(texts[i]));
		assert_string_equal(written, "");
	}
	assert_null(session_object_id(id, "{}", 2));
	assert_null(session_object_id(id, "{\"id\":\"a", 8));
	assert_null(session_object_id(id, "{\"id\":\"a\"}", 10));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(id_comes_first_and_lines_are_left_out),
	    cmocka_unit_test(the_largest_pid),
	    cmocka_unit_test(long_ids_are_refused),
	    cmocka_unit_test(names_in_texts_are_no_members),
	    cmocka_unit_test(other_texts_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
