/*
 * The options of sockets by which a program learns about its peer.  One that
 * this system does not have is -1, and no getsockopt knows it.
 */
#ifndef SOCKET_OPTIONS_H
#define SOCKET_OPTIONS_H

#include <sys/socket.h>

#include "compat/compat.h"

#if COMPAT_LINUX
/* From linux/netfilter_ipv4.h and linux/netfilter_ipv6/ip6_tables.h. */
enum { SOCKET_ORIGINAL_DST = 80 };
enum {
	SOCKET_DOMAIN = SO_DOMAIN,
	SOCKET_PROTOCOL = SO_PROTOCOL,
	SOCKET_PEER_CRED = SO_PEERCRED,
	SOCKET_PEER_SEC = SO_PEERSEC,
	SOCKET_PEER_GROUPS = SO_PEERGROUPS
};
#else
enum {
	SOCKET_ORIGINAL_DST = -1,
	SOCKET_DOMAIN = -1,
	SOCKET_PROTOCOL = -1,
	SOCKET_PEER_CRED = -1,
	SOCKET_PEER_SEC = -1,
	SOCKET_PEER_GROUPS = -1
};
#endif

#endif
