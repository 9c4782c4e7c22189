/* Starting a source at the position after any byte of its log. */
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

#include "logread/source.h"

static char directory[] = "/tmp/recio-unit.XXXXXX";
static char *archive = NULL, *current = NULL;

/* The archive ends within a line, which current continues. */
static const char archived[] = "@400000006920001000000001 one\n"
			       "@400000006920001000000002 two\n"
			       "no stamp\n"
			       "@400000006920001000000003 three, cut";
static const char written[] = ", and its rest\n"
			      "@400000006920002000000001 four\n"
			      "@400000006920002000000002 half";

static void write_file(const char *name, const char *text)
{
	FILE *out = fopen(name, "w");

	assert_non_null(out);
	assert_true(fputs(text, out) >= 0);
	assert_int_equal(fclose(out), 0);
}

static int make_log(void **state)
{
	(void)state;
	if (!mkdtemp(directory) ||
	    asprintf(&archive, "%s/@400000006920001100000000.s", directory) <
		0 ||
	    asprintf(&current, "%s/current", directory) < 0)
		return -1;
	write_file(archive, archived);
	write_file(current, written);
	return 0;
}

static int remove_log(void **state)
{
	(void)state;
	unlink(archive);
	unlink(current);
	free(archive);
	free(current);
	return rmdir(directory);
}

static struct source *open_at(const struct position *start)
{
	static const char *const directories[] = {directory};
	static struct source_options options;
	const char *bad;
	struct source *source;

	options = (struct source_options){
	    .directories = directories, .count = 1, .start = start};
	source = source_open(&options, &bad);
	assert_non_null(source);
	return source;
}

/* Appends a line to text, as the bytes and flags that a source gives. */
static void append_line(char *text, const struct source_line *line)
{
	strncat(text, line->text, line->len);
	strcat(text, line->ends ? "\n" : "");
}

/* Compares the log after n of its bytes with all that source gives. */
static void is_rest(struct source *source, size_t n)
{
	char rest[sizeof archived + sizeof written] = "", whole[sizeof rest];
	struct source_line line;

	snprintf(whole, sizeof whole, "%s%s", archived, written);
	while (source_next(source, &line) > 0) {
		if (!*rest)
			assert_int_equal(line.begins, whole[n - 1] == '\n');
		append_line(rest, &line);
	}
	assert_string_equal(rest, whole + n);
}

/* Starts anew before, and after each byte of, the line that was given last. */
static size_t start_within(const struct source *source, size_t before,
			   const struct source_line *line)
{
	size_t n = line->len + line->ends;
	struct position position, again;
	char text[POSITION_TEXT];
	struct source *other;

	for (size_t i = before == 0; i <= n; i++) {
		source_place(source, i, &position);
		position_format(text, &position);
		assert_true(position_parse(&again, text));
		other = open_at(&again);
		is_rest(other, before + i);
		source_close(other);
	}
	return n;
}

static void from_every_byte_on(void **state)
{
	struct source *source = open_at(NULL);
	struct source_line line;
	struct position end, last;
	size_t before = 0, of_file = 0;

	(void)state;
	while (source_next(source, &line) > 0) {
		if (line.joins)
			of_file = before;
		assert_int_equal(line.offset, before - of_file);
		before += start_within(source, before, &line);
		source_place(source, line.len + line.ends, &last);
	}
	assert_int_equal(before, sizeof archived + sizeof written - 2);
	source_place_end(source, &end);
	assert_int_equal(end.offset, last.offset);
	assert_true(position_is_same(&end, &last));
	source_close(source);
}

/* The text after a cut line joins it also if reading starts between both. */
static void between_two_files(void **state)
{
	struct source *source = open_at(NULL), *other;
	struct position position;
	struct source_line line;

	(void)state;
	do {
		assert_int_equal(source_next(source, &line), 1);
		assert_false(line.joins);
	} while (line.ends);
	source_place(source, line.len, &position);
	assert_int_equal(source_next(source, &line), 1);
	assert_true(line.joins && !line.begins);
	other = open_at(&position);
	assert_int_equal(source_next(other, &line), 1);
	assert_true(line.joins && !line.begins);
	assert_int_equal(source_next(other, &line), 1);
	assert_true(line.begins && !line.joins);
	source_close(other);
	source_close(source);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(from_every_byte_on),
	    cmocka_unit_test(between_two_files),
	};

	return cmocka_run_group_tests(tests, make_log, remove_log);
}
