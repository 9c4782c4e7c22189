/* Frames of RELP: writing, and reading in pieces of every size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "relp/relp_frame.h"

static void a_frame_begins(void **state)
{
	char out[RELP_HEADER_MAX];
	size_t n = relp_frame_begin(out, 7, "syslog", 12);

	(void)state;
	assert_int_equal(n, strlen("7 syslog 12 "));
	assert_memory_equal(out, "7 syslog 12 ", n);
	n = relp_frame_begin(out, RELP_NUMBER_MAX, "close", 0);
	assert_int_equal(n, strlen("999999999 close 0"));
	assert_memory_equal(out, "999999999 close 0", n);
	n = relp_frame_begin(out, RELP_NUMBER_MAX,
			     "abcdefghijabcdefghijabcdefghijab", 999999999);
	assert_int_equal(n, RELP_HEADER_MAX);
}

/*
 * Reads text in pieces of n bytes, and describes its frames: number, command,
 * data; "invalid" at a fault, "..." where a frame is not whole.
 */
static void read_all(char *seen, size_t room, const char *text, size_t len,
		     size_t n)
{
	struct relp_parser parser = {.count = 0};
	const struct relp_frame *f = &parser.frame;
	size_t used, at = 0, done = 0;
	int rc = 1;

	*seen = '\0';
	while (done < len && rc >= 0) {
		size_t piece = len - done < n ? len - done : n;

		rc = relp_parser_read(&parser, text + done, piece, &used);
		assert_true(used <= piece && (rc != 0 || used == piece));
		done += used;
		if (rc > 0)
			at += (size_t)snprintf(
			    seen + at, room - at, "%u %s %zu %.*s;", f->number,
			    f->command, f->len, (int)f->kept, f->data);
	}
	snprintf(seen + at, room - at, "%s",
		 rc < 0    ? "invalid"
		 : rc == 0 ? "..."
			   : "");
	if (rc < 0)
		assert_int_equal(
		    relp_parser_read(&parser, "1 rsp 0\n", 8, &used), -1);
}

static const struct {
	const char *text, *seen;
} streams[] = {
    {"1 rsp 6 200 OK\n", "1 rsp 6 200 OK;"},
    {"1 rsp 6 200 OK\n22 rsp 0\n0 serverclose 0\n",
     "1 rsp 6 200 OK;22 rsp 0 ;0 serverclose 0 ;"},
    {"1 rsp 3 \n\n\n\n2 rsp 1  \n", "1 rsp 3 \n\n\n;2 rsp 1  ;"},
    {"999999999 rsp 0\n", "999999999 rsp 0 ;"},
    {"000000001 rsp 000000001 x\n", "1 rsp 1 x;"},
    {"1 abcdefghijabcdefghijabcdefghijab 0\n",
     "1 abcdefghijabcdefghijabcdefghijab 0 ;"},
    {"1 rsp 6 200 OK", "..."},
    {"1 rsp", "..."},
    {"1 rsp 6 200 OK\n2", "1 rsp 6 200 OK;..."},
    {"1000000000 rsp 0\n", "invalid"},
    {"x", "invalid"},
    {"-1 rsp 0\n", "invalid"},
    {" rsp 0\n", "invalid"},
    {"1  rsp 0\n", "invalid"},
    {"1  0\n", "invalid"},
    {"1 RSP 0\n", "invalid"},
    {"1 rsp\n", "invalid"},
    {"1 rsp  0\n", "invalid"},
    {"1 rsp \n", "invalid"},
    {"1 rsp 0 \n", "invalid"},
    {"1 rsp 0\r\n", "invalid"},
    {"1 rsp 1\n", "invalid"},
    {"1 rsp 1 ab", "invalid"},
    {"1 rsp 65537", "invalid"},
    {"1 rsp 0000000001", "invalid"},
    {"1 abcdefghijabcdefghijabcdefghijabc 0\n", "invalid"},
    {"1 rsp 6 200 OK\n\n", "1 rsp 6 200 OK;invalid"},
};

static void frames_in_pieces(void **state)
{
	char seen[512];

	(void)state;
	for (size_t i = 0; i < sizeof streams / sizeof *streams; i++) {
		size_t len = strlen(streams[i].text);

		for (size_t n = 1; n <= len; n++) {
			read_all(seen, sizeof seen, streams[i].text, len, n);
			assert_string_equal(seen, streams[i].seen);
		}
	}
}

static void long_data_is_counted(void **state)
{
	static char text[RELP_DATA_MAX + 100];
	struct relp_parser parser = {.count = 0};
	int n = snprintf(text, sizeof text, "3 rsp %d ", RELP_DATA_MAX);
	size_t len = (size_t)n + RELP_DATA_MAX + 1, used;

	(void)state;
	memset(text + n, 'x', RELP_DATA_MAX);
	memcpy(text + n, "begin", 5);
	text[len - 1] = '\n';
	assert_int_equal(relp_parser_read(&parser, text, len, &used), 1);
	assert_int_equal(used, len);
	assert_int_equal(parser.frame.len, RELP_DATA_MAX);
	assert_int_equal(parser.frame.kept, RELP_DATA_KEPT);
	assert_memory_equal(parser.frame.data, text + n, RELP_DATA_KEPT);
	assert_int_equal(relp_parser_read(&parser, "4 rsp 0\n", 8, &used), 1);
	assert_int_equal(parser.frame.number, 4);
	assert_int_equal(parser.frame.kept, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_frame_begins),
	    cmocka_unit_test(frames_in_pieces),
	    cmocka_unit_test(long_data_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
