/* Batches: what of each line goes where, and where a batch ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <sys/mman.h>

#include "../escapes.h"
#include "base/label.h"
#include "logwrite/batch.h"

enum { OUT = 4000000 };

/* A script, its batch, and the files of up to two directories as memory. */
struct fixture {
	struct script script;
	struct batch batch;
	char *out[2];
	size_t n[2];
	size_t file[2]; /* bytes in the current file */
	unsigned int rotations[2];
	char alerts[1000];
	char status[2000];
};

static void begin(struct fixture *f, const char *const *argv)
{
	memset(f, 0, sizeof *f);
	assert_int_equal(script_parse(&f->script, argv), 1);
	assert_int_equal(batch_open(&f->batch, &f->script), 0);
	f->out[0] = malloc(OUT);
	f->out[1] = malloc(OUT);
}

static void finish(struct fixture *f)
{
	batch_close(&f->batch);
	script_free(&f->script);
	free(f->out[0]);
	free(f->out[1]);
}

static size_t copy(char *to, const struct batch_part *part)
{
	size_t n = 0;
	unsigned int i;

	for (i = 0; i < part->n; i++) {
		memcpy(to + n, part->vector[i].iov_base,
		       part->vector[i].iov_len);
		n += part->vector[i].iov_len;
	}
	return n;
}

static void put_out(struct fixture *f)
{
	struct batch_output *o;
	unsigned int i;
	size_t n;

	for (i = 0; i < f->script.directories_n; i++) {
		o = &f->batch.outputs[i];
		n = copy(f->out[i] + f->n[i], &o->part);
		f->n[i] += n;
		f->file[i] += n;
		assert_true(f->file[i] <= o->part.size);
		assert_int_equal(o->part.bytes, f->file[i]);
		if (!o->due)
			continue;
		f->rotations[i]++;
		f->file[i] = 0;
	}
	n = strlen(f->alerts);
	f->alerts[n + copy(f->alerts + n, &f->batch.alerts)] = 0;
	if (f->script.statuses_n && f->batch.statuses[0].n) {
		n = copy(f->status, &f->batch.statuses[0]);
		assert_int_equal(f->status[n - 1], '\n');
		f->status[n - 1] = 0;
	}
}

/* All batches that the bytes give; answers how many bytes they took. */
static size_t feed(struct fixture *f, const char *bytes, size_t n,
		   enum batch_more more)
{
	struct batch_input input = {.more = more};
	size_t at = 0, taken;
	unsigned int i;

	label_now(&input.now);
	for (;;) {
		input.bytes = bytes + at;
		input.n = n - at;
		for (i = 0; i < f->script.directories_n; i++)
			batch_set_bytes(&f->batch, i, f->file[i]);
		taken = batch_build(&f->batch, &input);
		if (!taken && batch_empty(&f->batch))
			return at;
		put_out(f);
		at += taken;
	}
}

#define BEGIN(f, ...) begin(f, (const char *const[]){__VA_ARGS__, NULL})

static void partial_line_waits(void **state)
{
	struct fixture f;

	(void)state;
	BEGIN(&f, "./a");
	assert_int_equal(feed(&f, "one\ntwo\nthr", 11, BATCH_MORE), 8);
	assert_int_equal(feed(&f, "three", 5, BATCH_MORE), 0);
	assert_int_equal(feed(&f, "three\nfo", 8, BATCH_MORE), 6);
	assert_int_equal(feed(&f, "fo", 2, BATCH_END), 2);
	assert_int_equal(feed(&f, "", 0, BATCH_END), 0);
	assert_int_equal(f.n[0], 17);
	assert_memory_equal(f.out[0], "one\ntwo\nthree\nfo\n", 17);
	finish(&f);
}

