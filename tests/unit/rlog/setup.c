/*
 * Set-up from the ring that a killed rlog has left: a batch that was begun is
 * put out again as it was, by its own clock.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <skalibs/selfpipe.h>

#include "../needs-linux.h"
#include "../scratch.h"
#include "rlog/setup.h"

static struct script script;

static void tell(const struct event *event)
{
	fail_msg("event %d", event->kind);
}

static void open_loop(struct event_loop *loop)
{
	struct failure failure;

	assert_int_equal(setup_open(loop, &script, tell, &failure), 1);
}

#define BEGIN(loop, ...) begin(loop, (const char *const[]){__VA_ARGS__, NULL})

/* Removes what is there, and sets up. */
static void begin(struct event_loop *loop, const char *const *argv)
{
	assert_int_equal(system("rm -rf d"), 0);
	memset(loop, 0, sizeof *loop);
	assert_int_equal(script_parse(&script, argv), 1);
	tain_now_set_stopwatch_g();
	open_loop(loop);
}

static void write_all(struct event_loop *loop)
{
	loop->turn.phase = loop->phase;
	loop->turn.now = STAMP;
	assert_true(writer_go(&loop->writer, false, &loop->turn));
}

static void put(struct event_loop *loop, const char *text)
{
	intake_put(&loop->intake, text, strlen(text));
	write_all(loop);
}

/* Killed when the last batch was written, and before that was noted. */
static void killed_in_a_batch(struct event_loop *loop, const char *text)
{
	struct ring_header *header = loop->intake.ring.header;
	struct writer *w = &loop->writer;
	const uint64_t before = loop->intake.ring.now.generation - 1;
	const struct ring_state *state = &header->slot[before % 2].state;

	memcpy(loop->intake.ring.bytes + (state->head - state->base), text,
	       strlen(text));
	header->published = ring_published(before);
	logdir_abandon(&w->directories->logdir);
	ring_close(&loop->intake.ring);
	batch_close(&w->batch);
	free(w->directories);
	free(w->statuses);
	timers_free(&w->timers);
	free(w->outputs.list);
	selfpipe_finish();
	memset(loop, 0, sizeof *loop);
	open_loop(loop);
	assert_true(w->replay);
}

static void finish(struct event_loop *loop)
{
	assert_int_equal(setup_close(loop), 0);
	script_free(&script);
	selfpipe_finish();
}

static size_t contents(char *text, size_t size, const char *files)
{
	char command[64];
	FILE *f;
	size_t n;

	snprintf(command, sizeof command, "cat %s 2>/dev/null", files);
	f = popen(command, "r");
	assert_non_null(f);
	n = fread(text, 1, size - 1, f);
	text[n] = 0;
	pclose(f);
	return n;
}

static void same_stamps_again(void **state)
{
	char before[200], after[200];
	struct event_loop loop;

	(void)state;
	NEEDS_LINUX("there is no boot id");
	BEGIN(&loop, "t", "./d");
	put(&loop, "one\n");
	put(&loop, "two\nthree\n");
	assert_int_equal(contents(before, sizeof before, "d/current"), 92);
	killed_in_a_batch(&loop, "two\nthree\n");
	assert_int_equal(contents(after, sizeof after, "d/current"), 30);
	write_all(&loop);
	contents(after, sizeof after, "d/current");
	assert_string_equal(after, before);
	/* And what follows is later. */
	put(&loop, "four\n");
	contents(after, sizeof after, "d/current");
	assert_true(memcmp(after + 62, after + 92, 25) < 0);
	finish(&loop);
}

/* The clock is set back: its lines go on after those before it. */
static void label_is_later_than_all(void **state)
{
	struct tain_s clock, last;
	char before[200], after[200];
	struct event_loop loop;

	(void)state;
	NEEDS_LINUX("there is no boot id");
	BEGIN(&loop, "t", "./d");
	put(&loop, "one\n");
	last = loop.writer.batch.stamp.label;
	last.sec.x += 1000;
	loop.writer.batch.stamp.label = last;
	put(&loop, "two\n");
	intake_clock(&loop.intake, &clock);
	assert_int_equal(clock.sec.x, last.sec.x);
	assert_int_equal(clock.nano, last.nano + 1);
	contents(before, sizeof before, "d/current");
	killed_in_a_batch(&loop, "two\n");
	write_all(&loop);
	contents(after, sizeof after, "d/current");
	assert_string_equal(after, before);
	finish(&loop);
}

/* A file whose time is over gets the batch again, if it had it before. */
static void no_rotation_before_it(void **state)
{
	struct event_loop loop;
	char text[200];

	(void)state;
	NEEDS_LINUX("there is no boot id");
	BEGIN(&loop, "R7h", "./d");
	put(&loop, "one\n");
	put(&loop, "two\n");
	killed_in_a_batch(&loop, "two\n");
	loop.writer.timers.since->sec.x -= 7 * 3600;
	write_all(&loop);
	contents(text, sizeof text, "d/@*.s");
	assert_string_equal(text, "one\ntwo\n");
	/* But the next one comes after it. */
	put(&loop, "three\n");
	contents(text, sizeof text, "d/current");
	assert_string_equal(text, "three\n");
	finish(&loop);
}

/* A line after its time is over begins the next file. */
static void rotation_before_a_line(void **state)
{
	struct event_loop loop;
	char text[200];

	(void)state;
	BEGIN(&loop, "R7h", "./d");
	put(&loop, "one\n");
	loop.writer.timers.since->sec.x -= 7 * 3600;
	intake_put(&loop.intake, "two\n", 4);
	write_all(&loop);
	contents(text, sizeof text, "d/@*.s");
	assert_string_equal(text, "one\n");
	contents(text, sizeof text, "d/current");
	assert_string_equal(text, "two\n");
	/* Not when it ends: then the next rlog does it. */
	loop.writer.timers.since->sec.x -= 7 * 3600;
	loop.phase = PHASE_TERMINATING;
	put(&loop, "three\n");
	contents(text, sizeof text, "d/current");
	assert_string_equal(text, "two\nthree\n");
	finish(&loop);
}

/* What D says holds for standard output, too. */
static void outputs_have_their_settings(void **state)
{
	struct event_loop loop;

	(void)state;
	BEGIN(&loop, "r3s", "D5s", "./d", "D7s", "1", "D9s", "r4s", "=st");
	assert_int_equal(loop.writer.standard_output.output.drop_after, 7000);
	assert_int_equal(loop.writer.directories->output.drop_after, 5000);
	assert_int_equal(loop.writer.directories->logdir.appending.pause, 3000);
	assert_int_equal(loop.writer.directories->rotating.pause, 3000);
	assert_int_equal(loop.writer.statuses->trouble.pause, 4000);
	finish(&loop);
	assert_int_equal(unlink("st"), 0);
}

static int make(void **state)
{
	int fds[2];

	/* A source that nothing comes from. */
	if (pipe(fds) < 0 || dup2(fds[0], 0) < 0)
		return -1;
	return scratch_make(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(same_stamps_again),
	    cmocka_unit_test(label_is_later_than_all),
	    cmocka_unit_test(no_rotation_before_it),
	    cmocka_unit_test(rotation_before_a_line),
	    cmocka_unit_test(outputs_have_their_settings),
	};

	return cmocka_run_group_tests(tests, make, scratch_remove);
}
