/* Records: their form, and that no width or length makes one too long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "recio/record.h"

static struct record_form form;
static char out[RECORD_MAX];

static void expect(size_t n, const char *want)
{
	assert_int_equal(n, strlen(want));
	assert_memory_equal(out, want, n);
}

static size_t data(char dir, const char *text, size_t *left)
{
	struct record_span span = {text, strlen(text), 0};
	size_t n = record_data(&form, out, dir, &span);

	*left = span.len;
	return n;
}

static void one_line_at_a_time(void **state)
{
	size_t left;

	(void)state;
	record_form_init(&form, 4711, false);
	expect(data('<', "EHLO x\r\nQUIT", &left), "4711 < EHLO x\r \n");
	assert_int_equal(left, 4);
	expect(data('>', "220", &left), "4711 > 220+\n");
	expect(data('>', "\n", &left), "4711 >  \n");
	expect(data('>', "\r", &left), "4711 > \\x0d+\n");
	expect(record_eof(&form, out, '<'), "4711 < [EOF]\n");
	expect(record_note(&form, out, "a\nb"), "4711 : a\\x0ab\n");
}

static void raw(void **state)
{
	size_t left;

	(void)state;
	record_form_init(&form, 1, false);
	form.raw = true;
	expect(data('<', "\033\\\r\n", &left), "1 < \033\\\r \n");
}

static void dumped(void **state)
{
	struct record_span span = {"\x01~", 2, UINT64_MAX - 1};

	(void)state;
	record_form_init(&form, 1, false);
	form.dump = true;
	expect(record_data(&form, out, '>', &span),
	       "1 > fffffffffffffffe  01 7e                             "
	       "                |.~|\n");
	assert_int_equal(span.len, 0);
}

static void labelled(void **state)
{
	struct tain_s label = {{TAI_MAGIC + 10}, 500};
	size_t left;

	(void)state;
	record_form_init(&form, 1, true);
	record_form_label(&form, &label);
	expect(data('<', "x\n", &left), "@400000000000000a000001f4 1 < x \n");
}

static void width_counts_the_newline(void **state)
{
	size_t left;

	(void)state;
	record_form_init(&form, 1, false);
	form.width = 3;
	expect(data('<', "abc\n", &left), "1 < abc+\n");
	assert_int_equal(left, 1);
	expect(data('<', "ab\nc", &left), "1 < ab \n");
	assert_int_equal(left, 1);
}

/* At the limit, with and without CR, plain or escaped: never over. */
static void never_too_long(void **state)
{
	static char text[3 * RECORD_MAX];
	static const char fill[] = {'x', '\033', '\\', (char)0xc2};

	(void)state;
	record_form_init(&form, 2147483647, true);
	for (size_t f = 0; f < sizeof fill; f++) {
		for (size_t len = 900; len < RECORD_MAX + 40; len++) {
			struct record_span span = {text, len + 2, 0};
			size_t n, total = 0;

			memset(text, fill[f], len);
			memcpy(text + len, "\r\n", 2);
			while (span.len) {
				size_t before = span.len;

				n = record_data(&form, out, '<', &span);
				assert_true(n <= RECORD_MAX);
				assert_true(out[n - 1] == '\n');
				assert_true(span.len < before);
				total += before - span.len;
			}
			assert_int_equal(total, len + 2);
		}
	}
	memset(text, '\033', sizeof text);
	text[sizeof text - 1] = 0;
	assert_true(record_note(&form, out, text) <= RECORD_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_line_at_a_time),
	    cmocka_unit_test(raw),
	    cmocka_unit_test(dumped),
	    cmocka_unit_test(labelled),
	    cmocka_unit_test(width_counts_the_newline),
	    cmocka_unit_test(never_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
