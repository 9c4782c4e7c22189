/*
 * Recognises the beginning of TLS. A handshake begins with a record of type 22
 * and version 3 (https://www.rfc-editor.org/rfc/rfc8446#section-5.1); a server
 * answers with a record, whose types are 20 to 23, or did not understand.
 * Tested by tests/unit/recio/smtp.c.
 */
#include "recio/tls_start.h"

bool tls_start_hello(enum tls_start *tls, const char *at, size_t len)
{
	if (*tls != TLS_START_FIRST && *tls != TLS_START_AGREED)
		return false;
	if (at[0] != 0x16 || (len > 1 && at[1] != 0x03))
		return false;
	if (len > 1)
		*tls = TLS_START_HELLO;
	return true;
}

bool tls_start_answer(enum tls_start *tls, char byte)
{
	if (*tls != TLS_START_HELLO)
		return false;
	*tls = TLS_START_NEVER;
	return byte >= 20 && byte <= 23;
}
