/* What of a server's text is given, when, and at which offset. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "recio/dialect/dialect.h"
#include "recio/echo.h"

static struct echo echo;
static struct held_bytes held;
static const struct grammar *grammars[DIALECT_GRAMMARS];
static struct redactor_out out;
static char given[4096];
static uint64_t first; /* the offset of the last bytes that were given */

static void add_given(void *ctx, enum relay_dir dir, const char *at, size_t len,
		      uint64_t offset)
{
	(void)ctx;
	assert_int_equal(dir, RELAY_OUT);
	assert_true(strlen(given) + len < sizeof given);
	strncat(given, at, len);
	first = offset;
}

static void begin(const char *dialect)
{
	memset(&echo, 0, sizeof echo);
	memset(&held, 0, sizeof held);
	out.show = add_given;
	dialect_list_grammars(dialect_named(dialect), grammars);
	echo_init(&echo, &out, &held);
	echo_set_grammars(&echo, grammars);
	*given = 0;
}

static void show(const char *text)
{
	static uint64_t offset;

	echo_show(&echo, text, strlen(text), offset);
	offset += strlen(text);
}

static void remember(const char *text, bool secret)
{
	echo_remember(&echo, text, strlen(text), secret);
}

static void keep(const char *text)
{
	echo_keep_octets(&echo, text, strlen(text));
}

/* Compares all that was given since the last time. */
static void gives(const char *want)
{
	assert_string_equal(given, want);
	*given = 0;
}

/* A short secret before other hidden text is a word of its own. */
static void secret_and_hidden(void **state)
{
	(void)state;
	begin("smtp");
	remember("abcd", true);
	remember(" efghij", false);
	echo_break(&echo);
	show("no abcd here\n");
	gives("no *** here\n");
	/* No run goes from the one to the other. */
	show("bcd efg\n");
	gives("bcd efg\n");
}

/* The last octets, however they were kept. */
static void octets_around_the_end(void **state)
{
	static char filler[ECHO_OCTETS];

	(void)state;
	memset(filler, '\n', sizeof filler - 3);
	begin("smtp");
	keep(filler);
	keep("secret1\n");
	echo_remember_octets(&echo);
	show("500 secret1\n");
	gives("500 ***\n");
}

static void dropped_octets(void **state)
{
	(void)state;
	begin("smtp");
	keep("secret1\n");
	echo_drop_octets(&echo);
	keep("secret2\n");
	echo_remember_octets(&echo);
	show("500 secret1 secret2\n");
	gives("500 ***1 ***\n");
}

/* Hidden text and kept octets are not one text, nor two lines of octets. */
static void octets_alone(void **state)
{
	(void)state;
	begin("smtp");
	remember("abc", false);
	keep("defghi\njkl");
	echo_remember_octets(&echo);
	remember("mno", false);
	echo_break(&echo);
	show("abcdef ghijkl jklmno defghi\n");
	gives("abcdef ghijkl jklmno ***\n");
	/* A short secret before them is a word. */
	begin("smtp");
	remember("abcd", true);
	keep("xyz\n");
	echo_remember_octets(&echo);
	show("no abcd\n");
	gives("no ***\n");
}

/* The parts of a line that are hidden: before the command, and after it. */
static void parts_of_octets(void **state)
{
	(void)state;
	begin("imap");
	keep("hunter2x CHECK xyzxyz\r\na NOOP\r\nsecrets\r\n");
	echo_remember_octets(&echo);
	show("hunter2x CHECK xyzxyz a NOOP secrets\n");
	gives("*** CHECK *** a NOOP ***\n");
	/* Not as one text. */
	show("r2x xyz\n");
	gives("r2x xyz\n");
	/* A word of letters alone may be a secret, too. */
	begin("smtp");
	keep("hunters\r\n");
	echo_remember_octets(&echo);
	show("500 hunters\n");
	gives("500 ***\n");
}

/* A line of which the beginning was given: the word that goes on is none. */
static void word_at_a_cut(void **state)
{
	char text[ECHO_LINE + 1];

	(void)state;
	for (size_t n = ECHO_LINE - 8; n <= ECHO_LINE; n++) {
		begin("smtp");
		remember("abcde", true);
		echo_break(&echo);
		memset(text, 'x', n);
		text[n] = 0;
		memcpy(text + n - 5, "abcde", 5);
		show(text);
		show("\n");
		assert_int_equal(strlen(given), n + 1);
		begin("smtp");
		remember("abcde", true);
		echo_break(&echo);
		memset(text, ' ', n - 5);
		show(text);
		show("x\n");
		assert_int_equal(strlen(given), n + 2);
	}
}

/* Blanks and quotes around hidden text are shown, those within are not. */
static void edges(void **state)
{
	(void)state;
	begin("smtp");
	remember("a \t\"wonder land\"\t z", false);
	echo_break(&echo);
	show("say \t\"wonder land\"\t so\n");
	gives("say \t\"***\"\t so\n");
}

/* A text that is repeated is one, wherever its line is cut. */
static void long_text(void **state)
{
	char text[ECHO_LINE * 2] = "", said[ECHO_LINE * 2 + 32], want[32];
	size_t len = 0;

	(void)state;
	for (int i = 0; len + 16 < sizeof text; i++)
		len += (size_t)sprintf(text + len, "%04d%*s", i, i % 12, "");
	strcpy(text + len, "end");
	for (int n = 1; n <= 16; n++) {
		begin("smtp");
		remember(text, false);
		echo_break(&echo);
		sprintf(said, "%*s:%s\n", n, "x", text);
		show(said);
		sprintf(want, "%*s:***\n", n, "x");
		gives(want);
	}
}

/* Bytes that were given without a newline end their stars. */
static void stars_begin_again(void **state)
{
	(void)state;
	begin("smtp");
	remember("wonderland", true);
	echo_break(&echo);
	show("no wonder");
	gives("");
	echo_give(&echo);
	gives("no ***");
	show("wonder\n");
	gives("***\n");
}

/* A kept part comes first, also if nothing has to be kept any more. */
static void held_no_more(void **state)
{
	(void)state;
	begin("smtp");
	held.len = 6;
	memcpy(held.bytes, "secret", 6);
	show("not ");
	gives("");
	held.len = 0;
	show("so\n");
	gives("not so\n");
	show("at once");
	gives("at once");
}

/* The rest of a long line stands where it was sent. */
static void offsets(void **state)
{
	char text[ECHO_LINE + 1];

	(void)state;
	begin("smtp");
	remember("wonderland", true);
	echo_break(&echo);
	memset(text, 'x', ECHO_LINE);
	echo_show(&echo, text, ECHO_LINE, 100);
	assert_int_equal(first, 100);
	assert_int_equal(strlen(given), ECHO_LINE - HIDDEN_RUN + 1);
	echo_show(&echo, "\n", 1, 100 + ECHO_LINE);
	assert_int_equal(first, 100 + ECHO_LINE - HIDDEN_RUN + 1);
	assert_int_equal(strlen(given), ECHO_LINE + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(secret_and_hidden),
	    cmocka_unit_test(octets_around_the_end),
	    cmocka_unit_test(dropped_octets),
	    cmocka_unit_test(octets_alone),
	    cmocka_unit_test(parts_of_octets),
	    cmocka_unit_test(word_at_a_cut),
	    cmocka_unit_test(edges),
	    cmocka_unit_test(long_text),
	    cmocka_unit_test(stars_begin_again),
	    cmocka_unit_test(held_no_more),
	    cmocka_unit_test(offsets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
