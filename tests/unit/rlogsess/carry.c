/* What is carried over: whole, or damaged in any place. */
#include "rlogsess/carry.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>

#include <cmocka.h>

#include "rlogsess/report.h"

enum { ROOM = 4096 };

static struct rlogsess_options options;
static int fd;

static int begin(void **state)
{
	(void)state;
	options = (struct rlogsess_options){.form = format_find("table"),
					    .descriptors = true};
	fd = memfd_create("state", MFD_CLOEXEC);
	return fd < 0;
}

static int begin_mail(void **state)
{
	if (begin(state) != 0)
		return -1;
	options.by_message = true;
	return 0;
}

/* Two sources with the same numbers. */
static int begin_two(void **state)
{
	if (begin(state) != 0)
		return -1;
	options.selection.source.count = 2;
	return 0;
}

static int begin_two_mails(void **state)
{
	if (begin_two(state) != 0)
		return -1;
	options.by_message = true;
	return 0;
}

static int end(void **state)
{
	(void)state;
	return close(fd);
}

/* Its output is not looked at, and goes nowhere. */
static struct report *new_report(void)
{
	struct report *r =
	    report_new(&options, false, &(struct format_warning){0});

	assert_non_null(r);
	output_init(&r->output, -1);
	for (size_t i = 0; i < options.selection.source.count; i++)
		report_name_source(r, i, i == 0 ? "/a" : "/b\n");
	return r;
}

static char own_line[64]; /* that was loaded last */

static bool load_own(void *ctx, struct slice text)
{
	(void)ctx;
	slice_copy(text, own_line, sizeof own_line);
	return !slice_equal(text, "bad");
}

static void save_own(void *ctx, struct output *output)
{
	(void)ctx;
	output_string(output, *own_line ? "+ " : "");
	output_string(output, own_line);
	output_string(output, *own_line ? "\n" : "");
}

static const struct carry_lines own = {load_own, save_own, NULL};

static void put(const char *text, size_t len)
{
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_int_equal(pwrite(fd, text, len, 0), len);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
}

static size_t get(char text[ROOM])
{
	ssize_t n = pread(fd, text, ROOM, 0);

	assert_true(n > 0 && n < ROOM);
	return (size_t)n;
}

static int load(struct report *r, const char *text, size_t len)
{
	put(text, len);
	errno = 0;
	return carry_load(&r->grouper, &own, fd);
}

/* What a report has open, as a state. */
static size_t save(struct report *r, char text[ROOM])
{
	put("", 0);
	assert_int_equal(carry_save(&r->grouper, &own, fd), 0);
	return get(text);
}

static const char *const log_of[][8] = {
    {
	"tcpserver: pid 7 from 192.0.2.7",
	"7 > 220 me ",
	"tcpserver: pid 8 from 192.0.2.8",
	"7 < EHLO = you ",
	"8 < = 1 1 1 0",
	"end",
    },
    {
	"new msg 7",
	"info msg 7: bytes 99 from <a@b> qp 1 uid 2",
	"new msg 8",
	"starting delivery 1: msg 7 to local joe@c",
	"starting delivery 2: msg 8 to remote d@e",
    },
};

/* Each line is one of every source. */
static void take_lines(struct report *r)
{
	const char *const *line = log_of[options.by_message];

	for (; *line; line++)
		for (size_t i = 0; i < r->grouper.count; i++) {
			report_begin_block(
			    r, &(struct source_line){.kind = LABEL_DJB,
						     .origin = i});
			assert_int_equal(report_line(r, *line, strlen(*line)),
					 0);
		}
}

static size_t make(char text[ROOM])
{
	struct report *r = new_report();
	size_t len;

	take_lines(r);
	assert_int_equal(report_finish(r, true), 0);
	len = save(r, text);
	report_free(r);
	return len;
}

