/*
 * TLS of a client on a socket that does not block.  The chain of the server's
 * certificate and the host's name are verified, always; TLS 1.2 is the least.
 * Built without OpenSSL, relp_tls_new fails and says so.
 *
 * The program ignores SIGPIPE.
 */
#ifndef RELP_TLS_H
#define RELP_TLS_H

#include <stddef.h>

#include <sys/types.h>

#include "stream/stream_fault.h"
#include "stream/stream_keys.h"

struct relp_tls;

/*
 * Prepares TLS.  host is the name, or the address, that the server's
 * certificate must have.  Without keys->ca the authorities of the system are
 * trusted. Returns NULL with *fault if the keys can't be used.
 */
struct relp_tls *relp_tls_new(const char *host, const struct stream_keys *keys,
			      struct stream_fault *fault);

/* Frees what is not NULL, and sends the end of TLS if the session lives. */
void relp_tls_free(struct relp_tls *tls);

/*
 * The functions below do not wait.  Each returns 0 if it has to be called again
 * when poll finds *events, and -1 with *fault.
 *
 * relp_tls_handshake is given the connected socket, the same one in each call,
 * and returns 1 when the server is verified.  The others return the number of
 * bytes, which is at most len; len is at least 1.
 */
int relp_tls_handshake(struct relp_tls *tls, int fd, short *events,
		       struct stream_fault *fault);
ssize_t relp_tls_read(struct relp_tls *tls, char *buf, size_t len,
		      short *events, struct stream_fault *fault);
ssize_t relp_tls_write(struct relp_tls *tls, const char *buf, size_t len,
		       short *events, struct stream_fault *fault);

#endif
