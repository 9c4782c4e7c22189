/* The answer of a server of UCSPI-TLS, in whichever pieces it comes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "recio/tls_variables.h"

static struct tls_variables variables;
static char text[NOTE_MAX];

/* Reads the answer in pieces of this size. */
static const char *note_of(const char *answer, size_t len, size_t piece)
{
	memset(&variables, 0, sizeof variables);
	for (size_t i = 0; i < len; i += piece)
		tls_variables_read(&variables, answer + i,
				   piece < len - i ? piece : len - i);
	tls_variables_note(&variables, text);
	return text;
}

#define NOTE(answer, piece) note_of(answer, sizeof answer, piece)

static void facts(void **state)
{
	static const char answer[] =
	    "SSL_PROTOCOL=TLSv1.3\0X=y\0SSL_CIPHER=TLS_AES_128_GCM_SHA256\0"
	    "SSL_TLS_SNI_SERVERNAME=mx.example.org\0"
	    "SSL_PEER_CERT_SUBJECT=/CN=a b/O=c\0";

	(void)state;
	for (size_t piece = 1; piece <= sizeof answer; piece++)
		assert_string_equal(NOTE(answer, piece),
				    "TLS TLSv1.3 TLS_AES_128_GCM_SHA256 "
				    "mx.example.org, client /CN=a b/O=c");
	assert_true(variables.complete);
}

static void names_of_mod_ssl(void **state)
{
	(void)state;
	assert_string_equal(NOTE("SSL_PROTOCOL=TLSv1.2\0SSL_CIPHER=A-B\0"
				 "SSL_CLIENT_S_DN=CN=a\0",
				 7),
			    "TLS TLSv1.2 A-B, client CN=a");
}

static void facts_are_missing(void **state)
{
	(void)state;
	assert_string_equal(note_of("", 0, 1), "TLS");
	assert_string_equal(note_of("\0", 2, 1), "TLS");
	assert_true(variables.complete);
	assert_string_equal(NOTE("SSL_PROTOCOL=TLSv1.3\0", 1), "TLS");
	assert_string_equal(NOTE("SSL_PROTOCOL=TLSv1.3\0SSL_CIPHER=A\0"
				 "SSL_TLS_SNI_SERVERNAME\0SSL_CLIENT_S_DN\0",
				 1),
			    "TLS TLSv1.3 A");
}

/* An answer that looks like other notes, or is endless. */
static void facts_are_odd(void **state)
{
	static char endless[3 * TLS_VARIABLE_MAX];

	(void)state;
	assert_string_equal(NOTE("SSL_PROTOCOL=TLS v1\0SSL_CIPHER=A\0", 1),
			    "TLS");
	assert_string_equal(NOTE("SSL_PROTOCOL=TLSv1\0SSL_CIPHER=\0", 1),
			    "TLS");
	assert_string_equal(NOTE("SSL_PROTOCOL=TLSv1\0SSL_CIPHER=A\n\0", 1),
			    "TLS");
	assert_string_equal(NOTE("SSL_PROTOCOL=TLSv1\0SSL_CIPHER=A\0"
				 "SSL_TLS_SNI=a, client b\0",
				 1),
			    "TLS TLSv1 A");
	memset(endless, 'A', sizeof endless);
	memcpy(endless, "SSL_PROTOCOL=", 13);
	memcpy(endless + sizeof endless - 30, "\0SSL_CIPHER=A\0", 14);
	memcpy(endless + sizeof endless - 16, "SSL_PROTOCOL=T\0", 16);
	assert_string_equal(note_of(endless, sizeof endless, 100), "TLS T A");
}

/* Clear bytes that a server sends to its control socket are no variables. */
static void nothing_after_the_end(void **state)
{
	(void)state;
	assert_string_equal(NOTE("SSL_PROTOCOL=T\0SSL_CIPHER=A\0\0"
				 "SSL_CIPHER=B\0",
				 1),
			    "TLS T A");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(facts),
	    cmocka_unit_test(names_of_mod_ssl),
	    cmocka_unit_test(facts_are_missing),
	    cmocka_unit_test(facts_are_odd),
	    cmocka_unit_test(nothing_after_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