static void labels_increase(void **state)
{
	struct fixture f;
	struct tain_s last = {{0}, 0}, label;
	static char lines[2000];
	size_t i;

	(void)state;
	memset(lines, '\n', sizeof lines);
	BEGIN(&f, "t", "s1m", "./a");
	assert_int_equal(feed(&f, lines, sizeof lines, BATCH_MORE),
			 sizeof lines);
	assert_int_equal(f.n[0], sizeof lines * (LABEL_LEN + 2));
	for (i = 0; i < f.n[0]; i += LABEL_LEN + 2) {
		assert_true(label_parse(&label, f.out[0] + i, LABEL_LEN));
		assert_memory_equal(f.out[0] + i + LABEL_LEN, " \n", 2);
		assert_true(tain_less(&last, &label));
		last = label;
	}
	finish(&f);
}

static void each_gets_what_it_selects(void **state)
{
	static const char in[] = "a1\nb2\na3\nc4\n";
	struct fixture f;

	(void)state;
	BEGIN(&f, "-*", "+a*", "./a", "e", "+b*", "=st", "-a3", "./b");
	assert_int_equal(feed(&f, in, sizeof in - 1, BATCH_MORE), 12);
	assert_int_equal(f.n[0], 6);
	assert_memory_equal(f.out[0], "a1\na3\n", 6);
	assert_int_equal(f.n[1], 6);
	assert_memory_equal(f.out[1], "a1\nb2\n", 6);
	assert_string_equal(f.alerts, "a1\na3\n");
	assert_string_equal(f.status, "a3");
	finish(&f);
}

static void pattern_sees_1000_bytes(void **state)
{
	struct fixture f;
	char line[1003];

	(void)state;
	memset(line, 'x', sizeof line);
	line[1001] = 'y';
	line[1002] = '\n';
	BEGIN(&f, "-*", "+*y", "./a");
	feed(&f, line, sizeof line, BATCH_MORE);
	assert_int_equal(f.n[0], 0);
	line[999] = 'y';
	feed(&f, line, sizeof line, BATCH_MORE);
	assert_int_equal(f.n[0], sizeof line);
	finish(&f);
}

static void alert_is_cut(void **state)
{
	struct fixture f;
	char line[202];

	(void)state;
	memset(line, 'x', sizeof line);
	line[200] = '\n';
	BEGIN(&f, "e");
	feed(&f, line, 201, BATCH_MORE);
	assert_int_equal(strlen(f.alerts), 201);
	f.alerts[0] = 0;
	line[200] = 'x';
	line[201] = '\n';
	feed(&f, line, 202, BATCH_MORE);
	assert_int_equal(strlen(f.alerts), 204);
	assert_string_equal(f.alerts + 200, "...\n");
	finish(&f);
}

/* Each may be two spans of every line: none is written beside the spans. */
static void many_alerts(void **state)
{
	static char text[200 * 300];
	/* An odd number, so that they do not fit exactly. */
	const unsigned int alerts = SCRIPT_ALERTS - 1;
	const char *argv[SCRIPT_ALERTS];
	struct batch_input input = {.bytes = text, .n = sizeof text};
	struct script script;
	struct batch batch;
	size_t at, lines = 0, i;

	(void)state;
	memset(text, 'x', sizeof text);
	for (i = 300; i <= sizeof text; i += 300)
		text[i - 1] = '\n';
	for (i = 0; i < alerts; i++)
		argv[i] = "e";
	argv[i] = NULL;
	assert_int_equal(script_parse(&script, argv), 1);
	assert_int_equal(batch_open(&batch, &script), 0);
	for (at = 0; at < sizeof text; at += i) {
		input.bytes = text + at;
		input.n = sizeof text - at;
		i = batch_build(&batch, &input);
		assert_true(i >= 300);
		assert_true(batch.alerts.n <= BATCH_PART_MAX);
		lines += batch.alerts.n / 2 / alerts;
	}
	assert_int_equal(lines, sizeof text / 300);
	batch_close(&batch);
	script_free(&script);
}

