/* The texts of notes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "recio/session_notes.h"

static char text[NOTE_MAX];

static void start(void **state)
{
	(void)state;
	unsetenv("PROTO");
	session_notes_start(text, "qmail-smtpd");
	assert_string_equal(text, "start qmail-smtpd");
	setenv("PROTO", "TCP", 1);
	setenv("TCPREMOTEIP", "192.0.2.7", 1);
	setenv("TCPREMOTEPORT", "51234", 1);
	session_notes_start(text, "p");
	assert_string_equal(text, "start TCP 192.0.2.7:51234 p");
	setenv("TCPLOCALIP", "2001:db8::1", 1);
	setenv("TCPLOCALPORT", "25", 1);
	session_notes_start(text, "p");
	assert_string_equal(text,
			    "start TCP 192.0.2.7:51234 to [2001:db8::1]:25 p");
}

/* However long the environment is. */
static void start_is_bounded(void **state)
{
	static char endless[100000];

	(void)state;
	memset(endless, 'x', sizeof endless - 1);
	setenv("PROTO", endless, 1);
	session_notes_start(text, endless);
	assert_true(strlen(text) < NOTE_MAX);
	setenv("PROTO", "TCP", 1);
	setenv("TCPREMOTEIP", endless, 1);
	session_notes_start(text, "p");
	assert_true(strlen(text) < NOTE_MAX);
}

static void preload(void **state)
{
	static char endless[100000];
	struct preload p = {.state = PRELOAD_BROKEN, .why = "it is broken"};

	(void)state;
	session_notes_preload(text, &p, "qmail-smtpd");
	assert_string_equal(
	    text, "unable to show qmail-smtpd its peer: it is broken");
	memset(endless, 'x', sizeof endless - 1);
	session_notes_preload(text, &p, endless);
	assert_non_null(strstr(text, "x its peer: it is broken"));
}

static void end(void **state)
{
	struct relay relay = {.timeout = 60};

	(void)state;
	relay.channel[RELAY_IN].bytes = 12;
	relay.channel[RELAY_IN].dropped = 2;
	relay.channel[RELAY_IN].why = CHANNEL_GONE;
	relay.channel[RELAY_OUT].bytes = UINT64_MAX;
	relay.channel[RELAY_OUT].why = CHANNEL_TIMED_OUT;
	session_notes_end(text, &relay, 1.2345);
	assert_string_equal(
	    text, "end < 12 bytes (2 not taken), program gone; "
		  "> 18446744073709551615 bytes, timed out; 1.234 seconds");
	relay.channel[RELAY_OUT].dropped = 7;
	session_notes_gave_up(text, &relay);
	assert_string_equal(text, "gave up: the peer took nothing for 60 "
				  "seconds, 7 bytes are not delivered");
}

static void content(void **state)
{
	struct message_counter counted = {.bytes = 2345, .lines = 51};

	(void)state;
	session_notes_content(text, '<', &counted, true);
	assert_string_equal(text, "< 2345 bytes, 51 lines of message");
	session_notes_content(text, '>', &counted, false);
	assert_string_equal(text,
			    "> 2345 bytes, 51 lines of message, unfinished");
}

static void tls(void **state)
{
	char endless[2 * NOTE_MAX];
	struct tls_facts facts = {"TLSv1.2", "CIPHER", "", ""};

	(void)state;
	session_notes_tls(text, &facts);
	assert_string_equal(text, "TLS TLSv1.2 CIPHER");
	facts.server_name = "mx.example.org";
	session_notes_tls(text, &facts);
	assert_string_equal(text, "TLS TLSv1.2 CIPHER mx.example.org");
	facts.client = "CN=a, O=b";
	session_notes_tls(text, &facts);
	assert_string_equal(
	    text, "TLS TLSv1.2 CIPHER mx.example.org, client CN=a, O=b");
	memset(endless, 'x', sizeof endless);
	endless[sizeof endless - 1] = 0;
	facts = (struct tls_facts){endless, endless, endless, endless};
	session_notes_tls(text, &facts);
	assert_true(strlen(text) < NOTE_MAX - 1);
	session_notes_unseen(text, "why not", 3);
	assert_string_equal(text, "TLS, not seen: why");
	session_notes_unseen(text, endless, sizeof endless);
	assert_true(strlen(text) < NOTE_MAX - 1);
	session_notes_lost(text, 12, 3456);
	assert_string_equal(text, "lost 12 records, 3456 bytes");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(start),   cmocka_unit_test(start_is_bounded),
	    cmocka_unit_test(preload), cmocka_unit_test(end),
	    cmocka_unit_test(tls),     cmocka_unit_test(content),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
