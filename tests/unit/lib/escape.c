/* Escaping: every byte, every place, and back again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "escape.h"

static void check(const char *text, size_t len, const char *want)
{
	char out[256];
	size_t used, n = escape_text(out, sizeof out, text, len, &used);

	assert_int_equal(used, len);
	assert_int_equal(n, strlen(want));
	assert_memory_equal(out, want, n);
}

static void known_text(void **state)
{
	(void)state;
	check("", 0, "");
	check("plain text\twith a TAB", 21, "plain text\twith a TAB");
	check("\0\r\n\033\177", 5, "\\x00\\x0d\\x0a\\x1b\\x7f");
	check("a\\b", 3, "a\\\\b");
	check("\303\244\342\202\254\360\237\230\200", 9,
	      "\303\244\342\202\254\360\237\230\200");
	check("\302\200\302\237\302\240", 6, "\\xc2\\x80\\xc2\\x9f\302\240");
}

/* Overlong, surrogates, too large, cut short, a stray continuation. */
static void bad_utf8(void **state)
{
	(void)state;
	check("\300\257", 2, "\\xc0\\xaf");
	check("\340\237\277", 3, "\\xe0\\x9f\\xbf");
	check("\355\240\200", 3, "\\xed\\xa0\\x80");
	check("\360\217\277\277", 4, "\\xf0\\x8f\\xbf\\xbf");
	check("\364\220\200\200", 4, "\\xf4\\x90\\x80\\x80");
	check("\365\200\200\200", 4, "\\xf5\\x80\\x80\\x80");
	check("\342\202", 2, "\\xe2\\x82");
	check("\200x", 2, "\\x80x");
	check("\342\202x", 3, "\\xe2\\x82x");
}

/* As much as there is room for at a time; backslashes stay. */
static void shown(void **state)
{
	static const char text[] = "\\x1b\033a\\\\\342\202\254\\\342\202";
	static const char want[] = "\\x1b\\x1ba\\\\\342\202\254\\\\xe2\\x82";
	char out[256];

	(void)state;
	for (size_t room = ESCAPE_MAX; room < 64; room++) {
		size_t at = 0, len = 0, used;

		while (at < sizeof text - 1) {
			len += escape_shown(out + len, room, text + at,
					    sizeof text - 1 - at, &used);
			assert_true(used > 0);
			at += used;
		}
		assert_int_equal(len, sizeof want - 1);
		assert_memory_equal(out, want, len);
	}
}

static void ends_of_lines(void **state)
{
	static const struct {
		const char *text;
		size_t len;
	} row[] = {
	    {"", 0},    {"\r", 0},    {"\r ", 0},   {" ", 1},
	    {"a", 1},   {"a\r", 1},   {"a\r ", 1},  {"a ", 2},
	    {"\ra", 2}, {"a\r\r", 2}, {"a\r  ", 4},
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		assert_int_equal(
		    escape_without_cr(row[i].text, strlen(row[i].text)),
		    row[i].len);
}

/* One byte that is not plain, at each place of texts of each length. */
static void plain_stops_where_it_must(void **state)
{
	static const char odd[] = {0,   '\n',      31,       '\\',
				   127, (char)128, (char)255};
	char text[150];

	(void)state;
	for (size_t len = 0; len < sizeof text; len++) {
		memset(text, 'x', sizeof text);
		text[len / 2] = '\t';
		assert_int_equal(escape_plain(text, len), len);
		for (size_t at = 0; at < len; at++) {
			char kept = text[at];

			text[at] = odd[(len + at) % sizeof odd];
			assert_int_equal(escape_plain(text, len), at);
			text[at] = kept;
		}
	}
}

static size_t unescape(char *out, const char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		char hex[3] = {0};

		if (text[i] != '\\') {
			out[n++] = text[i];
		} else if (text[++i] == '\\') {
			out[n++] = '\\';
		} else {
			memcpy(hex, text + i + 1, 2);
			out[n++] = (char)strtol(hex, NULL, 16);
			i += 2;
		}
	}
	return n;
}

/* Random bytes, in rooms of random size: nothing is lost, nothing unsafe. */
static void lossless(void **state)
{
	char text[500], out[600], back[600], all[500];

	(void)state;
	srand(1);
	for (int round = 0; round < 2000; round++) {
		size_t len = (size_t)rand() % sizeof text, at = 0, n = 0;

		for (size_t i = 0; i < len; i++)
			text[i] = (char)(rand() % 4 ? rand() % 256 : 'a');
		while (at < len) {
			size_t room = ESCAPE_MAX + (size_t)rand() % 500, used;
			size_t wrote =
			    escape_text(out, room, text + at, len - at, &used);

			assert_true(wrote <= room && used > 0);
			for (size_t i = 0; i < wrote; i++)
				assert_true((unsigned char)out[i] >= ' ' ||
					    out[i] == '\t');
			used = unescape(back, out, wrote);
			memcpy(all + n, back, used);
			n += used;
			at += used;
		}
		assert_int_equal(n, len);
		assert_memory_equal(all, text, len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(known_text),
	    cmocka_unit_test(bad_utf8),
	    cmocka_unit_test(shown),
	    cmocka_unit_test(ends_of_lines),
	    cmocka_unit_test(plain_stops_where_it_must),
	    cmocka_unit_test(lossless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