/* In pieces, by every size, through any file boundary: the same bytes. */
static void long_line_in_pieces(void **state)
{
	const size_t len = 1500000;
	char *line = malloc(len + 6);
	struct fixture f;
	size_t at = 0, n;

	(void)state;
	memset(line, 'x', len);
	memcpy(line + len - 1, "\nnext\n", 6);
	BEGIN(&f, "s300000", "./a", "s99999", "-*", "./b");
	while (at < len + 5) {
		n = len + 5 - at < 262144 ? len + 5 - at : 262144;
		at += feed(&f, line + at, n,
			   n == 262144 ? BATCH_FULL : BATCH_MORE);
	}
	assert_int_equal(f.n[0], len + 5);
	assert_memory_equal(f.out[0], line, len + 5);
	assert_int_equal(f.rotations[0], 5);
	assert_int_equal(f.n[1], 0);
	assert_false(f.batch.midline);
	finish(&f);
	free(line);
}

/* In the middle of a line that another script has given to one of them. */
static void line_of_another_script(void **state)
{
	struct fixture f;

	(void)state;
	BEGIN(&f, "./a", "./b");
	batch_continue(&f.batch, true);
	batch_select(&f.batch, 0, true);
	batch_select(&f.batch, 1, false);
	feed(&f, "rest\none\ntwo\n", 13, BATCH_MORE);
	assert_int_equal(f.n[0], 13);
	assert_memory_equal(f.out[0], "rest\none\ntwo\n", 13);
	assert_int_equal(f.n[1], 8);
	assert_memory_equal(f.out[1], "one\ntwo\n", 8);
	finish(&f);
}

static void size_rules(void **state)
{
	struct fixture f;
	static char line[5001];

	(void)state;
	memset(line, 'x', sizeof line);
	line[2095] = '\n';
	BEGIN(&f, "s4096", "./a");
	/* 2096 bytes and a newline: near enough. */
	feed(&f, line, 2096, BATCH_MORE);
	assert_int_equal(f.rotations[0], 1);
	/* 2095: not yet; then a line that crosses the size is cut there. */
	feed(&f, line + 1, 2095, BATCH_MORE);
	assert_int_equal(f.rotations[0], 1);
	line[2095] = 'x';
	line[5000] = '\n';
	feed(&f, line, 5001, BATCH_MORE);
	assert_int_equal(f.rotations[0], 3);
	assert_int_equal(f.file[0], 0);
	assert_int_equal(f.n[0], 2096 + 2095 + 5001);
	finish(&f);
}

/* A file that was left nearer to its size than it would be now. */
static void left_nearly_full(void **state)
{
	struct fixture f;
	char in[4000];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof in; i += 2)
		memcpy(in + i, "x\n", 2);
	BEGIN(&f, "s4096", "./a");
	f.file[0] = 3000;
	feed(&f, in, 2, BATCH_MORE);
	assert_int_equal(f.rotations[0], 1);
	f.file[0] = 3000;
	feed(&f, in, sizeof in, BATCH_MORE);
	assert_int_equal(f.rotations[0], 2 + (sizeof in - 2) / 2096);
	finish(&f);
}

/* When another byte has no room, at a line's beginning and within one. */
static void room_for_another_byte(void **state)
{
	struct fixture f;

	(void)state;
	BEGIN(&f, "t", "s4096", "./a");
	batch_set_bytes(&f.batch, 0, 4096 - 27);
	assert_false(batch_take_due(&f.batch, 0, true));
	batch_set_bytes(&f.batch, 0, 4096 - 26);
	assert_true(batch_take_due(&f.batch, 0, true));
	/* Where nothing is waiting it need not be rotated. */
	assert_false(batch_take_due(&f.batch, 0, false));
	batch_continue(&f.batch, true);
	batch_set_bytes(&f.batch, 0, 4095);
	assert_false(batch_take_due(&f.batch, 0, true));
	batch_set_bytes(&f.batch, 0, 4096);
	assert_true(batch_take_due(&f.batch, 0, true));
	batch_select(&f.batch, 0, false);
	assert_false(batch_take_due(&f.batch, 0, true));
	finish(&f);
}

/* Bytes behind which as many can't be read; they stay. */
static char *guarded(size_t n)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	const size_t size = (n + page - 1) / page * page;
	char *bytes = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(bytes, MAP_FAILED);
	assert_int_equal(mprotect(bytes + size, size, PROT_NONE), 0);
	return bytes + size - n;
}

