/*
 * TLS where the machine that built the program has no OpenSSL: relp_tls_new
 * always fails, so that the others are never called.
 *
 * Tested by tests/peer/relp-tls.t.
 */
#include "relp/relp_tls.h"

struct relp_tls *relp_tls_new(const char *host, const struct stream_keys *keys,
			      struct stream_fault *fault)
{
	(void)host, (void)keys;
	stream_fault_set(fault, STREAM_FAULT_NO_LIBRARY,
			 "OpenSSL, for relps://");
	return NULL;
}

void relp_tls_free(struct relp_tls *tls)
{
	(void)tls;
}

int relp_tls_handshake(struct relp_tls *tls, int fd, short *events,
		       struct stream_fault *fault)
{
	(void)tls, (void)fd, (void)events;
	stream_fault_set(fault, STREAM_FAULT_NO_LIBRARY, NULL);
	return -1;
}

ssize_t relp_tls_read(struct relp_tls *tls, char *buf, size_t len,
		      short *events, struct stream_fault *fault)
{
	(void)buf, (void)len;
	return relp_tls_handshake(tls, -1, events, fault);
}

ssize_t relp_tls_write(struct relp_tls *tls, const char *buf, size_t len,
		       short *events, struct stream_fault *fault)
{
	(void)buf, (void)len;
	return relp_tls_handshake(tls, -1, events, fault);
}
