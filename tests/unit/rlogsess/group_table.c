/* Open groups of lines: found by number, kept in order. */
#include "rlogsess/group_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rlogsess/line_time.h"

enum { MANY = 3 * GROUP_TABLE_HASH, LAST = GROUP_TABLE_LISTS - 1 };

struct thing {
	struct group group;
	char more[40];
};

static struct group_table table;
static struct line_spool_store store;

static int begin(void **state)
{
	(void)state;
	line_spool_store_init(&store);
	group_table_init(&table, sizeof(struct thing), &store);
	return 0;
}

static int end(void **state)
{
	(void)state;
	for (int i = 0; i < GROUP_TABLE_LISTS; i++)
		while (table.list[i].head)
			group_table_close(&table, table.list[i].head);
	assert_int_equal(table.count, 0);
	assert_int_equal(store.memory, 0);
	group_table_free(&table);
	line_spool_store_free(&store);
	return 0;
}

/* More than there are buckets: several share one. */
static void each_is_found(void **state)
{
	static struct group *group[MANY];

	(void)state;
	for (uint64_t n = 0; n < MANY; n++) {
		assert_null(group_table_find(&table, n * n));
		group[n] = group_table_open(&table, n * n);
		assert_non_null(group[n]);
		assert_int_equal(group[n]->number, n + 1);
	}
	assert_int_equal(table.count, MANY);
	for (uint64_t n = 0; n < MANY; n++)
		assert_ptr_equal(group_table_find(&table, n * n), group[n]);
	for (uint64_t n = 0; n < MANY; n += 2)
		group_table_close(&table, group[n]);
	for (uint64_t n = 0; n < MANY; n++)
		assert_ptr_equal(group_table_find(&table, n * n),
				 n % 2 ? group[n] : NULL);
}

/* What was found last is no longer found when it is closed. */
static void closed(void **state)
{
	struct group *g = group_table_open(&table, 7);

	(void)state;
	assert_ptr_equal(group_table_find(&table, 7), g);
	group_table_close(&table, g);
	assert_null(group_table_find(&table, 7));
	assert_null(group_table_quietest(&table));
}

static void used_again(void **state)
{
	struct group *g = group_table_open(&table, 7), *again;
	struct thing *t = (struct thing *)(void *)g;

	(void)state;
	memset(t->more, 'x', sizeof t->more);
	group_table_mark(g, GROUP_QUIET);
	group_table_count_line(g, 1, 1);
	group_table_hold_line(&table, g, (struct slice){"line", 4});
	group_table_hold_row(&table, g, (struct slice){"row", 3});
	assert_int_equal(g->held.bytes, 5);
	assert_int_equal(g->rows.bytes, 4);
	group_table_close(&table, g);
	again = group_table_open(&table, 8);
	assert_ptr_equal(again, g);
	assert_int_equal(again->number, 2);
	assert_int_equal(again->lines, 0);
	assert_int_equal(again->marks, 0);
	assert_int_equal(again->held.len, 0);
	assert_int_equal(again->rows.len, 0);
	assert_true(again->first == LINE_TIME_NONE &&
		    again->last == LINE_TIME_NONE);
	for (size_t i = 0; i < sizeof t->more; i++)
		assert_int_equal(t->more[i], 0);
}

static void times_of_lines(void **state)
{
	struct group *g = group_table_open(&table, 7);

	(void)state;
	group_table_count_line(g, LINE_TIME_NONE, 1);
	assert_true(g->first == LINE_TIME_NONE && g->last == LINE_TIME_NONE);
	group_table_count_line(g, 20, 2);
	assert_true(g->first == 20 && g->last == 20);
	/* A clock that was set back does not make it begin earlier. */
	group_table_count_line(g, 10, 3);
	assert_true(g->first == 20 && g->last == 10);
	group_table_count_line(g, LINE_TIME_NONE, 9);
	assert_true(g->first == 20 && g->last == 10);
	assert_true(g->lines == 4 && g->last_line == 9);
}

static int note(void *ctx, const struct group *g)
{
	char **at = ctx;

	*(*at)++ = (char)g->key;
	return g->key == '!' ? -1 : 0;
}

static void is_order(const char *want, int answer)
{
	char keys[16] = "", *at = keys;

	assert_int_equal(group_table_each(&table, note, &at), answer);
	assert_string_equal(keys, want);
}

/* Over all lists, in the order of their last lines. */
static void order(void **state)
{
	static const char keys[] = "abcde";
	struct group *g[5];
	uint64_t nth = 0;

	(void)state;
	is_order("", 0);
	for (int i = 0; i < 5; i++) {
		g[i] = group_table_open(&table, (uint64_t)keys[i]);
		group_table_count_line(g[i], LINE_TIME_NONE, ++nth);
		group_table_move(&table, g[i], i % GROUP_TABLE_LISTS);
	}
	is_order("abcde", 0);
	assert_ptr_equal(group_table_quietest(&table), g[0]);
	group_table_count_line(g[0], LINE_TIME_NONE, ++nth);
	group_table_move(&table, g[0], 0);
	is_order("bcdea", 0);
	/* From the middle of a list, to another and to its end. */
	group_table_count_line(g[3], LINE_TIME_NONE, ++nth);
	group_table_move(&table, g[3], LAST);
	group_table_count_line(g[2], LINE_TIME_NONE, ++nth);
	group_table_move(&table, g[2], LAST);
	is_order("beadc", 0);
	group_table_close(&table, g[1]);
	assert_ptr_equal(group_table_quietest(&table), g[4]);
	group_table_close(&table, g[3]);
	is_order("eac", 0);
	/* Who is given them may end it. */
	g[1] = group_table_open(&table, '!');
	group_table_count_line(g[1], LINE_TIME_NONE, ++nth);
	is_order("eac!", -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(each_is_found, begin, end),
	    cmocka_unit_test_setup_teardown(closed, begin, end),
	    cmocka_unit_test_setup_teardown(used_again, begin, end),
	    cmocka_unit_test_setup_teardown(times_of_lines, begin, end),
	    cmocka_unit_test_setup_teardown(order, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