/*
 * As long as it can become: nothing of it is lost, or written behind a stage,
 * or read behind the input.
 */
static void longest_line_and_form(void **state)
{
	enum { PREFIX = SCRIPT_PREFIX, LEN = FORMAT_BUFFER_SIZE };
	char prefix[PREFIX + 2];
	struct fixture f;
	char *line = guarded(LEN + 1);

	(void)state;
	memset(prefix, 'p', sizeof prefix);
	prefix[PREFIX + 1] = 0;
	memset(line, 1, LEN);
	line[LEN] = '\n';
	BEGIN(&f, "t", "v", prefix, "s1g", "./a", "1");
	assert_true(feed(&f, line, LEN, BATCH_FULL) > LEN - 100);
	f.n[0] = 0;
	finish(&f);
	BEGIN(&f, "t", "v", prefix, "s1g", "./a", "1");
	assert_int_equal(feed(&f, line, LEN + 1, BATCH_END), LEN + 1);
	assert_int_equal(f.n[0], LABEL_LEN + 1 + PREFIX + 4 * LEN + 1);
	finish(&f);
	/* Two, of which the second has no room behind the first. */
	line[LEN / 2 - 1] = line[LEN - 1] = '\n';
	BEGIN(&f, "t", "v", prefix, "s1g", "./a", "1");
	assert_int_equal(feed(&f, line, LEN, BATCH_FULL), LEN);
	assert_int_equal(f.n[0],
			 2 * (LABEL_LEN + 1 + PREFIX + 4 * (LEN / 2 - 1) + 1));
	finish(&f);
}

/* An alert shows the line as it was selected, also where files cut it. */
static void alert_of_a_cut_line(void **state)
{
	struct fixture f;
	char line[301];

	(void)state;
	for (size_t i = 0; i < sizeof line; i++)
		line[i] = (char)('a' + i % 25);
	line[300] = '\n';
	BEGIN(&f, "t", "v", "e", "s4096", "./a", "./b");
	f.file[0] = 4096 - 200;
	f.file[1] = 4096 - 100;
	feed(&f, line, sizeof line, BATCH_MORE);
	assert_int_equal(strlen(f.alerts), SCRIPT_ALERT + 4);
	assert_memory_equal(f.alerts + LABEL_LEN + 1, line,
			    SCRIPT_ALERT - LABEL_LEN - 1);
	finish(&f);
}

static void many_spans_end_a_batch(void **state)
{
	struct fixture f;
	char in[8000], want[4000];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof in; i += 4)
		memcpy(in + i, "a\nb\n", 4);
	for (i = 0; i < sizeof want; i += 2)
		memcpy(want + i, "a\n", 2);
	BEGIN(&f, "-b", "./a", "+b", "./b");
	assert_int_equal(feed(&f, in, sizeof in, BATCH_MORE), sizeof in);
	assert_int_equal(f.n[0], sizeof want);
	assert_memory_equal(f.out[0], want, sizeof want);
	assert_int_equal(f.n[1], sizeof in);
	assert_memory_equal(f.out[1], in, sizeof in);
	finish(&f);
}

/* For the intake that survives a crash: the same start, the same batch. */
static void same_start_same_batch(void **state)
{
	static char in[] = "one\ntwo\nthree\nfour";
	struct fixture f[2];
	struct batch_input input = {
	    .bytes = in, .n = sizeof in - 1, .now = {{5}, 999}};
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		BEGIN(&f[i], "t", "-two", "./a");
		assert_int_equal(batch_build(&f[i].batch, &input), 14);
		put_out(&f[i]);
	}
	assert_int_equal(f[0].n[0], f[1].n[0]);
	assert_memory_equal(f[0].out[0], f[1].out[0], f[0].n[0]);
	finish(&f[0]);
	finish(&f[1]);
}

