/* Positions, and the file that keeps them. */
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

#include "logread/position.h"

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

/* The hashes are stored: those of other programs of this version, too. */
static void known_hashes(void **state)
{
	static const struct tain_s label = {{TAI_MAGIC + 10}, 5};
	struct position p;

	(void)state;
	position_set(&p, 0, "foobar", "foobar", NULL);
	assert_true(p.head == 0xcbf29ce484222325 && p.tail == p.head);
	assert_false(p.labelled);
	position_set(&p, 1, "abc", &"abc"[1], NULL);
	assert_true(p.head == 0xaf63dc4c8601ec8c && p.tail == p.head);
	position_set(&p, 6, "foobarx", &"foobarx"[6], &label);
	assert_true(p.head == 0x85944171f73967e8 && p.tail == p.head);
	assert_true(p.labelled && p.last.nano == 5);
}

static void no_more_bytes_than_head_and_tail(void **state)
{
	struct position one, other;
	char text[POSITION_HEAD + POSITION_TAIL + 2];

	(void)state;
	memset(text, 'x', sizeof text);
	position_set(&one, sizeof text, text, text + sizeof text, NULL);
	text[POSITION_HEAD] = text[POSITION_HEAD + 1] = 'y';
	position_set(&other, sizeof text, text, text + sizeof text, NULL);
	assert_true(position_is_same(&one, &other));
	assert_true(position_has_head(&one, text));
	text[POSITION_HEAD + 2] = 'y';
	position_set(&other, sizeof text, text, text + sizeof text, NULL);
	assert_false(position_is_same(&one, &other));
	text[POSITION_HEAD + 2] = 'x';
	text[POSITION_HEAD - 1] = 'y';
	assert_false(position_has_head(&one, text));
	position_set(&other, sizeof text, text, text + sizeof text, NULL);
	assert_false(position_is_same(&one, &other));
}

static void saved_and_loaded(void **state)
{
	struct position_entry saved[] = {{"/one", true, place},
					 {"/not", false, place},
					 {"/a b\n\\c\xff", true, place}};
	struct position_entry loaded[] = {{.directory = "/a b\n\\c\xff"},
					  {.directory = "/not"},
					  {.directory = "/other"},
					  {.directory = "/one"}};

	(void)state;
	assert_int_equal(position_save(file, saved, 3), 0);
	assert_int_equal(position_load(file, loaded, 4), 0);
	assert_true(loaded[0].known && !loaded[1].known && !loaded[2].known &&
		    loaded[3].known);
	is_place(&loaded[0].position);
	is_place(&loaded[3].position);
}

static void write_file(const char *content, size_t len)
{
	int fd = open(file, O_WRONLY | O_TRUNC);

	assert_int_equal(write(fd, content, len), len);
	close(fd);
}

static void without_a_label(void **state)
{
	static const char text[] = "rlog cursor 1\n1 2 3 - /x\n";
	struct position_entry e = {.directory = "/x"};

	(void)state;
	write_file(text, strlen(text));
	assert_int_equal(position_load(file, &e, 1), 0);
	assert_true(e.known && !e.position.labelled);
	assert_true(e.position.head == 1 && e.position.tail == 2);
	assert_true(e.position.offset == 3);
}

static void no_cursor(void **state)
{
	static const char *const bad[] = {"mine\n",
					  "rlog cursor 1",
					  "rlog cursor 2\n",
					  "rlog cursor 1\nx\n",
					  "rlog cursor 1\n1 2 3 - /x",
					  "rlog cursor 1\n1 2 3 /x\n",
					  "rlog cursor 1\n1 2 3\n",
					  "rlog cursor 1\n1 2 3 x /x\n",
					  "rlog cursor 1\nx 2 3 - /x\n",
					  "rlog cursor 1\n\n",
					  "rlog cursor 1\n1 2 3 -\n"};
	struct position_entry e = {.directory = "/x"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		write_file(bad[i], strlen(bad[i]));
		errno = 0;
		if (position_load(file, &e, 1) != -1)
			fail_msg("loaded: %s", bad[i]);
		assert_int_equal(errno, EINVAL);
	}
	assert_false(e.known);
	write_file("", 0);
	assert_int_equal(position_load(file, &e, 1), 0);
	assert_int_equal(position_load("/tmp/recio-unit-none", &e, 1), 0);
	assert_int_equal(position_load("/tmp", &e, 1), -1);
}

