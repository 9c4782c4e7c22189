/* Timers, by clocks that nobody has to wait for. */
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
#include "base/label.h"
#include "logwrite/timers.h"

/* Two directories, a with an age (A) of a minute and b with a period (R). */
struct fixture {
	char path[32];
	struct script script;
	struct batch_output outputs[2];
	struct batch batch;
	struct directory d[2];
	struct timers timers;
	struct turn turn;
	struct tain_s clock;
};

static void tell(const struct event *event)
{
	(void)event;
	fail();
}

static void open_one(struct fixture *f, int i, const char *name,
		     const struct settings *settings)
{
	const struct action action = {
	    .kind = ACTION_DIRECTORY, .text = name, .settings = settings};

	assert_int_equal(directory_open(&f->d[i], &action, tell), 0);
	assert_int_equal(directory_start(&f->d[i]), 0);
}

static void open_all(struct fixture *f, uint64_t age, uint64_t period)
{
	struct settings settings;

	memset(f, 0, sizeof *f);
	strcpy(f->path, "/tmp/recio-timers.XXXXXX");
	assert_non_null(mkdtemp(f->path));
	assert_int_equal(chdir(f->path), 0);
	f->script.directories_n = 2;
	f->script.stamp = LABEL_DJB;
	f->batch.script = &f->script;
	f->batch.outputs = f->outputs;
	script_defaults(&settings);
	settings.age = age;
	open_one(f, 0, "a", &settings);
	settings.age = 0;
	settings.period.length = period;
	open_one(f, 1, "b", &settings);
	f->turn.now.sec.x = 5000;
	assert_int_equal(timers_init(&f->timers, &f->batch, f->d, &f->turn.now),
			 0);
}

static void close_all(struct fixture *f)
{
	char command[64];

	timers_free(&f->timers);
	logdir_abandon(&f->d[0].logdir);
	logdir_abandon(&f->d[1].logdir);
	snprintf(command, sizeof command, "cd / && rm -rf %s", f->path);
	assert_int_equal(system(command), 0);
}

static void make_archive(const char *directory, time_t age)
{
	struct archive_name archive = {.kind = ARCHIVE_FINISHED};
	char name[ARCHIVE_NAME + 64];
	int fd;

	label_now(&archive.label);
	archive.label.sec.x -= (uint64_t)age;
	snprintf(name, 64, "%s/", directory);
	archive_name_format(name + strlen(name), &archive);
	fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0644);
	assert_true(fd >= 0);
	close(fd);
}

static int archives(const struct fixture *f, int i)
{
	char name[ARCHIVE_NAME];

	return archive_oldest(f->d[i].logdir.fd, ARCHIVE_FINISHED, name);
}

static void wait_until(struct fixture *f, uint64_t watch, uint64_t want)
{
	f->turn.now.sec.x = watch;
	f->turn.deadline = tain_infinite;
	timers_wait(&f->timers, &f->turn, &f->clock);
	assert_int_equal(f->turn.deadline.sec.x, want);
}

/* Once a minute, also when nothing comes, and only where A says so. */
static void old_archives_go_every_minute(void **state)
{
	struct fixture f;

	(void)state;
	open_all(&f, 60000, 0);
	make_archive("a", 61);
	make_archive("b", 61);
	wait_until(&f, 5000, 5060);
	wait_until(&f, 5059, 5060);
	assert_int_equal(archives(&f, 0), 1);
	wait_until(&f, 5060, 5120);
	assert_int_equal(archives(&f, 0), 0);
	assert_int_equal(archives(&f, 1), 1);
	make_archive("a", 70);
	make_archive("a", 30);
	wait_until(&f, 5119, 5120);
	/* Late: the next minute begins now. */
	wait_until(&f, 5300, 5360);
	assert_int_equal(archives(&f, 0), 1);
	close_all(&f);
}

/* A current that b has had lines in since `age` seconds before the clock. */
static void fill(struct fixture *f, time_t age)
{
	label_now(&f->clock);
	f->d[1].logdir.bytes = 10;
	f->timers.since[1] = f->clock;
	f->timers.since[1].sec.x -= (uint64_t)age;
}