/* Each output has its own form, from one line. */
static void forms(void **state)
{
	static const char in[] = "one\n\\ \x1b[m \xff \xc3\xa9\r\n\n";
	static const char visible[] = "one\n\\\\ \\x1b[m \\xff \xc3\xa9\r\n\n";
	static const char both[] =
	    "> one\n> \\\\ \\x1b[m \\xff \xc3\xa9\r\n> \n";
	struct fixture f;

	(void)state;
	BEGIN(&f, "v", "./a", "p> ", "./b", "-*", "+one", "e", "p# ", "=st");
	assert_int_equal(feed(&f, in, sizeof in - 1, BATCH_MORE),
			 sizeof in - 1);
	assert_int_equal(f.n[0], sizeof visible - 1);
	assert_memory_equal(f.out[0], visible, sizeof visible - 1);
	assert_int_equal(f.n[1], sizeof both - 1);
	assert_memory_equal(f.out[1], both, sizeof both - 1);
	assert_string_equal(f.alerts, "> one\n");
	assert_string_equal(f.status, "# one");
	finish(&f);
}

/* Feeds all of in; each piece adds step bytes to those that were not taken. */
static void feed_pieces(struct fixture *f, const char *in, size_t len,
			size_t step)
{
	size_t at = 0, n = 0, took;

	while (at < len) {
		n = n + step < len - at ? n + step : len - at;
		took =
		    feed(f, in + at, n, at + n == len ? BATCH_END : BATCH_FULL);
		at += took;
		n -= took;
	}
}

/*
 * The same input in other pieces gives the same bytes, whatever is cut; and
 * escaped ones are safe, and give the others back.
 */
static void check_pieces(const char *in, size_t len, size_t step, size_t want)
{
	struct fixture f;

	BEGIN(&f, "s4096", "l0", "./a", "v", "./b");
	feed_pieces(&f, in, len, step);
	assert_int_equal(f.n[0], len + (in[len - 1] != '\n'));
	assert_int_equal(f.n[1], want);
	assert_true(escapes_safe(f.out[1], f.n[1]));
	assert_int_equal(escapes_undo(f.out[1], f.out[1], want), f.n[0]);
	assert_memory_equal(f.out[1], f.out[0], f.n[0]);
	assert_false(f.batch.midline);
	finish(&f);
}

static void pieces_do_not_show(void **state)
{
	enum { LEN = 60000 };
	static char in[LEN];
	static const char unit[] =
	    "\xf0\x9f\x90\xb1\xe2\x82\xac\xc3\xa9\r\xe2\x82\\"
	    "\xe2\x80\xae\xd8\x9c\xe2\x81\xa9\xe2\x80\xe2";
	size_t i, step;
	struct fixture f;

	(void)state;
	for (i = 0; i < LEN; i++)
		in[i] = unit[i % (sizeof unit - 1)];
	for (i = 999; i < LEN; i += 7001)
		in[i] = '\n';
	BEGIN(&f, "v", "s1g", "./a", "p> ", "./b");
	feed(&f, in, LEN, BATCH_END);
	i = f.n[0];
	finish(&f);
	for (step = 1; step < 50; step += 3)
		check_pieces(in, LEN, step, i);
}

/* Records keep their escapes, and the CR and the space at their end. */
static void records(void **state)
{
	static const char in[] = "7 < a\\x1b[m\\\\ \r \n7 < \r \n\r \n\r\n \n"
				 "w \x1b[m \\ \xff\r\na\r b \n\r  \n";
	static const char want[] = "7 < a\\x1b[m\\\\ \r \n7 < \r \n\r \n\r\n \n"
				   "w \\x1b[m \\ \\xff\r\na\\x0d b \n\\x0d  \n";
	struct fixture f;

	(void)state;
	BEGIN(&f, "vr", "./a", "v", "./b");
	assert_int_equal(feed(&f, in, sizeof in - 1, BATCH_MORE),
			 sizeof in - 1);
	assert_int_equal(f.n[0], sizeof want - 1);
	assert_memory_equal(f.out[0], want, sizeof want - 1);
	assert_memory_equal(f.out[1], "7 < a\\\\x1b", 10);
	finish(&f);
}