static void the_old_one_stays(void **state)
{
	struct position_entry e = {"/one", true, place};
	char new[64];

	(void)state;
	assert_int_equal(position_save(file, &e, 1), 0);
	snprintf(new, sizeof new, "%s.new", file);
	assert_int_equal(mkdir(new, 0700), 0);
	assert_int_equal(position_save(file, &e, 1), -1);
	rmdir(new);
	e.known = false;
	assert_int_equal(position_load(file, &e, 1), 0);
	assert_true(e.known);
}

static void as_text(void **state)
{
	static const char bare[] = "0123456789abcdef 0000000000000001 5 -";
	char text[POSITION_TEXT];
	size_t n;
	struct position p, greatest = {.offset = UINT64_MAX,
				       .head = UINT64_MAX,
				       .tail = UINT64_MAX,
				       .labelled = true,
				       .last = place.last};

	(void)state;
	n = position_format(text, &place);
	assert_int_equal(n, strlen(text));
	assert_string_equal(text,
			    "0123456789abcdef 0000000000000001 123456789012 "
			    "@400000000000000a00000005");
	assert_true(position_parse(&p, text));
	is_place(&p);
	assert_true(position_parse(&p, bare));
	assert_true(p.offset == 5 && !p.labelled);
	assert_int_equal(position_format(text, &p), sizeof bare - 1);
	assert_string_equal(text, bare);
	assert_true(position_format(text, &greatest) < POSITION_TEXT);
	assert_true(position_parse(&p, text));
	assert_true(p.offset == UINT64_MAX && p.head == UINT64_MAX);
}

static void no_other_text(void **state)
{
	static const char *const bad[] = {
	    "",
	    "-",
	    "0123456789abcdef 0000000000000001 5",
	    "0123456789abcdef 0000000000000001 5 ",
	    "0123456789abcdef 0000000000000001 5 - ",
	    " 0123456789abcdef 0000000000000001 5 -",
	    "0123456789abcdef  0000000000000001 5 -",
	    "0123456789ABCDEF 0000000000000001 5 -",
	    "123456789abcdef 0000000000000001 5 -",
	    "0123456789abcdef 0000000000000001 05 -",
	    "0123456789abcdef 0000000000000001 -5 -",
	    "0123456789abcdef 0000000000000001 99999999999999999999 -",
	    "0x23456789abcdef 0000000000000001 5 -",
	    "0123456789abcdef 0000000000000001 5 @400000000000000a0000000",
	    "0123456789abcdef 0000000000000001 5 @400000000000000A00000005",
	    "0123456789abcdef 0000000000000001 5 @400000000000000affffffff",
	};
	struct position p;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (position_parse(&p, bad[i]))
			fail_msg("a position: %s", bad[i]);
}

static uint64_t loaded_offset(void)
{
	struct position_entry e = {"/one", false, {0}};

	assert_int_equal(position_load(file, &e, 1), 0);
	return e.known ? e.position.offset : 0;
}

static void staged_and_recovered(void **state)
{
	struct position_entry e = {"/one", true, place};
	uint64_t hash;

	(void)state;
	assert_int_equal(position_save(file, &e, 1), 0);
	e.position.offset++;
	assert_int_equal(position_stage(file, &e, 1, &hash), 0);
	assert_int_equal(loaded_offset(), place.offset);
	assert_int_equal(position_recover(file, hash + 1), 0);
	assert_int_equal(loaded_offset(), place.offset);
	assert_int_equal(position_recover(file, hash), 0);
	assert_int_equal(loaded_offset(), place.offset + 1);
	/* There are none any more. */
	assert_int_equal(position_recover(file, hash), 0);
	assert_int_equal(position_commit(file), -1);
	e.position.offset++;
	assert_int_equal(position_stage(file, &e, 1, &hash), 0);
	assert_int_equal(position_commit(file), 0);
	assert_int_equal(loaded_offset(), place.offset + 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(as_text),
	    cmocka_unit_test(no_other_text),
	    cmocka_unit_test(known_hashes),
	    cmocka_unit_test(no_more_bytes_than_head_and_tail),
	    cmocka_unit_test(without_a_label),
	    cmocka_unit_test(saved_and_loaded),
	    cmocka_unit_test(no_cursor),
	    cmocka_unit_test(the_old_one_stays),
	    cmocka_unit_test(staged_and_recovered),
	};
	int r;

	close(mkstemp(file));
	r = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(file);
	return r;
}