static void as_it_was(void **state)
{
	char text[ROOM], again[ROOM];
	size_t len = make(text);
	struct report *r = new_report();

	(void)state;
	assert_memory_equal(text, "rlogsess state ", 15);
	assert_int_equal(text[15], '0' + (int)r->grouper.count);
	assert_memory_equal(text + len - 5, "\nend\n", 5);
	assert_int_equal(load(r, text, len), 0);
	assert_int_equal(r->grouper.open, 2 * r->grouper.count);
	assert_int_equal(save(r, again), len);
	assert_memory_equal(text, again, len);
	report_free(r);
}

static void nothing_is_a_state(void **state)
{
	struct report *r = new_report();

	(void)state;
	assert_int_equal(load(r, "", 0), 0);
	assert_int_equal(r->grouper.open, 0);
	report_free(r);
}

/* Never taken for a whole one. */
static void cut_anywhere(void **state)
{
	char text[ROOM];
	size_t len = make(text);

	(void)state;
	for (size_t n = 1; n < len; n++) {
		struct report *r = new_report();

		assert_int_equal(load(r, text, n), -1);
		assert_int_equal(errno, EINVAL);
		report_free(r);
	}
}

/* Refused, or read as something that can be saved and read again. */
static void other_bytes_anywhere(void **state)
{
	static const char bytes[] = {0, '\n', ' ', '0', '9', '-', '=', '\xff'};
	char text[ROOM], again[ROOM], damaged[ROOM];
	size_t len = make(text), refused = 0;

	(void)state;
	for (size_t i = 0; i < len * sizeof bytes; i++) {
		struct report *r = new_report();
		size_t n;

		memcpy(damaged, text, len);
		damaged[i / sizeof bytes] = bytes[i % sizeof bytes];
		if (load(r, damaged, len) < 0) {
			assert_true(errno == EINVAL ||
				    (errno == EXDEV && r->grouper.count > 1));
			refused++;
			report_free(r);
			continue;
		}
		n = save(r, again);
		report_free(r);
		r = new_report();
		assert_int_equal(load(r, again, n), 0);
		report_free(r);
	}
	assert_true(refused > len && refused < len * sizeof bytes);
}

static void refused(void **state)
{
	static const char *const texts[] = {
	    "\n",
	    "end\n",
	    "rlogsess state 1 sessions 1\n",
	    "rlogsess state 3 sessions 1\nend\n",
	    "rlogsess state 1 messages 1\nend\n",
	    "rlogsess state 1 sessions\nend\n",
	    "rlogsess state 1 sessions 1 1\nend\n",
	    "rlogsess state 1 sessions-and-many-more 1\nend\n",
	    /* A session of no lines, of too many, without a number. */
	    "rlogsess state 1 sessions 1\n= 7 1 0 0\nend\n",
	    "rlogsess state 1 sessions 1\n= 7 1 2 0\n7 < a \nend\n",
	    "rlogsess state 1 sessions 1\n= 7 1 18446744073709551615 0\n"
	    "7 < a \nend\n",
	    "rlogsess state 1 sessions 1\n= 7 0 1 0\n7 < a \nend\n",
	    "rlogsess state 1 sessions 1\n= 7 1 1\n7 < a \nend\n",
	    /* Its lines are those of another, or of none. */
	    "rlogsess state 1 sessions 1\n= 7 1 1 0\n8 < a \nend\n",
	    "rlogsess state 1 sessions 1\n= 7 1 1 0\nno more\nend\n",
	    "rlogsess state 1 sessions 1\n= 4294967303 1 1 0\n7 < a \nend\n",
	    /* A source is named behind its group, or twice, or is no source. */
	    "rlogsess state 2 sessions 1\n= 7 1 1 0\n7 < a \nsource \nend\n",
	    "rlogsess state 2 sessions 1\nsource\n= 7 1 1 0\n7 < a \nend\n",
	    "rlogsess state 1 sessions 1\nsource \n= 7 1 1 0\n7 < a \nend\n",
	    "rlogsess state 0 sessions 1\nend\n",
	    "rlogsess state 21 sessions 1\nend\n",
	    /* Twice the same. */
	    "rlogsess state 1 sessions 2\n= 7 1 1 0\n7 < a \n"
	    "= 7 2 1 0\n7 < b \nend\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct report *r = new_report();

		if (load(r, texts[i], strlen(texts[i])) == 0)
			fail_msg("taken: %s", texts[i]);
		assert_int_equal(errno, EINVAL);
		report_free(r);
	}
}

