/* Hashes: FNV-1a's known values, and that damage changes hash_bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"

/* The vectors of FNV-1a's authors. */
static void fnv_known(void **state)
{
	(void)state;
	assert_true(hash_fnv(HASH_FNV, "", 0) == 0xcbf29ce484222325);
	assert_true(hash_fnv(HASH_FNV, "a", 1) == 0xaf63dc4c8601ec8c);
	assert_true(hash_fnv(HASH_FNV, "foobar", 6) == 0x85944171f73967e8);
}

static void fnv_goes_on(void **state)
{
	(void)state;
	for (size_t i = 0; i <= 6; i++)
		assert_true(hash_fnv(hash_fnv(HASH_FNV, "foobar", i),
				     &"foobar"[i],
				     6 - i) == 0x85944171f73967e8);
}

/* Any one bit, in texts of any length; any other length or seed. */
static void damage_is_found(void **state)
{
	char text[80];
	uint64_t hash;

	(void)state;
	memset(text, 'x', sizeof text);
	for (size_t n = 0; n < sizeof text; n++) {
		hash = hash_bytes(7, text, n);
		assert_true(hash == hash_bytes(7, text, n));
		assert_true(hash != hash_bytes(8, text, n));
		assert_true(hash != hash_bytes(7, text, n + 1));
		for (size_t bit = 0; bit < 8 * n; bit++) {
			text[bit / 8] ^= (char)(1 << bit % 8);
			assert_true(hash != hash_bytes(7, text, n));
			text[bit / 8] ^= (char)(1 << bit % 8);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(fnv_known),
	    cmocka_unit_test(fnv_goes_on),
	    cmocka_unit_test(damage_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
