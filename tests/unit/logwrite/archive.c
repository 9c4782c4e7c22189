/* Archives: names that only grow, and what is removed. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include <sys/stat.h>

#include "../scratch.h"
#include "logwrite/archive.h"

static char path[] = "/tmp/recio-archive.XXXXXX";
static int directory = -1;

static void touch(const char *name)
{
	int fd = openat(directory, name, O_WRONLY | O_CREAT, 0600);

	assert_true(fd >= 0);
	close(fd);
}

static int there(const char *name)
{
	return faccessat(directory, name, F_OK, 0) == 0;
}

static int begin(void **state)
{
	(void)state;
	strcpy(path + strlen(path) - 6, "XXXXXX");
	if (!mkdtemp(path))
		return -1;
	directory = open(path, O_RDONLY | O_DIRECTORY);
	return directory < 0;
}

static int finish(void **state)
{
	char command[100];

	(void)state;
	close(directory);
	snprintf(command, sizeof command, "rm -rf %s", path);
	return system(command);
}

static char renamed[ARCHIVE_NAME];

static int new_name(enum archive_kind kind, struct tain_s *newest)
{
	return archive_rename(directory, "file", kind, "", newest, renamed);
}

static void names_grow_though_the_clock_is_behind(void **state)
{
	struct tain_s newest = {{0}, 0}, before;
	int i;

	(void)state;
	touch("@500000000000000000000005.s");
	touch("@400000000000000000000009.u");
	touch("@9999999999999999nonsense");
	touch("file");
	assert_int_equal(archive_newest(directory, &newest), 0);
	assert_int_equal(newest.sec.x, 0x5000000000000000);
	for (i = 0; i < 3; i++) {
		before = newest;
		assert_int_equal(new_name(ARCHIVE_FINISHED, &newest), 1);
		touch("file");
		assert_true(tain_less(&before, &newest));
	}
	assert_true(there("@500000000000000000000006.s"));
	assert_true(there("@500000000000000000000008.s"));
	/* Somebody else has made the next one. */
	touch("@500000000000000000000009.s");
	assert_int_equal(new_name(ARCHIVE_FINISHED, &newest), 1);
	assert_int_equal(newest.nano, 10);
	assert_string_equal(renamed, "@50000000000000000000000a.s");
	assert_true(there(renamed));
}

/* After a crash between a link and the removal of the old name. */
static void what_is_an_archive_gets_no_second_name(void **state)
{
	struct tain_s newest = {{0}, 0}, before;

	(void)state;
	assert_int_equal(new_name(ARCHIVE_FINISHED, &newest), 0);
	assert_int_equal(newest.sec.x, 0);
	touch("file");
	assert_int_equal(new_name(ARCHIVE_FINISHED, &newest), 1);
	before = newest;
	assert_int_equal(linkat(directory, renamed, directory, "file", 0), 0);
	assert_int_equal(new_name(ARCHIVE_FINISHED, &newest), 0);
	assert_string_equal(renamed, "");
	assert_false(there("file"));
	assert_memory_equal(&before.sec, &newest.sec, sizeof newest.sec);
}

/* A backup by a hard link elsewhere does not make it an archive. */
static void other_links_do_not_count(void **state)
{
	struct tain_s newest = {{0}, 0};

	(void)state;
	touch("file");
	assert_int_equal(linkat(directory, "file", directory, "backup", 0), 0);
	assert_int_equal(new_name(ARCHIVE_UNFINISHED, &newest), 1);
	assert_true(newest.sec.x > 0);
	assert_false(there("file"));
}

/* s6-log gives different files one label: neither replaces the other. */
static void finished_under_the_next_free_label(void **state)
{
	struct tain_s newest = {{0}, 0};
	char name[ARCHIVE_NAME] = "@400000000000000000000001.u";

	(void)state;
	touch(name);
	assert_int_equal(archive_finish(directory, name, ".gz", &newest), 0);
	assert_string_equal(name, "@400000000000000000000001.s.gz");
	assert_int_equal(newest.nano, 1);
	strcpy(name, "@400000000000000000000001.u");
	touch(name);
	touch("@400000000000000000000001.s");
	touch("@400000000000000000000002.u");
	newest.nano = 9;
	assert_int_equal(archive_finish(directory, name, "", &newest), 0);
	assert_string_equal(name, "@400000000000000000000003.s");
	assert_true(there(name));
	assert_int_equal(newest.nano, 9);
	/* Whoever has removed it meant it. */
	strcpy(name, "@400000000000000000000001.u");
	assert_int_equal(archive_finish(directory, name, "", &newest), 0);
}

