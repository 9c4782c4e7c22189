/* The blocks of pcapng, byte by byte as the draft lays them out. */
#include "rlogsess/pcapng/pcapng_block.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct output output;
static struct pcapng_comments comments;

/* The output so far is these bytes; it is cleared. */
static void expect_bytes(const char *want, size_t len)
{
	size_t got_len;
	const char *got = output_composed(&output, &got_len);

	assert_int_equal(got_len, len);
	assert_memory_equal(got, want, len);
	output_init(&output, -1);
}

#define EXPECT(want) expect_bytes(want, sizeof(want) - 1)

static int begin_output(void **state)
{
	(void)state;
	output_init(&output, -1);
	memset(&comments, 0, sizeof comments);
	return 0;
}

static struct slice slice_of(const char *text)
{
	return (struct slice){text, strlen(text)};
}

static void writes_section(void **state)
{
	(void)state;
	pcapng_block_section(&output, "TCP/IP headers made up", "rlogsess 1.0");
	EXPECT("\x0a\x0d\x0d\x0a\x4c\0\0\0"
	       "\x4d\x3c\x2b\x1a\x01\0\0\0"
	       "\xff\xff\xff\xff\xff\xff\xff\xff"
	       "\x01\0\x16\0"
	       "TCP/IP headers made up\0\0"
	       "\x04\0\x0c\0"
	       "rlogsess 1.0"
	       "\0\0\0\0"
	       "\x4c\0\0\0");
}

static void writes_interface(void **state)
{
	(void)state;
	pcapng_block_interface(&output, "smtpd");
	EXPECT("\x01\0\0\0\x44\0\0\0"
	       "\x65\0\0\0\0\0\0\0"
	       "\x02\0\x05\0smtpd\0\0\0"
	       "\x03\0\x13\0records of sessions\0"
	       "\x09\0\x01\0\x09\0\0\0"
	       "\0\0\0\0"
	       "\x44\0\0\0");
}

static void escapes_interface_name(void **state)
{
	const char *got;
	size_t len;

	(void)state;
	pcapng_block_interface(&output, "a\x1b[m\xff");
	got = output_composed(&output, &len);
	assert_non_null(memmem(got, len, "\x02\0\x0b\0a\\x1b[m\\xff\0", 16));
}

static void writes_packet(void **state)
{
	const struct pcapng_packet packet = {
	    .interface = 1,
	    .time = 0x0123456789abcdef,
	    .inbound = true,
	    .headers = slice_of("head"),
	    .payload = slice_of("x"),
	    .missing = 3,
	};

	(void)state;
	pcapng_comments_add(&comments, "recio: ", slice_of("TLS"));
	pcapng_comments_add(&comments, "", slice_of("two"));
	pcapng_block_packet(&output, &packet, &comments);
	EXPECT("\x06\0\0\0\x4c\0\0\0"
	       "\x01\0\0\0"
	       "\x67\x45\x23\x01\xef\xcd\xab\x89"
	       "\x05\0\0\0\x08\0\0\0"
	       "headx\0\0\0"
	       "\x01\0\x0a\0recio: TLS\0\0"
	       "\x01\0\x03\0two\0"
	       "\x02\0\x04\0\x01\0\0\0"
	       "\0\0\0\0"
	       "\x4c\0\0\0");
	assert_int_equal(comments.len, 0);
}

static void writes_packet_without_time(void **state)
{
	const struct pcapng_packet packet = {
	    .time = INT64_MIN,
	    .headers = slice_of("head"),
	    .payload = slice_of(""),
	};

	(void)state;
	pcapng_block_packet(&output, &packet, &comments);
	EXPECT("\x06\0\0\0\x30\0\0\0"
	       "\0\0\0\0\0\0\0\0\0\0\0\0"
	       "\x04\0\0\0\x04\0\0\0"
	       "head"
	       "\x02\0\x04\0\x02\0\0\0"
	       "\0\0\0\0"
	       "\x30\0\0\0");
}

static void escapes_comments(void **state)
{
	static const char hostile[] = "a\tb\n\x1b[2J\xff\xe2\x80\xae"
				      "c\0d";

	(void)state;
	pcapng_comments_add(&comments, "",
			    (struct slice){hostile, sizeof hostile - 1});
	assert_int_equal(comments.options[2], 36);
	assert_memory_equal(comments.options + 4,
			    "a b\\x0a\\x1b[2J\\xff\\xe2\\x80\\xaec\\x00d", 36);
}

/* A comment that is too long is cut; those that don't fit are counted. */
static void bounds_comments(void **state)
{
	static char text[100000];
	const struct pcapng_packet packet = {.headers = slice_of("head"),
					     .payload = slice_of("")};
	static const char last[] = "7 more comments left out";
	const char *got;
	size_t len;

	(void)state;
	memset(text, 0xff, sizeof text);
	for (int i = 0; i < 10; i++)
		pcapng_comments_add(&comments, "",
				    (struct slice){text, sizeof text});
	assert_true(comments.len <= PCAPNG_COMMENTS);
	assert_int_equal(comments.left_out, 7);
	pcapng_block_packet(&output, &packet, &comments);
	got = output_composed(&output, &len);
	assert_true(len < PCAPNG_COMMENTS + 64);
	assert_non_null(memmem(got, len, last, sizeof last - 1));
	assert_int_equal(comments.left_out, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(writes_section, begin_output),
	    cmocka_unit_test_setup(writes_interface, begin_output),
	    cmocka_unit_test_setup(escapes_interface_name, begin_output),
	    cmocka_unit_test_setup(writes_packet, begin_output),
	    cmocka_unit_test_setup(writes_packet_without_time, begin_output),
	    cmocka_unit_test_setup(escapes_comments, begin_output),
	    cmocka_unit_test_setup(bounds_comments, begin_output),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
