/* Mappings that end with the same bytes twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "compat/double_map.h"

enum { ONCE = 131072, TWICE = 262144 };

/* All is writable, and what is written to one of the two is in the other. */
static void check_map(unsigned char *base)
{
	unsigned char *first = base + ONCE, *second = first + TWICE;

	for (size_t i = 0; i < ONCE + 2 * TWICE; i++)
		assert_int_equal(base[i], 0);
	memset(base, 1, ONCE);
	for (size_t i = 0; i < TWICE; i += 509)
		first[i] = (unsigned char)(i % 251 + 1);
	assert_memory_equal(first, second, TWICE);
	for (size_t i = 1; i < TWICE; i += 509)
		second[i] = (unsigned char)(i % 239 + 1);
	assert_memory_equal(first, second, TWICE);
	/* From the end of one into the other. */
	memset(second - 100, 7, 200);
	assert_int_equal(first[TWICE - 100], 7);
	assert_int_equal(first[99], 7);
	assert_int_equal(base[0], 1);
	assert_int_equal(base[ONCE - 1], 1);
}

static void memory(void **state)
{
	unsigned char *one = double_map_memory(ONCE, TWICE);
	unsigned char *two = double_map_memory(ONCE, TWICE);

	(void)state;
	assert_non_null(one);
	assert_non_null(two);
	check_map(one);
	check_map(two);
	double_map_free(one, ONCE, TWICE);
	double_map_free(two, ONCE, TWICE);
}

static void file(void **state)
{
	unsigned char *base, bytes[ONCE + TWICE];
	FILE *f = tmpfile();

	(void)state;
	assert_non_null(f);
	assert_int_equal(ftruncate(fileno(f), sizeof bytes), 0);
	base = double_map_file(fileno(f), ONCE, TWICE);
	assert_non_null(base);
	check_map(base);
	assert_int_equal(pread(fileno(f), bytes, sizeof bytes, 0),
			 sizeof bytes);
	assert_memory_equal(base, bytes, sizeof bytes);
	double_map_free(base, ONCE, TWICE);
	fclose(f);
	assert_null(double_map_file(-1, ONCE, TWICE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(memory),
	    cmocka_unit_test(file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
