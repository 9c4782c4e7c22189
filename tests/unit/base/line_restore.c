/* Lines of a log from JSON objects, good and hostile ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/line_restore.h"

static struct restored_line line;
static char out[1024];

/* Copies that are exactly as long, so that access beyond them is seen. */
static bool restore(const char *json)
{
	static char *exact, *text;
	size_t len = strlen(json);

	free(exact);
	free(text);
	exact = malloc(len + !len);
	text = malloc(len + !len);
	memcpy(exact, json, len);
	if (!line_restore(&line, text, exact, len))
		return false;
	assert_true(line.len <= len);
	memcpy(out, line.text, line.len);
	out[line.len] = 0;
	return true;
}

static void is_line(const char *json, const char *want)
{
	if (!restore(json))
		fail_msg("no line: %s", json);
	assert_int_equal(line.kind, LINE_RESTORE_LINE);
	assert_string_equal(out, want);
}

static void text_and_label(void **state)
{
	(void)state;
	is_line("{\"text\":\"\"}", "");
	is_line("{\"text\":\"a \\\"b\\\" \\\\ \\/ \\t\\r\\b\\f\"}",
		"a \"b\" \\ / \t\r\b\f");
	is_line("{\"text\":\"x\",\"label\":\"@4\"}", "@4 x");
	is_line("{\"text\":\"\\u00e4\\u20ac\\ud83d\\ude00\\u0041\"}",
		"\303\244\342\202\254\360\237\230\200A");
	is_line("{\"text\":{\"base64\":\"/wA=\"}}", "\xff");
	assert_int_equal(line.len, 2);
	is_line("{\"text\":{\"base64\":\"\"}}", "");
	is_line(" { \"time\" : \"t\" , \"text\" : { \"base64\" : \"YWJj\" } ,"
		" \"new\" : true } \t",
		"abc");
}

static void records_and_notes(void **state)
{
	(void)state;
	is_line("{\"pid\":7,\"dir\":\"<\",\"payload\":\"x\",\"more\":false,"
		"\"eof\":false}",
		"7 < x ");
	is_line("{\"pid\":7,\"dir\":\">\",\"payload\":\"x\",\"more\":true}",
		"7 > x+");
	is_line("{\"pid\":7,\"dir\":\">\",\"payload\":\"\",\"eof\":true}",
		"7 > [EOF]");
	is_line("{\"pid\":7,\"dir\":\">\",\"payload\":\"d\",\"dump\":true}",
		"7 > d");
	is_line("{\"label\":\"l\",\"pid\":0,\"dir\":\":\",\"payload\":\"n\"}",
		"l 0 : n");
}

static void pieces_and_origin(void **state)
{
	(void)state;
	is_line("{\"host\":\"h\",\"name\":\"n\",\"id\":\"h/n/@\",\"text\":\"p\""
		",\"rest\":true,\"cut\":true}",
		"p");
	assert_true(line.rest && line.cut);
	assert_memory_equal(line.host, "h", line.host_len);
	assert_int_equal(line.name_len, 1);
	assert_memory_equal(line.id, "h/n/@", line.id_len);
	is_line("{\"text\":\"p\",\"rest\":false}", "p");
	assert_true(!line.rest && !line.cut && !line.host_len);
}

static void missing_lines(void **state)
{
	(void)state;
	assert_true(restore("{\"host\":\"h\",\"missing\":true,"
			    "\"after\":\"@400000000000000100000000\","
			    "\"before\":\"@400000000000000200000000\"}"));
	assert_int_equal(line.kind, LINE_RESTORE_MISSING);
	assert_int_equal(line.len, 0);
	assert_int_equal(line.after_len, 25);
	assert_memory_equal(line.after, "@400000000000000100000000", 25);
	assert_int_equal(line.before_len, 25);
	assert_true(restore("{\"missing\":true}"));
	assert_int_equal(line.after_len, 0);
	assert_false(restore("{\"missing\":true,\"text\":\"x\"}"));
}

