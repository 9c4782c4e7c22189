/* Strings in JSON. */
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* All of text, in steps of room. */
static const char *whole(char *out, size_t room, const char *text, size_t len,
			 size_t (*step)(char *, size_t, const char *, size_t,
					size_t *))
{
	size_t n = 0, used;

	for (; len; text += used, len -= used) {
		n += step(out + n, room, text, len, &used);
		assert_true(used > 0);
	}
	out[n] = 0;
	return out;
}

static void texts(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		const char *want;
	} row[] = {
	    {"", 0, ""},
	    {"plain", 5, "plain"},
	    {"a\"b\\c", 5, "a\\\"b\\\\c"},
	    {"\t\r\n", 3, "\\t\\r\\n"},
	    {"a\0b\033", 4, "a\\u0000b\\u001b"},
	    {"\177", 1, "\\u007f"},
	    {"caf\303\251", 5, "caf\303\251"},
	    {"\302\233x", 3, "\\u009bx"},
	    {"\330\234x", 3, "\\u061cx"},
	    {"a\342\200\256b\342\201\246", 8, "a\\u202eb\\u2066"},
	    {"\342\200\250\342\200\247", 6, "\\u2028\342\200\247"},
	    {"\360\237\230\200", 4, "\360\237\230\200"},
	    {"a long text that is plain, and \"then\" is not", 44,
	     "a long text that is plain, and \\\"then\\\" is not"},
	};
	char out[256];

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		for (size_t room = JSON_MAX; room < 64; room++) {
			assert_true(json_is_text(row[i].text, row[i].len));
			whole(out, room, row[i].text, row[i].len, json_text);
			assert_string_equal(out, row[i].want);
		}
}

static void not_texts(void **state)
{
	(void)state;
	assert_false(json_is_text("\377", 1));
	assert_false(json_is_text("plain, then \303", 13));
	assert_false(json_is_text("\300\200", 2));
	assert_false(json_is_text("\355\240\200", 3));
	assert_false(json_is_text("\364\220\200\200", 4));
}

/* The test vectors of RFC 4648, section 10, and bytes. */
static void base64(void **state)
{
	static const struct {
		const char *text, *want;
	} row[] = {
	    {"f", "Zg=="},
	    {"fo", "Zm8="},
	    {"foo", "Zm9v"},
	    {"foob", "Zm9vYg=="},
	    {"fooba", "Zm9vYmE="},
	    {"foobar", "Zm9vYmFy"},
	    {"\377\376\375", "//79"},
	};
	char out[64];

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		for (size_t room = JSON_MAX; room < 40; room++)
			assert_string_equal(whole(out, room, row[i].text,
						  strlen(row[i].text),
						  json_base64),
					    row[i].want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(texts),
	    cmocka_unit_test(not_texts),
	    cmocka_unit_test(base64),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
