/*
 * What the redactor shows of classified bytes, and the offset at which it says
 * that they stand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "recio/redactor.h"

static struct redactor redactor;
static struct held_bytes held;
static char text[1024];
static size_t text_len;

static void add_text(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

static void add_text(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text_len += (size_t)vsnprintf(text + text_len, sizeof text - text_len,
				      format, args);
	va_end(args);
	assert_true(text_len < sizeof text);
}

/* Direction, offset and bytes. */
static void add_shown(void *ctx, enum relay_dir dir, const char *at, size_t len,
		      uint64_t offset)
{
	(void)ctx;
	add_text("%c%u[%.*s]", "<>"[dir], (unsigned int)offset, (int)len, at);
}

static void add_message(void *ctx, enum relay_dir dir,
			const struct message_counter *counted, bool whole)
{
	(void)ctx;
	add_text("%c message of %u%s;", "<>"[dir],
		 (unsigned int)counted -> bytes, whole ? "" : ", unfinished");
}

static void add_note(void *ctx, const char *note)
{
	(void)ctx;
	add_text("%s;", note);
}

static void begin(bool secrets, bool contents)
{
	struct redactor_config config = {.out = {.show = add_shown,
						 .message = add_message,
						 .note = add_note},
					 .secrets = secrets,
					 .contents = contents};

	memset(&redactor, 0, sizeof redactor);
	redactor_init(&redactor, &config, &held);
	text_len = 0;
	*text = 0;
}

static void emit(enum relay_dir dir, enum span_kind kind, const char *bytes)
{
	redactor_emit(&redactor, dir, kind, bytes, strlen(bytes));
}

/* Compares all that was shown since the last time. */
static void shows(const char *want)
{
	assert_string_equal(text, want);
	text_len = 0;
	*text = 0;
}

/* The count stands where the first hidden byte stood, and stars as well. */
static void offsets(void **state)
{
	(void)state;
	begin(false, false);
	emit(RELAY_IN, SPAN_SHOW, "GET ");
	emit(RELAY_IN, SPAN_HIDDEN, "/index");
	emit(RELAY_IN, SPAN_HIDDEN, ".html");
	shows("<0[GET ]");
	emit(RELAY_IN, SPAN_SHOW, "\n");
	shows("<4[*** 11 bytes]<15[\n]");
	emit(RELAY_IN, SPAN_SHOW, "PASS ");
	emit(RELAY_IN, SPAN_SECRET, "won");
	emit(RELAY_IN, SPAN_SECRET, "der");
	emit(RELAY_IN, SPAN_SHOW, "\n");
	shows("<16[PASS ]<21[***]<27[\n]");
	/* The other direction has offsets of its own. */
	emit(RELAY_OUT, SPAN_SHOW, "+OK\n");
	shows(">0[+OK\n]");
}

/* A blank sets stars apart from the word before them. */
static void blanks(void **state)
{
	(void)state;
	begin(false, false);
	emit(RELAY_IN, SPAN_SHOW, "GET");
	emit(RELAY_IN, SPAN_HIDDEN, "x");
	emit(RELAY_IN, SPAN_SECRET, "y");
	shows("<0[GET]<3[ ]<3[*** 1 bytes]<4[ ]<4[***]");
	emit(RELAY_IN, SPAN_HIDDEN, "z");
	redactor_show_hidden(&redactor, RELAY_IN);
	shows("<5[ ]<5[*** 1 bytes]");
	redactor_show_hidden(&redactor, RELAY_IN);
	shows("");
}

/* Bytes that are left out are counted with those after what is shown. */
static void left_out(void **state)
{
	(void)state;
	begin(false, false);
	redactor_leave_out(&redactor, "\xff\xfe", 2);
	emit(RELAY_IN, SPAN_SHOW, "MAIL ");
	redactor_count_left_out(&redactor, 2);
	emit(RELAY_IN, SPAN_HIDDEN, "abc");
	emit(RELAY_IN, SPAN_SHOW, "\n");
	shows("<2[MAIL ]<5[*** 5 bytes]<10[\n]");
}

