/* Finding what was hidden. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "recio/hidden_text.h"

static struct hidden_text set;

static void add(const char *text, bool words)
{
	hidden_text_add(&set, text, strlen(text), words);
	hidden_text_break(&set, words);
}

static bool has(const char *text)
{
	uint64_t window = 0;
	unsigned int n = (unsigned int)strlen(text);

	for (unsigned int i = 0; i < n; i++)
		window = hidden_text_move(window, text[i]);
	return hidden_text_has(&set, window, n);
}

static void runs(void **state)
{
	(void)state;
	memset(&set, 0, sizeof set);
	assert_false(set.any);
	add("short", false);
	assert_false(set.any);
	add("Wonder Land", false);
	assert_true(set.any);
	assert_true(has("wonder"));
	assert_true(has("WONDER"));
	assert_true(has("r land"));
	assert_false(has("horton"));
	assert_false(has("wonde"));
	/* No run goes over the end of a line, or from one text into another. */
	add("abc\r\ndef", false);
	add("ghi", false);
	assert_false(has("abcdef"));
	assert_false(has("defghi"));
	assert_false(set.words);
}

/* A text that is added in pieces is one text. */
static void pieces(void **state)
{
	(void)state;
	memset(&set, 0, sizeof set);
	hidden_text_add(&set, "won", 3, true);
	hidden_text_add(&set, "der", 3, true);
	assert_true(has("wonder"));
	hidden_text_break(&set, true);
	assert_false(set.words);
	hidden_text_add(&set, "wo", 2, true);
	hidden_text_add(&set, "rd", 2, true);
	assert_false(has("word"));
	hidden_text_break(&set, true);
	assert_true(has("word"));
}

static void words(void **state)
{
	(void)state;
	memset(&set, 0, sizeof set);
	add("abc abcd \"efghi\" jklmno", true);
	assert_false(has("abc"));
	assert_true(has("abcd"));
	assert_true(has("EFGHI"));
	assert_false(has("jklmn"));
	assert_false(has("fghi"));
	/* A run that ends with these bytes is no word. */
	memset(&set, 0, sizeof set);
	hidden_text_add(&set, "\0\0abcd", 6, false);
	assert_false(has("abcd"));
}

/* All that was added is found, and little else, as the header says. */
static void runs_of_a_long_text(void **state)
{
	static char text[4097], other[HIDDEN_RUN + 1];
	unsigned int wrong = 0;
	uint64_t hash;

	(void)state;
	memset(&set, 0, sizeof set);
	for (uint64_t i = 0; i < 4096; i++)
		text[i] = (char)('!' + hash_bytes(1, &i, sizeof i) % 64);
	add(text, false);
	for (size_t i = 0; i + HIDDEN_RUN <= 4096; i++) {
		memcpy(other, text + i, HIDDEN_RUN);
		assert_true(has(other));
	}
	for (uint64_t i = 0; i < 1000000; i++) {
		hash = hash_bytes(2, &i, sizeof i);
		for (int j = 0; j < HIDDEN_RUN; j++, hash >>= 8)
			other[j] = (char)('!' + hash % 64);
		wrong += has(other);
	}
	assert_in_range(wrong, 50, 150);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(runs),
	    cmocka_unit_test(pieces),
	    cmocka_unit_test(words),
	    cmocka_unit_test(runs_of_a_long_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
