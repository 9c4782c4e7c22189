/* Parts with the highest rank are kept, in the order of their numbers. */
#include "rlogsess/html/worst_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static void add_part(struct worst_parts *parts, uint64_t rank, uint64_t number,
		     size_t len)
{
	struct output *output = worst_parts_begin(parts, rank);
	char text[64];

	if (!output)
		return;
	snprintf(text, sizeof text, "%llu", (unsigned long long)number);
	output_string(output, text);
	for (size_t i = strlen(text); i < len; i++)
		output_bytes(output, ".", 1);
	assert_int_equal(worst_parts_end(parts, rank, number), 0);
}

static void expect_parts(struct worst_parts *parts, const char *expected)
{
	struct output output;
	const char *text;
	size_t len;

	worst_parts_sort(parts);
	output_init(&output, -1);
	for (size_t i = 0; i < parts->count; i++)
		assert_int_equal(worst_parts_show(parts, i, &output), 0);
	text = output_composed(&output, &len);
	assert_int_equal(len, strlen(expected));
	assert_memory_equal(text, expected, len);
}

static void keeps_all_while_they_fit(void **state)
{
	struct worst_parts parts;

	(void)state;
	assert_int_equal(worst_parts_init(&parts, 3, 9), 0);
	add_part(&parts, 5, 2, 3);
	add_part(&parts, 1, 1, 3);
	add_part(&parts, 9, 3, 3);
	assert_int_equal(parts.left_out, 0);
	expect_parts(&parts, "1..2..3..");
	assert_true(worst_parts_has(&parts, 2));
	assert_false(worst_parts_has(&parts, 4));
	worst_parts_free(&parts);
}

static void leaves_out_the_lowest_ranks(void **state)
{
	struct worst_parts parts;

	(void)state;
	assert_int_equal(worst_parts_init(&parts, 3, 1000), 0);
	for (uint64_t i = 1; i <= 9; i++)
		add_part(&parts, i * 7 % 10, i, 2);
	/* The ranks are 7 4 1 8 5 2 9 6 3. */
	assert_int_equal(parts.left_out, 6);
	expect_parts(&parts, "1.4.7.");
	worst_parts_free(&parts);
}

static void leaves_out_later_ones_of_one_rank(void **state)
{
	struct worst_parts parts;

	(void)state;
	assert_int_equal(worst_parts_init(&parts, 2, 1000), 0);
	for (uint64_t i = 1; i <= 5; i++)
		add_part(&parts, 3, i, 2);
	assert_int_equal(parts.left_out, 3);
	expect_parts(&parts, "1.2.");
	worst_parts_free(&parts);
}

static void leaves_out_by_bytes(void **state)
{
	struct worst_parts parts;

	(void)state;
	assert_int_equal(worst_parts_init(&parts, 100, 10), 0);
	add_part(&parts, 1, 1, 4);
	add_part(&parts, 2, 2, 4);
	add_part(&parts, 3, 3, 4);
	assert_int_equal(parts.left_out, 1);
	expect_parts(&parts, "2...3...");
	worst_parts_free(&parts);
	assert_int_equal(worst_parts_init(&parts, 100, 10), 0);
	add_part(&parts, 1, 1, 11);
	assert_int_equal(parts.left_out, 1);
	expect_parts(&parts, "");
	worst_parts_free(&parts);
}

/* The file holds few bytes of parts that were left out. */
static void bounds_its_file(void **state)
{
	struct worst_parts parts;
	struct stat st;
	off_t largest = 0;

	(void)state;
	assert_int_equal(worst_parts_init(&parts, 4, 1 << 20), 0);
	for (uint64_t i = 1; i <= 100; i++) {
		add_part(&parts, i, i, 200000);
		assert_int_equal(fstat(parts.fd, &st), 0);
		if (st.st_size > largest)
			largest = st.st_size;
	}
	assert_true(largest < 4 << 20);
	worst_parts_sort(&parts);
	assert_true(worst_parts_has(&parts, 97));
	assert_false(worst_parts_has(&parts, 96));
	assert_int_equal(parts.bytes, 800000);
	worst_parts_free(&parts);
}

/* The text of parts stays theirs when the file is replaced. */
static void keeps_texts_when_the_file_is_replaced(void **state)
{
	struct worst_parts parts;

	(void)state;
	assert_int_equal(worst_parts_init(&parts, 2, 6 << 20), 0);
	add_part(&parts, 90, 1, 3);
	for (uint64_t i = 2; i <= 20; i++)
		add_part(&parts, i, i, 300000);
	add_part(&parts, 91, 21, 4);
	expect_parts(&parts, "1..21..");
	worst_parts_free(&parts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(keeps_all_while_they_fit),
	    cmocka_unit_test(leaves_out_the_lowest_ranks),
	    cmocka_unit_test(leaves_out_later_ones_of_one_rank),
	    cmocka_unit_test(leaves_out_by_bytes),
	    cmocka_unit_test(bounds_its_file),
	    cmocka_unit_test(keeps_texts_when_the_file_is_replaced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
