/* Text of a log in HTML. */
#include "rlogsess/html/html_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void expect_html(const char *bytes, size_t len, const char *expected)
{
	struct html_text html;
	struct output output;
	const char *text;
	size_t n;

	output_init(&output, -1);
	html_text_init(&html, &output);
	html_text_put(&html, bytes, len);
	text = output_composed(&output, &n);
	assert_int_equal(n, strlen(expected));
	assert_memory_equal(text, expected, n);
}

#define EXPECT(bytes, expected) expect_html(bytes, sizeof bytes - 1, expected)

static void markup_is_text(void **state)
{
	(void)state;
	EXPECT("", "");
	EXPECT("EHLO client", "EHLO client");
	EXPECT("<script>alert('1')</script>",
	       "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;");
	EXPECT("a\"b&amp;]]>", "a&quot;b&amp;amp;]]&gt;");
	EXPECT("gr\xc3\xbc\xc3\x9f\xf0\x9f\x93\xa8",
	       "gr\xc3\xbc\xc3\x9f\xf0\x9f\x93\xa8");
}

static void control_bytes_are_escaped(void **state)
{
	(void)state;
	EXPECT("a\0b\x1b[31m\x7f\t.", "a\\x00b\\x1b[31m\\x7f\t.");
	EXPECT("\xff\xc3<\xe2\x80", "\\xff\\xc3&lt;\\xe2\\x80");
	/* Escapes of a record stay as they are. */
	EXPECT("\\x1b \\\\", "\\x1b \\\\");
}

static void marks_of_direction_are_boxed(void **state)
{
	(void)state;
	EXPECT("a\xe2\x80\xae<b", "a<b>U+202E</b>&lt;b");
	EXPECT("\xe2\x81\xa6\xd8\x9c\xc2\x85",
	       "<b>U+2066</b><b>U+061C</b><b>U+0085</b>");
}

static void boxes_are_bounded(void **state)
{
	struct html_text html;
	struct output output;
	const char *text;
	size_t n, boxes = 0;

	(void)state;
	output_init(&output, -1);
	html_text_init(&html, &output);
	for (size_t i = 0; i < HTML_TEXT_BOXES + 3; i++)
		html_text_put(&html, "\xe2\x80\xae", 3);
	text = output_composed(&output, &n);
	for (size_t i = 0; i < n; i++)
		boxes += text[i] == '<' && text[i + 1] == 'b';
	assert_int_equal(boxes, HTML_TEXT_BOXES);
	assert_memory_equal(text + n - 12, "\\xe2\\x80\\xae", 12);
}

/* Longer than any buffer on the way. */
static void long_text_is_whole(void **state)
{
	struct output output;
	char bytes[5000];
	size_t n;

	(void)state;
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = i % 2 ? '<' : '\xff';
	output_init(&output, -1);
	html_text_plain(&output, bytes, sizeof bytes);
	output_composed(&output, &n);
	assert_int_equal(n, sizeof bytes / 2 * 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(markup_is_text),
	    cmocka_unit_test(control_bytes_are_escaped),
	    cmocka_unit_test(marks_of_direction_are_boxed),
	    cmocka_unit_test(boxes_are_bounded),
	    cmocka_unit_test(long_text_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
