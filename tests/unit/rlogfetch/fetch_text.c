/*
 * The bytes that messages become: both forms, lines in pieces, gaps, lines that
 * are there already, and messages that are refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/label.h"
#include "rlogfetch/fetch_text.h"

#define LABEL(digit) "@40000000000000" #digit "00000000"
#define SIXTEEN "@400000000000000"
#define LONG SIXTEEN SIXTEEN SIXTEEN SIXTEEN SIXTEEN SIXTEEN SIXTEEN SIXTEEN
#define ID "\"host\":\"h\",\"name\":\"n\",\"id\":\"h/n/1\","

static struct fetch_text text;
static struct fetch_join join;

static struct nats_message make_message(const char *form, const char *bytes)
{
	return (struct nats_message){
	    .form = form, .bytes = bytes, .len = strlen(bytes), .follows = 9};
}

/* Makes the text of a message that is taken. */
static void assert_text(const char *form, const char *bytes, const char *want)
{
	const struct nats_message message = make_message(form, bytes);

	assert_true(fetch_text_knows(&text, &message, true));
	assert_int_equal(fetch_text_make(&text, &message, &join), 1);
	assert_int_equal(text.len, strlen(want));
	assert_memory_equal(text.bytes, want, text.len);
}

static int reset(void **state)
{
	(void)state;
	memset(&join, 0, sizeof join);
	return 0;
}

static void raw_lines(void **state)
{
	(void)state;
	assert_text("raw", "a\nb", "a\nb");
	assert_true(join.midline && !join.labelled);
	assert_text("raw", "c\n", "c\n");
	assert_false(join.midline);
	assert_text("raw", "", "");
	assert_text("raw", LABEL(02) " d\n", LABEL(02) " d\n");
	assert_true(join.labelled);
	/* A rest is no line that could begin with a label. */
	assert_text("raw", "e", "e");
	assert_text("raw", LABEL(09) "\n", LABEL(09) "\n");
	assert_int_equal(join.last.sec.x & 0xff, 2);
}

static void json_lines(void **state)
{
	(void)state;
	assert_text("json",
		    "{" ID "\"text\":\"a\"}\n{" ID "\"text\":\"\\u00e9\"}\n",
		    "a\n\xc3\xa9\n");
	assert_text("json", "{" ID "\"text\":\"b\",\"cut\":true}", "b");
	assert_true(join.midline);
	assert_text("json", "{" ID "\"text\":\"c\",\"rest\":true}\n", "c\n");
	/* A piece whose line began in a message that is missing. */
	assert_text("json",
		    "{" ID "\"text\":\"d\",\"cut\":true}\n"
		    "{" ID "\"text\":\"e\"}\n",
		    "d\ne\n");
}

static void refused(void **state)
{
	static const char *const bad[] = {
	    "{",
	    "x",
	    "[]",
	    "{" ID "\"text\":\"a\"}\n\n",
	    "{" ID "\"text\":\"a\"}\n{\"text\":1}\n",
	    "{" ID "\"text\":\"a\\nb\"}",
	    /* A label so long that the note of the gap would lose its end. */
	    "{" ID "\"missing\":true,\"after\":\"" LONG LONG "\"}\n",
	};
	struct nats_message message = make_message("json", "");

	(void)state;
	join.midline = join.ended = join.labelled = true;
	join.missed = 3;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const struct fetch_join before = join;

		message = make_message("json", bad[i]);
		assert_int_equal(fetch_text_make(&text, &message, &join), 0);
		assert_string_equal(text.why, "it has a malformed object");
		assert_int_equal(text.len, 0);
		assert_memory_equal(&before, &join, sizeof join);
	}
	message.form = NULL;
	assert_false(fetch_text_knows(&text, &message, true));
	assert_string_equal(text.why, "it has no header Rlog-Form");
	message.form = "sessions";
	assert_false(fetch_text_knows(&text, &message, true));
	assert_string_equal(text.why,
			    "it is a session, which is no line of a log");
	assert_true(fetch_text_knows(&text, &message, false));
	message.form = "syslog";
	assert_false(fetch_text_knows(&text, &message, true));
	assert_string_equal(text.why, "its form is not raw or json");
}