static void malformed(void **state)
{
	static const char *const bad[] = {
	    "",
	    "{",
	    "{}",
	    "[]",
	    "\"text\"",
	    "{\"text\":\"x\"",
	    "{\"text\":\"x\"}}",
	    "{\"text\":\"x\"} x",
	    "{\"text\":\"x\",}",
	    "{,\"text\":\"x\"}",
	    "{\"text\" \"x\"}",
	    "{\"text\":\"x}",
	    "{\"text\":\"x\\",
	    "{\"text\":\"x\\\"}",
	    "{\"text\":\"\\x\"}",
	    "{\"text\":\"\\u12\"}",
	    "{\"text\":\"\\u12g4\"}",
	    "{\"text\":\"\\ud83d\"}",
	    "{\"text\":\"\\ud83dxxxxxx\"}",
	    "{\"text\":\"\\ud83d\\u0041\"}",
	    "{\"text\":\"\\ude00\"}",
	    "{\"text\":\"two\nlines\"}",
	    "{\"text\":\"two\\nlines\"}",
	    "{\"text\":{\"base64\":\"Cg==\"}}",
	    "{\"text\":{\"base64\":\"YWJ\"}}",
	    "{\"text\":{\"base64\":\"YW.j\"}}",
	    "{\"text\":{\"base64\":\"=YWJ\"}}",
	    "{\"text\":{\"base64\":\"Y===\"}}",
	    "{\"text\":{\"base65\":\"YWJj\"}}",
	    "{\"text\":{\"base64\":\"YWJj\",\"x\":1}}",
	    "{\"text\":{\"base64\":1}}",
	    "{\"text\":1}",
	    "{\"text\":null}",
	    "{\"text\":[]}",
	    "{\"text\":\"a\",\"text\":\"b\"}",
	    "{\"text\":\"a\",\"cut\":\"yes\"}",
	    "{\"text\":\"a\",\"cut\":truely}",
	    "{\"text\":\"a\",\"label\":\"@\\n\"}",
	    "{\"text\":\"a\",\"label\":\"\xff\"}",
	    "{\"text\":\"a\",\"label\":{\"base64\":\"Cg==\"}}",
	    "{\"text\":\"a\",\"pid\":7,\"dir\":\"<\",\"payload\":\"x\"}",
	    "{\"text\":\"a\",\"dir\":\"<\"}",
	    "{\"pid\":7,\"dir\":\"<\"}",
	    "{\"pid\":7,\"payload\":\"x\"}",
	    "{\"pid\":7,\"dir\":\"\",\"payload\":\"x\"}",
	    "{\"pid\":7,\"dir\":\"<>\",\"payload\":\"x\"}",
	    "{\"pid\":7,\"dir\":\"=\",\"payload\":\"x\"}",
	    "{\"pid\":07,\"dir\":\"<\",\"payload\":\"x\"}",
	    "{\"pid\":-7,\"dir\":\"<\",\"payload\":\"x\"}",
	    "{\"pid\":7.5,\"dir\":\"<\",\"payload\":\"x\"}",
	    "{\"pid\":12345678901,\"dir\":\"<\",\"payload\":\"x\"}",
	    "{\"pid\":\"7\",\"dir\":\"<\",\"payload\":\"x\"}",
	    "{\"pid\":7,\"dir\":\"<\",\"payload\":\"x\\n\"}",
	    "{\"pid\":7,\"dir\":\"<\",\"payload\":\"x\",\"eof\":true}",
	    "{\"missing\":true,\"after\":\"@1\"}",
	    "{\"missing\":true,\"before\":\"\"}",
	    "{\"missing\":true,\"before\":\"@4000000000000001000000000\"}",
	    "{\"missing\":true,\"after\":\"@400000000000000100000000 \"}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (restore(bad[i]))
			fail_msg("restored: %s", bad[i]);
	assert_false(line_restore(&line, out, "{\"\0\":1}", 8));
}

/* What follows a NUL counts, and no prefix of an object is one. */
static void every_prefix(void **state)
{
	static const char json[] =
	    "{\"label\":\"@1\",\"text\":\"a\\u00e4\\ud83d\\ude00\",\"cut\":"
	    "true,\"pid2\":7,\"x\":{\"base64\":\"YWI=\"}}";
	char *copy;

	(void)state;
	assert_true(restore(json));
	for (size_t i = 0; i < sizeof json - 1; i++) {
		copy = strndup(json, i);
		assert_false(restore(copy));
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(text_and_label),
	    cmocka_unit_test(records_and_notes),
	    cmocka_unit_test(pieces_and_origin),
	    cmocka_unit_test(missing_lines),
	    cmocka_unit_test(malformed),
	    cmocka_unit_test(every_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
