/*
 * Batches of a log with lines of all kinds: whatever sizes they have, and
 * wherever reading starts anew, the lines that are restored from them are those
 * of the log.  SEED chooses other random lines.
 */
#include <errno.h>
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

#include "base/line_restore.h"
#include "rlogship/ship_batch.h"

enum { ROOM = 1 << 20, LINES = 300, IDS = 20000 };

static const struct log_name origin = {"mx1", "smtp"};
static char directory[] = "/tmp/recio-unit.XXXXXX";
static char names[2][sizeof directory + 40];
/* The text of the log, and of what was restored. */
static char log_text[ROOM], restored[ROOM];
static size_t log_len, restored_len;
static char ids[IDS][SHIP_ID_MAX];
static size_t id_count;
static bool mid_line;
static struct ship_batch batch;

static unsigned below(unsigned n)
{
	return (unsigned)rand() % n;
}

static void append(FILE *out, const char *text, size_t len)
{
	assert_int_equal(fwrite(text, 1, len, out), len);
	assert_true(log_len + len < ROOM);
	memcpy(log_text + log_len, text, len);
	log_len += len;
}

static void append_string(FILE *out, const char *text)
{
	append(out, text, strlen(text));
}

/* What readers may take for a record, for a stamp, or for neither. */
static const char *const parts[] = {
    "7 < EHLO x ",
    "7 < EHLO x+",
    "7 > [EOF]",
    "7 > [EOF] ",
    "007 < x ",
    "0 < x ",
    "00 : x",
    "4711 : end",
    "7 < x",
    "7 <  ",
    "7 < ",
    " ",
    "  ",
    "1 < 00000000  61 0a                                             |a.|",
    "1 < 00000000  61 0a                                             |a.| ",
    "x",
    "",
    "\"\\\b\t\r",
    "\303\244\342\202\254\360\237\230\200",
    "\xff\xfe",
    "\342\200\250\302\205",
    "99999999999 < x ",
    "9999999999 < x ",
    "7 = x ",
};
static const char *const separators[] = {" ", " ", " ", "", "  ", ":", "\t"};
static const char *const stamps[] = {
    "2026-11-20T14:05:33.123Z",  "2026-11-20_14:05:33.12345",
    "1795183533.123456",         "Nov 20 14:05:33",
    "@4000000069200010FFFFFFFF", "@40000000692000",
};

static void append_content(FILE *out)
{
	static const size_t count = sizeof parts / sizeof *parts;

	if (below(8))
		append_string(out, parts[below(count)]);
	if (below(4) == 0)
		append(out, "a\0b", 3);
	if (below(40) == 0)
		for (unsigned i = below(3000); i; i--)
			append_string(out, parts[below(count)]);
}

static void append_log_line(FILE *out, unsigned number)
{
	char label[40];

	snprintf(label, sizeof label, "@4000000069200%03x%08x",
		 16 + number / 100, below(5) ? number : 7);
	if (below(6) == 0)
		append_string(out, stamps[below(6)]);
	else if (below(8))
		append_string(out, label);
	append_string(out, separators[below(7)]);
	append_content(out);
	append(out, "\n", 1);
}

static void write_log(void)
{
	FILE *out;

	log_len = 0;
	for (unsigned f = 0; f < 2; f++) {
		out = fopen(names[f], "w");
		assert_non_null(out);
		for (unsigned i = 0; i < LINES; i++)
			append_log_line(out, f * LINES + i);
		/* The archive ends within a line, with or without a rest. */
		if (f == 0)
			append_string(out, "@400000006920001300000000 cut");
		fclose(out);
	}
}

static struct source *open_source(const struct position *start)
{
	static const char *const directories[] = {directory};
	static struct source_options options;
	const char *bad;
	struct source *source;

	options = (struct source_options){
	    .directories = directories, .count = 1, .start = start};
	source = source_open(&options, &bad);
	assert_non_null(source);
	ship_batch_restart(&batch, start);
	return source;
}

/* The log as a reader gives it: a line that is cut ends where one begins. */
static void read_log(void)
{
	struct source *source = open_source(NULL);
	struct source_line line;

	log_len = 0;
	while (source_next(source, &line) > 0) {
		if (line.begins && line.joins)
			log_text[log_len++] = '\n';
		memcpy(log_text + log_len, line.text, line.len);
		log_len += line.len;
		if (line.ends)
			log_text[log_len++] = '\n';
	}
	source_close(source);
}

