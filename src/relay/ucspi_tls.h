/*
 * A program that asks its server for TLS in the middle of a session (UCSPI-TLS,
 * https://www.fehcom.de/ipnet/ucspi-ssl/man/ucspi-tls.2.html): it writes a byte
 * to SSLCTLFD, after which the server speaks TLS with the client, and the
 * program reads and writes clear bytes on SSLREADFD and SSLWRITEFD.
 *
 * The program gets descriptors of the relay under the same three numbers. Two
 * relays run beside that of the session: of the control descriptor, and of the
 * clear bytes. The client's bytes are left to the server from the place where
 * it is asked for TLS.
 */
#ifndef UCSPI_TLS_H
#define UCSPI_TLS_H

#include <stdbool.h>
#include <stddef.h>

#include "relay/interpose.h"
#include "relay/relay.h"

enum ucspi_tls_descriptor {
	UCSPI_TLS_CONTROL,
	UCSPI_TLS_READ,
	UCSPI_TLS_WRITE,
	UCSPI_TLS_FDS
};

/* The functions that are told how far TLS is. All are required. */
struct ucspi_tls_events {
	void *ctx;
	/*
	 * Returns true if both sides agreed on TLS, and neither has said
	 * anything since.
	 */
	bool (*has_agreed)(void *ctx);
	/* Bytes of the server's answer, which describes the TLS session. */
	void (*answer)(void *ctx, const char *at, size_t len);
	/* A clear byte comes next, or there is no more of the answer. */
	void (*begin)(void *ctx);
	/* TLS was asked for, and ended before anything came through it. */
	void (*fail)(void *ctx);
	/* TLS will not be asked for any more. */
	void (*decline)(void *ctx);
};

struct ucspi_tls {
	struct interpose_session session;
	int number[UCSPI_TLS_FDS];  /* the server's, and then the program's */
	int program[UCSPI_TLS_FDS]; /* the program's ends */
	int inner[UCSPI_TLS_FDS];   /* the relay's ends of these */
	bool socket;                /* read and write are one socket */
	bool early;    /* the client's first bytes begin a handshake */
	bool asked;    /* a byte has arrived on the control descriptor */
	bool passed;   /* it is passed on */
	bool answered; /* some of the server's answer has come */
	bool begun;    /* events.begin was called */
	bool failed;   /* events.fail was called */
	bool declined; /* events.decline was called */
	bool ended[2]; /* the session's tap was told of the end */
	struct ucspi_tls_events events;
	struct relay *plain; /* the session's own */
	struct relay control, clear;
	char chunk[4][CHANNEL_CHUNK];
};

enum ucspi_tls_found {
	UCSPI_TLS_NONE, /* no variables, or descriptors that are closed */
	UCSPI_TLS_FOUND,
	UCSPI_TLS_SHARED, /* a descriptor has a second purpose */
};

/* Looks for the descriptors that the environment names. */
enum ucspi_tls_found ucspi_tls_find(struct ucspi_tls *tls,
				    struct interpose_session session);

/*
 * Makes descriptors for the program and the relay, numbered above those of a
 * session, and closed on exec. Returns 0, or -1 with errno.
 */
int ucspi_tls_open(struct ucspi_tls *tls);

/*
 * For the program: gives its descriptors the numbers of the environment.
 * Returns 0, or -1 with errno.
 */
int ucspi_tls_place(const struct ucspi_tls *tls);

/* For the relay: the descriptors to be kept open. Returns their number. */
enum { UCSPI_TLS_KEPT = 2 * UCSPI_TLS_FDS };
size_t ucspi_tls_kept(const struct ucspi_tls *tls, int kept[UCSPI_TLS_KEPT]);

/*
 * For the relay: puts two relays beside that of the session, which is ready to
 * run, and watches it. Its tap is shown the clear bytes after its own.
 */
void ucspi_tls_join(struct ucspi_tls *tls, struct relay *plain,
		    const struct ucspi_tls_events *events);

/*
 * For the relay, after relay_run: tells ends that were kept back, and adds the
 * clear bytes to the counts of the session's relay.
 */
void ucspi_tls_finish(struct ucspi_tls *tls);

#endif
