/*
 * Dropping: what is counted, what the note says, and that a process that is
 * killed, at any of its states, leaves the next one all that it has to know.
 */
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

#include "../scratch.h"
#include "rlog/overflow.h"

static const struct ring_place place = {.directory = AT_FDCWD,
					.name = "intake"};

struct fixture {
	struct intake intake;
	struct overflow overflow;
	int pipe[2];
};

static void open_again(struct fixture *f, bool same_source)
{
	memset(&f->intake, 0, sizeof f->intake);
	assert_true(ring_open(&f->intake.ring, &place, 1) >= 0);
	assert_int_equal(intake_open(&f->intake, 1), 0);
	overflow_open(&f->overflow, &f->intake, same_source);
}

static void killed(struct fixture *f, bool same_source)
{
	ring_close(&f->intake.ring);
	open_again(f, same_source);
}

static void open_new(struct fixture *f)
{
	unlinkat(place.directory, place.name, 0);
	assert_int_equal(pipe(f->pipe), 0);
	open_again(f, true);
	assert_false(f->overflow.on);
}

static void close_all(struct fixture *f)
{
	ring_close(&f->intake.ring);
	close(f->pipe[0]);
	close(f->pipe[1]);
}

static void drops(struct fixture *f, const char *text)
{
	const ssize_t n = (ssize_t)strlen(text);

	assert_int_equal(write(f->pipe[1], text, (size_t)n), n);
	assert_int_equal(overflow_take(&f->overflow, f->pipe[0], 4096), n);
}

/* Reads what ends dropping, or the line in progress goes on. */
static void finishes(struct fixture *f, const char *text)
{
	const ssize_t n = (ssize_t)strlen(text);

	assert_true(overflow_midline(&f->overflow));
	assert_int_equal(write(f->pipe[1], text, (size_t)n), n);
	assert_int_equal(overflow_finish(&f->overflow, f->pipe[0],
					 f->intake.ring.now.dropped.cut),
			 n);
}

/* The note, with its counts; what the intake holds before it and behind it. */
static void holds(struct fixture *f, const char *before, int lines, int bytes,
		  const char *behind)
{
	const char *text;
	char want[200];
	size_t n, len, note_end;
	bool note;

	assert_false(f->overflow.on);
	snprintf(want, sizeof want,
		 "%srlog: dropped %d lines, %d bytes, from @", before, lines,
		 bytes);
	text = intake_bytes(&f->intake, &n);
	len = strlen(want);
	note_end = len + 24 + 5 + 24 + 1;
	assert_int_equal(n, note_end + strlen(behind));
	assert_memory_equal(text, want, len);
	assert_memory_equal(text + len + 24, " to @", 5);
	assert_true(memcmp(text + len, text + len + 29, 24) <= 0);
	assert_int_equal(text[note_end - 1], '\n');
	assert_memory_equal(text + note_end, behind, strlen(behind));
	/* What comes before is a batch of its own, and not for everyone. */
	len = intake_split(&f->intake, n, &note);
	assert_int_equal(len, *before ? strlen(before) : note_end);
	assert_int_equal(note, !*before);
	/* So is what comes after it. */
	assert_int_equal(intake_split(&f->intake, n + 6, &note), len);
	assert_int_equal(note, !*before);
}

static void ends_with(struct fixture *f, const char *before, int lines,
		      int bytes)
{
	assert_false(overflow_midline(&f->overflow));
	overflow_end(&f->overflow, f->intake.ring.now.dropped.cut);
	holds(f, before, lines, bytes, "");
}

static void whole_lines(void **state)
{
	struct ring_dropped d;
	struct fixture f;

	(void)state;
	open_new(&f);
	intake_put(&f.intake, "one\n", 4);
	overflow_begin(&f.overflow, false);
	drops(&f, "two\nthr");
	assert_true(overflow_midline(&f.overflow));
	d = f.intake.ring.now.dropped;
	drops(&f, "ee\n");
	drops(&f, "\n");
	assert_memory_equal(d.from, f.intake.ring.now.dropped.from,
			    sizeof d.from);
	assert_memory_not_equal(d.to, f.intake.ring.now.dropped.to,
				sizeof d.to);
	ends_with(&f, "one\n", 3, 11);
	close_all(&f);
}

/* It begins in the intake: it is dropped whole, and is one line. */
static void begun_in_the_intake(void **state)
{
	struct fixture f;

	(void)state;
	open_new(&f);
	intake_put(&f.intake, "one\ntw", 6);
	overflow_begin(&f.overflow, false);
	assert_true(overflow_midline(&f.overflow));
	drops(&f, "o\n");
	ends_with(&f, "one\n", 1, 4);
	close_all(&f);
}

/* Its beginning is in the log already: what the intake has of it stays. */
static void begun_in_the_log(void **state)
{
	struct fixture f;

	(void)state;
	open_new(&f);
	intake_put(&f.intake, "tw", 2);
	overflow_begin(&f.overflow, true);
	drops(&f, "o\nthree\n");
	ends_with(&f, "tw\n", 2, 8);
	close_all(&f);
}

/* The end of the input, or another source, ended that line meanwhile. */
static void begun_in_the_log_and_ended(void **state)
{
	static const char want[] = "rlog: dropped 2 lines, 8 bytes, from @";
	struct fixture f;
	const char *text;
	size_t n;

	(void)state;
	open_new(&f);
	overflow_begin(&f.overflow, true);
	drops(&f, "o\nthree\n");
	overflow_end(&f.overflow, false);
	text = intake_bytes(&f.intake, &n);
	assert_true(n > sizeof want);
	assert_memory_equal(text, want, sizeof want - 1);
	close_all(&f);
}

