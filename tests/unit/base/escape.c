/* Escaping: every byte, every place, and back again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../escapes.h"
#include "base/escape.h"

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
	check("a\342\200\256b\330\234", 7, "a\\xe2\\x80\\xaeb\\xd8\\x9c");
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
	/* Half of U+202E. */
	check("\342\200", 2, "\\xe2\\x80");
	check("\256", 1, "\\xae");
}

static size_t encode(char *out, unsigned int point)
{
	size_t n = 0;

	if (point < 0x800) {
		out[n++] = (char)(0xc0 | point >> 6);
	} else {
		out[n++] = (char)(0xe0 | point >> 12);
		out[n++] = (char)(0x80 | (point >> 6 & 0x3f));
	}
	out[n++] = (char)(0x80 | (point & 0x3f));
	return n;
}

/* Each character of two or three bytes; of four bytes there are none. */
static void controls_of_display(void **state)
{
	char text[3], out[ESCAPE_MAX];
	size_t len, used, n;

	(void)state;
	for (unsigned int point = 0x80; point < 0x10000; point++) {
		if (point >= 0xd800 && point < 0xe000)
			continue;
		len = encode(text, point);
		assert_int_equal(escape_is_control(text, len),
				 escapes_control(point));
		n = escape_text(out, sizeof out, text, len, &used);
		assert_int_equal(used, len);
		assert_int_equal(n, escapes_control(point) ? 4 * len : len);
		assert_int_equal(escapes_undo(out, out, n), len);
		assert_memory_equal(out, text, len);
	}
	assert_false(escape_is_control("\360\237\230\200", 4));
}

/* Both parts of text, each escaped alone: whole again, and safe. */
static void check_cut(const char *text, size_t len, size_t cut)
{
	char out[64];
	size_t used, n;

	n = escape_text(out, sizeof out, text, cut, &used);
	assert_int_equal(used, cut);
	n += escape_text(out + n, sizeof out - n, text + cut, len - cut, &used);
	assert_int_equal(used, len - cut);
	assert_true(escapes_safe(out, n));
	assert_int_equal(escapes_undo(out, out, n), len);
	assert_memory_equal(out, text, len);
}

/* All texts of up to five of these bytes, in every two parts. */
static void no_split_shows_a_control(void **state)
{
	static const char bytes[] = "\342\200\201\256\246\330\234\\a";
	enum { KINDS = sizeof bytes - 1, MOST = 5 };
	char text[MOST];

	(void)state;
	for (unsigned int i = 0; i < KINDS * KINDS * KINDS * KINDS * KINDS; i++)
		for (size_t len = 0, rest = i; len < MOST;) {
			text[len++] = bytes[rest % KINDS];
			rest /= KINDS;
			for (size_t cut = 0; !rest && cut <= len; cut++)
				check_cut(text, len, cut);
		}
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

/* What has no room is not begun, and nothing behind the room is written. */
static void no_room(void **state)
{
	static const struct {
		const char *text;
		size_t needs;
	} row[] = {
	    {"a", 1},
	    {"\\", 2},
	    {"\033", 4},
	    {"\303\251", 2},
	    {"\342\202\254", 3},
	    {"\360\237\230\200", 4},
	    {"\302\200", 8},
	    {"\342\200\256", 12},
	    {"\360\237", 4},
	};
	char *out, text[8];
	size_t used, len, n;

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		for (size_t room = 1; room <= 1 + ESCAPE_MAX; room++) {
			n = 1 + row[i].needs <= room;
			strcpy(text, "x");
			strcat(text, row[i].text);
			len = strlen(text);
			out = malloc(room);
			assert_int_equal(
			    escape_text(out, room, text, len, &used) > 1, n);
			assert_true(used >= 1 && (used > 1) == n);
			free(out);
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

static size_t plain_reference(const char *text, size_t len)
{
	size_t i = 0;

	while (i < len &&
	       ((text[i] >= ' ' && text[i] < 0x7f && text[i] != '\\') ||
		text[i] == '\t'))
		i++;
	return i;
}

/* Texts of each length and offset with few bytes that are not plain. */
static void plain_is_the_reference(void **state)
{
	static const char rare[] = "\t\t\t\\\n\x1f\x7f\x80\xff\xc3 ~";
	uint64_t seed = 1;
	char text[200];

	(void)state;
	for (size_t i = 0; i < 200000; i++) {
		size_t len = i % 150, at = i % 37;

		for (size_t k = at; k < at + len; k++) {
			seed = seed * 6364136223846793005 + 1442695040888963407;
			text[k] = seed >> 58 == i % 64
				      ? rare[(seed >> 32) % (sizeof rare - 1)]
				      : (char)(' ' + (seed >> 33) % 60);
		}
		assert_int_equal(escape_plain(text + at, len),
				 plain_reference(text + at, len));
	}
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
			used = escapes_undo(back, out, wrote);
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
	    cmocka_unit_test(controls_of_display),
	    cmocka_unit_test(no_split_shows_a_control),
	    cmocka_unit_test(shown),
	    cmocka_unit_test(no_room),
	    cmocka_unit_test(ends_of_lines),
	    cmocka_unit_test(plain_stops_where_it_must),
	    cmocka_unit_test(plain_is_the_reference),
	    cmocka_unit_test(lossless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
