/*
 * The address is part of a file name, so a hostile one must not be able to name
 * another directory: all bytes but those of addresses become '_'.
 */
#include "rawio/peer.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/socket.h>

static const char *address_of_environment(void)
{
	const char *proto = getenv("PROTO"), *ip = NULL;
	char name[64];

	if (proto &&
	    snprintf(name, sizeof name, "%sREMOTEIP", proto) < (int)sizeof name)
		ip = getenv(name);
	return ip && *ip ? ip : getenv("IP");
}

static bool address_of_socket(char text[PEER_MAX], int fd)
{
	struct sockaddr_storage sa;
	socklen_t len = sizeof sa;

	if (getpeername(fd, (struct sockaddr *)&sa, &len) < 0 ||
	    (sa.ss_family != AF_INET && sa.ss_family != AF_INET6))
		return false;
	return getnameinfo((struct sockaddr *)&sa, len, text, PEER_MAX, NULL, 0,
			   NI_NUMERICHOST) == 0;
}

static void replace_unsafe_bytes(char *text)
{
	static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "abcdefghijklmnopqrstuvwxyz"
				   "0123456789-:._";

	if (*text == '.')
		*text = '_';
	while (*(text += strspn(text, safe)))
		*text = '_';
}

bool peer_address(char text[PEER_MAX], int fd)
{
	const char *ip = address_of_environment();

	if (ip && *ip)
		snprintf(text, PEER_MAX, "%s", ip);
	else if (!address_of_socket(text, fd))
		return false;
	replace_unsafe_bytes(text);
	return true;
}