static void keep_text(const char *text, size_t len)
{
	assert_true(restored_len + len < ROOM);
	memcpy(restored + restored_len, text, len);
	restored_len += len;
}

/* Restores an object, and compares its id with that of a run before. */
static void restore_object(const char *json, size_t len, size_t number)
{
	struct restored_line line;
	char *text = malloc(len);

	if (!line_restore(&line, text, json, len))
		fail_msg("not restored: %.*s", (int)len, json);
	if (!line.rest && mid_line)
		keep_text("\n", 1);
	keep_text(line.text, line.len);
	if (!line.cut)
		keep_text("\n", 1);
	mid_line = line.cut;
	assert_true(number < IDS && line.id_len < SHIP_ID_MAX);
	if (number == id_count)
		memcpy(ids[id_count++], line.id, line.id_len);
	assert_int_equal(strlen(ids[number]), line.id_len);
	assert_memory_equal(ids[number], line.id, line.id_len);
	free(text);
}

static size_t restore_batch(size_t number)
{
	const char *at = batch.bytes, *end = at + batch.len, *newline;
	size_t n = 0;

	while (at < end) {
		newline = memchr(at, '\n', (size_t)(end - at));
		assert_non_null(newline);
		restore_object(at, (size_t)(newline - at), number + n++);
		at = newline + 1;
	}
	assert_int_equal(n, batch.lines);
	return n;
}

/* Reads the log in batches of `most` bytes, and starts anew after each. */
static void ship_json(size_t most, bool restarts)
{
	struct source *source = open_source(NULL);
	size_t number = 0;

	restored_len = id_count = 0;
	memset(ids, 0, sizeof ids);
	mid_line = false;
	while (ship_batch_fill(&batch, source, most) > 0) {
		struct position after = batch.after;

		assert_true(batch.len <= most);
		number += restore_batch(number);
		ship_batch_clear(&batch);
		if (!restarts)
			continue;
		source_close(source);
		source = open_source(&after);
	}
	source_close(source);
	assert_int_equal(restored_len, log_len);
	assert_memory_equal(restored, log_text, log_len);
}

static void every_line_is_restored(void **state)
{
	const char *seed = getenv("SEED");

	(void)state;
	for (unsigned i = 0; i < 8; i++) {
		srand(seed ? (unsigned)atoi(seed) + i : i);
		write_log();
		read_log();
		ship_json(1 << 18, false);
		ship_json(1 << 18, true);
		ship_json(4096, true);
		ship_json(600 + below(400), false);
		ship_json(600 + below(400), true);
	}
}

/* A label that is not larger than the one before it names no line alone. */
static void ids_of_labels(void **state)
{
	static const char *const want[] = {
	    "mx1/smtp/--0",
	    "mx1/smtp/@400000006920001500000001",
	    "mx1/smtp/@400000006920001500000001-34",
	    "mx1/smtp/@400000006920001400000000-62",
	    "mx1/smtp/@400000006920001600000000",
	    "mx1/smtp/@400000006920001600000000-118",
	};
	FILE *out = fopen(names[1], "w");

	(void)state;
	unlink(names[0]);
	fputs("-----\n@400000006920001500000001 a\n"
	      "@400000006920001500000001 b\n@400000006920001400000000 c\n"
	      "@400000006920001600000000 d\nno label\n",
	      out);
	fclose(out);
	read_log();
	ship_json(300, true);
	assert_int_equal(id_count, sizeof want / sizeof *want);
	for (size_t i = 0; i < id_count; i++)
		assert_string_equal(ids[i], want[i]);
}

static void write_file(const char *name, const char *text)
{
	FILE *out = fopen(name, "w");

	assert_non_null(out);
	assert_true(fputs(text, out) >= 0);
	fclose(out);
}

