/* JSON: objects and arrays, and strings of any bytes. */
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct output output;
static struct json json;

static void start(void)
{
	output_init(&output, -1);
	json_init(&json, &output);
}

static void assert_composed(const char *want)
{
	size_t len, want_len = strlen(want);
	const char *text = output_composed(&output, &len);

	if (len != want_len || memcmp(text, want, len) != 0)
		fail_msg("%.*s\ninstead of %.*s", (int)len, text, (int)want_len,
			 want);
}

static void values_have_commas_between_them(void **state)
{
	(void)state;
	start();
	json_open_object(&json, NULL);
	json_number(&json, "a", 0);
	json_number(&json, "b", UINT64_MAX);
	json_open_array(&json, "c");
	json_close_array(&json);
	json_open_array(&json, "d");
	json_string(&json, NULL, "x");
	json_text(&json, NULL, "\377", 1);
	json_open_object(&json, NULL);
	json_close_object(&json);
	json_number(&json, NULL, 7);
	json_close_array(&json);
	json_bool(&json, "e", true);
	json_bool(&json, "f", false);
	json_text(&json, "g", "\377\376\375", 3);
	json_open_object(&json, "h");
	json_value(&json, "i", "-1.500", 6);
	json_close_object(&json);
	json_string(&json, "j", "");
	json_open_object(&json, "k");
	json_members(&json, "\"l\":1,\"m\":2", 11);
	json_members(&json, "\"n\":3", 5);
	json_close_object(&json);
	json_plain(&json, "o", "p", 1);
	json_close_object(&json);
	assert_composed("{\"a\":0,\"b\":18446744073709551615,\"c\":[],"
			"\"d\":[\"x\",{\"base64\":\"/w==\"},{},7],"
			"\"e\":true,\"f\":false,\"g\":{\"base64\":\"//79\"},"
			"\"h\":{\"i\":-1.500},\"j\":\"\","
			"\"k\":{\"l\":1,\"m\":2,\"n\":3},\"o\":\"p\"}");
}

/* After `before` bytes of other text, to meet the end of each buffer inside. */
static void assert_text(const char *text, size_t len, const char *want)
{
	static char in[2048], out[4096];

	for (size_t before = 0; before < 600; before++) {
		memset(in, 'b', before);
		memcpy(in + before, text, len);
		out[0] = '"';
		memset(out + 1, 'b', before);
		strcpy(out + 1 + before, want);
		strcat(out, "\"");
		start();
		json_text(&json, NULL, in, before + len);
		assert_composed(out);
	}
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

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		assert_text(row[i].text, row[i].len, row[i].want);
}

static void assert_base64(const char *text, size_t len, const char *want)
{
	char object[4096];

	snprintf(object, sizeof object, "{\"base64\":\"%s\"}", want);
	start();
	json_text(&json, NULL, text, len);
	assert_composed(object);
}

static void texts_that_are_not_utf8(void **state)
{
	(void)state;
	assert_base64("\377", 1, "/w==");
	assert_base64("plain, then \303", 13, "cGxhaW4sIHRoZW4gww==");
	assert_base64("\300\200", 2, "wIA=");
	assert_base64("\355\240\200", 3, "7aCA");
	assert_base64("\364\220\200\200", 4, "9JCAgA==");
}

/* The test vectors of RFC 4648, section 10, after bytes that are not UTF-8. */
static void base64(void **state)
{
	static const char *const row[][2] = {
	    {"f", "Zg=="},        {"fo", "Zm8="},        {"foo", "Zm9v"},
	    {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"},
	};
	char in[1024], want[2048];

	(void)state;
	for (size_t groups = 1; groups < 300; groups++) {
		memset(in, 0xff, 3 * groups);
		memset(want, '/', 4 * groups);
		for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
			strcpy(in + 3 * groups, row[i][0]);
			strcpy(want + 4 * groups, row[i][1]);
			assert_base64(in, 3 * groups + strlen(row[i][0]), want);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(values_have_commas_between_them),
	    cmocka_unit_test(texts),
	    cmocka_unit_test(texts_that_are_not_utf8),
	    cmocka_unit_test(base64),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
