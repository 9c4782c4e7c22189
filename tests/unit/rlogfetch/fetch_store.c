/*
 * Storing messages: into directories and to descriptor 1, with copies that a
 * server made of messages, and messages that only look like them.
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

#include "../scratch.h"
#include "base/hash.h"
#include "rlogfetch/fetch_store.h"

enum { STREAM = 7, OTHER_STREAM };

static struct fetch_tree tree;
static struct fetch_store store;
static uint64_t told[FETCH_NEWS_CURSOR + 1]; /* news of each kind */

static void count_news(void *ctx, const struct fetch_news *news)
{
	(void)ctx;
	told[news->kind]++;
}

void __real_fed_log_put(struct fed_log *log, const char *bytes, size_t n,
			const void *mark);
void __wrap_fed_log_put(struct fed_log *log, const char *bytes, size_t n,
			const void *mark);

/*
 * The process may be killed after each put: the mark of each counts the bytes
 * that it comes with.
 */
void __wrap_fed_log_put(struct fed_log *log, const char *bytes, size_t n,
			const void *mark)
{
	struct fetch_mark before = {0}, after = {0};
	unsigned char packed[RING_MARK];

	if (!fed_log_mark(log, packed) || !fetch_mark_unpack(&before, packed) ||
	    before.whole || before.sequence != store.mark.sequence)
		before.offset = 0;
	assert_true(fetch_mark_unpack(&after, mark));
	assert_int_equal(after.sequence, store.mark.sequence);
	assert_int_equal(after.offset, before.offset + n);
	assert_int_equal(after.whole, after.offset == store.text.len);
	__real_fed_log_put(log, bytes, n, mark);
}

static void fail_event(const struct event *event)
{
	fail_msg("event %d", event->kind);
}

static const struct fetch_tell tell = {count_news, NULL};

static void open_tree(const char *path)
{
	struct failure failure;

	tain_now_set_stopwatch_g();
	assert_int_equal(
	    fetch_tree_open(&tree, path, NULL, 0, fail_event, &failure), 0);
	fetch_store_init(&store, &tree, &tell);
	memset(told, 0, sizeof told);
}

static void close_tree(void)
{
	fetch_store_free(&store);
	assert_int_equal(fetch_tree_close(&tree), 0);
}

static void open_again(const char *path)
{
	close_tree();
	open_tree(path);
}

static void finish_writing(void)
{
	struct tain_s deadline = tain_infinite;

	while (!fetch_tree_is_idle(&tree))
		fetch_tree_go(&tree, PHASE_RUNNING, &deadline);
}

/* A message of form raw of the log h/n, stored at `time`. */
static struct nats_message make_message(uint64_t sequence, uint64_t follows,
					int64_t time, const char *bytes)
{
	return (struct nats_message){.sequence = sequence,
				     .time = time,
				     .subject = "rlog.h.n",
				     .bytes = bytes,
				     .len = strlen(bytes),
				     .id = "h/n/1",
				     .name = "h/n",
				     .form = "raw",
				     .chained = true,
				     .follows = follows};
}

static enum fetch_store_answer put_message(const struct nats_message *message,
					   uint64_t stream)
{
	struct tain_s deadline = tain_infinite;
	enum fetch_store_answer answer;

	while ((answer = fetch_store_put(&store, message, stream, &deadline)) ==
		   FETCH_STORE_LATER &&
	       store.tree)
		fetch_tree_go(&tree, PHASE_RUNNING, &deadline);
	return answer;
}

static void store_message(uint64_t sequence, uint64_t follows, int64_t time,
			  const char *bytes)
{
	const struct nats_message message =
	    make_message(sequence, follows, time, bytes);

	assert_int_equal(put_message(&message, STREAM), FETCH_STORE_DONE);
}

static void assert_log(const char *path, const char *want)
{
	finish_writing();
	scratch_expect(path, want);
}

/* The evidence: messages 425 and 426 of nats-server 2.9.10. */
static void copy_of_last(void **state)
{
	(void)state;
	open_tree("./one");
	store_message(424, 422, 10, "a\n");
	store_message(425, 424, 20, "b\n");
	store_message(426, 424, 20, "b\n");
	assert_int_equal(store.copies, 1);
	assert_int_equal(told[FETCH_NEWS_COPY], 1);
	store_message(427, 426, 30, "c\n");
	assert_log("one/h/n/current", "a\nb\nc\n");
	assert_int_equal(store.copies, 1);
	assert_int_equal(told[FETCH_NEWS_MISSING], 0);
	close_tree();
}

