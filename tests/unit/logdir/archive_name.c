/* The names of archives: each goes round, and no other text is one. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "logdir/archive_name.h"

#define DIGITS "400000006920000100000000"
#define L "@" DIGITS

enum { ROUNDS = 200000, NANO = 1000000000 };

static const char safe[] = "abcdefghijklmnopqrstuvwxyz"
			   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

static unsigned long below(unsigned long n)
{
	return (unsigned long)random() % n;
}

/* Edges as often as anything between them. */
static void choose_label(struct tain_s *label)
{
	static const uint64_t seconds[] = {0, 1, UINT64_C(0x4000000000000000),
					   UINT64_C(0x7fffffffffffffff)};
	static const uint32_t nanos[] = {0, 1, NANO - 1};

	label->sec.x = below(2) ? seconds[below(4)]
				: (uint64_t)random() << 32 ^ (uint64_t)random();
	label->nano =
	    below(2) ? nanos[below(3)] : (uint32_t)((uint64_t)random() % NANO);
}

static void choose_name(struct archive_name *name)
{
	const size_t n =
	    below(3) ? below(ARCHIVE_SUFFIX + 1) : below(2) * ARCHIVE_SUFFIX;

	memset(name, 0, sizeof *name);
	choose_label(&name->label);
	name->kind = below(2) ? ARCHIVE_FINISHED : ARCHIVE_UNFINISHED;
	for (size_t i = 0; i < n; i++)
		name->suffix[i] = i ? safe[below(sizeof safe - 1)] : '.';
}

/* -1, 0 or 1: the order of two names by what they hold. */
static int order(const struct archive_name *a, const struct archive_name *b)
{
	if (tain_less(&a->label, &b->label))
		return -1;
	if (tain_less(&b->label, &a->label))
		return 1;
	if (a->kind != b->kind)
		return a->kind == ARCHIVE_FINISHED ? -1 : 1;
	return (strcmp(a->suffix, b->suffix) > 0) -
	       (strcmp(a->suffix, b->suffix) < 0);
}

static int sign(int r)
{
	return (r > 0) - (r < 0);
}

static void check_equal(const struct archive_name *a,
			const struct archive_name *b)
{
	assert_true(a->label.sec.x == b->label.sec.x);
	assert_int_equal(a->label.nano, b->label.nano);
	assert_int_equal(a->kind, b->kind);
	assert_string_equal(a->suffix, b->suffix);
}

static void each_name_goes_round(void **state)
{
	char text[ARCHIVE_NAME], again[ARCHIVE_NAME];
	struct archive_name name, parsed;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		choose_name(&name);
		archive_name_format(text, &name);
		assert_true(strlen(text) < ARCHIVE_NAME);
		assert_true(archive_name_parse(&parsed, text));
		check_equal(&name, &parsed);
		archive_name_format(again, &parsed);
		assert_string_equal(text, again);
		assert_int_equal(archive_name_kind(text), name.kind);
	}
}

/* As texts they have the order of what they hold. */
static void texts_have_the_order_of_names(void **state)
{
	char text[2][ARCHIVE_NAME];
	struct archive_name a, b;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		choose_name(&a);
		choose_name(&b);
		if (below(2))
			b.label = a.label;
		if (below(2))
			b.kind = a.kind;
		archive_name_format(text[0], &a);
		archive_name_format(text[1], &b);
		assert_int_equal(sign(archive_name_compare(text[0], text[1])),
				 order(&a, &b));
		a.suffix[0] = b.suffix[0] = 0;
		assert_int_equal(
		    sign(archive_name_compare_stem(text[0], text[1])),
		    order(&a, &b));
		a.kind = b.kind;
		assert_int_equal(
		    sign(archive_name_compare_label(text[0], text[1])),
		    order(&a, &b));
	}
}

static void no_other_text_is_a_name(void **state)
{
	static const char *const others[] = {
	    "",
	    "@",
	    "current",
	    L,
	    L ".",
	    L "s",
	    L ".S",
	    L ".t",
	    L ".x",
	    L ".sx",
	    L ".s~",
	    L ".s gz",
	    L ".s.gz~",
	    L ".s.gz ",
	    L ".s./",
	    L ".s.\n",
	    L ".s.\x1b[2J",
	    L ".s.\xc3\xa9",
	    L "..s",
	    " " L ".s",
	    "@" L ".s",
	    DIGITS ".s",
	    "#" DIGITS ".s",
	    /* Upper case, no digit, 10^9 nanoseconds, reserved seconds. */
	    "@40000000692000010000000A.s",
	    "@40000000692000010000000g.s",
	    "@40000000692000013b9aca00.s",
	    "@800000006920000100000000.s",
	    /* A digit too few or too many. */
	    "@40000000692000010000000.s",
	    "@4000000069200001000000000.s",
	    "@+00000006920000100000000.s",
	    "@0x0000006920000100000000.s",
	};
	struct archive_name name = {.suffix = "as it was"};

	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (archive_name_parse(&name, others[i]))
			fail_msg("'%s' is a name", others[i]);
	assert_string_equal(name.suffix, "as it was");
}

static void longest(void **state)
{
	char text[NAME_MAX + 1] = L ".s.";
	struct archive_name name;

	(void)state;
	for (size_t len = strlen(text); len < sizeof text - 1; len++) {
		assert_int_equal(archive_name_parse(&name, text),
				 len < ARCHIVE_NAME);
		text[len] = 'x';
	}
}

/* Any change of one byte makes another name, or none. */
static void changed_bytes(void **state)
{
	char text[ARCHIVE_NAME], again[ARCHIVE_NAME];
	struct archive_name name;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		size_t len;

		choose_name(&name);
		memset(text, 0, sizeof text);
		archive_name_format(text, &name);
		len = strlen(text);
		for (unsigned long n = below(3) + 1; n; n--)
			text[below(len + 1)] = (char)below(256);
		text[ARCHIVE_NAME - 1] = 0;
		if (!archive_name_parse(&name, text))
			continue;
		archive_name_format(again, &name);
		assert_string_equal(text, again);
	}
}

static void twins(void **state)
{
	char twin[ARCHIVE_NAME];
	struct archive_name name;

	(void)state;
	archive_name_twin(twin, L ".s.gz", ARCHIVE_UNFINISHED);
	assert_string_equal(twin, L ".u");
	archive_name_twin(twin, L ".u", ARCHIVE_PARTIAL);
	assert_string_equal(twin, L ".t");
	assert_false(archive_name_parse(&name, twin));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_name_goes_round),
	    cmocka_unit_test(texts_have_the_order_of_names),
	    cmocka_unit_test(no_other_text_is_a_name),
	    cmocka_unit_test(longest),
	    cmocka_unit_test(changed_bytes),
	    cmocka_unit_test(twins),
	};

	srandom(1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
