/*
 * Facts as text: DEVICE:INODE, then for each fact a comma and either its value
 * in hexadecimal or "-" and its errno in decimal.  The parser refuses a text
 * that differs from that in any byte.
 */
#include "base/socket_facts.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <netinet/in.h>
#include <sys/stat.h>

#include "base/hex.h"
#include "compat/socket_options.h"

const struct socket_option socket_facts_options[FACTS] = {
    [FACT_PEER_NAME] = {-1, -1},
    [FACT_OWN_NAME] = {-1, -1},
    [FACT_DOMAIN] = {SOL_SOCKET, SOCKET_DOMAIN},
    [FACT_PROTOCOL] = {SOL_SOCKET, SOCKET_PROTOCOL},
    [FACT_PEER_CRED] = {SOL_SOCKET, SOCKET_PEER_CRED},
    [FACT_PEER_SEC] = {SOL_SOCKET, SOCKET_PEER_SEC},
    [FACT_PEER_GROUPS] = {SOL_SOCKET, SOCKET_PEER_GROUPS},
    [FACT_IP_OPTIONS] = {IPPROTO_IP, IP_OPTIONS},
    [FACT_ORIGINAL_DST] = {IPPROTO_IP, SOCKET_ORIGINAL_DST},
    [FACT_ORIGINAL_DST6] = {IPPROTO_IPV6, SOCKET_ORIGINAL_DST},
};

int socket_facts_option(int level, int option)
{
	const struct socket_option *options = socket_facts_options;

	for (int f = FACT_DOMAIN; f < FACTS; f++)
		if (options[f].level == level && options[f].option == option &&
		    option != -1)
			return f;
	return -1;
}

int socket_facts_bind(struct socket_facts *facts, int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -1;
	facts->device = st.st_dev;
	facts->inode = st.st_ino;
	return 0;
}

bool socket_facts_match(const struct socket_facts *facts, int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_dev == facts->device &&
	       st.st_ino == facts->inode;
}

static size_t write_socket_fact(char *text, const struct fact *fact)
{
	char *end = text;

	*end++ = ',';
	if (fact->error)
		return (size_t)(end - text) +
		       (size_t)sprintf(end, "-%d", fact->error);
	for (socklen_t k = 0; k < fact->len; k++) {
		*end++ = HEX_DIGITS[fact->value[k] >> 4];
		*end++ = HEX_DIGITS[fact->value[k] & 15];
	}
	*end = 0;
	return (size_t)(end - text);
}

size_t socket_facts_write(char text[SOCKET_FACTS_TEXT],
			  const struct socket_facts *facts)
{
	size_t n =
	    (size_t)sprintf(text, "%" PRIxMAX ":%" PRIxMAX,
			    (uintmax_t)facts->device, (uintmax_t)facts->inode);

	for (int f = 0; f < FACTS; f++)
		n += write_socket_fact(text + n, &facts->fact[f]);
	return n;
}

static int parse_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Reads a number in base 10 or 16; NULL if text begins with anything else. */
static const char *read_number(uintmax_t *n, const char *text, int base)
{
	char *end;

	if (parse_hex(*text) < 0)
		return NULL;
	errno = 0;
	*n = strtoumax(text, &end, base);
	return errno ? NULL : end;
}

static const char *read_error(struct fact *fact, const char *text)
{
	uintmax_t n;

	text = read_number(&n, text, 10);
	if (!text || n == 0 || n > 4095)
		return NULL;
	fact->error = (int)n;
	return text;
}

static const char *read_fact(struct fact *fact, const char *text)
{
	if (*text++ != ',')
		return NULL;
	if (*text == '-')
		return read_error(fact, text + 1);
	for (; parse_hex(text[0]) >= 0; text += 2) {
		if (parse_hex(text[1]) < 0 || fact->len == sizeof fact->value)
			return NULL;
		fact->value[fact->len++] =
		    (unsigned char)(parse_hex(text[0]) << 4 |
				    parse_hex(text[1]));
	}
	return text;
}

const char *socket_facts_read(struct socket_facts *facts, const char *text)
{
	uintmax_t device, inode;

	memset(facts, 0, sizeof *facts);
	text = read_number(&device, text, 16);
	if (text && *text++ != ':')
		return NULL;
	text = text ? read_number(&inode, text, 16) : NULL;
	if (!text)
		return NULL;
	facts->device = (dev_t)device;
	facts->inode = (ino_t)inode;
	for (int f = 0; f < FACTS && text; f++)
		text = read_fact(&facts->fact[f], text);
	return text;
}
