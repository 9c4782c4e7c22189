/* The list of outputs: all are asked, whatever one of them answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "logwrite/output/log_output.h"

/* An output that answers as it is told, and counts the calls. */
struct fake {
	struct log_output output;
	bool good;
	bool blocks;
	int writes, syncs, rotations, closes;
	bool abandoned;
};

static bool write_fake(struct log_output *output, struct turn *turn)
{
	struct fake *fake = (struct fake *)output;

	(void)turn;
	fake->writes++;
	return fake->good;
}

static void sync_fake(struct log_output *output, struct turn *turn)
{
	(void)turn;
	((struct fake *)output)->syncs++;
}

static bool fake_blocked(const struct log_output *output)
{
	return ((const struct fake *)output)->blocks;
}

static bool rotate_fake(struct log_output *output, struct turn *turn)
{
	struct fake *fake = (struct fake *)output;

	(void)turn;
	fake->rotations++;
	return fake->good;
}

static int close_fake(struct log_output *output, bool abandoned)
{
	struct fake *fake = (struct fake *)output;

	fake->closes++;
	fake->abandoned = abandoned;
	return fake->good ? 0 : -1;
}

static const struct output_ops all = {write_fake, sync_fake, fake_blocked,
				      rotate_fake, close_fake};
static const struct output_ops least = {.write = write_fake};

/* Three outputs, of which the last one has nothing but write. */
static void open_all(struct log_outputs *outputs, struct fake *fakes)
{
	assert_int_equal(log_outputs_open(outputs, 3), 0);
	for (int i = 0; i < 3; i++) {
		fakes[i] = (struct fake){.good = true};
		log_output_init(&fakes[i].output, i < 2 ? &all : &least, NULL,
				0);
		log_outputs_add(outputs, &fakes[i].output);
	}
}

static void all_are_asked(void **state)
{
	struct log_outputs outputs;
	struct fake fakes[3];
	struct turn turn = {0};

	(void)state;
	open_all(&outputs, fakes);
	assert_true(log_outputs_write(&outputs, &turn));
	assert_true(log_outputs_rotate(&outputs, &turn));
	fakes[0].good = false;
	assert_false(log_outputs_write(&outputs, &turn));
	assert_false(log_outputs_rotate(&outputs, &turn));
	for (int i = 0; i < 3; i++)
		assert_int_equal(fakes[i].writes, 2);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(fakes[i].rotations, 2);
		assert_int_equal(fakes[i].syncs, 2);
	}
	assert_int_equal(log_outputs_close(&outputs, true), -1);
	assert_true(fakes[1].closes == 1 && fakes[1].abandoned);
}

static void longest_of_those_that_block(void **state)
{
	struct log_outputs outputs;
	struct fake fakes[3];

	(void)state;
	open_all(&outputs, fakes);
	log_output_init(&fakes[0].output, &all, NULL, 300);
	log_output_init(&fakes[1].output, &all, NULL, 100);
	assert_int_equal(log_outputs_drop_after(&outputs), 0);
	fakes[1].blocks = true;
	assert_int_equal(log_outputs_drop_after(&outputs), 100);
	fakes[0].blocks = true;
	assert_int_equal(log_outputs_drop_after(&outputs), 300);
	/* Nothing is dropped as long as one may block for ever. */
	log_output_init(&fakes[1].output, &all, NULL, 0);
	assert_int_equal(log_outputs_drop_after(&outputs), 0);
	fakes[1].blocks = false;
	assert_int_equal(log_outputs_drop_after(&outputs), 300);
	assert_int_equal(log_outputs_close(&outputs, false), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_are_asked),
	    cmocka_unit_test(longest_of_those_that_block),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