struct walk {
	int stop_at, n;
};

static int count_and_rename(void *context, const char *name)
{
	struct walk *walk = context;
	char to[ARCHIVE_NAME];

	snprintf(to, sizeof to, "%.*s.s", (int)LABEL_LEN, name);
	assert_int_equal(renameat(directory, name, directory, to), 0);
	return ++walk->n == walk->stop_at ? -7 : 0;
}

static void walk_meets_each_once(void **state)
{
	struct walk walk = {0, 0};
	char name[ARCHIVE_NAME];
	int i;

	(void)state;
	touch("@400000000000000000000001.u.gz");
	touch("@40000000000000000000000x.u");
	for (i = 0; i < 100; i++) {
		snprintf(name, sizeof name, "@4000000000000000000001%02x.u", i);
		touch(name);
	}
	walk.stop_at = 40;
	assert_int_equal(archive_walk(directory, ARCHIVE_UNFINISHED,
				      count_and_rename, &walk),
			 -7);
	assert_int_equal(walk.n, 40);
	assert_int_equal(archive_walk(directory, ARCHIVE_UNFINISHED,
				      count_and_rename, &walk),
			 0);
	assert_int_equal(walk.n, 100);
}

static int prune(unsigned long number, char *stuck)
{
	struct settings settings;

	script_defaults(&settings);
	settings.number = number;
	return archive_prune(directory, &settings, stuck);
}

/* No archives: neither counted nor removed, though multilog would. */
static void other_names_stay(void **state)
{
	static const char *const others[] = {
	    "@000000000000000000000001",     "@000000000000000000000001.t",
	    "@000000000000000000000001.s~",  "@000000000000000000000001.x",
	    "@00000000000000000000000g.s",   "@0000000000000000000001.ssss",
	    "@000000000000000000000001.s.+", "@00000000000000000000000A.s",
	};
	const size_t n = sizeof others / sizeof *others;
	char stuck[ARCHIVE_NAME] = "";

	(void)state;
	for (size_t i = 0; i < n; i++)
		touch(others[i]);
	touch("@400000000000000000000001.s");
	touch("@400000000000000000000002.s");
	assert_int_equal(prune(3, stuck), 0);
	assert_true(there("@400000000000000000000001.s"));
	assert_int_equal(prune(1, stuck), 0);
	assert_false(there("@400000000000000000000001.s"));
	assert_false(there("@400000000000000000000002.s"));
	assert_int_equal(archive_remove(directory, 0), 0);
	for (size_t i = 0; i < n; i++)
		assert_true(there(others[i]));
}

static void oldest_go_first(void **state)
{
	char stuck[ARCHIVE_NAME] = "";

	(void)state;
	touch("@400000000000000000000003.s");
	touch("@400000000000000000000001.u");
	touch("@400000000000000000000002.s");
	touch("@400000000000000000000004.s");
	touch("@short");
	assert_int_equal(prune(3, stuck), 0);
	assert_false(there("@400000000000000000000001.u"));
	assert_false(there("@400000000000000000000002.s"));
	assert_true(there("@400000000000000000000003.s"));
	assert_true(there("@400000000000000000000004.s"));
	assert_true(there("@short"));
}

static void what_cannot_go_is_not_in_the_way(void **state)
{
	char stuck[ARCHIVE_NAME] = "";

	(void)state;
	assert_int_equal(
	    mkdirat(directory, "@000000000000000000000000.s", 0700), 0);
	touch("@400000000000000000000001.s");
	touch("@400000000000000000000002.s");
	assert_int_equal(prune(2, stuck), -1);
	assert_int_equal(errno, EISDIR);
	assert_string_equal(stuck, "@000000000000000000000000.s");
	assert_false(there("@400000000000000000000001.s"));
	assert_true(there("@400000000000000000000002.s"));
	touch("@400000000000000000000003.s");
	assert_int_equal(prune(2, stuck), 0);
	assert_false(there("@400000000000000000000002.s"));
	assert_true(there("@400000000000000000000003.s"));
}

static void sized(const char *name, off_t size)
{
	int fd;

	touch(name);
	fd = openat(directory, name, O_WRONLY);
	assert_int_equal(ftruncate(fd, size), 0);
	close(fd);
}

