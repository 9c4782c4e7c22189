/*
 * Reads the head of a ClientHello: a type of one byte, a length of three, a
 * version of two, and the random
 * (https://www.rfc-editor.org/rfc/rfc8446#section-4.1.2). Records of type 22
 * carry it, each with a head of five bytes and at least one byte of the message
 * (section 5.1). Versions 1.0 to 1.3 have the same form.
 * Tested by tests/unit/recio/client_hello.c.
 */
#include "recio/client_hello.h"

#include <string.h>

enum {
	RECORD_HEAD = 5,
	TYPE_HANDSHAKE = 22,
	TYPE_CLIENT_HELLO = 1,
	BEFORE_RANDOM = 6, /* bytes of the message */
	MESSAGE_HEAD = BEFORE_RANDOM + CLEAR_RANDOM,
};

/* Returns the number of bytes that this record carries, 0 if it is invalid. */
static size_t record_size(const unsigned char *head)
{
	if (head[0] != TYPE_HANDSHAKE || head[1] != 3)
		return 0;
	return (size_t)head[3] << 8 | head[4];
}

/* Copies the message's first bytes out of its records. False: too few. */
static bool copy_message_head(unsigned char message[MESSAGE_HEAD],
			      const unsigned char *at, size_t len)
{
	size_t got = 0, size;

	while (got < MESSAGE_HEAD) {
		size = len > RECORD_HEAD ? record_size(at) : 0;
		if (!size)
			return false;
		at += RECORD_HEAD;
		len -= RECORD_HEAD;
		if (size > MESSAGE_HEAD - got)
			size = MESSAGE_HEAD - got;
		if (size > len)
			return false;
		memcpy(message + got, at, size);
		got += size;
		at += size;
		len -= size;
	}
	return true;
}

bool client_hello_random(unsigned char random[CLEAR_RANDOM], const char *bytes,
			 size_t len)
{
	unsigned char message[MESSAGE_HEAD];

	if (!copy_message_head(message, (const unsigned char *)bytes, len) ||
	    message[0] != TYPE_CLIENT_HELLO)
		return false;
	memcpy(random, message + BEFORE_RANDOM, CLEAR_RANDOM);
	return true;
}
