/* The address of the client, as a part of a file name. */
#ifndef PEER_H
#define PEER_H

#include <stdbool.h>

enum { PEER_MAX = 64 };

/*
 * From ${PROTO}REMOTEIP (https://cr.yp.to/proto/ucspi.txt), else from IP, which
 * Dovecot sets for post-login scripts, else by asking descriptor fd.  Holds
 * only letters, digits, '-', ':', '_' and '.', does not begin with '.', and is
 * cut where it is too long.  False if there is none.
 */
bool peer_address(char text[PEER_MAX], int fd);

#endif
