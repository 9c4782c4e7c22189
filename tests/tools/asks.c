/*
 * asks FILE [FD...]: writes to FILE what descriptors (0 and 1, else those
 * given) and duplicates of the first answer about themselves and their peer, in
 * full, cut, and asked wrongly.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

static FILE *out;

static void show(const char *what, int fd, int result, const void *value,
		 socklen_t room, socklen_t len)
{
	int error = errno;

	fprintf(out, "%s of %d:", what, fd);
	if (result < 0)
		fprintf(out, " %s,", strerror(error));
	else
		for (socklen_t k = 0; k < room; k++)
			fprintf(out, " %02x",
				((const unsigned char *)value)[k]);
	fprintf(out, " len %d\n", (int)len);
}

static void ask_names(int fd)
{
	static const socklen_t rooms[] = {0,  1,  2,   8,
					  16, 28, 128, (socklen_t)-1};

	for (size_t k = 0; k < sizeof rooms / sizeof *rooms; k++) {
		unsigned char addr[128];
		socklen_t len = rooms[k], shown = (int)len < 0 ? 0 : len;
		int rc;

		memset(addr, 0xee, sizeof addr);
		rc = getpeername(fd, (struct sockaddr *)addr, &len);
		show("getpeername", fd, rc, addr, shown, len);
		memset(addr, 0xee, sizeof addr);
		len = rooms[k];
		rc = getsockname(fd, (struct sockaddr *)addr, &len);
		show("getsockname", fd, rc, addr, shown, len);
	}
}

static void ask_nothing(int fd)
{
	struct sockaddr *none = NULL;
	socklen_t *no_len = NULL, len = 16;
	struct sockaddr addr;

	show("getpeername into NULL", fd, getpeername(fd, none, &len), "", 0,
	     0);
	show("getpeername without a length", fd, getpeername(fd, &addr, no_len),
	     "", 0, 0);
	show("getsockopt into NULL", fd,
	     getsockopt(fd, SOL_SOCKET, SO_DOMAIN, NULL, &len), "", 0, 0);
	show("getsockopt without a length", fd,
	     getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &addr, no_len), "", 0, 0);
}

static const struct {
	const char *name;
	int level, option;
} options[] = {
    {"SO_TYPE", SOL_SOCKET, SO_TYPE},
    {"SO_DOMAIN", SOL_SOCKET, SO_DOMAIN},
    {"SO_PROTOCOL", SOL_SOCKET, SO_PROTOCOL},
    {"SO_ERROR", SOL_SOCKET, SO_ERROR},
    {"SO_ACCEPTCONN", SOL_SOCKET, SO_ACCEPTCONN},
    {"SO_PEERCRED", SOL_SOCKET, SO_PEERCRED},
    {"SO_PEERSEC", SOL_SOCKET, SO_PEERSEC},
    {"SO_PEERNAME", SOL_SOCKET, SO_PEERNAME},
    {"SO_PEERGROUPS", SOL_SOCKET, SO_PEERGROUPS},
    {"IP_OPTIONS", IPPROTO_IP, IP_OPTIONS},
    {"SO_ORIGINAL_DST", IPPROTO_IP, 80},
    {"SO_ORIGINAL_DST of IPv6", IPPROTO_IPV6, 80},
};

static void ask_options(int fd)
{
	static const socklen_t rooms[] = {0,  2,  4,  12,
					  16, 28, 64, (socklen_t)-1};

	for (size_t o = 0; o < sizeof options / sizeof *options; o++)
		for (size_t k = 0; k < sizeof rooms / sizeof *rooms; k++) {
			unsigned char value[64];
			socklen_t len = rooms[k];
			int rc;

			/* These look at the room first, or last. */
			if (options[o].level != SOL_SOCKET &&
			    (int)rooms[k] < 28)
				continue;
			memset(value, 0xee, sizeof value);
			rc = getsockopt(fd, options[o].level, options[o].option,
					value, &len);
			show(options[o].name, fd, rc, value,
			     (int)rooms[k] < 0 ? 0 : rooms[k], len);
		}
}

static void set_options(int fd)
{
	int on = 1;
	char small = 1;

	show("set TCP_NODELAY", fd,
	     setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "", 0,
	     0);
	show("set TCP_NODELAY, too short", fd,
	     setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &small, sizeof small), "",
	     0, 0);
	show("set TCP_NODELAY from NULL", fd,
	     setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, NULL, sizeof on), "", 0,
	     0);
	show("set SO_KEEPALIVE", fd,
	     setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on), "", 0,
	     0);
}

static void ask_all(int fd)
{
	ask_names(fd);
	ask_nothing(fd);
	ask_options(fd);
	set_options(fd);
}

int main(int argc, char **argv)
{
	int first = argc > 2 ? atoi(argv[2]) : 0, pair[2];

	out = argc > 1 ? fopen(argv[1], "w") : NULL;
	if (!out)
		return 111;
	ask_all(first);
	for (int k = 3; k < argc; k++)
		ask_all(atoi(argv[k]));
	if (argc == 2)
		ask_all(1);
	/* Numbers that nothing else has. */
	ask_all(dup2(first, 70));
	ask_all(fcntl(first, F_DUPFD_CLOEXEC, 80));
	/* Other descriptors are none of anyone's business. */
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0 || pipe(pair) < 0)
		return 111;
	ask_names(dup2(pair[0], 90));
	close(90);
	ask_all(90);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		return 111;
	ask_names(dup2(pair[0], 90));
	set_options(90);
	return fclose(out) == 0 ? 0 : 111;
}
