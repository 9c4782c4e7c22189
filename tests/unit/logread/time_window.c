/* Windows of time: lines, archives, and the kind of labels. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "logread/time_window.h"

enum { EPOCH = 1763700000, SLACK = TIME_WINDOW_SLACK };

static struct tain_s label_at(int second)
{
	struct tain_s label = {{TAI_MAGIC + 10 + EPOCH + (uint64_t)second}, 0};

	return label;
}

static struct time_expression time_at(int second)
{
	struct time_expression time = {.time.tv_sec = EPOCH + second};

	return time;
}

static struct time_window window_from(int since, int until)
{
	struct time_expression first = time_at(since), last = time_at(until);
	struct time_window window;

	time_window_set(&window, &first, &last, LABEL_DJB);
	return window;
}

static bool contains(const struct time_window *window, int second)
{
	struct tain_s label = label_at(second);

	return time_window_contains(window, &label);
}

static void lines_between_both_bounds(void **state)
{
	struct time_window window = window_from(100, 200);
	struct tain_s last = label_at(200), late = label_at(200 + SLACK);

	(void)state;
	assert_true(time_window_is_bounded(&window));
	assert_false(contains(&window, 99));
	assert_true(contains(&window, 100));
	assert_true(contains(&window, 200));
	assert_false(contains(&window, 201));
	assert_false(time_window_is_after(&window, &last));
	assert_false(time_window_is_over(&window, &late));
	last.nano = late.nano = 1;
	assert_true(time_window_is_after(&window, &last));
	assert_true(time_window_is_over(&window, &late));
}

static void no_bounds(void **state)
{
	struct archive_labels archive = {.name = label_at(5)};
	struct time_window window;
	struct tain_s label = label_at(1 << 30);

	(void)state;
	time_window_set(&window, NULL, NULL, LABEL_DJB);
	assert_false(time_window_is_bounded(&window));
	assert_true(contains(&window, 0));
	assert_false(time_window_is_after(&window, &label));
	assert_false(time_window_is_over(&window, &label));
	assert_true(time_window_may_hold(&window, &archive, NULL, NULL));
}

static void bounds_of_leap_labels(void **state)
{
	struct time_expression since = time_at(100);
	struct time_window window;

	(void)state;
	time_window_set(&window, &since, NULL, LABEL_LEAP);
	assert_false(contains(&window, 126));
	assert_true(contains(&window, 127));
}

/* Archives by their first line, -1 if unreadable, and their names. */
static struct archive_labels archive_of(int first, int name)
{
	struct archive_labels labels = {.readable = first >= 0,
					.name = label_at(name)};

	if (first >= 0)
		labels.first = label_at(first);
	return labels;
}

