/* The first message of a TLS handshake, as a client sends it in the clear. */
#ifndef CLIENT_HELLO_H
#define CLIENT_HELLO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clear_channel.h"

/*
 * Copies the random of a ClientHello, which begins at the first of these bytes
 * and may be cut into several records. Returns false if it is not there.
 */
bool client_hello_random(unsigned char random[CLEAR_RANDOM], const char *bytes,
			 size_t len);

/* Room for the name of a host, with its NUL. */
enum { CLIENT_HELLO_NAME = 254 };

/*
 * Copies the name of the server that a ClientHello asks for, and a NUL. Returns
 * false if the hello is not whole, or has no valid name of a host.
 */
bool client_hello_name(char name[CLIENT_HELLO_NAME], const char *bytes,
		       size_t len);

#endif