static void messages(void **state)
{
	(void)state;
	begin(false, false);
	redactor_count_message(&redactor, RELAY_OUT, "text", 4);
	emit(RELAY_OUT, SPAN_CONTENT, "text");
	redactor_end_message(&redactor, RELAY_OUT, false);
	shows("> message of 4, unfinished;");
	emit(RELAY_OUT, SPAN_SHOW, "\n");
	shows(">4[\n]");
	/* One without a byte is a message only if its end was seen. */
	message_counter_begin(&redactor.message[RELAY_IN], true);
	redactor_end_message(&redactor, RELAY_IN, false);
	shows("");
	message_counter_begin(&redactor.message[RELAY_IN], true);
	redactor_end_message(&redactor, RELAY_IN, true);
	shows("< message of 0;");
	redactor_end_message(&redactor, RELAY_IN, true);
	shows("");
	begin(false, true);
	redactor_count_message(&redactor, RELAY_IN, "text", 4);
	emit(RELAY_IN, SPAN_CONTENT, "text");
	redactor_end_message(&redactor, RELAY_IN, true);
	shows("<0[text]");
}

static void shown_secrets(void **state)
{
	(void)state;
	begin(true, false);
	emit(RELAY_IN, SPAN_SECRET, "secret");
	emit(RELAY_IN, SPAN_HIDDEN, "hidden");
	emit(RELAY_IN, SPAN_CONTENT, "message");
	emit(RELAY_OUT, SPAN_SHOW, "secret\n");
	shows("<0[secret]<6[hidden]>0[secret\n]");
}

/* Muted bytes were recorded before, and have no offsets of their own. */
static void muted(void **state)
{
	(void)state;
	begin(false, false);
	redactor_mute(&redactor, true);
	assert_true(redactor_is_silent(&redactor));
	emit(RELAY_IN, SPAN_SHOW, "NOOP\n");
	redactor_note(&redactor, "note");
	redactor_count_message(&redactor, RELAY_OUT, "text", 4);
	redactor_end_message(&redactor, RELAY_OUT, true);
	redactor_mute(&redactor, false);
	emit(RELAY_IN, SPAN_SHOW, "NOOP\n");
	shows("<0[NOOP\n]");
}

/* After TLS nothing is shown, counted or noted. */
static void opaque(void **state)
{
	(void)state;
	begin(false, false);
	emit(RELAY_IN, SPAN_HIDDEN, "secret");
	emit(RELAY_OUT, SPAN_SHOW, "220 g");
	redactor_make_opaque(&redactor, "TLS");
	shows("<0[*** 6 bytes]>0[220 g]TLS;");
	assert_true(redactor_is_silent(&redactor));
	redactor_make_opaque(&redactor, "TLS");
	emit(RELAY_IN, SPAN_SHOW, "text");
	emit(RELAY_OUT, SPAN_SHOW, "text");
	redactor_count_message(&redactor, RELAY_OUT, "text", 4);
	redactor_end_message(&redactor, RELAY_OUT, true);
	redactor_note(&redactor, "note");
	shows("");
}

/* The server's line is complete before another line is shown in its place. */
static void repeated(void **state)
{
	(void)state;
	begin(false, false);
	emit(RELAY_IN, SPAN_SECRET, "wonderland");
	emit(RELAY_IN, SPAN_SHOW, "\n");
	shows("<0[***]<10[\n]");
	emit(RELAY_OUT, SPAN_SHOW, "no wonder");
	shows("");
	emit(RELAY_OUT, SPAN_SHOW, "land\n");
	shows(">0[no ]>3[***]>13[\n]");
	emit(RELAY_OUT, SPAN_SHOW, "no");
	redactor_count_message(&redactor, RELAY_OUT, "text", 4);
	emit(RELAY_OUT, SPAN_CONTENT, "text");
	shows(">14[no]");
	emit(RELAY_OUT, SPAN_SHOW, "no");
	redactor_end_message(&redactor, RELAY_OUT, true);
	shows(">20[no]> message of 4;");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(offsets),       cmocka_unit_test(blanks),
	    cmocka_unit_test(left_out),      cmocka_unit_test(messages),
	    cmocka_unit_test(shown_secrets), cmocka_unit_test(muted),
	    cmocka_unit_test(opaque),        cmocka_unit_test(repeated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