static void archives_in_order(void **state)
{
	struct time_window window = window_from(1000, 2000);
	struct archive_labels next = archive_of(5000, 6000);
	struct {
		int first, name;
		bool held;
	} cases[] = {
	    {0, 1000 - SLACK - 1, false},
	    {0, 1000 - SLACK, true},
	    {0, 3000, true},
	    {1500, 1600, true},
	    {2000 + SLACK, 3000, true},
	    {2001 + SLACK, 3000, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct archive_labels archive =
		    archive_of(cases[i].first, cases[i].name);

		/* Without the next one, nothing else is known. */
		if (time_window_may_hold(&window, &archive, NULL, NULL) !=
		    cases[i].held)
			fail_msg("case %zu", i);
		/* The next one shows when an archive can have ended at most. */
		if (!cases[i].held && cases[i].name < 1000)
			assert_true(time_window_may_hold(&window, &archive,
							 NULL, &next));
	}
}

/* A compressed archive begins after the one two before it was ended. */
static void unreadable_archives(void **state)
{
	struct time_window window = window_from(1000, 2000);
	struct archive_labels archive = archive_of(-1, 3000);
	struct archive_labels early = archive_of(-1, 1990);
	struct archive_labels late = archive_of(-1, 2001 + SLACK);

	(void)state;
	assert_true(time_window_may_hold(&window, &archive, NULL, NULL));
	assert_true(time_window_may_hold(&window, &archive, &early, NULL));
	assert_false(time_window_may_hold(&window, &archive, &late, NULL));
}

/* Outside of the window by all labels, but the clock was set back. */
static void clocks_that_were_set_back(void **state)
{
	struct time_window window = window_from(1000, 2000);
	struct archive_labels archive = archive_of(5000, 4000);
	struct archive_labels later = archive_of(5000, 6000);
	struct archive_labels before = archive_of(3000, 7000);

	(void)state;
	assert_true(time_window_may_hold(&window, &archive, NULL, NULL));
	assert_false(time_window_may_hold(&window, &later, NULL, NULL));
	assert_true(time_window_may_hold(&window, &later, NULL, &before));
}

static void a_clock_is_set_back_by_more_than_the_slack(void **state)
{
	struct time_window window = window_from(1000, 2000);
	struct archive_labels much = archive_of(4001 + SLACK, 4000);
	struct archive_labels little = archive_of(4000 + SLACK, 4000);

	(void)state;
	assert_true(time_window_may_hold(&window, &much, NULL, NULL));
	assert_false(time_window_may_hold(&window, &little, NULL, NULL));
}

/* Between a compressed archive and the next one. */
static void a_clock_is_set_back_after_an_unreadable_archive(void **state)
{
	struct time_window window = window_from(1000, 2000);
	struct archive_labels second = archive_of(-1, 3000);
	struct archive_labels archive = archive_of(-1, 4000);
	struct archive_labels next = archive_of(1500, 5000);
	struct archive_labels later = archive_of(4000, 5000);

	(void)state;
	assert_true(time_window_may_hold(&window, &archive, &second, &next));
	assert_false(time_window_may_hold(&window, &archive, &second, &later));
}

static void a_window_from_the_first_label_on(void **state)
{
	struct time_expression since = {.is_label = true};
	struct archive_labels archive = archive_of(-1, 5);
	struct time_window window;

	(void)state;
	time_window_set(&window, &since, NULL, LABEL_DJB);
	assert_true(contains(&window, 0));
	assert_true(time_window_may_hold(&window, &archive, NULL, NULL));
}

static enum window_side side_of(const struct time_window *window, int second)
{
	struct tain_s label = label_at(second);

	return time_window_side(window, &label);
}

static void sides_of_a_window(void **state)
{
	struct time_window window = window_from(100, 200);

	(void)state;
	assert_int_equal(side_of(&window, 99), WINDOW_BEFORE);
	assert_int_equal(side_of(&window, 100), WINDOW_INSIDE);
	assert_int_equal(side_of(&window, 200), WINDOW_INSIDE);
	assert_int_equal(side_of(&window, 201), WINDOW_AFTER);
	time_window_set(&window, NULL, NULL, LABEL_DJB);
	assert_int_equal(side_of(&window, -EPOCH), WINDOW_INSIDE);
}

static void a_window_that_is_widened(void **state)
{
	struct time_window window = window_from(1000, 2000);
	struct archive_labels before = archive_of(0, 499 - SLACK);
	struct archive_labels within = archive_of(0, 500 - SLACK);
	struct archive_labels after = archive_of(1 << 20, 1 << 21);
	struct tain_s late = label_at(1 << 30);

	(void)state;
	time_window_widen(&window, 500, false);
	assert_false(contains(&window, 499));
	assert_true(contains(&window, 500));
	assert_false(contains(&window, 2001));
	assert_false(time_window_may_hold(&window, &before, NULL, NULL));
	assert_true(time_window_may_hold(&window, &within, NULL, NULL));
	assert_false(time_window_may_hold(&window, &after, NULL, NULL));
	time_window_widen(&window, 0, true);
	assert_true(contains(&window, 1 << 30));
	assert_false(time_window_is_over(&window, &late));
	assert_true(time_window_may_hold(&window, &after, NULL, NULL));
	time_window_widen(&window, TIME_WINDOW_ALL, true);
	assert_true(contains(&window, -EPOCH));
	assert_true(time_window_may_hold(&window, &before, NULL, NULL));
	assert_true(time_window_is_bounded(&window));
}

static void kinds(void **state)
{
	struct tain_s last = label_at(1000);
	enum label_kind kind;

	(void)state;
	assert_true(time_window_find_kind(&kind, &last, EPOCH + 1000));
	assert_int_equal(kind, LABEL_DJB);
	assert_true(time_window_find_kind(&kind, &last, EPOCH + 1000 - 27));
	assert_int_equal(kind, LABEL_LEAP);
	assert_true(time_window_find_kind(&kind, &last, EPOCH + 1000 - 13));
	assert_int_equal(kind, LABEL_DJB);
	assert_true(time_window_find_kind(&kind, &last, EPOCH + 1060));
	assert_int_equal(kind, LABEL_DJB);
	assert_false(time_window_find_kind(&kind, &last, EPOCH + 1061));
	assert_false(time_window_find_kind(&kind, &last, EPOCH + 1000 - 41));
	assert_int_equal(kind, LABEL_DJB);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lines_between_both_bounds),
	    cmocka_unit_test(no_bounds),
	    cmocka_unit_test(bounds_of_leap_labels),
	    cmocka_unit_test(archives_in_order),
	    cmocka_unit_test(unreadable_archives),
	    cmocka_unit_test(clocks_that_were_set_back),
	    cmocka_unit_test(a_clock_is_set_back_by_more_than_the_slack),
	    cmocka_unit_test(a_clock_is_set_back_after_an_unreadable_archive),
	    cmocka_unit_test(a_window_from_the_first_label_on),
	    cmocka_unit_test(sides_of_a_window),
	    cmocka_unit_test(a_window_that_is_widened),
	    cmocka_unit_test(kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
