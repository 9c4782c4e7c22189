/*
 * Reads a ClientHello: a type of one byte, a length of three, a version of two,
 * the random, and lists, each after its length
 * (https://www.rfc-editor.org/rfc/rfc8446#section-4.1.2). Records of type 22
 * carry it, each with a head of five bytes and at least one byte of the message
 * (section 5.1). Versions 1.0 to 1.3 have the same form.
 *
 * A client may send anything: no list ends beyond the one around it, and a name
 * is taken only if it is one of a host. Tested by
 * tests/unit/recio/client_hello.c and tests/fuzz/recio/client_hello.c.
 */
#include "recio/client_hello.h"

#include <string.h>

enum {
	RECORD_HEAD = 5,
	TYPE_HANDSHAKE = 22,
	TYPE_CLIENT_HELLO = 1,
	BEFORE_RANDOM = 6, /* bytes of the message */
	MESSAGE_HEAD = BEFORE_RANDOM + CLEAR_RANDOM,
	MESSAGE_MAX = 16384,
	EXTENSION_NAME = 0, /* RFC 6066, section 3 */
	NAME_OF_HOST = 0,
	LABEL_MAX = 63,
};

/* A part of a message. */
struct hello_list {
	const unsigned char *at;
	size_t len;
};

/* Returns the number of bytes that this record carries, 0 if it is invalid. */
static size_t record_size(const unsigned char *head)
{
	if (head[0] != TYPE_HANDSHAKE || head[1] != 3)
		return 0;
	return (size_t)head[3] << 8 | head[4];
}

/*
 * Copies up to `room` first bytes of a message out of its records. Returns how
 * many there are before the first record that is cut or invalid.
 */
static size_t copy_message(unsigned char *message, size_t room,
			   const unsigned char *at, size_t len)
{
	size_t got = 0, size;

	while (got < room) {
		size = len > RECORD_HEAD ? record_size(at) : 0;
		if (!size)
			break;
		at += RECORD_HEAD;
		len -= RECORD_HEAD;
		if (size > len)
			size = len;
		if (size > room - got)
			size = room - got;
		memcpy(message + got, at, size);
		got += size;
		at += size;
		len -= size;
	}
	return got;
}

bool client_hello_random(unsigned char random[CLEAR_RANDOM], const char *bytes,
			 size_t len)
{
	unsigned char message[MESSAGE_HEAD];

	if (copy_message(message, sizeof message, (const unsigned char *)bytes,
			 len) < sizeof message ||
	    message[0] != TYPE_CLIENT_HELLO)
		return false;
	memcpy(random, message + BEFORE_RANDOM, CLEAR_RANDOM);
	return true;
}

/* Takes a number of `digits` bytes. False: there are fewer. */
static bool take_hello_number(struct hello_list *from, size_t digits,
			      size_t *number)
{
	if (from->len < digits)
		return false;
	*number = 0;
	for (size_t i = 0; i < digits; i++)
		*number = *number << 8 | from->at[i];
	from->at += digits;
	from->len -= digits;
	return true;
}

/* Takes a list after its length of `digits` bytes. False: it is cut. */
static bool take_hello_list(struct hello_list *from, size_t digits,
			    struct hello_list *list)
{
	if (!take_hello_number(from, digits, &list->len) ||
	    list->len > from->len)
		return false;
	list->at = from->at;
	from->at += list->len;
	from->len -= list->len;
	return true;
}

/* Finds the extensions of a message, the last of its four lists. */
static bool find_extensions(struct hello_list *extensions,
			    struct hello_list message)
{
	struct hello_list hello, passed;
	size_t type;

	if (!take_hello_number(&message, 1, &type) ||
	    type != TYPE_CLIENT_HELLO ||
	    !take_hello_list(&message, 3, &hello) ||
	    hello.len < MESSAGE_HEAD - 4)
		return false;
	hello.at += MESSAGE_HEAD - 4;
	hello.len -= MESSAGE_HEAD - 4;
	return take_hello_list(&hello, 1, &passed) && /* session */
	       take_hello_list(&hello, 2, &passed) && /* ciphers */
	       take_hello_list(&hello, 1, &passed) && /* compression */
	       take_hello_list(&hello, 2, extensions);
}

/* Finds the first name of a host in the first extension that has names. */
static bool find_host_name(struct hello_list *name,
			   struct hello_list extensions)
{
	struct hello_list body, names;
	size_t type;

	do {
		if (!take_hello_number(&extensions, 2, &type) ||
		    !take_hello_list(&extensions, 2, &body))
			return false;
	} while (type != EXTENSION_NAME);
	return take_hello_list(&body, 2, &names) &&
	       take_hello_number(&names, 1, &type) && type == NAME_OF_HOST &&
	       take_hello_list(&names, 2, name);
}

static bool is_label_byte(unsigned char byte)
{
	return byte && strchr("abcdefghijklmnopqrstuvwxyz"
			      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_",
			      byte);
}

/* Labels of 1 to 63 bytes with a dot between each two. */
static bool is_host_name(const struct hello_list *name)
{
	size_t label = 0;

	for (size_t i = 0; i < name->len; i++) {
		if (name->at[i] == '.' ? label == 0
				       : !is_label_byte(name->at[i]))
			return false;
		label = name->at[i] == '.' ? 0 : label + 1;
		if (label > LABEL_MAX)
			return false;
	}
	return label > 0 && name->len < CLIENT_HELLO_NAME;
}

bool client_hello_name(char name[CLIENT_HELLO_NAME], const char *bytes,
		       size_t len)
{
	unsigned char message[MESSAGE_MAX];
	struct hello_list all = {message, 0}, extensions, host;

	all.len = copy_message(message, sizeof message,
			       (const unsigned char *)bytes, len);
	if (!find_extensions(&extensions, all) ||
	    !find_host_name(&host, extensions) || !is_host_name(&host))
		return false;
	memcpy(name, host.at, host.len);
	name[host.len] = 0;
	return true;
}