static void copies_of_a_run(void **state)
{
	(void)state;
	open_tree("./run");
	store_message(1, 0, 10, "a\n");
	store_message(2, 1, 20, "b\n");
	store_message(3, 2, 30, "c\n");
	store_message(4, 1, 20, "b\n");
	store_message(5, 2, 30, "c\n");
	store_message(6, 1, 20, "b\n");
	store_message(7, 2, 30, "c\n");
	store_message(8, 7, 40, "d\n");
	assert_log("run/h/n/current", "a\nb\nc\nd\n");
	assert_int_equal(store.copies, 4);
	close_tree();
}

/* The mark knows what a process before this one has taken. */
static void copies_after_restarts(void **state)
{
	(void)state;
	open_tree("./again");
	store_message(1, 0, 10, "a\n");
	store_message(2, 1, 20, "b\n");
	store_message(3, 2, 30, "c\n");
	open_again("./again");
	store_message(4, 1, 20, "b\n");
	open_again("./again");
	store_message(5, 2, 30, "c\n");
	open_again("./again");
	store_message(6, 5, 40, "d\n");
	assert_log("again/h/n/current", "a\nb\nc\nd\n");
	assert_int_equal(told[FETCH_NEWS_MISSING], 0);
	close_tree();
}

/* A line that is not whole stays so: a copy neither ends nor repeats it. */
static void copy_within_line(void **state)
{
	(void)state;
	open_tree("./piece");
	store_message(1, 0, 10, "a\nb");
	store_message(2, 1, 20, "c");
	store_message(3, 1, 20, "c");
	store_message(4, 3, 30, "d\n");
	assert_log("piece/h/n/current", "a\nbcd\n");
	close_tree();
}

/* Whatever was removed before them, these are no copies. */
static void no_copies(void **state)
{
	struct nats_message other = make_message(6, 2, 30, "f\n");
	struct nats_message unchained = make_message(7, 2, 10, "g\n");

	(void)state;
	open_tree("./no");
	/* Purged, or too old: the subject has no message, and none before. */
	store_message(1, 0, 20, "a\n");
	store_message(2, 0, 10, "b\n");
	/* The last message was deleted: its lines are sent again. */
	store_message(3, 2, 30, "c\n");
	store_message(4, 2, 40, "d\n");
	/* A leader whose clock is late. */
	store_message(5, 4, 35, "e\n");
	/* A second subject with lines of this name, and its own sequences. */
	other.subject = "rlog.h.other";
	assert_int_equal(put_message(&other, STREAM), FETCH_STORE_DONE);
	/* Not of rlogship. */
	unchained.chained = false;
	assert_int_equal(put_message(&unchained, STREAM), FETCH_STORE_DONE);
	assert_log("no/h/n/current", "a\nb\nc\nd\ne\nf\ng\n");
	assert_int_equal(store.copies, 0);
	/* Another stream, whose sequences are others. */
	store_message(8, 7, 50, "h\n");
	other = make_message(3, 2, 40, "i\n");
	assert_int_equal(put_message(&other, OTHER_STREAM), FETCH_STORE_DONE);
	assert_log("no/h/n/current", "a\nb\nc\nd\ne\nf\ng\nh\ni\n");
	assert_int_equal(store.copies, 0);
	close_tree();
}

/* Puts the first bytes of a message, as a process that is killed then. */
static void store_part(const struct nats_message *message, size_t n)
{
	const struct log_name origin = {"h", "n"};
	struct tain_s deadline = tain_infinite;
	unsigned char bytes[RING_MARK];
	struct fetch_mark mark;
	struct fed_log *log;

	assert_int_equal(fetch_tree_find(&tree, &origin, &log, &deadline),
			 FETCH_TREE_READY);
	assert_true(fed_log_mark(log, bytes));
	assert_true(fetch_mark_unpack(&mark, bytes));
	mark.sequence = message->sequence;
	mark.time = message->time;
	mark.offset = (uint32_t)n;
	mark.whole = false;
	fetch_mark_pack(bytes, &mark);
	__real_fed_log_put(log, message->bytes, n, bytes);
}

/* The rest of a message is stored, also if only its copy has it. */
static void rest_of_message(void **state)
{
	const struct nats_message part = make_message(2, 1, 20, "bcd\ne\n"),
				  next = make_message(4, 3, 30, "fg\n");

	(void)state;
	open_tree("./part");
	store_message(1, 0, 10, "a\n");
	store_part(&part, 2);
	open_again("./part");
	store_message(2, 1, 20, "bcd\ne\n");
	store_message(3, 1, 20, "bcd\ne\n");
	store_part(&next, 1);
	store_message(4, 3, 30, "fg\n");
	assert_log("part/h/n/current", "a\nbcd\ne\nfg\n");
	open_again("./removed");
	store_message(1, 0, 10, "a\n");
	store_part(&part, 2);
	open_again("./removed");
	store_message(3, 1, 20, "bcd\ne\n");
	assert_log("removed/h/n/current", "a\nbc\nbcd\ne\n");
	assert_int_equal(store.copies, 0);
	assert_int_equal(told[FETCH_NEWS_MISSING], 0);
	close_tree();
}

