/* What the next rlog, with the same script or another one, knows of a line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "logwrite/checkpoint.h"

enum { MOST = 3 };

/* A life of an rlog with some directories, and standard output after them. */
struct life {
	struct script script;
	struct batch_output outputs[MOST];
	struct batch batch;
	struct directory d[MOST];
	struct checkpoint checkpoint;
};

static void begin(struct life *life, struct intake *intake, uint64_t script,
		  const char *directories)
{
	/* A rotation has given each another current since then. */
	static uint64_t inode = 100;
	unsigned int i, n = (unsigned int)strlen(directories);

	memset(life, 0, sizeof *life);
	life->script.directories_n = n;
	for (i = 0; i < n; i++) {
		life->d[i].logdir.device = 1;
		life->d[i].logdir.directory = (uint64_t)directories[i];
		life->d[i].logdir.inode = inode++;
	}
	life->batch.script = &life->script;
	life->batch.outputs = life->outputs;
	life->batch.outputs_n = n + 1;
	life->script.hash = script;
	checkpoint_init(&life->checkpoint, intake, &life->batch, life->d);
}

/* In the middle of a line that b and standard output get, and a does not. */
static void first_life(struct intake *intake)
{
	const struct tain_s clock = {.sec = {1000}};
	struct life life;

	memset(intake, 0, sizeof *intake);
	assert_int_equal(ring_open_memory(&intake->ring), 0);
	assert_int_equal(intake_open(intake, 0), 0);
	begin(&life, intake, 7, "ab");
	life.batch.midline = true;
	life.outputs[1].selected = life.outputs[2].selected = true;
	checkpoint_keep(&life.checkpoint, intake_prepare(intake, 0, &clock));
	checkpoint_keep_files(&life.checkpoint);
	intake_begin(intake);
	intake_done(intake);
}

static void same_script(void **state)
{
	struct intake intake;
	struct life life;

	(void)state;
	first_life(&intake);
	begin(&life, &intake, 7, "ab");
	checkpoint_state(&life.checkpoint);
	assert_true(life.batch.midline);
	assert_false(life.outputs[0].selected);
	assert_true(life.outputs[1].selected);
	assert_true(life.outputs[2].selected);
	intake_close(&intake);
}

/* Directories are known again; what standard output was, nobody knows. */
static void another_script(void **state)
{
	struct intake intake;
	struct life life;

	(void)state;
	first_life(&intake);
	begin(&life, &intake, 8, "cb");
	checkpoint_state(&life.checkpoint);
	assert_true(life.batch.midline);
	assert_false(life.outputs[0].selected);
	assert_true(life.outputs[1].selected);
	assert_false(life.outputs[2].selected);
	/* From now on it is this script's, before the files are. */
	assert_true(intake.ring.now.line.script == 8);
	begin(&life, &intake, 8, "cb");
	checkpoint_state(&life.checkpoint);
	assert_true(life.outputs[1].selected);
	assert_false(life.outputs[2].selected);
	intake_close(&intake);
}

static void at_the_beginning_of_a_line(void **state)
{
	struct intake intake;
	struct life life;

	(void)state;
	first_life(&intake);
	begin(&life, &intake, 7, "ab");
	checkpoint_keep(&life.checkpoint,
			intake_prepare(&intake, 0, &(struct tain_s){{1}, 0}));
	intake_begin(&intake);
	intake_done(&intake);
	life.outputs[0].selected = true;
	checkpoint_state(&life.checkpoint);
	assert_false(life.batch.midline);
	assert_true(life.outputs[0].selected);
	intake_close(&intake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(same_script),
	    cmocka_unit_test(another_script),
	    cmocka_unit_test(at_the_beginning_of_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