/* The same bytes in other pieces, and where another file ends anywhere. */
static void records_in_pieces(void **state)
{
	enum { LEN = 60000 };
	static const char unit[] =
	    "7 < a\\x1b\\\\ \xe2\x82\xac\r\xe2\x82 \r \n";
	static char in[LEN];
	struct fixture whole, f;

	(void)state;
	for (size_t i = 0; i < LEN; i++)
		in[i] = i % 97 ? unit[i % (sizeof unit - 1)] : '\r';
	BEGIN(&whole, "vr", "s1g", "./a");
	feed(&whole, in, LEN, BATCH_END);
	for (size_t step = 1; step < 50; step += 3) {
		BEGIN(&f, "s4096", "l0", "./a", "vr", "./b");
		feed_pieces(&f, in, LEN, step);
		assert_memory_equal(f.out[0], in, LEN);
		assert_int_equal(f.n[1], whole.n[0]);
		assert_memory_equal(f.out[1], whole.out[0], whole.n[0]);
		assert_true(f.rotations[1] > 10);
		finish(&f);
	}
	finish(&whole);
}

/* With no tolerance a stamp is still never cut, and no file is too big. */
static void tolerance(void **state)
{
	struct fixture f;
	char in[60000];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof in; i++)
		in[i] = i % 11 == 10 || i + 1 == sizeof in ? '\n' : 'x';
	BEGIN(&f, "t", "l0", "s4096", "./a", "l100", "p: ", "./b");
	feed(&f, in, sizeof in, BATCH_MORE);
	assert_int_equal(f.n[0], sizeof in + (sizeof in + 10) / 11 * 26);
	assert_int_equal(f.rotations[0], f.n[0] / (4096 - 26));
	finish(&f);
}

/* What nobody else has taken. */
static void the_rest(void **state)
{
	struct fixture f;

	(void)state;
	BEGIN(&f, "-*", "~+^a", "./a", "f", "./b", "f", "e");
	feed(&f, "a1\nb2\na3\n", 9, BATCH_MORE);
	assert_int_equal(f.n[0], 6);
	assert_int_equal(f.n[1], 3);
	assert_memory_equal(f.out[1], "b2\n", 3);
	assert_string_equal(f.alerts, "");
	finish(&f);
}

/* Expressions see the text, not the stamp. */
static void expressions_see_no_stamp(void **state)
{
	struct fixture f;

	(void)state;
	BEGIN(&f, "T", "~-^b", "~-@|Z", "./a");
	feed(&f, "aa\nb2\nZZ\n", 9, BATCH_MORE);
	assert_int_equal(f.n[0], 34);
	finish(&f);
}

static void sizes_of_alerts_and_status(void **state)
{
	struct fixture f;

	(void)state;
	BEGIN(&f, "E3", "e", "E4", "e", "E0", "e");
	feed(&f, "four\n", 5, BATCH_MORE);
	assert_string_equal(f.alerts, "fou...\nfour\nfour\n");
	finish(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(partial_line_waits),
	    cmocka_unit_test(labels_increase),
	    cmocka_unit_test(each_gets_what_it_selects),
	    cmocka_unit_test(pattern_sees_1000_bytes),
	    cmocka_unit_test(alert_is_cut),
	    cmocka_unit_test(many_alerts),
	    cmocka_unit_test(long_line_in_pieces),
	    cmocka_unit_test(line_of_another_script),
	    cmocka_unit_test(size_rules),
	    cmocka_unit_test(left_nearly_full),
	    cmocka_unit_test(room_for_another_byte),
	    cmocka_unit_test(longest_line_and_form),
	    cmocka_unit_test(alert_of_a_cut_line),
	    cmocka_unit_test(many_spans_end_a_batch),
	    cmocka_unit_test(same_start_same_batch),
	    cmocka_unit_test(forms),
	    cmocka_unit_test(pieces_do_not_show),
	    cmocka_unit_test(records),
	    cmocka_unit_test(records_in_pieces),
	    cmocka_unit_test(tolerance),
	    cmocka_unit_test(the_rest),
	    cmocka_unit_test(expressions_see_no_stamp),
	    cmocka_unit_test(sizes_of_alerts_and_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