/* A message that a process before this one has stored is not stored again. */
static void whole_message_again(void **state)
{
	struct nats_message message = make_message(
	    1, 0, 10, "{\"id\":\"h/n/--0\",\"text\":\"a\",\"cut\":true}\n");

	(void)state;
	open_tree("./whole");
	message.form = "json";
	assert_int_equal(put_message(&message, STREAM), FETCH_STORE_DONE);
	open_again("./whole");
	assert_int_equal(put_message(&message, STREAM), FETCH_STORE_DONE);
	assert_int_equal(store.lines + store.bytes, 0);
	store_message(2, 1, 20, "b\n");
	assert_log("whole/h/n/current", "ab\n");
	close_tree();
}

/* The server has another message, whose bytes are fewer than those stored. */
static void shorter_message(void **state)
{
	const struct nats_message part = make_message(2, 1, 20, "bcd\ne\n"),
				  shorter = make_message(2, 1, 20, "b");

	(void)state;
	open_tree("./shorter");
	store_message(1, 0, 10, "a\n");
	store_part(&part, 2);
	open_again("./shorter");
	assert_int_equal(put_message(&shorter, STREAM), FETCH_STORE_REFUSED);
	assert_string_equal(store.text.why, "it was longer before");
	fetch_store_drop(&store);
	store_message(3, 2, 30, "f\n");
	assert_log("shorter/h/n/current",
		   "a\nbc\n"
		   "rlogfetch: lines may be missing: messages 2 to 2 were not "
		   "stored\nf\n");
	close_tree();
}

/* A later message with a sequence that was taken: a stream that was set back,
 * and no cursor tells of it. */
static void set_back_without_cursor(void **state)
{
	(void)state;
	open_tree("./back");
	store_message(1, 0, 10, "@400000000000000500000000 a\n");
	store_message(2, 1, 20, "@400000000000000600000000 b\n");
	store_message(2, 1, 30,
		      "@400000000000000600000000 b\n"
		      "@400000000000000700000000 c\n");
	assert_log("back/h/n/current", "@400000000000000500000000 a\n"
				       "@400000000000000600000000 b\n"
				       "@400000000000000700000000 c\n");
	close_tree();
}

/* Of another stream, the line that is there in part comes as a whole, and the
 * lines before it do not come again. */
static void part_of_line_anew(void **state)
{
	struct nats_message anew;

	(void)state;
	open_tree("./anew");
	store_message(1, 0, 10,
		      "@400000000000000500000001 a\n"
		      "@400000000000000500000002 b");
	anew = make_message(1, 0, 20,
			    "@400000000000000500000001 a\n"
			    "@400000000000000500000002 bc\n"
			    "@400000000000000600000000 d");
	assert_int_equal(put_message(&anew, OTHER_STREAM), FETCH_STORE_DONE);
	anew.bytes = "@400000000000000500000002 bc\n"
		     "@400000000000000600000000 de\n";
	anew.len = strlen(anew.bytes);
	assert_int_equal(put_message(&anew, STREAM), FETCH_STORE_DONE);
	assert_log("anew/h/n/current", "@400000000000000500000001 a\n"
				       "@400000000000000500000002 b\n"
				       "@400000000000000500000002 bc\n"
				       "@400000000000000600000000 d\n"
				       "@400000000000000600000000 de\n");
	close_tree();
}

/* Messages that are removed before they are stored, or as wholes, are told. */
static void missing_messages(void **state)
{
	const struct nats_message part = make_message(5, 2, 50, "bcd\ne\n");

	(void)state;
	open_tree("./missing");
	store_message(2, 0, 20, "a\n");
	store_part(&part, 2);
	open_again("./missing");
	store_message(6, 5, 60, "f\n");
	store_message(9, 8, 90, "g\n");
	assert_log("missing/h/n/current",
		   "a\nbc\n"
		   "rlogfetch: lines may be missing: messages 5 to 5 were "
		   "not stored\nf\n"
		   "rlogfetch: lines may be missing: messages 7 to 8 were "
		   "not stored\ng\n");
	assert_int_equal(told[FETCH_NEWS_MISSING], 2);
	close_tree();
}

/* Has descriptor 1 be a file until restore_output. */
static int replace_output(void)
{
	int kept = dup(1), fd = open("out", O_WRONLY | O_CREAT | O_TRUNC, 0644);

	fflush(stdout);
	assert_true(kept >= 0 && fd >= 0 && dup2(fd, 1) == 1);
	close(fd);
	return kept;
}

