/*
 * What the session's descriptors answer about themselves and their peer, as
 * the kernel answers for the socket that recio was started with.
 *
 * - The real function is always called first and decides whether there is a
 *   descriptor and whether the pointers are good; then its answer is replaced.
 * - The address is told until the end, also when the client is gone and the
 *   kernel would say ENOTCONN.  What the client had sent may still be there to
 *   be read then, and a program such as exim takes a socket without a peer for
 *   a local user, to whom more is allowed.
 * - Credentials that come with messages (SO_PASSCRED) would be the relay's.
 *   They can't be asked for, nor can a pidfd of the peer.
 * - What only tunes TCP is accepted and does nothing.  Everything else of TCP
 *   and IP fails as on any local socket: what a program thinks to be set, such
 *   as a minimum TTL, is set.
 */
#undef _GNU_SOURCE /* its getpeername takes a union */
#define _DEFAULT_SOURCE

#include <errno.h>
#include <string.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "companion/real.h"
#include "companion/session.h"

/* Numbers of Linux that a libc may not have yet. */
enum {
	PEERNAME = 28,
	PASSSEC = 34,
	PASSPIDFD = 76,
	PEERPIDFD = 77,
	TCP_LOWAT = 25,
};

static int fail(int error)
{
	errno = error;
	return -1;
}

static void copy(void *to, socklen_t room, const struct fact *fact)
{
	memcpy(to, fact->value, room < fact->len ? room : fact->len);
}

/* The answer of getpeername or getsockname; room is *len as it was given. */
static int answer_name(const struct fact *fact, struct sockaddr *addr,
		       socklen_t *len, socklen_t room)
{
	if (fact->error)
		return fail(fact->error);
	if (!len || (!addr && room > 0))
		return fail(EFAULT);
	if ((int)room < 0)
		return fail(EINVAL);
	copy(addr, room, fact);
	*len = fact->len;
	return 0;
}

EXPORT int getpeername(int fd, struct sockaddr *restrict addr,
		       socklen_t *restrict len)
{
	const struct socket_facts *facts = session_facts(fd);
	socklen_t room = facts && len ? *len : 0;
	int result = real()->getpeername(fd, addr, len);

	if (!facts || (result < 0 && errno != ENOTSOCK && errno != ENOTCONN))
		return result;
	return answer_name(&facts->fact[FACT_PEER_NAME], addr, len, room);
}

EXPORT int getsockname(int fd, struct sockaddr *restrict addr,
		       socklen_t *restrict len)
{
	const struct socket_facts *facts = session_facts(fd);
	socklen_t room = facts && len ? *len : 0;
	int result = real()->getsockname(fd, addr, len);

	if (!facts || (result < 0 && errno != ENOTSOCK))
		return result;
	return answer_name(&facts->fact[FACT_OWN_NAME], addr, len, room);
}

/* getsockopt's SO_PEERNAME: no more can be asked for than there is. */
static int answer_peer_option(const struct fact *fact, void *value,
			      socklen_t room)
{
	if (fact->error)
		return fail(ENOTCONN);
	if (room > fact->len)
		return fail(EINVAL);
	copy(value, room, fact);
	return 0;
}

/* What a too small room means: cut, or an error. */
static int answer_option(const struct socket_facts *facts, enum fact_name name,
			 void *value, socklen_t *len)
{
	const struct fact *fact = &facts->fact[name];
	bool is_short = *len < fact->len;

	if (fact->error)
		return fail(fact->error);
	if (is_short && (name == FACT_PEER_SEC || name == FACT_PEER_GROUPS)) {
		*len = fact->len;
		return fail(ERANGE);
	}
	if (is_short &&
	    (name == FACT_ORIGINAL_DST || name == FACT_ORIGINAL_DST6))
		return fail(EINVAL);
	copy(value, *len, fact);
	if (!is_short)
		*len = fact->len;
	return 0;
}

EXPORT int getsockopt(int fd, int level, int option, void *restrict value,
		      socklen_t *restrict len)
{
	bool is_peer = level == SOL_SOCKET && option == PEERNAME;
	bool is_pidfd = level == SOL_SOCKET && option == PEERPIDFD;
	int name = socket_facts_option(level, option);
	const struct socket_facts *facts = NULL;

	if (is_peer || is_pidfd || name >= 0)
		facts = session_facts(fd);
	if (!facts)
		return real()->getsockopt(fd, level, option, value, len);
	if (is_pidfd)
		return fail(ENOPROTOOPT);
	if (!len || (!value && *len > 0))
		return fail(EFAULT);
	if ((int)*len < 0)
		return fail(EINVAL);
	if (is_peer)
		return answer_peer_option(&facts->fact[FACT_PEER_NAME], value,
					  *len);
	return answer_option(facts, name, value, len);
}

static bool only_tunes(int level, int option)
{
	if (level == IPPROTO_IP)
		return option == IP_TOS;
	if (level == IPPROTO_IPV6)
		return option == IPV6_TCLASS;
	if (level != IPPROTO_TCP)
		return false;
	switch (option) {
	case TCP_NODELAY:
	case TCP_CORK:
	case TCP_QUICKACK:
	case TCP_KEEPIDLE:
	case TCP_KEEPINTVL:
	case TCP_KEEPCNT:
	case TCP_USER_TIMEOUT:
	case TCP_LOWAT: return true;
	default: return false;
	}
}

static bool gives_credentials(int level, int option)
{
	return level == SOL_SOCKET &&
	       (option == SO_PASSCRED || option == PASSSEC ||
		option == PASSPIDFD);
}

static bool is_inet(const struct socket_facts *facts)
{
	const struct fact *own = &facts->fact[FACT_OWN_NAME];
	struct sockaddr addr;

	if (own->error || own->len < sizeof addr)
		return false;
	memcpy(&addr, own->value, sizeof addr);
	return addr.sa_family == AF_INET || addr.sa_family == AF_INET6;
}

EXPORT int setsockopt(int fd, int level, int option, const void *value,
		      socklen_t len)
{
	bool tunes = only_tunes(level, option);
	const struct socket_facts *facts = NULL;

	if (tunes || gives_credentials(level, option))
		facts = session_facts(fd);
	if (!facts || (tunes && !is_inet(facts)))
		return real()->setsockopt(fd, level, option, value, len);
	if (!tunes)
		return fail(EOPNOTSUPP);
	if (!value)
		return fail(EFAULT);
	return len < sizeof(int) ? fail(EINVAL) : 0;
}