/* Ships the log in the form raw, and starts anew after each batch. */
static void ship_raw(size_t most)
{
	struct ship_batch raw;
	struct source *source = open_source(NULL);

	assert_int_equal(
	    ship_batch_init(&raw, &origin, ship_form_named("raw"), 1 << 18), 0);
	ship_batch_restart(&raw, NULL);
	restored_len = 0;
	while (ship_batch_fill(&raw, source, most) > 0) {
		struct position after = raw.after;

		keep_text(raw.bytes, raw.len);
		source_close(source);
		source = open_source(&after);
		ship_batch_restart(&raw, &after);
	}
	source_close(source);
	ship_batch_free(&raw);
	assert_int_equal(restored_len, log_len);
	assert_memory_equal(restored, log_text, log_len);
}

static void raw_bytes(void **state)
{
	static const size_t sizes[] = {1 << 18, 5000, 100, 4};

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		ship_raw(sizes[i]);
	/* The archive ends within a line. */
	write_file(names[0], "@400000006920001300000000 a\ncut");
	write_file(names[1], "@400000006920001500000000 b\n-\nno label\n");
	read_log();
	assert_non_null(memmem(log_text, log_len, "cut\n@", 5));
	ship_raw(1 << 18);
	ship_raw(40);
}

static void too_small_for_any_line(void **state)
{
	struct source *source = open_source(NULL);

	(void)state;
	assert_int_equal(ship_batch_fill(&batch, source, 50), -1);
	assert_int_equal(errno, EMSGSIZE);
	source_close(source);
}

static void a_gap_is_a_record_of_its_own(void **state)
{
	struct source *source = open_source(NULL);
	static const char want[] =
	    "{\"host\":\"mx1\",\"name\":\"smtp\",\"id\":\"mx1/smtp/"
	    "@400000006920001600000001-missing\",\"missing\":true,\"after\":"
	    "\"@400000006920001500000001\",\"before\":"
	    "\"@400000006920001600000001\"}\n{";
	struct position start = {0};
	FILE *out = fopen(names[1], "w");

	(void)state;
	unlink(names[0]);
	fputs("@400000006920001500000001 x\n@400000006920001600000001 y\n",
	      out);
	fclose(out);
	source_close(source);
	source = open_source(NULL);
	assert_int_equal(ship_batch_fill(&batch, source, 200), 1);
	start = batch.after;
	source_close(source);
	source = open_source(&start);
	ship_batch_mark_gap(&batch);
	assert_int_equal(ship_batch_fill(&batch, source, 1000), 1);
	assert_int_equal(batch.lines, 2);
	assert_memory_equal(batch.bytes, want, sizeof want - 1);
	source_close(source);
	/* Who starts anew finds the gap again, or reads before it. */
	ship_batch_mark_gap(&batch);
	source = open_source(NULL);
	assert_int_equal(ship_batch_fill(&batch, source, 1000), 1);
	assert_int_equal(batch.lines, 2);
	assert_int_equal(batch.gaps, 0);
	source_close(source);
}

/* A piece ends between characters, wherever the room of a batch ends. */
static void characters_stay_whole(void **state)
{
	struct source *source;
	FILE *out = fopen(names[1], "w");

	(void)state;
	unlink(names[0]);
	for (unsigned i = 0; i < 500; i++)
		fputs("\u00e4\u20ac\U0001d11e", out);
	fputs("\n", out);
	fclose(out);
	for (size_t most = 300; most < 320; most++) {
		source = open_source(NULL);
		while (ship_batch_fill(&batch, source, most) > 0) {
			assert_null(
			    memmem(batch.bytes, batch.len, "base64", 6));
			ship_batch_clear(&batch);
		}
		source_close(source);
	}
}

static int prepare(void **state)
{
	(void)state;
	if (!mkdtemp(directory))
		return -1;
	snprintf(names[0], sizeof names[0], "%s/@400000006920001311111111.s",
		 directory);
	snprintf(names[1], sizeof names[1], "%s/current", directory);
	return ship_batch_init(&batch, &origin, ship_form_named("json"),
			       1 << 18);
}

static int clean_up(void **state)
{
	(void)state;
	ship_batch_free(&batch);
	unlink(names[0]);
	unlink(names[1]);
	return rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_line_is_restored),
	    cmocka_unit_test(ids_of_labels),
	    cmocka_unit_test(raw_bytes),
	    cmocka_unit_test(too_small_for_any_line),
	    cmocka_unit_test(a_gap_is_a_record_of_its_own),
	    cmocka_unit_test(characters_stay_whole),
	};

	return cmocka_run_group_tests(tests, prepare, clean_up);
}