/* What was left out of it is not forgotten. */
static void lines_that_were_left_out(void **state)
{
	static const char text[] = "rlogsess state 1 sessions 9\n= 7 3 1 5\n"
				   "7 < a \nend\n";
	struct report *r = new_report();
	char again[ROOM];

	(void)state;
	assert_int_equal(load(r, text, strlen(text)), 0);
	assert_int_equal(save(r, again), strlen(text));
	assert_memory_equal(again, text, strlen(text));
	assert_int_equal(r->grouper.number, 9);
	report_free(r);
}

/* Sections of a state belong to the sources of these names, in any order. */
static void sources_by_name(void **state)
{
	static const char text[] = "rlogsess state 2 sessions 9\n"
				   "source /b\\x0a\n= 7 3 1 0\n7 < a \n"
				   "source /a\n= 7 4 1 0\n7 < b \nend\n";
	struct report *r = new_report();

	(void)state;
	assert_int_equal(load(r, text, strlen(text)), 0);
	assert_int_equal(r->grouper.logs[0].table.latest->number, 4);
	assert_int_equal(r->grouper.logs[1].table.latest->number, 3);
	report_free(r);
}

static void other_sources(void **state)
{
	static const char *const texts[] = {
	    "rlogsess state 1 sessions 1\n= 7 1 1 0\n7 < a \nend\n",
	    "rlogsess state 2 sessions 1\nsource /c\n= 7 1 1 0\n7 < a \nend\n",
	    ("rlogsess state 2 sessions 2\nsource /a\n= 7 1 1 0\n7 < a \n"
	     "source /a\n= 7 2 1 0\n7 < a \nend\n"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct report *r = new_report();

		assert_int_equal(load(r, texts[i], strlen(texts[i])), -1);
		assert_int_equal(errno, EXDEV);
		report_free(r);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
#define TWO_TEST(name) cmocka_unit_test_setup_teardown(name, begin_two, end)
#define TWO_MAIL_TEST(name) \
	cmocka_unit_test_setup_teardown(name, begin_two_mails, end)
#define MAIL_TEST(name) cmocka_unit_test_setup_teardown(name, begin_mail, end)

static void own_lines(void **state)
{
	static const char text[] = "rlogsess state 1 sessions 3\n"
				   "+ one\n+ two 2\nend\n";
	static const char bad[] = "rlogsess state 1 sessions 3\n+ bad\nend\n";
	struct report *r = new_report();
	char saved[ROOM];

	(void)state;
	assert_int_equal(load(r, text, strlen(text)), 0);
	assert_string_equal(own_line, "two 2");
	saved[save(r, saved)] = 0;
	assert_string_equal(saved,
			    "rlogsess state 1 sessions 3\n+ two 2\nend\n");
	assert_int_equal(load(r, bad, strlen(bad)), -1);
	assert_int_equal(errno, EINVAL);
	*own_line = 0;
	report_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(own_lines),
	    TEST(as_it_was),
	    TEST(nothing_is_a_state),
	    TEST(cut_anywhere),
	    TEST(other_bytes_anywhere),
	    TEST(refused),
	    TEST(lines_that_were_left_out),
	    MAIL_TEST(as_it_was),
	    MAIL_TEST(cut_anywhere),
	    MAIL_TEST(other_bytes_anywhere),
	    TWO_TEST(as_it_was),
	    TWO_TEST(cut_anywhere),
	    TWO_TEST(other_bytes_anywhere),
	    TWO_TEST(sources_by_name),
	    TWO_TEST(other_sources),
	    TWO_MAIL_TEST(as_it_was),
	    TWO_MAIL_TEST(cut_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
