/* Faults: codes of JetStream's API, and texts of a hostile server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "stream/stream_fault.h"

static void codes(void **state)
{
	static const struct {
		int code;
		const char *text;
		enum stream_fault_kind kind;
	} rows[] = {
	    {10071, "wrong last sequence: 7", STREAM_FAULT_WRONG_SEQUENCE},
	    {10060, "expected stream does not match",
	     STREAM_FAULT_OTHER_STREAM},
	    {10059, "stream not found", STREAM_FAULT_NO_STREAM},
	    {10054, "message size exceeds maximum allowed",
	     STREAM_FAULT_TOO_LARGE},
	    {10077, "maximum bytes exceeded", STREAM_FAULT_FULL},
	    {10077, "maximum messages per subject exceeded", STREAM_FAULT_KEPT},
	    {10077, NULL, STREAM_FAULT_FULL},
	    {10052, "maximum messages per subject required",
	     STREAM_FAULT_REFUSED},
	    {10008, "JetStream system temporarily unavailable",
	     STREAM_FAULT_NO_RESPONDERS},
	    {10039, "not enabled for account", STREAM_FAULT_NO_JETSTREAM},
	    {0, "what?", STREAM_FAULT_REFUSED},
	    {-1, "what?", STREAM_FAULT_REFUSED},
	};
	struct stream_fault fault;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		stream_fault_set_code(&fault, rows[i].code, rows[i].text);
		assert_int_equal(fault.kind, rows[i].kind);
		assert_int_equal(fault.code, rows[i].code);
		assert_string_equal(fault.text,
				    rows[i].text
					? rows[i].text
					: stream_fault_words(rows[i].kind));
	}
}

static void hostile_texts(void **state)
{
	char text[2 * STREAM_FAULT_TEXT_MAX];
	struct stream_fault fault;

	(void)state;
	stream_fault_set(&fault, STREAM_FAULT_REFUSED, "a\033[1m\n\xff~\x7f");
	assert_string_equal(fault.text, "a?[1m??~?");
	memset(text, 'x', sizeof text);
	text[sizeof text - 1] = 0;
	stream_fault_set(&fault, STREAM_FAULT_REFUSED, text);
	assert_int_equal(strlen(fault.text), STREAM_FAULT_TEXT_MAX - 1);
}

static void every_kind_has_words(void **state)
{
	(void)state;
	for (int kind = 0; kind < STREAM_FAULT_KINDS; kind++)
		assert_non_null(
		    stream_fault_words((enum stream_fault_kind)kind));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(codes),
	    cmocka_unit_test(hostile_texts),
	    cmocka_unit_test(every_kind_has_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