/* It can be written again before anything came. */
static void nothing_dropped(void **state)
{
	struct fixture f;
	size_t n;
	int midline;

	(void)state;
	for (midline = 0; midline < 2; midline++) {
		open_new(&f);
		overflow_begin(&f.overflow, midline);
		assert_false(overflow_midline(&f.overflow));
		overflow_end(&f.overflow, midline);
		assert_false(f.overflow.on);
		intake_bytes(&f.intake, &n);
		assert_int_equal(n, 0);
		close_all(&f);
	}
}

/* A line of the log ends in the intake, and another begins there. */
static void ended_in_the_intake(void **state)
{
	struct fixture f;

	(void)state;
	open_new(&f);
	intake_put(&f.intake, "o\nthr", 5);
	overflow_begin(&f.overflow, true);
	drops(&f, "ee\n");
	ends_with(&f, "o\n", 1, 6);
	close_all(&f);
}

static void killed_meanwhile(void **state)
{
	struct fixture f;
	size_t n;

	(void)state;
	open_new(&f);
	intake_put(&f.intake, "one\ntw", 6);
	overflow_begin(&f.overflow, false);
	killed(&f, true);
	assert_true(f.overflow.on);
	intake_bytes(&f.intake, &n);
	assert_int_equal(n, 4);
	assert_true(overflow_midline(&f.overflow));
	drops(&f, "o\nth");
	killed(&f, true);
	assert_true(f.overflow.on);
	drops(&f, "ree\n");
	killed(&f, true);
	assert_true(f.overflow.on);
	ends_with(&f, "one\n", 2, 10);
	/* Told, and so not told again. */
	killed(&f, true);
	assert_false(f.overflow.on);
	close_all(&f);
}

/* What was read and not yet counted is not lost; nor is it counted twice. */
static void killed_in_a_read(void **state)
{
	struct fixture f;

	(void)state;
	open_new(&f);
	intake_put(&f.intake, "one\n", 4);
	overflow_begin(&f.overflow, false);
	memcpy(ring_scratch(&f.intake.ring, 10), "two\nth", 6);
	killed(&f, true);
	assert_true(f.overflow.on);
	assert_true(overflow_midline(&f.overflow));
	killed(&f, true);
	memcpy(ring_scratch(&f.intake.ring, 1), "r", 1);
	killed(&f, true);
	ring_scratch(&f.intake.ring, 4096);
	killed(&f, true);
	drops(&f, "ee\n");
	ends_with(&f, "one\n", 2, 10);
	killed(&f, true);
	assert_false(f.overflow.on);
	close_all(&f);
}

/* Only the line in progress is dropped: what a read takes behind it is not. */
static void finished_by_a_read(void **state)
{
	struct fixture f;

	(void)state;
	open_new(&f);
	intake_put(&f.intake, "one\n", 4);
	overflow_begin(&f.overflow, false);
	drops(&f, "two\nth");
	finishes(&f, "re");
	finishes(&f, "e\nfour\n\nfi");
	holds(&f, "one\n", 2, 10, "four\n\nfi");
	close_all(&f);

	open_new(&f);
	intake_put(&f.intake, "tw", 2);
	overflow_begin(&f.overflow, true);
	drops(&f, "o");
	finishes(&f, "\n");
	holds(&f, "tw\n", 1, 2, "");
	close_all(&f);
}

static void finished_by_a_read_and_killed(void **state)
{
	struct fixture f;

	(void)state;
	open_new(&f);
	intake_put(&f.intake, "tw", 2);
	overflow_begin(&f.overflow, true);
	drops(&f, "o");
	memcpy(ring_scratch(&f.intake.ring, 100), "\nthree\n", 7);
	killed(&f, true);
	holds(&f, "tw\n", 1, 2, "three\n");
	killed(&f, true);
	holds(&f, "tw\n", 1, 2, "three\n");
	close_all(&f);
}

/* No note may take the place of one that is still to be written. */
static void killed_before_the_note_is_written(void **state)
{
	struct fixture f;

	(void)state;
	open_new(&f);
	overflow_begin(&f.overflow, false);
	drops(&f, "one\n");
	ends_with(&f, "", 1, 4);
	overflow_begin(&f.overflow, false);
	drops(&f, "two\nth");
	memcpy(ring_scratch(&f.intake.ring, 100), "ree\nfour\n", 9);
	killed(&f, true);
	assert_true(f.overflow.on);
	assert_int_equal(f.intake.ring.now.dropped.lines, 3);
	close_all(&f);
}

/* From another source nothing goes on with the line that was dropped. */
static void killed_and_another_source(void **state)
{
	struct fixture f;

	(void)state;
	open_new(&f);
	overflow_begin(&f.overflow, false);
	drops(&f, "one\ntw");
	killed(&f, false);
	assert_true(f.overflow.on);
	assert_false(overflow_midline(&f.overflow));
	ends_with(&f, "", 2, 6);
	close_all(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(whole_lines),
	    cmocka_unit_test(begun_in_the_intake),
	    cmocka_unit_test(begun_in_the_log),
	    cmocka_unit_test(begun_in_the_log_and_ended),
	    cmocka_unit_test(nothing_dropped),
	    cmocka_unit_test(ended_in_the_intake),
	    cmocka_unit_test(killed_meanwhile),
	    cmocka_unit_test(killed_in_a_read),
	    cmocka_unit_test(finished_by_a_read),
	    cmocka_unit_test(finished_by_a_read_and_killed),
	    cmocka_unit_test(killed_before_the_note_is_written),
	    cmocka_unit_test(killed_and_another_source),
	};

	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
