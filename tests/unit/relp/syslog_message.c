/*
 * Messages of RFC 5424: each field, and, for random lines, that a message is
 * clean and bounded and that its text can be restored.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/escape.h"
#include "base/unescape.h"
#include "relp/syslog_message.h"

#define LABEL "@400000006540000000000001"

static struct syslog_line line;

static int set_up(void **state)
{
	(void)state;
	line = (struct syslog_line){
	    .dated = true,
	    .time = {1763680794, 123456789},
	    .host = "mx1",
	    .name = "smtp",
	    .id = "mx1/smtp/" LABEL,
	    .label = LABEL,
	    .label_len = sizeof LABEL - 1,
	};
	return 0;
}

static void set_text(const char *text)
{
	line.text = text;
	line.len = strlen(text);
}

/* The line is sent as one message, `want`. */
static void message_is(const char *want)
{
	struct syslog_part part = {.number = 0};
	char out[SYSLOG_MAX + 1];
	size_t n = syslog_message_next(out, &line, &part);

	out[n] = '\0';
	assert_string_equal(out, want);
	assert_int_equal(syslog_message_next(out, &line, &part), 0);
}

static void each_kind(void **state)
{
	(void)state;
	set_text("two  words ");
	message_is("<134>1 2025-11-20T23:19:54.123456Z mx1 smtp - line "
		   "[rlog@32473 id=\"mx1/smtp/" LABEL "\" label=\"" LABEL
		   "\"] two  words ");
	line.dated = false;
	line.label_len = 0;
	line.id = "i";
	line.pid = 42;
	line.kind = SYSLOG_NOTE;
	message_is("<133>1 - mx1 smtp 42 note [rlog@32473 id=\"i\"] "
		   "two  words ");
	line.kind = SYSLOG_SESSION;
	message_is("<134>1 - mx1 smtp - session [rlog@32473 id=\"i\"] "
		   "two  words ");
	line.kind = SYSLOG_MISSING;
	message_is("<132>1 - mx1 smtp - missing [rlog@32473 id=\"i\"] "
		   "two  words ");
	line.kind = SYSLOG_RECORD;
	line.direction = '<';
	message_is("<134>1 - mx1 smtp 42 record [rlog@32473 id=\"i\" "
		   "dir=\"<\"] two  words ");
	line.dump = line.more = line.eof = true;
	set_text("");
	message_is("<134>1 - mx1 smtp 42 record [rlog@32473 id=\"i\" dir=\"<\" "
		   "dump=\"1\" more=\"1\" eof=\"1\"]");
}

static void short_line(const char *host, const char *name, const char *id)
{
	line.host = host;
	line.name = name;
	line.id = id;
	line.dated = false;
	line.label_len = 0;
	line.rest = line.cut = false;
	set_text("x");
}

static void odd_words_and_values(void **state)
{
	(void)state;
	short_line("", "a b\n\xc3\xa9", "\"\\]\n=[");
	message_is("<134>1 - - a_b___ - line "
		   "[rlog@32473 id=\"\\\"\\\\\\]_=[\"] x");
}

static void long_values_are_cut(void **state)
{
	char host[400], name[400], id[400], want[2000], *at = want;

	(void)state;
	memset(host, 'h', sizeof host);
	memset(name, 'n', sizeof name);
	memset(id, '"', sizeof id);
	host[399] = name[399] = id[399] = '\0';
	short_line(host, name, id);
	at += sprintf(at, "<134>1 - %.255s %.48s - line [rlog@32473 id=\"",
		      host, name);
	for (size_t i = 0; i < 128; i++)
		at += sprintf(at, "\\\"");
	sprintf(at, "\"] x");
	message_is(want);
	/* An escape that has room for its first byte alone is left out. */
	*id = 'i';
	short_line("h", "n", id);
	at = want + sprintf(want, "<134>1 - h n - line [rlog@32473 id=\"i");
	for (size_t i = 0; i < 127; i++)
		at += sprintf(at, "\\\"");
	sprintf(at, "\"] x");
	message_is(want);
}

static void times(void **state)
{
	(void)state;
	short_line("h", "n", "i");
	line.dated = true;
	line.time = (struct timespec){-62167219200, 999999999};
	message_is("<134>1 0000-01-01T00:00:00.999999Z h n - line "
		   "[rlog@32473 id=\"i\"] x");
	line.time = (struct timespec){253402300800, 0};
	message_is("<134>1 - h n - line [rlog@32473 id=\"i\"] x");
}

static const struct {
	const char *text, *sent;
	bool escaped;
} texts[] = {
    {"plain \\x09 \\ #011", "plain \\x09 \\ #011", false},
    {"caf\xc3\xa9", "caf\xc3\xa9", false},
    {"a\tb\\", "a\\x09b\\\\", true},
    {"\t\t", "\\x09\\x09", true},
    {"\x01\x7f", "\\x01\\x7f", true},
    {"\xff", "\\xff", true},
    {"\xe2\x80\xae", "\\xe2\\x80\\xae", true},
    {"\xef\xbb\xbfx", "\\xef\\xbb\\xbfx", true},
    {"\xef\xbb\xbf\t", "\\xef\\xbb\\xbf\\x09", true},
    {"x\xef\xbb\xbf", "x\xef\xbb\xbf", false},
};

static void escapes(void **state)
{
	char want[200];

	(void)state;
	short_line("h", "n", "i");
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		set_text(texts[i].text);
		sprintf(want, "<134>1 - h n - line [rlog@32473 id=\"i\"%s] %s",
			texts[i].escaped ? " escaped=\"1\"" : "",
			texts[i].sent);
		message_is(want);
	}
}