static bool due(struct fixture *f)
{
	bool any;

	f->d[0].due = f->d[1].due = false;
	any = timers_rotate(&f->timers, &f->turn, &f->clock);
	assert_false(f->d[0].due);
	assert_int_equal(any, f->d[1].due);
	return any;
}

static void old_current_is_due(void **state)
{
	struct fixture f;

	(void)state;
	/* Seven hours don't divide a day, and so count from the first line. */
	open_all(&f, 0, 25200000);
	fill(&f, 25199);
	assert_false(due(&f));
	fill(&f, 25200);
	assert_true(due(&f));
	f.d[1].logdir.bytes = 0;
	assert_false(due(&f));
	fill(&f, 25200);
	f.turn.writing = true;
	assert_false(due(&f));
	f.turn.writing = false;
	/* Not with half a line in it; but where another has that half. */
	f.batch.midline = f.outputs[1].selected = true;
	assert_false(due(&f));
	f.outputs[1].selected = false;
	assert_true(due(&f));
	close_all(&f);
}

/* Its time begins with its first line, not with the rotation before it. */
static void time_begins_with_a_line(void **state)
{
	struct fixture f;

	(void)state;
	open_all(&f, 0, 25200000);
	fill(&f, 30000);
	timers_begin(&f.timers, &f.clock);
	assert_true(due(&f));
	f.d[1].logdir.bytes = 0;
	timers_begin(&f.timers, &f.clock);
	f.d[1].logdir.bytes = 10;
	assert_false(due(&f));
	close_all(&f);
}

/* It waits for the end, but looks at the clock, which may be set, earlier. */
static void waits_for_the_end(void **state)
{
	struct fixture f;

	(void)state;
	open_all(&f, 0, 25200000);
	f.turn.deadline = tain_infinite;
	timers_wait(&f.timers, &f.turn, &f.clock);
	assert_false(tain_less(&f.turn.deadline, &tain_infinite));
	fill(&f, 0);
	wait_until(&f, 7000, 7000 + TIMERS_LOOK);
	fill(&f, 25200 + 5);
	wait_until(&f, 7000, 7000);
	fill(&f, 25200 - 20);
	f.turn.deadline = tain_infinite;
	timers_wait(&f.timers, &f.turn, &f.clock);
	assert_int_equal(f.turn.deadline.sec.x, 7020);
	assert_int_equal(f.turn.deadline.nano, 0);
	/* An earlier deadline stays. */
	f.turn.deadline.sec.x = 50;
	timers_wait(&f.timers, &f.turn, &f.clock);
	assert_int_equal(f.turn.deadline.sec.x, 50);
	close_all(&f);
}

static struct tain_s at(uint64_t unix_time, uint32_t nano)
{
	return (struct tain_s){{TAI_MAGIC + 10 + unix_time}, nano};
}

/* A current of the time `since` is due at the time `end` and not before. */
static void check_end(struct fixture *f, struct tain_s since, uint64_t period,
		      struct tain_s end)
{
	static const struct tain_s nanosecond = {.nano = 1};

	f->d[1].logdir.settings.period.length = period;
	f->d[1].logdir.bytes = 10;
	f->timers.since[1] = since;
	tain_sub(&f->clock, &end, &nanosecond);
	assert_false(due(f));
	f->clock = end;
	assert_true(due(f));
}

/* 1763683200 is 2025-11-21T00:00:00Z. */
static void periods_end_on_the_clock(void **state)
{
	struct fixture f;

	(void)state;
	open_all(&f, 0, 86400000);
	check_end(&f, at(1763683200, 0), 86400000, at(1763769600, 0));
	check_end(&f, at(1763769599, 999999999), 86400000, at(1763769600, 0));
	check_end(&f, at(1763683200, 5), 3600000, at(1763686800, 0));
	check_end(&f, at(1763683201, 250000000), 500,
		  at(1763683201, 500000000));
	/* Seven hours don't divide a day. */
	check_end(&f, at(1763683201, 5), 25200000, at(1763708401, 5));
	check_end(&f, at(1763683201, 5), 172800000, at(1763856001, 5));
	close_all(&f);
}

