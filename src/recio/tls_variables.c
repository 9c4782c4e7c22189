/*
 * Reads the variables that describe a TLS session. Invariants: a string that is
 * longer than TLS_VARIABLE_MAX is ignored; a version, a cipher and a server's
 * name is one word, so that no answer can look like another note; a subject is
 * any text, which the record escapes. Tested by
 * tests/unit/recio/tls_variables.c.
 */
#include "recio/tls_variables.h"

#include <stdio.h>
#include <string.h>

static bool is_one_word(const char *text, size_t len)
{
	return len > 0 &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-") == len;
}

static void set_value(char *to, size_t size, const char *value, bool any)
{
	size_t len = strlen(value);

	if (len < size && (any || is_one_word(value, len)))
		memcpy(to, value, len + 1);
}

/* Returns the value of this variable, or NULL if text is another one. */
static const char *match_variable(const char *text, const char *name)
{
	size_t len = strlen(name);

	return strncmp(text, name, len) == 0 && text[len] == '='
		   ? text + len + 1
		   : NULL;
}

static void take_variable(struct tls_variables *variables)
{
	const struct {
		const char *name;
		char *to;
		size_t size;
		bool any;
	} known[] = {
	    {"SSL_PROTOCOL", variables->version, sizeof variables->version,
	     false},
	    {"SSL_CIPHER", variables->cipher, sizeof variables->cipher, false},
	    {"SSL_TLS_SNI", variables->server_name,
	     sizeof variables->server_name, false},
	    {"SSL_TLS_SNI_SERVERNAME", variables->server_name,
	     sizeof variables->server_name, false},
	    {"SSL_CLIENT_S_DN", variables->client, sizeof variables->client,
	     true},
	    {"SSL_PEER_CERT_SUBJECT", variables->client,
	     sizeof variables->client, true},
	};
	const char *value;

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		value = match_variable(variables->text, known[i].name);
		if (value)
			set_value(known[i].to, known[i].size, value,
				  known[i].any);
	}
}

void tls_variables_read(struct tls_variables *variables, const char *at,
			size_t len)
{
	for (size_t i = 0; i < len && !variables->complete; i++) {
		if (variables->len < sizeof variables->text)
			variables->text[variables->len] = at[i];
		variables->len++;
		if (at[i])
			continue;
		if (variables->len == 1)
			variables->complete = true;
		else if (variables->len <= sizeof variables->text)
			take_variable(variables);
		variables->len = 0;
	}
}

void tls_variables_note(const struct tls_variables *variables,
			char text[NOTE_MAX])
{
	const struct tls_facts facts = {.version = variables->version,
					.cipher = variables->cipher,
					.server_name = variables->server_name,
					.client = variables->client};

	if (*variables->version && *variables->cipher)
		session_notes_tls(text, &facts);
	else
		snprintf(text, NOTE_MAX, "TLS");
}
