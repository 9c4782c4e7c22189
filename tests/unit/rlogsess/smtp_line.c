/* Lines of SMTP, as standards and as careless clients write them. */
#include "rlogsess/smtp_line.h"

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

static void words(void **state)
{
	struct slice line = slice_of("mail FROM:<a>");

	(void)state;
	assert_false(slice_word(&line, "MAIL TO:"));
	assert_false(slice_word(&line, "MAIL FROM:<a> and more"));
	assert_int_equal(line.len, 13);
	assert_true(slice_word(&line, "MAIL FROM:"));
	assert_true(slice_equal(line, "<a>"));
}

static void paths(void **state)
{
	static const char *const rows[][2] = {
	    {"<a@b>", "a@b"},
	    {" \t<a@b> SIZE=9", "a@b"},
	    {"a@b SIZE=9", "a@b"},
	    {"a@b", "a@b"},
	    {"<>", ""},
	    {"<> BODY=8BITMIME", ""},
	    {"", ""},
	    {"  ", ""},
	    {"<a b@c>", "a b@c"},
	    {"<a@b", "a@b"}, /* a line that was cut */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (!slice_equal(smtp_line_path(slice_of(rows[i][0])),
				 rows[i][1]))
			fail_msg("the path of '%s'", rows[i][0]);
}

static void chunks(void **state)
{
	static const struct {
		const char *text;
		bool good;
		struct smtp_chunk chunk;
	} rows[] = {
	    {"10", true, {10, false}},
	    {"10 LAST", true, {10, true}},
	    {" 0 last", true, {0, true}},
	    {"18446744073709551615", true, {UINT64_MAX, false}},
	    {"18446744073709551616", false, {0}},
	    {"", false, {0}},
	    {"x", false, {0}},
	    {"-1", false, {0}},
	};
	struct smtp_chunk chunk;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(
		    smtp_line_chunk(slice_of(rows[i].text), &chunk),
		    rows[i].good);
		if (!rows[i].good)
			continue;
		assert_true(chunk.size == rows[i].chunk.size);
		assert_int_equal(chunk.last, rows[i].chunk.last);
	}
}

static void replies(void **state)
{
	static const struct {
		const char *text;
		int code;
		bool last;
	} rows[] = {
	    {"250", 250, true},    {"250 ok", 250, true}, {"250 ", 250, true},
	    {"250-a", 250, false}, {"250-", 250, false},  {"2500", -1, false},
	    {"250x", -1, false},   {"25", -1, false},     {"", -1, false},
	    {"2x0 ok", -1, false}, {"+OK", -1, false},    {" 250", -1, false},
	};
	bool last;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		last = false;
		assert_int_equal(smtp_line_reply(slice_of(rows[i].text), &last),
				 rows[i].code);
		assert_int_equal(last, rows[i].last);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(words),
	    cmocka_unit_test(paths),
	    cmocka_unit_test(chunks),
	    cmocka_unit_test(replies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