/* Removes the beginning of the message, which must be `want`. */
static char *skip_text(char *message, const char *want)
{
	size_t n = strlen(want);

	assert_int_equal(strncmp(message, want, n), 0);
	return message + n;
}

static bool skip_mark(char **message, const char *mark)
{
	size_t n = strlen(mark);

	if (strncmp(*message, mark, n) != 0)
		return false;
	*message += n;
	return true;
}

static void assert_clean(const char *message, size_t n)
{
	assert_true(n && n <= SYSLOG_MAX);
	for (size_t i = 0, k; i < n; i += k) {
		k = (unsigned char)message[i] >= 0x80
			? escape_utf8(message + i, n - i)
			: message[i] >= ' ' && message[i] < 0x7f;
		assert_true(k > 0);
	}
}

/*
 * Restores the text of a message of short_line("h", "n", "i"), whose part has
 * this number.  Returns its length; *cut is true if another part follows.
 */
static size_t restore_text(char *out, char *message, uint64_t number, bool *cut)
{
	char id[100], part[40];
	bool escaped, parted;
	size_t n;

	if (number > 1)
		snprintf(id, sizeof id, "i/%d", (int)number);
	else
		snprintf(id, sizeof id, "i");
	message = skip_text(message, "<134>1 - h n - line [rlog@32473 id=\"");
	message = skip_text(message, id);
	message = skip_text(message, "\"");
	escaped = skip_mark(&message, " escaped=\"1\"");
	snprintf(part, sizeof part, " part=\"%d\"", (int)number);
	parted = skip_mark(&message, part);
	assert_int_equal(skip_mark(&message, " rest=\"1\""),
			 number > 1 || line.rest);
	*cut = skip_mark(&message, " cut=\"1\"");
	if (number > 1)
		assert_true(parted);
	if (!line.cut)
		assert_int_equal(parted, number > 1 || *cut);
	message = skip_text(message, "]");
	skip_mark(&message, " ");
	n = strlen(message);
	if (escaped)
		assert_true(unescape_text(out, message, n, &n));
	else
		memcpy(out, message, n);
	return n;
}

enum { RANDOM_TEXT = 40000 };

static size_t make_text(char *text, size_t most)
{
	static const char *const pieces[] = {
	    "caf\xc3\xa9 ", "\t",   "\\",           "\xf0\x9f\x98\x80",
	    "\xff\xfe",     "\x01", "\xe2\x80\xae", "\xef\xbb\xbf",
	    "\"]",          "\xc3",
	};
	/* Some texts are plain, some have only the first pieces. */
	unsigned int kinds = 1 + (unsigned int)rand() % 14;
	size_t n = 0;

	while (n < most - 100) {
		unsigned int kind = (unsigned int)rand() % kinds;
		size_t run = (size_t)rand() % 90;

		if (kind < sizeof pieces / sizeof *pieces && rand() % 3 == 0) {
			memcpy(text + n, pieces[kind], strlen(pieces[kind]));
			n += strlen(pieces[kind]);
		} else {
			memset(text + n, 'a' + rand() % 26, run);
			n += run;
		}
	}
	return n;
}

/*
 * Sends the line, and restores its text from the messages.  Returns the number
 * of bytes restored; *parts is the number of messages.
 */
static size_t send_and_restore(char *out, uint64_t *parts)
{
	struct syslog_part part = {.number = 0};
	char message[SYSLOG_MAX + 1];
	size_t n, restored = 0;
	bool cut = true;

	while ((n = syslog_message_next(message, &line, &part))) {
		assert_true(cut);
		message[n] = '\0';
		assert_clean(message, n);
		restored +=
		    restore_text(out + restored, message, part.number, &cut);
		if (restored < line.len)
			assert_true(cut && n > SYSLOG_MAX - 100);
	}
	assert_int_equal(cut, line.cut);
	*parts = part.number;
	return restored;
}

static void random_texts(void **state)
{
	static char text[RANDOM_TEXT], restored[RANDOM_TEXT];
	uint64_t parts;

	(void)state;
	srand(11);
	for (int i = 0; i < 400; i++) {
		size_t len =
		    make_text(text, 200 + (size_t)rand() % (RANDOM_TEXT - 200));
		size_t sent = 0, got = 0;

		short_line("h", "n", "i");
		do {
			line.text = text + sent;
			line.len = rand() % 2
				       ? len - sent
				       : (size_t)rand() % (len - sent + 1);
			sent += line.len;
			line.cut = sent < len;
			got += send_and_restore(restored + got, &parts);
			line.rest = true;
		} while (line.cut);
		assert_int_equal(got, len);
		assert_memory_equal(restored, text, len);
	}
}

/* Every length around that of a whole message. */
static void lengths(void **state)
{
	static char text[SYSLOG_MAX + 200], restored[SYSLOG_MAX + 200];
	/* Of the text, with the room for marks. */
	const size_t before =
	    strlen("<134>1 - h n - line [rlog@32473 id=\"i\"") + 64;
	uint64_t parts;

	(void)state;
	memset(text, 'x', sizeof text);
	for (size_t n = SYSLOG_MAX - 300; n < sizeof text; n++) {
		short_line("h", "n", "i");
		line.text = text;
		line.len = n;
		assert_int_equal(send_and_restore(restored, &parts), n);
		assert_int_equal(parts, n > SYSLOG_MAX - before ? 2 : 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(each_kind, set_up),
	    cmocka_unit_test_setup(odd_words_and_values, set_up),
	    cmocka_unit_test_setup(long_values_are_cut, set_up),
	    cmocka_unit_test_setup(times, set_up),
	    cmocka_unit_test_setup(escapes, set_up),
	    cmocka_unit_test_setup(random_texts, set_up),
	    cmocka_unit_test_setup(lengths, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
