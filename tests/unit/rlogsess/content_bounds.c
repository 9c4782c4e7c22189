/* The edges of content, and what notes of recio -p leave out. */
#include "rlogsess/pcapng/content_bounds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct content_bounds bounds;
static bool swapped; /* the program is the client */

/* Takes all bytes; returns them with a "|" at each edge. */
static const char *take_record(int direction, const char *text)
{
	static char got[512];
	struct session_part part = {.kind = PART_BYTES,
				    .direction = direction ^ swapped,
				    .text = {text, strlen(text)}};
	size_t len = 0, n;
	bool edge;

	while (part.text.len) {
		n = content_bounds_take_bytes(&bounds, &part, &edge);
		assert_in_range(n, 1, part.text.len);
		memcpy(got + len, part.text.at, n);
		len += n;
		if (edge)
			got[len++] = '|';
		slice_skip(&part.text, n);
	}
	got[len] = 0;
	return got;
}

static enum left_out take_note(const char *text)
{
	const struct session_part part = {.kind = PART_NOTE,
					  .text = {text, strlen(text)}};

	return content_bounds_take(&bounds, &part);
}

static void begin_session(bool client_out)
{
	const struct spoken_protocol protocol = {.client_out = client_out};

	swapped = client_out;
	content_bounds_init(&bounds, &protocol, false);
}

static void greet_smtp(bool client_out)
{
	begin_session(client_out);
	take_record(DIALOGUE_OUT, "220 mx\r\n");
	take_record(DIALOGUE_IN, "MAIL FROM:<>\r\n");
	take_record(DIALOGUE_OUT, "250 ok\r\n");
}

static void finds_edges_of_smtp(void **state)
{
	(void)state;
	greet_smtp(false);
	assert_string_equal(take_record(DIALOGUE_IN, "BDAT 3\r\na\nbRSET\r\n"),
			    "BDAT 3\r\n|a\nb|RSET\r\n");
	greet_smtp(false);
	assert_string_equal(take_record(DIALOGUE_IN, "DATA\r\n"), "DATA\r\n|");
	take_record(DIALOGUE_OUT, "354 go\r\n");
	assert_string_equal(take_record(DIALOGUE_IN, "a\r\n.\r\nQUIT\r\n"),
			    "a\r\n.\r\n|QUIT\r\n");
}

static void finds_edges_of_pop3(void **state)
{
	(void)state;
	begin_session(false);
	take_record(DIALOGUE_OUT, "+OK\r\n");
	assert_string_equal(take_record(DIALOGUE_IN, "RETR 1\r\nRETR 2\r\n"),
			    "RETR 1\r\n|RETR 2\r\n|");
	assert_string_equal(
	    take_record(DIALOGUE_OUT, "+OK\r\na\r\n.\r\n-ERR\r\n"),
	    "+OK\r\n|a\r\n.\r\n|-ERR\r\n");
}

/* A server's literals are no edges: there may be many in one read. */
static void finds_edges_of_imap(void **state)
{
	(void)state;
	begin_session(false);
	take_record(DIALOGUE_OUT, "* OK\r\n");
	assert_string_equal(take_record(DIALOGUE_IN, "a X {1+}\r\nb\r\n"),
			    "a X {1+}\r\n|b|\r\n");
	assert_string_equal(
	    take_record(DIALOGUE_OUT, "* 1 FETCH (BODY[] {1}\r\nx)\r\n"),
	    "* 1 FETCH (BODY[] {1}\r\nx)\r\n");
}

static void knows_left_out_messages(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		greet_smtp(i);
		take_record(DIALOGUE_IN, "DATA\r\n");
		take_record(DIALOGUE_OUT, "354 go\r\n");
		assert_int_equal(take_note(i ? "> 7 bytes, 1 lines of message"
					     : "< 7 bytes, 1 lines of message"),
				 LEFT_OUT_DOTTED);
		take_record(DIALOGUE_OUT, "250 ok\r\n");
		take_record(DIALOGUE_IN, "BDAT 7 LAST\r\n");
		assert_int_equal(take_note(i ? "> 7 bytes, 1 lines of message"
					     : "< 7 bytes, 1 lines of message"),
				 LEFT_OUT_CHUNK);
	}
	greet_smtp(false);
	take_record(DIALOGUE_IN, "DATA\r\n");
	take_record(DIALOGUE_OUT, "354 go\r\n");
	assert_int_equal(take_note("< 7 bytes, 1 lines of message, unfinished"),
			 LEFT_OUT_OTHER);
}

/* A session that is seen from its middle, or from its beginning. */
static void knows_the_protocol(void **state)
{
	const struct spoken_protocol protocol = {.port = 25};

	(void)state;
	for (int i = 0; i < 2; i++) {
		swapped = false;
		content_bounds_init(&bounds, &protocol, false);
		if (i)
			take_record(DIALOGUE_OUT, "220 mx\r\n");
		take_record(DIALOGUE_IN, "DATA\r\n");
		take_record(DIALOGUE_OUT, "354 go\r\n");
		assert_int_equal(take_note("< 7 bytes, 1 lines of message"),
				 LEFT_OUT_DOTTED);
	}
}

static void knows_other_notes(void **state)
{
	(void)state;
	begin_session(false);
	take_record(DIALOGUE_OUT, "* OK\r\n");
	take_record(DIALOGUE_IN, "a APPEND x {9+}\r\n");
	assert_int_equal(take_note("< 9 bytes, 1 lines of message"),
			 LEFT_OUT_OTHER);
	assert_int_equal(take_note("TLS"), LEFT_OUT_NOTHING);
	assert_int_equal(take_note(""), LEFT_OUT_NOTHING);
	begin_session(false);
	assert_int_equal(take_note("< 9 bytes, 1 lines of message"),
			 LEFT_OUT_OTHER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds_edges_of_smtp),
	    cmocka_unit_test(finds_edges_of_pop3),
	    cmocka_unit_test(finds_edges_of_imap),
	    cmocka_unit_test(knows_left_out_messages),
	    cmocka_unit_test(knows_the_protocol),
	    cmocka_unit_test(knows_other_notes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
