/* Lines of a stream: in pieces of any size, and longer than is kept. */
#include "rlogsess/bytes/stream_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Adds a stream in pieces.  Returns the number of its lines; the last stays. */
static int add_stream(struct stream_line *line, const char *text, size_t len,
		      size_t piece)
{
	int lines = 0;
	bool ends = false;

	for (size_t at = 0; at < len;) {
		size_t n = len - at < piece ? len - at : piece;

		if (ends)
			stream_line_clear(line);
		at += stream_line_add(line, text + at, n, &ends);
		lines += ends;
	}
	return lines;
}

static void pieces(void **state)
{
	static const char text[] = "\n\r\none\r\ntwo\r \nlast\r\r\n";
	const size_t len = sizeof text - 1;

	(void)state;
	for (size_t piece = 1; piece <= len; piece++) {
		struct stream_line line = {0};

		assert_int_equal(add_stream(&line, text, len, piece), 5);
		assert_true(slice_equal(stream_line_text(&line), "last\r"));
		assert_true(slice_equal(stream_line_tail(&line), "last\r"));
	}
}

static void no_bytes(void **state)
{
	struct stream_line line = {0};
	bool ends = true;

	(void)state;
	assert_int_equal(stream_line_add(&line, "", 0, &ends), 0);
	assert_false(ends);
	assert_int_equal(stream_line_text(&line).len, 0);
	assert_int_equal(stream_line_add(&line, "\nx", 2, &ends), 1);
	assert_true(ends);
}

/* Around the length of the text, and of text and tail. */
static void long_lines(void **state)
{
	static char text[2 * STREAM_LINE];
	static const size_t pieces[] = {1, 7, STREAM_TAIL, 5000};

	(void)state;
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = (char)('a' + i % 23);
	for (size_t len = STREAM_LINE - 1; len < STREAM_LINE + 200; len++)
		for (size_t i = 0; i < 4; i++) {
			struct stream_line line = {0};
			struct slice start, tail;
			size_t kept = len < STREAM_LINE ? len : STREAM_LINE;

			assert_int_equal(
			    add_stream(&line, text, len, pieces[i]), 0);
			start = stream_line_text(&line);
			assert_int_equal(start.len, kept);
			assert_memory_equal(start.at, text, kept);
			tail = stream_line_tail(&line);
			assert_int_equal(
			    tail.len, len > STREAM_LINE ? STREAM_TAIL : kept);
			assert_memory_equal(tail.at, text + len - tail.len,
					    tail.len);
		}
}

/* The CR at the end of a long line is one of the tail. */
static void a_long_line_with_a_cr(void **state)
{
	static char text[STREAM_LINE + 2];
	struct stream_line line = {0};

	(void)state;
	memset(text, 'x', sizeof text);
	text[STREAM_LINE - 1] = text[STREAM_LINE] = '\r';
	text[STREAM_LINE + 1] = '\n';
	assert_int_equal(add_stream(&line, text, sizeof text, 5000), 1);
	assert_int_equal(stream_line_text(&line).len, STREAM_LINE);
	assert_int_equal(stream_line_tail(&line).len, STREAM_TAIL - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pieces),
	    cmocka_unit_test(no_bytes),
	    cmocka_unit_test(long_lines),
	    cmocka_unit_test(a_long_line_with_a_cr),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
