/* Base64: the vectors of RFC 4648, all bytes there and back, and bad text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/base64.h"

/* RFC 4648, section 10. */
static void known_vectors(void **state)
{
	static const char *const encoded[] = {
	    "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
	char out[8], back[6];

	(void)state;
	for (size_t n = 0; n <= 6; n++) {
		size_t digits = strcspn(encoded[n], "=");

		assert_int_equal(BASE64_SIZE(n), strlen(encoded[n]));
		base64_encode(out, "foobar", n);
		assert_memory_equal(out, encoded[n], BASE64_SIZE(n));
		assert_int_equal(base64_decode(back, sizeof back, out, digits),
				 n);
		assert_memory_equal(back, "foobar", n);
	}
}

static void each_byte(void **state)
{
	char bytes[256], out[BASE64_SIZE(256)], back[256];

	(void)state;
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)i;
	for (size_t n = 0; n <= sizeof bytes; n++) {
		size_t digits = (8 * n + 5) / 6;

		base64_encode(out, bytes, n);
		assert_int_equal(base64_decode(back, sizeof back, out, digits),
				 n);
		assert_memory_equal(back, bytes, n);
	}
}

static void bad_text(void **state)
{
	char back[8];

	(void)state;
	for (unsigned int c = 0; c < 256; c++) {
		char text[4] = {'Z', 'm', (char)c, 'v'};
		int is_digit = c && strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					   "abcdefghijklmnopqrstuvwxyz"
					   "0123456789+/",
					   (int)c);

		assert_int_equal(base64_decode(back, sizeof back, text, 4),
				 is_digit ? 3 : -1);
	}
}

static void no_room(void **state)
{
	char back[4] = "xxx";

	(void)state;
	assert_int_equal(base64_decode(back, 2, "Zm9v*", 5), 2);
	assert_string_equal(back, "fox");
	assert_int_equal(base64_decode(back, 0, "*", 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(known_vectors),
	    cmocka_unit_test(each_byte),
	    cmocka_unit_test(bad_text),
	    cmocka_unit_test(no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