/* Of each current anew, though the end is kept: a day in New York. */
static void days_end_by_the_local_clock(void **state)
{
	struct fixture f;

	(void)state;
	assert_int_equal(setenv("TZ", "EST5EDT,M3.2.0,M11.1.0", 1), 0);
	open_all(&f, 0, 86400000);
	f.d[1].logdir.settings.period.local = true;
	check_end(&f, at(1763683200, 0), 86400000, at(1763701200, 0));
	check_end(&f, at(1763701200, 5), 86400000, at(1763787600, 0));
	check_end(&f, at(1763683200, 0), 86400000, at(1763701200, 0));
	check_end(&f, at(1763683200, 5), 86400000, at(1763701200, 0));
	/* The clock set back: it begins now. */
	f.clock = at(1763600000, 0);
	assert_false(due(&f));
	f.clock = at(1763614800, 0);
	assert_true(due(&f));
	close_all(&f);
}

/* A current may be another logger's, with any label. */
static void began_before_unix_time(void **state)
{
	struct fixture f;

	(void)state;
	open_all(&f, 0, 86400000);
	f.d[1].logdir.bytes = 10;
	f.timers.since[1] = at((uint64_t)-200000000, 0);
	f.clock = at(1763683200, 0);
	assert_true(due(&f));
	close_all(&f);
}

static void clock_set_back(void **state)
{
	const struct tain_s since = at(1763683200, 7),
			    before = at(1763686799, 9),
			    past = at(1763000000, 0);
	struct fixture f;

	(void)state;
	open_all(&f, 0, 3600000);
	f.d[1].logdir.bytes = 10;
	f.timers.since[1] = f.clock = since;
	assert_false(due(&f));
	f.clock = before;
	assert_false(due(&f));
	/* The clock set back: it begins now, and ends an hour later. */
	f.clock = past;
	assert_false(due(&f));
	assert_int_equal(f.timers.since[1].sec.x, past.sec.x);
	f.clock = before;
	assert_true(due(&f));
	close_all(&f);
}

static void write_current(const struct fixture *f, const char *text)
{
	int fd = openat(f->d[1].logdir.fd, "current",
			O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(write(fd, text, strlen(text)) > 0);
	close(fd);
}

/* Starts the timers anew, and returns the time of the current of b. */
static struct tain_s begun(struct fixture *f, enum label_kind kind)
{
	f->script.stamp = kind;
	timers_free(&f->timers);
	assert_int_equal(timers_init(&f->timers, &f->batch, f->d, &f->turn.now),
			 0);
	return f->timers.since[1];
}

static void time_of_the_first_line(void **state)
{
	struct tain_s before, since, after;
	struct fixture f;

	(void)state;
	open_all(&f, 0, 25200000);
	label_now(&before);
	assert_int_equal(unlinkat(f.d[1].logdir.fd, "current", 0), 0);
	since = begun(&f, LABEL_NONE);
	label_now(&after);
	assert_false(tain_less(&since, &before));
	assert_false(tain_less(&after, &since));
	write_current(&f, "2025-11-21T00:00:01.000000002Z x\n");
	since = begun(&f, LABEL_UTC);
	assert_int_equal(since.sec.x, at(1763683201, 0).sec.x);
	assert_int_equal(since.nano, 2);
	/* Without a stamp, when it was made. */
	since = begun(&f, LABEL_DJB);
	assert_true(since.sec.x >= before.sec.x - 60 &&
		    since.sec.x <= before.sec.x + 60);
	close_all(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(old_archives_go_every_minute),
	    cmocka_unit_test(old_current_is_due),
	    cmocka_unit_test(time_begins_with_a_line),
	    cmocka_unit_test(waits_for_the_end),
	    cmocka_unit_test(periods_end_on_the_clock),
	    cmocka_unit_test(days_end_by_the_local_clock),
	    cmocka_unit_test(began_before_unix_time),
	    cmocka_unit_test(clock_set_back),
	    cmocka_unit_test(time_of_the_first_line),
	};

	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
