/* The bytes of sessions, and the reasons for which some are missing. */
#include "rlogsess/bytes/missing_bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rlogsess/grouper.h"

static const struct filter filter;
static struct grouper grouper;
static char got[2][8192];
static size_t got_len[2];
static char why[2][MISSING_BYTES_TEXT];
static bool raw;

static void keep_part(void *ctx, const struct session_part *part)
{
	size_t *len = &got_len[part->direction];

	(void)ctx;
	if (part->kind != PART_BYTES)
		return;
	assert_int_equal(part->offset, *len);
	memcpy(got[part->direction] + *len, part->text.at, part->text.len);
	*len += part->text.len;
}

static int on_line(void *ctx, const struct group *group, struct slice line)
{
	(void)ctx;
	(void)group;
	(void)line;
	return 0;
}

static int on_over(void *ctx, struct group *group)
{
	struct session_bytes bytes;
	bool missing;

	(void)ctx;
	got_len[0] = got_len[1] = 0;
	assert_int_equal(session_bytes_examine(&bytes,
					       connections_session(group),
					       &grouper.store),
			 0);
	assert_int_equal(session_bytes_each(&bytes, keep_part, NULL), 0);
	raw = bytes.raw;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(bytes.stream[i].bytes, got_len[i]);
		missing = missing_bytes_explain(why[i], &bytes, i);
		assert_int_equal(missing, *why[i] != 0);
	}
	return 0;
}

/* Takes the lines of one session, which end with NULL. */
static void read_session(const char *const *lines)
{
	assert_int_equal(
	    grouper_init(&grouper,
			 &(struct grouper_options){
			     .grouping = &grouping_connections,
			     .filter = &filter,
			     .hold_lines = true,
			     .events = {.line = on_line, .over = on_over}}),
	    0);
	for (; *lines; lines++)
		assert_int_equal(grouper_line(&grouper, *lines, strlen(*lines)),
				 0);
	assert_int_equal(grouper_finish(&grouper), 0);
	grouper_free(&grouper);
}

#define SESSION(...)                                                 \
	read_session((const char *const[]){__VA_ARGS__, "7 < [EOF]", \
					   "7 > [EOF]", NULL})

#define ASSERT_BYTES(direction, text)                                        \
	do {                                                                 \
		assert_int_equal(got_len[direction], sizeof(text) - 1);      \
		assert_memory_equal(got[direction], text, sizeof(text) - 1); \
	} while (0)

static void payloads(void **state)
{
	(void)state;
	SESSION("7 < a ", "7 > x\r ", "7 < b+", "7 <  ", "7 < \\x00\\\\+");
	ASSERT_BYTES(DIALOGUE_IN, "a\nb\n\0\\");
	ASSERT_BYTES(DIALOGUE_OUT, "x\r\n");
	assert_string_equal(why[DIALOGUE_IN], "");
	assert_string_equal(why[DIALOGUE_OUT], "");
	assert_false(raw);
}

/* One payload that can't be escaped shows that none is. */
static void raw_payloads(void **state)
{
	static const char *const proof[] = {"7 > \\x41 ", "7 > \033 ",
					    "7 > \xff ",  "7 > \\ ",
					    "7 > \r+",    "7 > \xe2\x80\xae "};

	(void)state;
	for (size_t i = 0; i < sizeof proof / sizeof *proof; i++) {
		SESSION("7 < \\\\ ", proof[i], "7 < \\x1b+");
		assert_true(raw);
		ASSERT_BYTES(DIALOGUE_IN, "\\\\\n\\x1b");
	}
	SESSION("7 < \\\\ ", "7 > \xc3\xa9\t\r ", "7 < \\x1b+");
	assert_false(raw);
	ASSERT_BYTES(DIALOGUE_IN, "\\\n\033");
}

static void counts(void **state)
{
	(void)state;
	read_session((const char *const[]){
	    "7 < \\\\ ", "7 > \\\\ ",
	    "7 : end < 3 bytes, eof; > 3 bytes, eof; 1.000 seconds", NULL});
	assert_true(raw);
	ASSERT_BYTES(DIALOGUE_IN, "\\\\\n");
	read_session((const char *const[]){
	    "7 < \\\\ ", "7 > \\\\ ",
	    "7 : end < 2 bytes, eof; > 4 bytes, eof; 1.000 seconds", NULL});
	assert_false(raw);
	ASSERT_BYTES(DIALOGUE_IN, "\\\n");
	assert_string_equal(why[DIALOGUE_IN], "");
	assert_string_equal(why[DIALOGUE_OUT], "the log has 2 of its 4 bytes");
}

#define STARS "there is ***, which recio -p writes in place of hidden bytes"

static void stars(void **state)
{
	static const struct {
		const char *record;
		bool hidden;
	} row[] = {
	    {"7 < PASS *** ", true},
	    {"7 < PASS ***\r ", false},
	    {"7 < *** 1 bytes ", true},
	    {"7 < *** 1 bytes\r ", false},
	    {"7 < x*** 123456 bytes+", true},
	    {"7 < *** bytes ", false},
	    {"7 < *** 12 bytes x ", false},
	    {"7 < ** ", false},
	    {"7 < *** x ", false},
	    {"7 < ***+", true},
	    {"7 < **+", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		SESSION(row[i].record, "7 > a ***b ");
		assert_string_equal(why[DIALOGUE_IN],
				    row[i].hidden ? STARS : "");
		assert_string_equal(why[DIALOGUE_OUT],
				    row[i].hidden ? STARS : "");
	}
	SESSION("7 < a {3}\r ", "7 < *** x\r ");
	assert_string_equal(why[DIALOGUE_IN], STARS);
	SESSION("7 < a {3}+", "7 <  ", "7 < *+", "7 < *+", "7 < * x\r ");
	assert_string_equal(why[DIALOGUE_IN], STARS);
	SESSION("7 < PASS *** ", "7 > *+", "7 > *+", "7 > * ");
	assert_string_equal(why[DIALOGUE_OUT], STARS);
	SESSION("7 < PASS *** ", "7 > ** ", "7 > * ");
	assert_string_equal(why[DIALOGUE_OUT], "");
}

/* A log that has lost the prefix of its lines still has all records. */
static void prefixes(void **state)
{
	(void)state;
	SESSION("mx1: 7 < a ", "mx1: 7 < b ");
	assert_string_equal(why[DIALOGUE_IN],
			    "records could not be read again");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(payloads), cmocka_unit_test(raw_payloads),
	    cmocka_unit_test(counts),   cmocka_unit_test(stars),
	    cmocka_unit_test(prefixes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
