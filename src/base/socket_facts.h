/*
 * What a socket tells about itself and its peer, asked once and carried as
 * text in the environment to the companion (src/companion), which answers with
 * it.  Needs libc alone: the companion contains this module, too.
 */
#ifndef SOCKET_FACTS_H
#define SOCKET_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/socket.h>
#include <sys/types.h>

/* In this order in the text. */
enum fact_name {
	FACT_PEER_NAME, /* getpeername */
	FACT_OWN_NAME,  /* getsockname */
	FACT_DOMAIN,    /* SO_DOMAIN, and so on */
	FACT_PROTOCOL,
	FACT_PEER_CRED,
	FACT_PEER_SEC,
	FACT_PEER_GROUPS,
	FACT_IP_OPTIONS,
	FACT_ORIGINAL_DST,  /* of IPv4 */
	FACT_ORIGINAL_DST6, /* of IPv6 */
	FACTS,
};

enum { FACT_SIZE = 512 };

/* An answer of the kernel: error is 0, or the errno that it failed with. */
struct fact {
	int error;
	socklen_t len;
	unsigned char value[FACT_SIZE];
};

/* The answers of one socket, and the descriptor of the program they hold for.
 */
struct socket_facts {
	dev_t device;
	ino_t inode;
	struct fact fact[FACTS];
};

/* Room for the text of one struct socket_facts, with its NUL. */
enum { SOCKET_FACTS_TEXT = 64 + FACTS * (2 * FACT_SIZE + 1) };

/*
 * Asks the kernel everything about fd.  An answer of more than FACT_SIZE bytes
 * becomes the error ENOPROTOOPT, that of a kernel without the option.  Result:
 * 1, or 0 if fd is no socket.
 */
int socket_facts_ask(struct socket_facts *facts, int fd);

/* Says that the facts hold for descriptor fd.  Result: 0, or -1 with errno. */
int socket_facts_bind(struct socket_facts *facts, int fd);

/* True if descriptor fd is the one that the facts hold for. */
bool socket_facts_match(const struct socket_facts *facts, int fd);

/* Writes the text, a word without spaces, and returns its length. */
size_t socket_facts_write(char text[SOCKET_FACTS_TEXT],
			  const struct socket_facts *facts);

/* Reads what socket_facts_write wrote.  Result: what follows, or NULL. */
const char *socket_facts_read(struct socket_facts *facts, const char *text);

/* The fact that getsockopt asks for by this option, or -1. */
int socket_facts_option(int level, int option);

#endif
