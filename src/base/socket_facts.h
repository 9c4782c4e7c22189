/*
 * Socket facts: the kernel's answers about a socket and its peer.  The relay
 * asks for them (relay/preload.h), and they are carried as text in the
 * environment to the companion (src/companion), which gives the same answers.
 * The companion contains this module, so it needs libc alone, and none of the
 * functions that the companion replaces.
 */
#ifndef SOCKET_FACTS_H
#define SOCKET_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/socket.h>
#include <sys/types.h>

/* The facts, in the order of the text. */
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

/* The answers about one socket, and the file that they are valid for. */
struct socket_facts {
	dev_t device;
	ino_t inode;
	struct fact fact[FACTS];
};

/* Room for the text of one struct socket_facts, with its NUL. */
enum { SOCKET_FACTS_TEXT = 64 + FACTS * (2 * FACT_SIZE + 1) };

/*
 * The level and the option by which getsockopt asks for each fact; both are -1
 * for the names, which have functions of their own.
 */
struct socket_option {
	int level, option;
};
extern const struct socket_option socket_facts_options[FACTS];

/* Makes the facts valid for the file of fd.  Returns 0, or -1 with errno. */
int socket_facts_bind(struct socket_facts *facts, int fd);

/* True if the facts are valid for the file of descriptor fd. */
bool socket_facts_match(const struct socket_facts *facts, int fd);

/* Writes the facts as one word and a NUL.  Returns the length. */
size_t socket_facts_write(char text[SOCKET_FACTS_TEXT],
			  const struct socket_facts *facts);

/* Reads the text of socket_facts_write.  Returns its end, NULL if invalid. */
const char *socket_facts_read(struct socket_facts *facts, const char *text);

/* The fact that answers getsockopt with this option, -1 if there is none. */
int socket_facts_option(int level, int option);

#endif
