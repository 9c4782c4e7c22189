/*
 * The way to RELP over a link that is a script: what a batch still has to send
 * after a part of it was acknowledged.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rlogship/relp_way.h"

/* The link: what was sent last, and what it answers. */
static struct {
	char sent[256];
	size_t len;
	size_t acks; /* bytes to acknowledge; SIZE_MAX: all, and success */
	unsigned open, closed;
	bool refuses; /* to open */
} script;

static char link_made;

int relp_link_open(struct relp_link **link, const struct relp_options *options,
		   struct stream_fault *fault)
{
	(void)options;
	if (script.refuses) {
		stream_fault_set(fault, STREAM_FAULT_NO_SERVER, NULL);
		return -1;
	}
	script.open++;
	*link = (struct relp_link *)&link_made;
	return 0;
}

int relp_link_send(struct relp_link *link, const char *bytes, size_t len,
		   size_t *acked, struct stream_fault *fault)
{
	assert_ptr_equal(link, &link_made);
	memcpy(script.sent, bytes, len);
	script.len = len;
	*acked = script.acks == SIZE_MAX ? len : script.acks;
	if (script.acks == SIZE_MAX)
		return 0;
	stream_fault_set(fault, STREAM_FAULT_DISCONNECTED, NULL);
	return -1;
}

void relp_link_close(struct relp_link *link)
{
	script.closed += link != NULL;
}

static struct relp_way way;

static int reset(void **state)
{
	(void)state;
	memset(&script, 0, sizeof script);
	way = (struct relp_way){0};
	return 0;
}

/* Connects if needed, sends the batch, and expects that these bytes go out. */
static void expect_send(const char *batch, size_t acks, const char *want)
{
	const struct nats_batch message = {.bytes = batch,
					   .len = strlen(batch)};
	struct stream_fault fault = {0};
	uint64_t sequence = 7;
	int rc;

	if (!way.link)
		assert_int_equal(relp_way_ops.connect(&way, &fault), 0);
	script.acks = acks;
	rc = relp_way_ops.send(&way, &message, &sequence, &fault);
	assert_int_equal(rc, acks == SIZE_MAX ? 0 : -1);
	assert_int_equal(sequence, 0);
	assert_int_equal(script.len, strlen(want));
	assert_memory_equal(script.sent, want, script.len);
	if (rc == 0)
		return;
	assert_int_equal(fault.kind, STREAM_FAULT_DISCONNECTED);
	relp_way_ops.close(&way);
	assert_null(way.link);
}

static void a_success_is_forgotten(void **state)
{
	(void)state;
	expect_send("one\ntwo\n", SIZE_MAX, "one\ntwo\n");
	expect_send("one\ntwo\n", SIZE_MAX, "one\ntwo\n");
	assert_int_equal(script.open, 1);
}

static void acknowledged_bytes_are_not_sent_again(void **state)
{
	(void)state;
	expect_send("one\ntwo\nthree\n", 4, "one\ntwo\nthree\n");
	expect_send("one\ntwo\nthree\n", 4, "two\nthree\n");
	expect_send("one\ntwo\nthree\nfour\n", 0, "three\nfour\n");
	expect_send("one\ntwo\nthree\nfour\n", SIZE_MAX, "three\nfour\n");
	expect_send("one\ntwo\nthree\nfour\n", SIZE_MAX,
		    "one\ntwo\nthree\nfour\n");
	assert_int_equal(script.closed, 3);
}

static void all_acknowledged_but_failed(void **state)
{
	(void)state;
	expect_send("one\n", 4, "one\n");
	expect_send("one\n", SIZE_MAX, "");
}

static void another_batch_is_sent_whole(void **state)
{
	(void)state;
	expect_send("one\ntwo\n", 4, "one\ntwo\n");
	expect_send("ONE\ntwo\n", 0, "ONE\ntwo\n");
	expect_send("one\ntwo\n", 4, "one\ntwo\n");
	expect_send("one", SIZE_MAX, "one");
}

/* Bytes after the batch's end are none of it. */
static void a_shorter_batch_is_sent_whole(void **state)
{
	const struct nats_batch message = {.bytes = "one\ntwo\n", .len = 3};
	struct stream_fault fault;
	uint64_t sequence;

	(void)state;
	expect_send("one\ntwo\n", 4, "one\ntwo\n");
	assert_int_equal(relp_way_ops.connect(&way, &fault), 0);
	script.acks = SIZE_MAX;
	assert_int_equal(relp_way_ops.send(&way, &message, &sequence, &fault),
			 0);
	assert_int_equal(script.len, 3);
}

static void nothing_is_asked(void **state)
{
	struct stream_fault fault = {0};

	(void)state;
	assert_null(relp_way_ops.last);
	assert_in_range(relp_way_ops.room(&way), 8192, 16384);
	script.refuses = true;
	assert_int_equal(relp_way_ops.connect(&way, &fault), -1);
	assert_int_equal(fault.kind, STREAM_FAULT_NO_SERVER);
	relp_way_ops.close(&way);
	assert_int_equal(script.closed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(a_success_is_forgotten, reset),
	    cmocka_unit_test_setup(acknowledged_bytes_are_not_sent_again,
				   reset),
	    cmocka_unit_test_setup(all_acknowledged_but_failed, reset),
	    cmocka_unit_test_setup(another_batch_is_sent_whole, reset),
	    cmocka_unit_test_setup(a_shorter_batch_is_sent_whole, reset),
	    cmocka_unit_test_setup(nothing_is_asked, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