/* The newest within the total stay, whatever their suffix. */
static void total_size(void **state)
{
	char stuck[ARCHIVE_NAME] = "";
	struct settings settings;

	(void)state;
	script_defaults(&settings);
	sized("@400000000000000000000001.s", 1);
	sized("@400000000000000000000002.s.zst", 500);
	sized("@400000000000000000000003.u", 400);
	sized("@400000000000000000000004.s", 100);
	touch("current");
	settings.total = 0; /* no limit */
	assert_int_equal(archive_prune(directory, &settings, stuck), 0);
	assert_true(there("@400000000000000000000001.s"));
	settings.total = 1000;
	assert_int_equal(archive_prune(directory, &settings, stuck), 0);
	assert_false(there("@400000000000000000000001.s"));
	assert_true(there("@400000000000000000000002.s.zst"));
	settings.total = 99;
	assert_int_equal(archive_prune(directory, &settings, stuck), 0);
	assert_false(there("@400000000000000000000004.s"));
	assert_true(there("current"));
}

/* An archive whose label is so many seconds away from now. */
static void aged(char *text, int64_t seconds, enum archive_kind kind,
		 const char *suffix)
{
	struct archive_name name = {.kind = kind};

	strcpy(name.suffix, suffix);
	label_now(&name.label);
	name.label.sec.x += (uint64_t)seconds;
	archive_name_format(text, &name);
	touch(text);
}

static void change_time(const char *name, int64_t seconds)
{
	struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {0}};

	times[1].tv_sec = time(NULL) + seconds;
	assert_int_equal(utimensat(directory, name, times, 0), 0);
}

/* By the label; one from the future by the time of its last change. */
static void by_age(void **state)
{
	char stuck[ARCHIVE_NAME] = "", old[ARCHIVE_NAME], young[ARCHIVE_NAME],
	     ahead[ARCHIVE_NAME], ahead_old[ARCHIVE_NAME];
	struct settings settings;

	(void)state;
	script_defaults(&settings);
	settings.age = 60000;
	aged(old, -61, ARCHIVE_FINISHED, ".gz");
	aged(young, -50, ARCHIVE_UNFINISHED, "");
	change_time(young, -1000);
	aged(ahead, 1000, ARCHIVE_FINISHED, "");
	change_time(ahead, -50);
	aged(ahead_old, 2000, ARCHIVE_FINISHED, "");
	change_time(ahead_old, -61);
	touch("current");
	change_time("current", -1000);
	assert_int_equal(archive_prune(directory, &settings, stuck), 0);
	assert_false(there(old));
	assert_true(there(young));
	assert_true(there(ahead));
	assert_false(there(ahead_old));
	assert_true(there("current"));
}

static void suffixes(void **state)
{
	struct tain_s newest = {{0}, 0};
	char name[ARCHIVE_NAME], longest[ARCHIVE_SUFFIX + 1];

	(void)state;
	touch("@400000000000000000000001.s");
	touch("@400000000000000000000002.u.gz");
	assert_int_equal(archive_oldest(directory, ARCHIVE_UNFINISHED, name),
			 0);
	touch("@400000000000000000000004.u");
	touch("@400000000000000000000003.u");
	assert_int_equal(archive_oldest(directory, ARCHIVE_UNFINISHED, name),
			 1);
	assert_string_equal(name, "@400000000000000000000003.u");
	memset(longest, 'x', sizeof longest - 1);
	longest[0] = '.';
	longest[sizeof longest - 1] = 0;
	touch("file");
	assert_int_equal(archive_rename(directory, "file", ARCHIVE_FINISHED,
					longest, &newest, name),
			 1);
	assert_true(there(name));
	assert_int_equal(strlen(name), sizeof name - 1);
	assert_string_equal(name + LABEL_LEN + 2, longest);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, finish)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(names_grow_though_the_clock_is_behind),
	    TEST(what_is_an_archive_gets_no_second_name),
	    TEST(finished_under_the_next_free_label),
	    TEST(walk_meets_each_once),
	    TEST(other_links_do_not_count),
	    TEST(other_names_stay),
	    TEST(oldest_go_first),
	    TEST(what_cannot_go_is_not_in_the_way),
	    TEST(total_size),
	    TEST(by_age),
	    TEST(suffixes),
	};

	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
