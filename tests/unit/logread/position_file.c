/* Places as text, and the file that remembers them. */
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

#include <sys/stat.h>

#include <cmocka.h>

#include "logread/position_file.h"

static char file[] = "/tmp/recio-unit.XXXXXX";

static const struct position place = {
    .offset = 123456789012,
    .head = 0x0123456789abcdef,
    .tail = 1,
    .labelled = true,
    .last = {{TAI_MAGIC + 10}, 5},
};

static void is_place(const struct position *p)
{
	assert_true(p->offset == place.offset && p->head == place.head &&
		    p->tail == place.tail);
	assert_true(p->labelled);
	assert_int_equal(p->last.sec.x, place.last.sec.x);
}

static void known_hash(void **state)
{
	(void)state;
	assert_true(position_hash("", 0) == 0xcbf29ce484222325);
	assert_true(position_hash("a", 1) == 0xaf63dc4c8601ec8c);
	assert_true(position_hash("foobar", 6) == 0x85944171f73967e8);
}

static void text(void **state)
{
	char t[POSITION_TEXT];
	struct position back;
	size_t len;

	(void)state;
	len = position_format(t, &place);
	assert_int_equal(len, strlen(t));
	assert_int_equal(position_scan(&back, t), strlen(t));
	is_place(&back);
	assert_int_equal(position_scan(&back, "1 2 3 -"), 7);
	assert_false(back.labelled);
	assert_int_equal(position_scan(&back, "1 2 3"), 0);
	assert_int_equal(position_scan(&back, "1 2 3 x"), 0);
	assert_int_equal(position_scan(&back, "x 2 3 -"), 0);
	assert_int_equal(position_scan(&back, ""), 0);
}

static void saved_and_loaded(void **state)
{
	struct position_file_entry saved[] = {{"/one", true, place},
					      {"/not", false, place},
					      {"/a b\n\\c\xff", true, place}};
	struct position_file_entry loaded[] = {{.directory = "/a b\n\\c\xff"},
					       {.directory = "/not"},
					       {.directory = "/other"},
					       {.directory = "/one"}};

	(void)state;
	assert_int_equal(position_file_save(file, saved, 3), 0);
	assert_int_equal(position_file_load(file, loaded, 4), 0);
	assert_true(loaded[0].known && !loaded[1].known && !loaded[2].known &&
		    loaded[3].known);
	is_place(&loaded[0].place);
	is_place(&loaded[3].place);
}

static void put(const char *content, size_t len)
{
	int fd = open(file, O_WRONLY | O_TRUNC);

	assert_int_equal(write(fd, content, len), len);
	close(fd);
}

static void no_cursor(void **state)
{
	static const char *const bad[] = {"mine\n",
					  "rlog cursor 1",
					  "rlog cursor 2\n",
					  "rlog cursor 1\nx\n",
					  "rlog cursor 1\n1 2 3 - /x",
					  "rlog cursor 1\n1 2 3 -\n"};
	struct position_file_entry e = {.directory = "/x"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		put(bad[i], strlen(bad[i]));
		errno = 0;
		if (position_file_load(file, &e, 1) != -1)
			fail_msg("loaded: %s", bad[i]);
		assert_int_equal(errno, EINVAL);
	}
	assert_false(e.known);
	put("", 0);
	assert_int_equal(position_file_load(file, &e, 1), 0);
	assert_int_equal(position_file_load("/tmp/recio-unit-none", &e, 1), 0);
	assert_int_equal(position_file_load("/tmp", &e, 1), -1);
}

static void the_old_one_stays(void **state)
{
	struct position_file_entry e = {"/one", true, place};
	char new[64];

	(void)state;
	assert_int_equal(position_file_save(file, &e, 1), 0);
	snprintf(new, sizeof new, "%s.new", file);
	assert_int_equal(mkdir(new, 0700), 0);
	assert_int_equal(position_file_save(file, &e, 1), -1);
	rmdir(new);
	e.known = false;
	assert_int_equal(position_file_load(file, &e, 1), 0);
	assert_true(e.known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(known_hash),        cmocka_unit_test(text),
	    cmocka_unit_test(saved_and_loaded),  cmocka_unit_test(no_cursor),
	    cmocka_unit_test(the_old_one_stays),
	};
	int r;

	close(mkstemp(file));
	r = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(file);
	return r;
}