/* A gap is told on a line of its own, with the label before it. */
static void gaps(void **state)
{
	(void)state;
	join.missed = 7;
	assert_text("raw", "a\n",
		    "rlogfetch: lines may be missing: messages 7 to 9 were "
		    "not stored\na\n");
	assert_text("raw", LABEL(02) " b", LABEL(02) " b");
	join.missed = 8;
	assert_text("raw", "c\n",
		    "\n" LABEL(02) " rlogfetch: lines may be missing: "
				   "messages 8 to 9 were not stored\nc\n");
	assert_text("json",
		    "{" ID "\"missing\":true,\"after\":\"" LABEL(
			02) "\","
			    "\"before\":\"" LABEL(05) "\"}\n",
		    LABEL(02) " rlogfetch: lines after " LABEL(
			02) " and before " LABEL(05) " are missing\n");
	assert_text("json", "{" ID "\"missing\":true}\n",
		    LABEL(02) " rlogfetch: lines after - and before - are "
			      "missing\n");
}

/* The join of a stream that was set back, after a line with this label. */
static void fall_behind(const char *label)
{
	memset(&join, 0, sizeof join);
	join.behind = join.labelled = true;
	assert_true(label_parse(&join.last, label, LABEL_LEN));
}

static void lines_that_are_there(void **state)
{
	(void)state;
	/* Up to the first later one... */
	fall_behind(LABEL(05));
	assert_text("raw", LABEL(03) " a\nb\n" LABEL(04) " c\n", "");
	assert_true(join.behind);
	assert_text("raw", LABEL(06) " d\n" LABEL(02) " e\n",
		    LABEL(06) " d\n" LABEL(02) " e\n");
	assert_false(join.behind);
	/* ...or up to the last one, also when the clock was set back then. */
	fall_behind(LABEL(05));
	assert_text("raw", LABEL(04) " a\n" LABEL(05) " b\n", "");
	assert_true(join.behind && join.met);
	assert_text("raw", LABEL(03) " c\n", LABEL(03) " c\n");
	assert_false(join.behind || join.met);
	fall_behind(LABEL(05));
	assert_text("raw", LABEL(05) " b\nnote\n", "note\n");
	/* All pieces of the last line are there. */
	fall_behind(LABEL(05));
	assert_text("json",
		    "{" ID
		    "\"text\":\"" LABEL(05) " b\",\"cut\":true}\n"
					    "{" ID
					    "\"text\":\"c\",\"rest\":true}\n"
					    "{" ID "\"text\":\"d\"}\n",
		    "d\n");
	/* A gap before it was told; one after it is not. */
	fall_behind(LABEL(05));
	assert_text("json",
		    "{" ID "\"missing\":true,\"before\":\"" LABEL(04) "\"}\n",
		    "");
	assert_text("json",
		    "{" ID "\"missing\":true,\"before\":\"" LABEL(06) "\"}\n",
		    LABEL(05) " rlogfetch: lines after - and before " LABEL(
			06) " are missing\n");
	fall_behind(LABEL(05));
	assert_text("raw", LABEL(05) " b\n", "");
	assert_text("json",
		    "{" ID "\"missing\":true,\"before\":\"" LABEL(03) "\"}\n",
		    LABEL(05) " rlogfetch: lines after - and before " LABEL(
			03) " are missing\n");
	/* A line that is there in part is ended. */
	fall_behind(LABEL(04));
	join.midline = join.ended = true;
	assert_text("raw", LABEL(05) " b\n", "\n" LABEL(05) " b\n");
}

static void long_text(void **state)
{
	enum { LEN = 300000 };
	char *bytes = malloc(LEN + 1);

	(void)state;
	assert_non_null(bytes);
	memset(bytes, 'x', LEN);
	bytes[LEN] = 0;
	assert_text("raw", bytes, bytes);
	assert_text("raw", "y\n", "y\n");
	free(bytes);
}

static int free_text(void **state)
{
	(void)state;
	fetch_text_free(&text);
	fetch_text_free(&text);
	return text.bytes ? -1 : 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(raw_lines, reset),
	    cmocka_unit_test_setup(json_lines, reset),
	    cmocka_unit_test_setup(refused, reset),
	    cmocka_unit_test_setup(gaps, reset),
	    cmocka_unit_test_setup(lines_that_are_there, reset),
	    cmocka_unit_test_setup(long_text, reset),
	};

	return cmocka_run_group_tests(tests, NULL, free_text);
}