static void restore_output(int kept)
{
	dup2(kept, 1);
	close(kept);
}

/* Each subject has its own last message. */
static void copies_to_output(void **state)
{
	struct nats_message other = make_message(2, 0, 15, "A\n");
	int kept = replace_output();

	(void)state;
	fetch_store_init(&store, NULL, &tell);
	store_message(1, 0, 10, "a\n");
	other.subject = "rlog.h.other";
	other.name = "h/other";
	put_message(&other, STREAM);
	store_message(3, 1, 20, "b\n");
	other.sequence = 4;
	other.follows = 2;
	other.time = 25;
	other.bytes = "B\n";
	put_message(&other, STREAM);
	store_message(5, 1, 20, "b\n");
	other.sequence = 6;
	put_message(&other, STREAM);
	store_message(7, 5, 40, "c\n");
	other.sequence = 8;
	other.follows = 6;
	other.time = 50;
	other.bytes = "C\n";
	put_message(&other, STREAM);
	restore_output(kept);
	scratch_expect("out", "a\nA\nb\nB\nc\nC\n");
	assert_int_equal(store.copies, 2);
	fetch_store_free(&store);
}

/* Each subject goes on after its own last line when the stream is set back. */
static void set_back_output(void **state)
{
	struct nats_message other =
	    make_message(2, 0, 15, "@400000000000000500000000 A\n");
	int kept = replace_output();

	(void)state;
	fetch_store_init(&store, NULL, &tell);
	store_message(1, 0, 10,
		      "@400000000000000800000000 a\n"
		      "@400000000000000900000000 b\n");
	other.subject = "rlog.h.other";
	other.name = "h/other";
	put_message(&other, OTHER_STREAM);
	other = make_message(1, 0, 20,
			     "@400000000000000800000000 a\n"
			     "@400000000000000900000000 b\n"
			     /* The clock was set back. */
			     "@400000000000000700000000 c\n");
	put_message(&other, OTHER_STREAM);
	restore_output(kept);
	scratch_expect("out", "@400000000000000800000000 a\n"
			      "@400000000000000900000000 b\n"
			      "@400000000000000500000000 A\n"
			      "@400000000000000700000000 c\n");
	fetch_store_free(&store);
}

/* Subjects that share a place of the store's table have nothing in common. */
static void shared_place(void **state)
{
	static const char *const line = "@400000000000000500000000 A\n";
	struct nats_message other = make_message(1, 0, 20, line);
	const uint32_t place =
	    (uint32_t)hash_fnv(HASH_FNV, other.subject, strlen(other.subject)) %
	    FETCH_STORE_SUBJECTS;
	char subject[32];
	int kept = replace_output();

	(void)state;
	fetch_store_init(&store, NULL, &tell);
	store_message(1, 0, 10, "@400000000000000800000000 a\n");
	for (int i = 0; snprintf(subject, sizeof subject, "rlog.%d", i) &&
			(uint32_t)hash_fnv(HASH_FNV, subject, strlen(subject)) %
				FETCH_STORE_SUBJECTS !=
			    place;
	     i++)
		;
	other.subject = subject;
	put_message(&other, OTHER_STREAM);
	restore_output(kept);
	scratch_expect("out", "@400000000000000800000000 a\n"
			      "@400000000000000500000000 A\n");
	fetch_store_free(&store);
}

/* A line that another origin interrupts is ended; a refused one does not. */
static void interrupted_line(void **state)
{
	struct nats_message other = make_message(2, 0, 15, "A\n");
	int kept = replace_output();

	(void)state;
	fetch_store_init(&store, NULL, &tell);
	store_message(1, 0, 10, "a");
	other.subject = "rlog.h.other";
	other.name = "h/other";
	other.form = "json";
	put_message(&other, STREAM);
	store_message(3, 1, 20, "b");
	other.form = "raw";
	put_message(&other, STREAM);
	store_message(4, 3, 30, "c\n");
	restore_output(kept);
	scratch_expect("out", "ab\nA\nc\n");
	fetch_store_free(&store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(copy_of_last),
	    cmocka_unit_test(copies_of_a_run),
	    cmocka_unit_test(copies_after_restarts),
	    cmocka_unit_test(copy_within_line),
	    cmocka_unit_test(no_copies),
	    cmocka_unit_test(rest_of_message),
	    cmocka_unit_test(whole_message_again),
	    cmocka_unit_test(shorter_message),
	    cmocka_unit_test(set_back_without_cursor),
	    cmocka_unit_test(part_of_line_anew),
	    cmocka_unit_test(missing_messages),
	    cmocka_unit_test(copies_to_output),
	    cmocka_unit_test(set_back_output),
	    cmocka_unit_test(interrupted_line),
	    cmocka_unit_test(shared_place),
	};

	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
