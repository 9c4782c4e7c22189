/*
 * The answer of a server that was asked for TLS: NAME=VALUE strings that each
 * end with a NUL, and another NUL (UCSPI-TLS). The names are those of Apache's
 * mod_ssl, or of s6-tlsd.
 */
#ifndef TLS_VARIABLES_H
#define TLS_VARIABLES_H

#include <stdbool.h>
#include <stddef.h>

#include "recio/session_notes.h"

enum { TLS_VARIABLE_MAX = 512 };

/* All zero at the beginning. */
struct tls_variables {
	bool complete; /* the last NUL was read */
	char version[64], cipher[64], server_name[256];
	char client[400]; /* the subject of its certificate */
	size_t len;       /* of the string that is being read, as sent */
	char text[TLS_VARIABLE_MAX]; /* its beginning */
};

/* Reads bytes of the answer; those after its end are ignored. */
void tls_variables_read(struct tls_variables *variables, const char *at,
			size_t len);

/*
 * "TLS VERSION CIPHER SERVERNAME, client SUBJECT"; without what is not known.
 * Without a version and a cipher, "TLS".
 */
void tls_variables_note(const struct tls_variables *variables,
			char text[NOTE_MAX]);

#endif
