/* The address of the client, as part of a file name. */
#ifndef PEER_H
#define PEER_H

#include <stdbool.h>

enum { PEER_MAX = 64 };

/*
 * Writes the address of the client to text: the value of ${PROTO}REMOTEIP
 * (https://cr.yp.to/proto/ucspi.txt), else of IP, which Dovecot sets for
 * post-login scripts, else the peer of descriptor fd.  The text has only
 * letters, digits, '-', ':', '_' and '.', does not begin with '.', and is cut
 * after PEER_MAX - 1 bytes.  Returns false if there is no address.
 */
bool peer_address(char text[PEER_MAX], int fd);

#endif
