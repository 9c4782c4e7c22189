/*
 * Answers getpeername, getsockname, getsockopt and setsockopt for the session's
 * descriptors as the kernel would for the socket that recio was started with.
 *
 * - For a name, libc's function is called first: it checks the descriptor and
 *   the pointers; then the stored answer replaces its own.
 * - The peer's address is given until the end, even if the client is gone and
 *   the kernel would answer ENOTCONN.  Bytes of the client may still wait to be
 *   read then, and a program such as exim takes a socket without a peer for a
 *   local user, which has more rights than a remote one.
 * - Credentials attached to messages (SO_PASSCRED) and a pidfd of the peer
 *   would be the relay's, so both are refused.
 * - Options that only tune TCP succeed and do nothing.  All other options of
 *   TCP and IP fail as on any local socket, so that a program never takes an
 *   option for set that is not, such as a minimum TTL.
 *
 * Tested by tests/sh/recio-peer.t.
 */
#undef _GNU_SOURCE /* its getpeername takes a union */
#define _DEFAULT_SOURCE

#include <errno.h>
#include <string.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "companion/next_functions.h"
#include "companion/session_variable.h"

/* Numbers of Linux that a libc may not have yet. */
enum {
	PEERNAME = 28,
	PASSSEC = 34,
	PASSPIDFD = 76,
	PEERPIDFD = 77,
	TCP_LOWAT = 25,
};

static int fail_with(int error)
{
	errno = error;
	return -1;
}

static void copy_fact(void *to, socklen_t room, const struct fact *fact)
{
	memcpy(to, fact->value, room < fact->len ? room : fact->len);
}

/*
 * Answers getpeername or getsockname with fact.  room is the caller's *len
 * from before the call of libc's function.
 */
static int answer_name(const struct fact *fact, struct sockaddr *addr,
		       socklen_t *len, socklen_t room)
{
	if (fact->error)
		return fail_with(fact->error);
	if (!len || (!addr && room > 0))
		return fail_with(EFAULT);
	if ((int)room < 0)
		return fail_with(EINVAL);
	copy_fact(addr, room, fact);
	*len = fact->len;
	return 0;
}

EXPORT int getpeername(int fd, struct sockaddr *restrict addr,
		       socklen_t *restrict len)
{
	const struct socket_facts *facts = session_variable_facts(fd);
	socklen_t room = facts && len ? *len : 0;
	int result = next_functions()->getpeername(fd, addr, len);

	if (!facts || (result < 0 && errno != ENOTSOCK && errno != ENOTCONN))
		return result;
	return answer_name(&facts->fact[FACT_PEER_NAME], addr, len, room);
}

EXPORT int getsockname(int fd, struct sockaddr *restrict addr,
		       socklen_t *restrict len)
{
	const struct socket_facts *facts = session_variable_facts(fd);
	socklen_t room = facts && len ? *len : 0;
	int result = next_functions()->getsockname(fd, addr, len);

	if (!facts || (result < 0 && errno != ENOTSOCK))
		return result;
	return answer_name(&facts->fact[FACT_OWN_NAME], addr, len, room);
}

/* Answers SO_PEERNAME, which fails if room exceeds the address's length. */
static int answer_peer_option(const struct fact *fact, void *value,
			      socklen_t room)
{
	if (fact->error)
		return fail_with(ENOTCONN);
	if (room > fact->len)
		return fail_with(EINVAL);
	copy_fact(value, room, fact);
	return 0;
}

/* Answers an option: if *len is too small, cuts the value or fails. */
static int answer_option(const struct socket_facts *facts, enum fact_name name,
			 void *value, socklen_t *len)
{
	const struct fact *fact = &facts->fact[name];
	bool is_short = *len < fact->len;

	if (fact->error)
		return fail_with(fact->error);
	if (is_short && (name == FACT_PEER_SEC || name == FACT_PEER_GROUPS)) {
		*len = fact->len;
		return fail_with(ERANGE);
	}
	if (is_short &&
	    (name == FACT_ORIGINAL_DST || name == FACT_ORIGINAL_DST6))
		return fail_with(EINVAL);
	copy_fact(value, *len, fact);
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
		facts = session_variable_facts(fd);
	if (!facts)
		return next_functions()->getsockopt(fd, level, option, value,
						    len);
	if (is_pidfd)
		return fail_with(ENOPROTOOPT);
	if (!len || (!value && *len > 0))
		return fail_with(EFAULT);
	if ((int)*len < 0)
		return fail_with(EINVAL);
	if (is_peer)
		return answer_peer_option(&facts->fact[FACT_PEER_NAME], value,
					  *len);
	return answer_option(facts, name, value, len);
}

static bool is_tuning_option(int level, int option)
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

static bool is_credentials_option(int level, int option)
{
	return level == SOL_SOCKET &&
	       (option == SO_PASSCRED || option == PASSSEC ||
		option == PASSPIDFD);
}

static bool is_ip_socket(const struct socket_facts *facts)
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
	bool tunes = is_tuning_option(level, option);
	const struct socket_facts *facts = NULL;

	if (tunes || is_credentials_option(level, option))
		facts = session_variable_facts(fd);
	if (!facts || (tunes && !is_ip_socket(facts)))
		return next_functions()->setsockopt(fd, level, option, value,
						    len);
	if (!tunes)
		return fail_with(EOPNOTSUPP);
	if (!value)
		return fail_with(EFAULT);
	return len < sizeof(int) ? fail_with(EINVAL) : 0;
}
